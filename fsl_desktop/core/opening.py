"""Opening and making projects: the lock, the check, the repair, the schema."""

from __future__ import annotations

import contextlib
import errno
import shutil
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from fsl_desktop.core import migrations, recovery, runs, store
from fsl_desktop.core.apply import set_meta
from fsl_desktop.core.backup import write_backup
from fsl_desktop.core.batches import delete_batches, leftover_batches
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.lock import ProjectLock
from fsl_desktop.core.message import Message
from fsl_desktop.core.plan import project_title
from fsl_desktop.core.reading import Reading
from fsl_desktop.core.runs import RunRecord

_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_FORBIDDEN_HERE = Message.of(
    "This project can only be read here, so edits are not possible. "
    "To go on, copy its folder to where you may write, and open it there."
)
_FULL = Message.of(
    "The disk is full, so this project was opened for reading only and nothing was changed. "
    "Free some space, then open it again."
)


@dataclass(slots=True)
class Opened:
    """A project's files, held open; ``lock`` is ``None`` where it is read-only."""

    folder: Path
    db: sqlite3.Connection
    lock: ProjectLock | None
    notices: tuple[Message, ...] = ()
    runs: dict[str, RunRecord] = field(default_factory=dict)
    closers: list[Callable[[], None]] = field(default_factory=list)

    @property
    def read_only(self) -> bool:
        return self.lock is None

    def close(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self.db.close()
        for closer in self.closers:
            closer()
        if self.lock is not None:
            self.lock.release()


def create_project(folder: Path, name: str, task: str) -> Opened:
    """Make ``folder`` with an empty project in it; nothing is left behind where that fails."""
    title = project_title(name)
    folder = folder.absolute()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError("There is already something at {folder}. Choose another name.", folder=str(folder))
    there = folder.exists()
    lock = None
    try:
        with store.explained():
            folder.mkdir(parents=True, exist_ok=True)
            lock = ProjectLock(folder)
            db = store.connect_new(folder / store.DB_NAME)
            try:
                migrations.migrate(db, 0)
                with store.transaction(db):
                    set_meta(db, "name", title)
                    set_meta(db, "task", task)
                    set_meta(db, "created", datetime.now(UTC).isoformat(timespec="seconds"))
            except BaseException:
                db.close()
                raise
    except BaseException:
        if lock is not None:
            lock.release()
        if there:
            for left in folder.glob("project.*"):
                left.unlink(missing_ok=True)
        else:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return Opened(folder, db, lock)


def open_project(folder: Path) -> Opened:
    """Open what :func:`create_project` made, repaired where it is damaged."""
    folder = folder.absolute()
    if folder.name == store.DB_NAME and folder.is_file():
        folder = folder.parent
    if not recovery.is_project(folder):
        raise UserError(
            "There is no project in {folder}. Choose a folder whose name ends in .fsl.", folder=str(folder)
        )
    try:
        lock = ProjectLock(folder)
    except OSError as error:
        if error.errno in _FORBIDDEN:
            return _open_reading(folder)
        if store.is_full(error):
            return _open_reading(folder, _FULL)
        raise store.explain(error) from error
    try:
        return _open_writing(folder, lock)
    except BaseException as error:
        lock.release()
        if isinstance(error, sqlite3.Error) and store.is_read_only(error):
            return _open_reading(folder)
        if isinstance(error, (*store.DB_ERRORS, OSError)):
            if store.is_full(error):
                return _open_reading(folder, _FULL)
            raise store.explain(error) from error
        raise


def _open_writing(folder: Path, lock: ProjectLock) -> Opened:
    notices = recovery.repair(folder, lock.marked)
    db = store.connect_writer(folder / store.DB_NAME, checkpoint_pages=0)
    try:
        schema = migrations.schema_of(db)
        if schema < migrations.present_schema():
            write_backup(folder, f"project.schema-{schema}.db")
            migrations.migrate(db, schema)
        # A file that may not be written is only found out by trying.
        with store.transaction(db):
            notices += _end_running(folder, db)
        delete_batches(db, leftover_batches(db))
        return Opened(folder, db, lock, tuple(notices), runs.read_runs(db))
    except BaseException:
        db.close()
        raise


def _open_reading(folder: Path, notice: Message = _FORBIDDEN_HERE) -> Opened:
    try:
        problem = recovery.examine(folder / store.DB_NAME, thorough=False)
        if problem is not None:
            raise UserError(
                "The project's file is damaged and cannot be repaired where it is, because nothing may be "
                "written there. Copy the folder to where you may write, and open it there.",
                details=problem,
            )
        reading = Reading(folder / store.DB_NAME)
    except (*store.DB_ERRORS, OSError) as error:
        raise UserError(
            "This project may not be read. Get the right to read {folder}, or open a copy of it.",
            folder=str(folder),
            details=repr(error),
        ) from error
    try:
        records = runs.read_runs(reading.db)
    except BaseException:
        reading.close()
        raise
    shown = {k: runs.as_left(folder, r) for k, r in records.items()}
    return Opened(folder, reading.db, None, (notice,), shown, [reading.close])


def _end_running(folder: Path, db: sqlite3.Connection) -> list[Message]:
    """Runs that were learning when the program ended; nobody else can be at it while we hold the lock."""
    open_ = [record for record in runs.read_runs(db).values() if record.state == "running"]
    ended = [runs.as_left(folder, record) for record in open_]
    for record in ended:
        runs.write_run(db, record)
    if all(record.state != "interrupted" for record in ended):
        return []
    return [Message.of("The program ended while a model was learning. Start the run again under Train.")]
