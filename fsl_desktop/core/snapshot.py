"""The project as another process sees it: rows, labels and classes of one moment, brought up to date in
steps as small as the edits were."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import numpy as np

from fsl_desktop.core import store
from fsl_desktop.core.apply import VISIBLE, as_json
from fsl_desktop.core.class_list import ClassList
from fsl_desktop.core.clip_table import moves, renew_files
from fsl_desktop.core.edit import Edit, Ints
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.history import DO, read_edit, read_top
from fsl_desktop.core.label_sets import read_sets
from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.core.loading import known_labels, open_table, read_next
from fsl_desktop.core.mirror import switch_rows
from fsl_desktop.core.reading import Reading
from fsl_desktop.core.table import ExampleTable

_NONE = np.zeros(0, np.int64)
# Catching up with more edits than this costs more than reading anew.
_MOST_EDITS = 5000


class ProjectReader:
    """A read-only view of ``folder``. ``classes`` are there at once, rows after the first :meth:`refresh`.
    One thread at a time may use it. ``UserError`` where the project cannot be read."""

    def __init__(self, folder: Path) -> None:
        self.folder = Path(folder)
        self.revision = -1
        """The revision that the table is at; -1 before the first refresh."""
        self.table = ExampleTable()
        self.several = False
        """May a row have several labels?"""
        self.changed_ids: Ints = _NONE
        """Rows whose text is new or changed since the refresh before, ascending."""
        self._moves = 0
        self._path = self.folder / store.DB_NAME
        with store.explained():
            self._connect()
            self.classes: tuple[ClassInfo, ...] = ClassList.read(self._reading.db).ordered()

    def __enter__(self) -> ProjectReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        with contextlib.suppress(AttributeError, sqlite3.Error, OSError):
            self._reading.close()

    def refresh(self) -> bool:
        """Bring everything to the newest committed state. True where anything changed."""
        with store.explained():
            if self._file_id() != self._file:
                # The file was replaced, after a repair: nothing of the old one can be relied on.
                self._reading.close()
                self._connect()
                self.revision = -1
            db = self._reading.db
            # One read transaction: rows, labels and classes of the same moment.
            db.execute("BEGIN")
            try:
                return self._refresh(db)
            finally:
                db.execute("COMMIT")

    def newest_revision(self) -> int:
        """The revision that :meth:`refresh` would bring the table to."""
        with store.explained():
            return read_top(self._reading.db).revision

    def close(self) -> None:
        self._reading.close()

    def _connect(self) -> None:
        if not self._path.is_file():
            raise UserError("There is no project in {folder} any more.", folder=str(self.folder))
        self._file = self._file_id()
        self._reading = Reading(self._path)

    def _file_id(self) -> tuple[int, int]:
        status = self._path.stat()
        return status.st_dev, status.st_ino

    def _refresh(self, db: sqlite3.Connection) -> bool:
        revision = read_top(db).revision
        self.changed_ids = _NONE
        if self.table.clips is not None and moves(db) != self._moves:
            self._moves = moves(db)
            renew_files(db, self.table.clips)
        if revision == self.revision:
            return False
        found = db.execute("SELECT value FROM meta WHERE key = 'several'").fetchone()
        self.several = found is not None and found[0] == "1"
        edits = None
        if 0 <= self.revision < revision <= self.revision + _MOST_EDITS:
            edits = self._edits(db, revision)
        if edits is None:
            self._read_all(db)
        else:
            self._catch_up(db, edits)
        self.revision = revision
        return True

    def _read_all(self, db: sqlite3.Connection) -> None:
        self.classes = ClassList.read(db).ordered()
        self.table = open_table(db, self.folder)
        self._read_rows(db)
        self.changed_ids = self.table.ids.copy()

    def _read_rows(self, db: sqlite3.Connection) -> None:
        ids = [info.id for info in self.classes]
        while read_next(db, self.table, ids, limit=20_000):
            pass

    def _edits(self, db: sqlite3.Connection, revision: int) -> list[Edit] | None:
        """What was edited since; ``None`` where the log cannot tell."""
        entries = db.execute(
            "SELECT id, act, target FROM edits WHERE id > ? ORDER BY id", (self.revision,)
        ).fetchall()
        if len(entries) != revision - self.revision:
            return None
        try:
            return [read_edit(db, entry if act == DO else target) for entry, act, target in entries]
        except UserError:
            return None

    def _catch_up(self, db: sqlite3.Connection, edits: list[Edit]) -> None:
        """Read again exactly what the edits touched."""
        if any(edit.classes for edit in edits):
            self.classes = ClassList.read(db).ordered()
        read_sets(db, self.table.sets)
        cells = [e.labels.row_ids for e in edits if e.labels] + [
            e.removal.row_ids for e in edits if e.removal
        ]
        if cells:
            self._read_cells(db, np.unique(np.concatenate(cells)))
        changed = [self._switch_batch(db, edit.batch.batch) for edit in edits if edit.batch is not None]
        texts = sorted({edit.text.row_id for edit in edits if edit.text})
        changed.append(self._read_texts(db, texts))
        before = len(self.table)
        self._read_rows(db)
        changed.append(self.table.ids[before:].copy())
        self.changed_ids = np.unique(np.concatenate(changed))

    def _switch_batch(self, db: sqlite3.Connection, batch: int) -> Ints:
        found = db.execute("SELECT first_row, last_row, state FROM batches WHERE id = ?", (batch,)).fetchone()
        if found is None:
            return _NONE
        shown = found[2] == VISIBLE
        rows = switch_rows(self.table, (found[0], found[1]), visible=shown)
        if not shown:
            return _NONE
        self._read_cells(db, rows)
        return rows

    def _read_cells(self, db: sqlite3.Connection, ids: Ints) -> None:
        """Labels and removal marks of rows that the table holds."""
        ids = ids[self.table.known(ids)[0]]
        found = db.execute(
            "SELECT r.id, coalesce(l.value, 0), x.row_id IS NOT NULL OR b.state <> ? FROM json_each(?) e"
            " CROSS JOIN rows r ON r.id = e.value CROSS JOIN batches b ON b.id = r.batch"
            " LEFT JOIN labels l ON l.row_id = r.id LEFT JOIN removed x ON x.row_id = r.id",
            (VISIBLE, as_json(ids)),
        ).fetchall()
        if not found:
            return
        rows, values, removed = zip(*found, strict=True)
        places = self.table.positions(np.array(rows, np.int64))
        self.table.labels[places] = known_labels(values, [info.id for info in self.classes], self.table.sets)
        self.table.removed[places] = np.array(removed, np.bool_)

    def _read_texts(self, db: sqlite3.Connection, ids: list[int]) -> Ints:
        changed = []
        for row_id in ids:
            found = db.execute("SELECT text FROM rows WHERE id = ?", (row_id,)).fetchone()
            for place in self.table.known([row_id])[1].tolist() if found else []:
                self.table.texts[place] = str(found[0])
                changed.append(row_id)
        return np.array(changed, np.int64)
