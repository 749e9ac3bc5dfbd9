"""What planning any edit of labels needs: the labels that rows have, and the cells that change."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np

from fsl_desktop.core.apply import VISIBLE, as_json
from fsl_desktop.core.edit import Ints, LabelCells
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.labels import UNLABELLED
from fsl_desktop.core.message import Value

SHOWN = f"CROSS JOIN batches b ON b.id = r.batch AND b.state = {VISIBLE}"
"""Rows of an import that was taken back are no rows of the project."""


def words(**values: Value) -> tuple[tuple[str, Value], ...]:
    return tuple(sorted(values.items()))


def label_cells(db: sqlite3.Connection, row_ids: Sequence[int], values: Sequence[int]) -> LabelCells | None:
    """The cells that change; where a row is named twice, its last value counts."""
    wanted = dict(zip(map(int, row_ids), map(int, values), strict=True))
    ids = np.array(sorted(wanted), np.int64)
    before = labels_before(db, ids)
    after = np.array([wanted[i] for i in ids.tolist()], np.int64)
    changed = before != after
    return LabelCells(ids[changed], before[changed], after[changed]) if changed.any() else None


def labels_before(db: sqlite3.Connection, ids: Ints) -> Ints:
    if len(ids) == 1:
        found = db.execute(
            f"SELECT r.id, l.value FROM rows r {SHOWN} LEFT JOIN labels l ON l.row_id = r.id WHERE r.id = ?",
            (int(ids[0]),),
        ).fetchall()
    else:
        found = db.execute(
            f"SELECT r.id, l.value FROM json_each(?) e CROSS JOIN rows r ON r.id = e.value {SHOWN}"
            " LEFT JOIN labels l ON l.row_id = r.id ORDER BY r.id",
            (as_json(ids),),
        ).fetchall()
    all_there(ids, [row[0] for row in found])
    return np.array([row[1] or UNLABELLED for row in found], np.int64)


def all_there(ids: Ints, found: list[int]) -> None:
    if len(found) != len(ids):
        missing = np.setdiff1d(ids, np.array(found, np.int64))
        raise UserError(
            "This row is not in the project any more. Close the project and open it again.",
            details=f"row {int(missing[0])}",
        )
