"""Reading what can still be read of a damaged database."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterator

import numpy as np

from fsl_desktop.core import store
from fsl_desktop.core.apply import VISIBLE, apply_edit
from fsl_desktop.core.config import Task
from fsl_desktop.core.edit import Edit, LabelCells
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.history import DO, REDO, UNDO, append_edit, read_edit, read_top
from fsl_desktop.core.labels import FIRST_SET, SKIPPED, UNSURE

Record = tuple[object, ...]

# Tables with a number as key, in an order that lets references hold.
_NUMBERED = {
    "classes": ("id", 5),
    "batches": ("id", 8),
    "rows": ("id", 5),
    "label_sets": ("id", 2),
    "labels": ("row_id", 2),
    "removed": ("row_id", 1),
    "files": ("id", 6),
    "clips": ("row_id", 4),
    "edits": ("id", 12),
}
_HIGHEST = 1 << 40
_MOST_JUMPS = 2_000
"""Over damage in a table: trees that lead back into themselves would otherwise be followed for ever."""


def last_revision(source: sqlite3.Connection) -> int:
    """The last edit that the damaged log is known to have had; 0 where it cannot be told."""
    try:
        found = source.execute("SELECT max(id) FROM edits").fetchone()
    except store.DB_ERRORS:
        return 0
    return int(found[0] or 0) if found else 0


def readable(source: sqlite3.Connection, table: str, *, after: int = 0, where: str = "") -> Iterator[Record]:
    """Records of a table with a numeric key, passing over pages that cannot be read.

    Ascending up to the first damaged page; behind it, whatever is found by asking for higher keys.
    """
    key = _NUMBERED[table][0]
    condition = f" AND {where}" if where else ""
    last = after
    for _ in range(_MOST_JUMPS):
        try:
            query = f"SELECT * FROM {table} WHERE {key} > ?{condition} ORDER BY {key}"
            for record in source.execute(query, (last,)):
                if not isinstance(record[0], int) or record[0] <= last:
                    raise sqlite3.DatabaseError("keys do not ascend")
                last = record[0]
                yield record
            return
        except store.DB_ERRORS:
            found = _behind(source, table, key, last)
            if found is None:
                return
            # The jump went too far by up to the size of the damage: read back to its other edge.
            try:
                query = f"SELECT * FROM {table} WHERE {key} < ? AND {key} > ?{condition} ORDER BY {key} DESC"
                yield from source.execute(query, (found, last))
            except store.DB_ERRORS:
                pass
            last = max(found - 1, last + 1)


def _behind(source: sqlite3.Connection, table: str, key: str, last: int) -> int | None:
    """The first key that can be read some way behind ``last``."""
    step = 1
    while step < _HIGHEST:
        try:
            query = f"SELECT {key} FROM {table} WHERE {key} > ? ORDER BY {key} LIMIT 1"
            found = source.execute(query, (last + step,)).fetchone()
        except store.DB_ERRORS:
            step *= 2
            continue
        return int(found[0]) if found and isinstance(found[0], int) and found[0] > last else None
    return None


def continue_log(source: sqlite3.Connection, db: sqlite3.Connection, end: int) -> None:
    """Bring ``db`` (the backup) forward by what the damaged ``source`` still has, ``end`` being the last
    revision there was."""
    _copy_settings(source, db)
    # Where files have gone since is no edit.
    _copy_files(source, db)
    expected = read_top(db).revision + 1
    for record in readable(source, "edits", after=expected - 1):
        if record[0] != expected or not _replay(source, db, record):
            break
        expected += 1
    if expected <= end:
        _take_labels(source, db)


def _replay(source: sqlite3.Connection, db: sqlite3.Connection, record: Record) -> bool:
    """Carry one entry of the log out; False where it cannot be."""
    entry, act, target = record[0], record[2], record[4]
    db.execute("BEGIN IMMEDIATE")
    try:
        _insert(db, "edits", record)
        edit = read_edit(db, int(str(entry if act == DO else target)))
        if act == DO and edit.batch is not None:
            _copy_batch(source, db, edit.batch.batch)
        if act in (DO, REDO):
            apply_edit(db, edit)
        elif act == UNDO:
            apply_edit(db, edit.inverted())
        db.execute("COMMIT")
        return True
    except (*store.DB_ERRORS, UserError, ValueError):
        db.execute("ROLLBACK")
        return False


def _copy_batch(source: sqlite3.Connection, db: sqlite3.Connection, batch: int) -> None:
    found = source.execute("SELECT * FROM batches WHERE id = ?", (batch,)).fetchone()
    if found is None:
        raise sqlite3.DatabaseError("no such batch")
    _insert(db, "batches", found)
    n = 0
    for record in readable(source, "rows", after=int(found[4]) - 1, where=f"batch = {int(batch)}"):
        _insert(db, "rows", record)
        n += 1
    db.execute("UPDATE batches SET n_rows = ? WHERE id = ?", (n, batch))
    for record in readable(source, "clips", after=int(found[4]) - 1, where=f"row_id <= {int(found[5])}"):
        _insert(db, "clips", record)


def _copy_files(source: sqlite3.Connection, db: sqlite3.Connection) -> None:
    for record in readable(source, "files"):
        with contextlib.suppress(*store.DB_ERRORS):
            _insert(db, "files", record)


def _take_labels(source: sqlite3.Connection, db: sqlite3.Connection) -> None:
    """The log breaks off: take the labels themselves, as one more edit that can be undone."""
    there = dict(db.execute("SELECT row_id, value FROM labels"))
    rows = {
        r[0]
        for r in db.execute("SELECT id FROM rows WHERE batch IN (SELECT id FROM batches WHERE state = 2)")
    }
    allowed = {r[0] for r in db.execute("SELECT id FROM classes WHERE removed = 0")} | {SKIPPED, UNSURE}
    for record in readable(source, "label_sets"):
        with contextlib.suppress(*store.DB_ERRORS):
            db.execute("INSERT OR IGNORE INTO label_sets VALUES(?, ?)", record)
    allowed |= {r[0] for r in db.execute("SELECT id FROM label_sets")}
    new: dict[int, int] = {}
    for record in readable(source, "labels"):
        row_id, value = record[0], record[1]
        if isinstance(row_id, int) and isinstance(value, int) and row_id in rows and value in allowed:
            new[row_id] = value
    ids = sorted(row for row, value in new.items() if there.get(row, 0) != value)
    if not ids:
        return
    cells = LabelCells(
        np.array(ids, np.int64),
        np.array([there.get(i, 0) for i in ids], np.int64),
        np.array([new[i] for i in ids], np.int64),
    )
    edit = Edit("repair", (("n", len(ids)),), labels=cells)
    db.execute("BEGIN IMMEDIATE")
    apply_edit(db, edit)
    append_edit(db, read_top(db), edit)
    db.execute("COMMIT")


def copy_readable(source: sqlite3.Connection, db: sqlite3.Connection, name: str) -> bool:
    """Without a backup: every record that can be read into the empty ``db``. False where there were no
    rows."""
    db.execute("BEGIN IMMEDIATE")
    db.execute("INSERT OR IGNORE INTO meta VALUES('name', ?)", (name,))
    db.execute("INSERT OR IGNORE INTO meta VALUES('task', 'classify-text')")
    for table in _NUMBERED:
        for record in readable(source, table):
            try:
                _insert(db, table, record)
            except store.DB_ERRORS:
                continue  # a field that the table does not allow: damage too
    # What refers to lost records, and what lost records are referred to by.
    db.execute("DELETE FROM labels WHERE row_id NOT IN (SELECT id FROM rows)")
    db.execute("DELETE FROM removed WHERE row_id NOT IN (SELECT id FROM rows)")
    db.execute("DELETE FROM clips WHERE row_id NOT IN (SELECT id FROM rows)")
    if db.execute("SELECT 1 FROM clips LIMIT 1").fetchone():
        db.execute("UPDATE meta SET value = ? WHERE key = 'task'", (Task.CLASSIFY_AUDIO.value,))
    db.execute(
        "INSERT OR IGNORE INTO batches(id, source, created, state)"
        " SELECT DISTINCT batch, '?', '', ? FROM rows",
        (VISIBLE,),
    )
    db.execute(
        "UPDATE batches SET n_rows = 0, first_row = 0, last_row = 0",
    )
    db.execute(
        "UPDATE batches SET first_row = f, last_row = l, n_rows = n FROM (SELECT batch AS b, min(id) AS f,"
        " max(id) AS l, count(*) AS n FROM rows GROUP BY batch) WHERE batches.id = b"
    )
    db.execute(
        "DELETE FROM labels WHERE value >= ?1 AND value NOT IN (SELECT id FROM label_sets)", (FIRST_SET,)
    )
    db.execute(
        "INSERT INTO classes(id, name, position) SELECT DISTINCT value, 'Class ' || value,"
        " 1000000 + value FROM (SELECT value FROM labels WHERE value < ? UNION SELECT e.value"
        " FROM label_sets s, json_each(CASE WHEN json_valid(s.classes) THEN s.classes ELSE '[]' END) e)"
        " WHERE value > 0 AND value NOT IN (SELECT id FROM classes)",
        (FIRST_SET,),
    )
    db.execute("COMMIT")
    _copy_settings(source, db)
    return db.execute("SELECT 1 FROM rows LIMIT 1").fetchone() is not None


def _copy_settings(source: sqlite3.Connection, db: sqlite3.Connection) -> None:
    """Runs and remembered values, from either end towards the damage."""
    for table, key in (("meta", "key"), ("runs", "id")):
        for order in ("ASC", "DESC"):
            try:
                for record in source.execute(f"SELECT * FROM {table} ORDER BY {key} {order}"):
                    if record[0] != "schema" and len(record) == 2 and all(isinstance(f, str) for f in record):
                        db.execute(f"INSERT OR REPLACE INTO {table} VALUES(?, ?)", record)
            except store.DB_ERRORS:
                continue


def _insert(db: sqlite3.Connection, table: str, record: Record) -> None:
    columns = _NUMBERED[table][1]
    if len(record) != columns:
        raise sqlite3.DatabaseError(f"{table}: {len(record)} columns")
    db.execute(f"INSERT OR REPLACE INTO {table} VALUES({', '.join('?' * columns)})", record)
