"""Carrying an edit out in memory, once it is on disk."""

from __future__ import annotations

import sqlite3

import numpy as np

from fsl_desktop.core.class_list import ClassList
from fsl_desktop.core.edit import Edit, Ints
from fsl_desktop.core.table import ExampleTable


def mirror_edit(edit: Edit, table: ExampleTable, classes: ClassList, batch_rows: tuple[int, int]) -> Ints:
    """Make table and classes what the database is. Returns the rows whose cells changed, ascending.

    Rows that are not loaded yet are left out: they will be read as they are now. ``batch_rows`` are the
    first and last row id of the batch that the edit switches.
    """
    changed: list[Ints] = []
    for cell in edit.classes:
        if cell.after is not None:
            classes.put(cell.after)
        elif cell.before is not None:
            classes.drop(cell.before.id)
    for number, members in edit.sets:
        table.sets.put(number, members)
    if edit.labels is not None:
        known, places = table.known(edit.labels.row_ids)
        table.labels[places] = edit.labels.after[known].astype(np.int32)
        changed.append(edit.labels.row_ids)
    if edit.removal is not None:
        _, places = table.known(edit.removal.row_ids)
        table.removed[places] = edit.removal.gone
        changed.append(edit.removal.row_ids)
    if edit.text is not None:
        for place in table.known([edit.text.row_id])[1].tolist():
            table.texts[place] = edit.text.after
        changed.append(np.array([edit.text.row_id], np.int64))
    if edit.batch is not None:
        changed.append(switch_rows(table, batch_rows, visible=edit.batch.visible))
    return np.unique(np.concatenate(changed)) if changed else np.zeros(0, np.int64)


def rows_of_batch(db: sqlite3.Connection, edit: Edit) -> tuple[int, int]:
    """The first and last row id of the batch that an edit switches; none where it switches none. To be asked
    for before the edit is committed: a disk that fails behind that leaves memory behind."""
    if edit.batch is None:
        return (0, -1)
    found = db.execute("SELECT first_row, last_row FROM batches WHERE id = ?", (edit.batch.batch,)).fetchone()
    return (int(found[0]), int(found[1]))


def switch_rows(table: ExampleTable, batch_rows: tuple[int, int], *, visible: bool) -> Ints:
    """Show or hide the rows of a batch that the table holds; returns their ids.

    A batch that is shown again has no removed rows: their removal came later and was undone before.
    """
    start, stop = np.searchsorted(table.ids, (batch_rows[0], batch_rows[1] + 1)).tolist()
    table.removed[start:stop] = not visible
    return table.ids[start:stop].copy()
