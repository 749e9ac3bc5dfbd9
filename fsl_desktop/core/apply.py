"""Carrying an edit out on the database, inside the caller's transaction."""

from __future__ import annotations

import json
import sqlite3

import numpy as np

from fsl_desktop.core.edit import BatchSwitch, ClassCell, Edit, Ints, LabelCells, Removal
from fsl_desktop.core.label_sets import write_sets
from fsl_desktop.core.labels import UNLABELLED

# States of a batch.
WRITING, WAITING, VISIBLE, HIDDEN = 0, 1, 2, 3


def apply_edit(db: sqlite3.Connection, edit: Edit) -> None:
    """Make the database what it is after ``edit``."""
    if edit.classes:
        for cell in edit.classes:
            _apply_class(db, cell)
    if edit.sets:
        write_sets(db, edit.sets)
    if edit.labels is not None:
        _apply_labels(db, edit.labels)
    if edit.removal is not None:
        _apply_removal(db, edit.removal)
    if edit.text is not None:
        db.execute("UPDATE rows SET text = ? WHERE id = ?", (edit.text.after, edit.text.row_id))
    if edit.batch is not None:
        _apply_batch(db, edit.batch)
    if edit.name is not None:
        set_meta(db, "name", edit.name[1])
    if edit.several is not None:
        set_meta(db, "several", str(int(edit.several[1])))


def set_meta(db: sqlite3.Connection, key: str, value: str) -> None:
    db.execute(
        "INSERT INTO meta VALUES(?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value", (key, value)
    )


def as_json(ids: Ints) -> str:
    """Row ids for ``json_each``: one statement for any number of rows."""
    return json.dumps(ids.tolist())


def _apply_labels(db: sqlite3.Connection, cells: LabelCells) -> None:
    for value in np.unique(cells.after).tolist():
        ids = cells.row_ids[cells.after == value]
        if len(ids) == 1:
            # The one statement that runs at every key press.
            row_id = int(ids[0])
            if value == UNLABELLED:
                db.execute("DELETE FROM labels WHERE row_id = ?", (row_id,))
            else:
                db.execute("INSERT OR REPLACE INTO labels VALUES(?, ?)", (row_id, value))
        elif value == UNLABELLED:
            db.execute("DELETE FROM labels WHERE row_id IN (SELECT value FROM json_each(?))", (as_json(ids),))
        else:
            db.execute(
                "INSERT OR REPLACE INTO labels SELECT value, ? FROM json_each(?)", (value, as_json(ids))
            )


def _apply_removal(db: sqlite3.Connection, removal: Removal) -> None:
    ids = as_json(removal.row_ids)
    if removal.gone:
        db.execute("INSERT OR IGNORE INTO removed SELECT value FROM json_each(?)", (ids,))
    else:
        db.execute("DELETE FROM removed WHERE row_id IN (SELECT value FROM json_each(?))", (ids,))


def _apply_class(db: sqlite3.Connection, cell: ClassCell) -> None:
    # A class that goes keeps its record, so that its id is never given to another.
    if cell.after is None:
        assert cell.before is not None
        db.execute("UPDATE classes SET removed = 1 WHERE id = ?", (cell.before.id,))
        return
    info = cell.after
    db.execute(
        "INSERT OR REPLACE INTO classes(id, name, position, description, removed) VALUES(?, ?, ?, ?, 0)",
        (info.id, info.name, info.position, info.description),
    )


def _apply_batch(db: sqlite3.Connection, switch: BatchSwitch) -> None:
    db.execute(
        "UPDATE batches SET state = ? WHERE id = ?", (VISIBLE if switch.visible else HIDDEN, switch.batch)
    )
    # When the batch vanishes its labels may stay: whoever reads labels goes by visible rows.
    if not (switch.visible and switch.labels):
        return
    # A table with a key: 500 label values times 100,000 rows would otherwise be compared one by one.
    db.execute("CREATE TEMP TABLE IF NOT EXISTS file_labels(value TEXT PRIMARY KEY, class INTEGER)")
    db.execute("DELETE FROM file_labels")
    db.executemany("INSERT OR REPLACE INTO file_labels VALUES(?, ?)", switch.labels)
    db.execute(
        "INSERT OR REPLACE INTO labels SELECT r.id, m.class FROM rows r CROSS JOIN file_labels m"
        " ON m.value = r.file_label WHERE r.batch = ? AND r.id BETWEEN"
        " (SELECT first_row FROM batches WHERE id = ?) AND (SELECT last_row FROM batches WHERE id = ?)",
        (switch.batch, switch.batch, switch.batch),
    )
