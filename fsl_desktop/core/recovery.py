"""Opening the last good state of a damaged project.

The damaged file is kept aside. What is opened instead is the backup with every later edit that can still
be read from the damaged file's log; where that does not reach the end, the labels that can be read; and
without a backup, every record that can be read.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import time
from pathlib import Path

from fsl_desktop.core import migrations, salvage, store
from fsl_desktop.core.atomic import sync_folder
from fsl_desktop.core.backup import backup_stamp, is_sound
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.history import read_top
from fsl_desktop.core.keeper import SUSPECT_NAME
from fsl_desktop.core.message import Message
from fsl_desktop.core.reading import Reading

RESTORED_NAME = "project.restored.db"
"""A finished repair that only has to be put in place; a crash between the two is made good next time."""
_PART_NAME = "project.restoring.db"

# Looking at every page takes some 2 ms per megabyte; a larger file is looked at only when it is suspect.
THOROUGH_BYTES = 32 * 1024 * 1024


def is_project(folder: Path) -> bool:
    names = (store.DB_NAME, store.BACKUP_NAME, RESTORED_NAME)
    return folder.is_dir() and any((folder / name).is_file() for name in names)


def repair(folder: Path, marked: int) -> list[Message]:
    """Make sure that ``project.db`` is sound; returns what there is to tell. ``marked`` is the revision
    that the last session is known to have reached. ``UserError`` where nothing can be saved."""
    for name in (_PART_NAME, f"{_PART_NAME}-wal", f"{_PART_NAME}-shm"):
        (folder / name).unlink(missing_ok=True)
    if (folder / RESTORED_NAME).is_file():
        put_in_place(folder)
    db_path = folder / store.DB_NAME
    suspect = folder / SUSPECT_NAME
    thorough = suspect.exists() or (db_path.is_file() and db_path.stat().st_size <= THOROUGH_BYTES)
    problem = examine(db_path, thorough=thorough)
    notices: list[Message] = []
    if problem is not None:
        notices.append(restore(folder, marked, problem))
    else:
        lost = _lost_edits(folder, marked)
        if lost > 0:
            notices.append(_tell_lost(folder, marked, lost))
    suspect.unlink(missing_ok=True)
    return notices


def examine(path: Path, *, thorough: bool) -> str | None:
    """What is damaged, or ``None``. Raises ``UserError`` for a newer project, ``sqlite3.Error`` and
    ``OSError`` where the file cannot be read for another reason."""
    if not path.is_file():
        return "project.db is missing"
    try:
        # Read-only: closing the last writing connection would copy the write-ahead log into the file.
        reading = Reading(path)
    except store.DB_ERRORS as error:
        if store.is_damage(error):
            return repr(error)
        raise
    try:
        migrations.refuse_newer(migrations.schema_of(reading.db))
        if migrations.schema_of(reading.db) == migrations.present_schema():
            for table in migrations.TABLES:
                reading.db.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone()
        if thorough:
            found = str(reading.db.execute("PRAGMA quick_check(1)").fetchone()[0])
            return None if found == "ok" else found
        return None
    except store.DB_ERRORS as error:
        if store.is_damage(error):
            return repr(error)
        raise
    finally:
        reading.close()


def restore(folder: Path, marked: int, problem: str) -> Message:
    """Build the best state there is, put it in place and say what it is."""
    part = folder / _PART_NAME
    from_backup = is_sound(folder / store.BACKUP_NAME)
    when = ""
    if from_backup:
        backup = folder / store.BACKUP_NAME
        when = time.strftime("%Y-%m-%d %H:%M", time.localtime(backup.stat().st_mtime))
        shutil.copyfile(backup, part)
    # Without a sound backup, what the damaged backup still has is better than nothing.
    names = (store.DB_NAME,) if from_backup else (store.DB_NAME, store.BACKUP_NAME)
    sources = [source for name in names if (source := _damaged(folder / name)) is not None]
    try:
        db = store.connect_writer(part, checkpoint_pages=0) if from_backup else store.connect_new(part)
        try:
            migrations.migrate(db, migrations.schema_of(db) if from_backup else 0)
            db.execute("PRAGMA foreign_keys = OFF")
            end = marked
            for source in sources:
                end = max(end, salvage.last_revision(source.db))
                if from_backup:
                    salvage.continue_log(source.db, db, end)
                elif salvage.copy_readable(source.db, db, folder.stem):
                    break
            top = read_top(db).revision
            n_rows = db.execute("SELECT coalesce(sum(n_rows), 0) FROM batches WHERE state = 2").fetchone()[0]
            n_labels = db.execute("SELECT count(*) FROM labels").fetchone()[0]
            n_classes = db.execute("SELECT count(*) FROM classes").fetchone()[0]
            db.execute("PRAGMA journal_mode = DELETE")
        finally:
            db.close()
    finally:
        for source in sources:
            source.close()
    if not from_backup and n_rows == 0 and n_classes == 0:
        part.unlink(missing_ok=True)
        raise UserError(
            "The project's file is damaged and nothing in it can be read. "
            "Put a copy of your own in the place of {file}, or start a new project.",
            file=store.DB_NAME,
            details=problem,
        )
    with part.open("rb+") as file:
        os.fsync(file.fileno())
    os.replace(part, folder / RESTORED_NAME)
    aside = put_in_place(folder)
    if not from_backup:
        with contextlib.suppress(OSError):
            os.replace(folder / store.BACKUP_NAME, folder / f"{_free_stem(folder)}.backup")
        return Message.of(
            "The project's file was damaged and there was no usable backup. {rows} rows and {labels} labels "
            "could be read from it; the damaged file is kept as {file}.",
            rows=n_rows,
            labels=n_labels,
            file=aside,
        )
    what = "missing" if not aside else "damaged"
    kept = {"rows": n_rows, "labels": n_labels, "when": when, "file": aside or store.DB_NAME}
    return _tell_restored(what, complete=0 < end <= top, lost=max(0, end - top), kept=kept)


def put_in_place(folder: Path) -> str:
    """Set the damaged file aside and put the repaired one in its place; returns the name of what was set
    aside, "" where there was nothing. Safe to break off at any point: the next opening goes on."""
    path = folder / store.DB_NAME
    stem = _free_stem(folder)
    name = ""
    # The log first: left beside the repaired file, it would be taken for its own.
    for ending in ("-wal", ""):
        old = folder / f"{store.DB_NAME}{ending}"
        if old.is_file():
            name = f"{stem}.db"
            os.replace(old, folder / f"{name}{ending}")
    (folder / f"{store.DB_NAME}-shm").unlink(missing_ok=True)
    os.replace(folder / RESTORED_NAME, path)
    sync_folder(folder)
    return name


def _free_stem(folder: Path) -> str:
    stem = f"project.damaged-{time.strftime('%Y%m%d-%H%M%S')}"
    number = 1
    while any(folder.glob(f"{stem}{f'-{number}' if number > 1 else ''}.db*")):
        number += 1
    return f"{stem}-{number}" if number > 1 else stem


def _damaged(path: Path) -> Reading | None:
    if not path.is_file() or path.stat().st_size == 0:
        return None
    with contextlib.suppress(*store.DB_ERRORS, OSError):
        reading = Reading(path)
        # A text with bytes that are no text is still a text.
        reading.db.text_factory = lambda data: data.decode("utf-8", "replace")
        return reading
    return None


def _lost_edits(folder: Path, marked: int) -> int:
    """How many edits a sound file lacks that were on disk once (its write-ahead log is gone)."""
    reading = Reading(folder / store.DB_NAME)
    try:
        revision = read_top(reading.db).revision
    finally:
        reading.close()
    saved = backup_stamp(folder)
    return max(marked, saved.revision if saved else 0) - revision


def _tell_lost(folder: Path, marked: int, lost: int) -> Message:
    saved = backup_stamp(folder)
    reading = Reading(folder / store.DB_NAME)
    try:
        revision = read_top(reading.db).revision
    finally:
        reading.close()
    if saved is not None and saved.revision > revision and is_sound(folder / store.BACKUP_NAME):
        return restore(folder, marked, "the backup is newer")
    return Message.of(
        "The newest part of the project's file ({file}) is missing or damaged. "
        "Everything before it was opened; the last {n} edits are lost.",
        file=f"{store.DB_NAME}-wal",
        n=lost,
    )


def _tell_restored(what: str, *, complete: bool, lost: int, kept: dict[str, str | int]) -> Message:
    if what == "missing":
        return Message.of(
            "The project's file was missing. The backup of {when} was opened, with {rows} rows and "
            "{labels} labels.",
            when=kept["when"],
            rows=kept["rows"],
            labels=kept["labels"],
        )
    if complete:
        return Message.of(
            "The project's file was damaged. It was put together again from its backup and nothing is "
            "missing; the damaged file is kept as {file}.",
            file=kept["file"],
        )
    if lost:
        return Message.of(
            "The project's file was damaged. The backup of {when} was opened with what could still be read, "
            "{rows} rows and {labels} labels; the last {n} edits may be missing. "
            "The damaged file is kept as {file}.",
            n=lost,
            **kept,
        )
    return Message.of(
        "The project's file was damaged. The backup of {when} was opened, with {rows} rows and {labels} "
        "labels; the damaged file is kept as {file}.",
        **kept,
    )
