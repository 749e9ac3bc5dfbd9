"""Imported files: the child writes their rows on a connection of its own, unseen until they are added."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from fsl_desktop.core import store
from fsl_desktop.core.apply import HIDDEN, VISIBLE, WAITING, WRITING
from fsl_desktop.core.clip_table import SoundFile
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.core.plan import storable
from fsl_desktop.core.readers.types import ReadRow, RowProblem
from fsl_desktop.core.serial import from_plain, to_plain

# Rows per transaction: some two milliseconds, so that a label never waits longer for its turn.
_SLICE = 400
_PAUSE = 0.0005
MAX_PROBLEMS = 1000


@dataclass(frozen=True, slots=True)
class BatchInfo:
    """A file whose rows are in the table."""

    id: int
    source: str
    """The file's name."""
    created: str
    """ISO 8601, UTC."""
    rows: int
    problems: tuple[RowProblem, ...]
    """At most 1,000."""


@dataclass(frozen=True, slots=True)
class ClipRow:
    """A row that is a part of a recording; ``end`` None: to its end. The id of ``file`` does not count."""

    row: ReadRow
    file: SoundFile
    start: float = 0.0
    end: float | None = None


class BatchWriter:
    """Writes one file's rows into a project that a window may have open. ``UserError`` where the disk is
    full or the project may not be written; what was written so far stays until :meth:`discard`."""

    def __init__(self, project_folder: Path, source_name: str) -> None:
        path = Path(project_folder) / store.DB_NAME
        with store.explained():
            self._db = store.connect_writer(path, checkpoint_pages=1000)
            try:
                with store.transaction(self._db):
                    done = self._db.execute(
                        "INSERT INTO batches(source, created, state) VALUES(?, ?, ?)",
                        (
                            storable(Path(source_name).name or source_name),
                            datetime.now(UTC).isoformat(timespec="seconds"),
                            WRITING,
                        ),
                    )
            except BaseException:
                self._db.close()
                raise
        self._batch = int(done.lastrowid or 0)
        self._open = True

    def __del__(self) -> None:
        if getattr(self, "_open", False):
            with contextlib.suppress(sqlite3.Error):
                self._db.close()

    def add(self, rows: Sequence[ReadRow]) -> None:
        """Append rows, in short transactions."""
        with store.explained():
            for start in range(0, len(rows), _SLICE):
                self._add(rows[start : start + _SLICE])
                # SQLite does not queue its writers; without a pause a label could lose every race.
                time.sleep(_PAUSE)

    def add_clips(self, rows: Sequence[ClipRow]) -> None:
        """As :meth:`add`, for rows of a project of recordings. A file whose path is in the project already
        is that file, with what is known of it now."""
        with store.explained():
            for start in range(0, len(rows), _SLICE):
                self._add([one.row for one in rows[start : start + _SLICE]], rows[start : start + _SLICE])
                time.sleep(_PAUSE)

    def finish(self, problems: Sequence[RowProblem]) -> int:
        """Close the batch -> its id, for ``AddBatch``."""
        plain = json.dumps(to_plain(tuple(problems[:MAX_PROBLEMS])), ensure_ascii=False)
        with store.explained(), store.transaction(self._db):
            done = self._db.execute(
                "UPDATE batches SET state = ?, problems = ? WHERE id = ? AND state = ?",
                (WAITING, storable(plain), self._batch, WRITING),
            )
            self._still_there(done)
        self._close()
        return self._batch

    def discard(self) -> None:
        """Take back what was written. Never raises: what is left is cleaned up at the next opening."""
        if not self._open:
            return
        with contextlib.suppress(sqlite3.Error, OSError):
            delete_batches(self._db, [self._batch])
        self._close()

    def _close(self) -> None:
        self._open = False
        self._db.close()

    def _add(self, rows: Sequence[ReadRow], clips: Sequence[ClipRow] = ()) -> None:
        values = [
            (
                storable(row.text),
                None if row.label is None else storable(row.label),
                storable(json.dumps(row.extra, ensure_ascii=False)) if row.extra else None,
            )
            for row in rows
        ]
        with store.transaction(self._db):
            first = self._db.execute("SELECT coalesce(max(id), 0) + 1 FROM rows").fetchone()[0]
            last = first + len(values) - 1
            done = self._db.execute(
                "UPDATE batches SET n_rows = n_rows + ?, last_row = ?,"
                " first_row = CASE first_row WHEN 0 THEN ? ELSE first_row END WHERE id = ? AND state = ?",
                (len(values), last, first, self._batch, WRITING),
            )
            self._still_there(done)
            self._db.executemany(
                "INSERT INTO rows(id, batch, text, file_label, extra) VALUES(?, ?, ?, ?, ?)",
                ((first + i, self._batch, *value) for i, value in enumerate(values)),
            )
            if not clips:
                return
            files = {file: self._file_id(file) for file in dict.fromkeys(one.file for one in clips)}
            self._db.executemany(
                "INSERT INTO clips VALUES(?, ?, ?, ?)",
                ((first + i, files[one.file], one.start, one.end) for i, one in enumerate(clips)),
            )

    def _file_id(self, file: SoundFile) -> int:
        facts = (file.content, file.seconds, file.rate, file.channels)
        found = self._db.execute("SELECT id FROM files WHERE path = ? LIMIT 1", (file.path,)).fetchone()
        if found is None:
            done = self._db.execute(
                "INSERT INTO files(path, content, seconds, rate, channels) VALUES(?, ?, ?, ?, ?)",
                (file.path, *facts),
            )
            return int(done.lastrowid or 0)
        self._db.execute(
            "UPDATE files SET content = ?, seconds = ?, rate = ?, channels = ? WHERE id = ?",
            (*facts, found[0]),
        )
        return int(found[0])

    @staticmethod
    def _still_there(done: sqlite3.Cursor) -> None:
        if done.rowcount != 1:
            # The project was closed and opened again meanwhile, which clears unfinished imports.
            raise UserError("The import was interrupted. Start it again.")


def delete_batches(db: sqlite3.Connection, batches: Sequence[int]) -> None:
    """Delete batches that were never visible, with their rows."""
    for batch in batches:
        with store.transaction(db):
            db.execute(
                "DELETE FROM clips WHERE row_id IN (SELECT r.id FROM batches b CROSS JOIN rows r"
                " ON r.id BETWEEN b.first_row AND b.last_row AND r.batch = b.id WHERE b.id = ?)",
                (batch,),
            )
            db.execute("DELETE FROM files WHERE id NOT IN (SELECT file FROM clips)")
            db.execute(
                "DELETE FROM rows WHERE batch = ?1 AND id BETWEEN"
                " (SELECT first_row FROM batches WHERE id = ?1) AND"
                " (SELECT last_row FROM batches WHERE id = ?1)",
                (batch,),
            )
            db.execute("DELETE FROM batches WHERE id = ?", (batch,))


def leftover_batches(db: sqlite3.Connection) -> list[int]:
    """Batches that nobody will finish: broken off, or finished a day ago and never added."""
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat(timespec="seconds")
    found = db.execute(
        "SELECT id FROM batches WHERE state = ? OR (state = ? AND created < ?)", (WRITING, WAITING, yesterday)
    )
    return [int(row[0]) for row in found]


def move_to_end(db: sqlite3.Connection, batch: int) -> None:
    """Give a waiting batch the highest row ids, where a batch imported after it was added before it: rows
    are only ever appended to a table, in ascending order of id."""
    found = db.execute("SELECT first_row, last_row, state FROM batches WHERE id = ?", (batch,)).fetchone()
    if found is None or found[2] != WAITING:
        return
    seen = db.execute(
        "SELECT coalesce(max(last_row), 0) FROM batches WHERE state IN (?, ?)", (VISIBLE, HIDDEN)
    ).fetchone()[0]
    first, last, _ = found
    if first == 0 or first > seen:
        return  # empty, or after all others anyway
    with store.transaction(db):
        shift = db.execute("SELECT max(id) FROM rows").fetchone()[0] + 1 - first
        # A clip refers to its row, and one of the two has to move first.
        db.execute("PRAGMA defer_foreign_keys = ON")
        db.execute(
            "UPDATE clips SET row_id = row_id + ?1 WHERE row_id IN"
            " (SELECT id FROM rows WHERE batch = ?2 AND id BETWEEN ?3 AND ?4)",
            (shift, batch, first, last),
        )
        db.execute(
            "UPDATE rows SET id = id + ? WHERE batch = ? AND id BETWEEN ? AND ?", (shift, batch, first, last)
        )
        db.execute(
            "UPDATE batches SET first_row = ?, last_row = ? WHERE id = ?",
            (first + shift, last + shift, batch),
        )


def read_sources(db: sqlite3.Connection) -> tuple[BatchInfo, ...]:
    """The visible batches of files, in the order they came; what was added by hand has no source."""
    found = db.execute(
        "SELECT id, source, created, n_rows, problems FROM batches WHERE state = ? AND source <> ''"
        " ORDER BY id",
        (VISIBLE,),
    ).fetchall()
    return tuple(BatchInfo(i, str(s), str(c), int(n), _problems(p)) for i, s, c, n, p in found)


def _problems(text: str) -> tuple[RowProblem, ...]:
    try:
        plain = json.loads(text)
        return tuple(
            RowProblem(int(item["row"]), from_plain(Message, item["message"]))
            for item in plain[:MAX_PROBLEMS]
        )
    except (ValueError, KeyError, TypeError, RecursionError):
        return ()
