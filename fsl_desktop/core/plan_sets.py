"""Planning for projects in which a row may have several labels."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence

import numpy as np

from fsl_desktop.core.class_list import ClassList
from fsl_desktop.core.edit import Edit, Ints, LabelCells
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.label_cells import parts_of
from fsl_desktop.core.label_sets import LabelSets, Members, NewSets
from fsl_desktop.core.labels import FIRST_SET, UNLABELLED
from fsl_desktop.core.plan_cells import SHOWN, label_cells, labels_before, words


def toggle(
    db: sqlite3.Connection,
    classes: ClassList,
    sets: LabelSets,
    several: bool,
    row_ids: Sequence[int],
    class_id: int,
) -> Edit:
    """Add the class to every row, or take it off where all have it."""
    _only_several(several)
    info = classes.by_id(class_id)
    ids = np.unique(np.array(row_ids, np.int64))
    before = labels_before(db, ids)
    values, where = np.unique(before, return_inverse=True)
    members = [sets.members(value) for value in values.tolist()]
    made = NewSets(sets)
    if all(class_id in one for one in members):
        kind, after = "drop_label", without(sets, made, before, class_id)
    else:
        kind = "add_label"
        after = np.array([made.number((*one, class_id)) for one in members], np.int64)[where.ravel()]
    changed = before != after
    cells = LabelCells(ids[changed], before[changed], after[changed]) if changed.any() else None
    return Edit(kind, words(n=int(np.count_nonzero(changed)), name=info.name), labels=cells, sets=made.made)


def set_classes(
    db: sqlite3.Connection,
    classes: ClassList,
    sets: LabelSets,
    several: bool,
    row_ids: Sequence[int],
    wanted: Sequence[Members],
) -> Edit:
    """Give each row exactly its classes."""
    _only_several(several)
    if len(row_ids) != len(wanted):
        raise ValueError("row_ids and sets differ in length")
    for class_id in {class_id for members in wanted for class_id in members}:
        classes.by_id(class_id)
    made = NewSets(sets)
    cells = label_cells(db, row_ids, [made.number(members) for members in wanted])
    return Edit("label_each", words(n=len(cells.row_ids) if cells else 0), labels=cells, sets=made.made)


def set_several(db: sqlite3.Connection, several: bool, wish: bool) -> Edit:
    """Switch between one label in a row and several; ``UserError`` where labels would be lost."""
    kind = "several_labels" if wish else "one_label"
    if wish == several:
        return Edit(kind)
    if not wish:
        n = db.execute(
            f"SELECT count(*) FROM labels l CROSS JOIN rows r ON r.id = l.row_id {SHOWN} WHERE l.value >= ?",
            (FIRST_SET,),
        ).fetchone()[0]
        if n:
            raise UserError(
                "Rows with several labels, or with none of the classes: {n}. Leave one label on each of them,"
                " then switch to one label per row.",
                n=int(n),
            )
    return Edit(kind, several=(several, wish))


def without(sets: LabelSets, made: NewSets, labels: Ints, class_id: int) -> Ints:
    """The labels (n,) with the class taken off; UNLABELLED where it was the last."""
    values, where = np.unique(labels, return_inverse=True)
    after = []
    for value in values.tolist():
        rest = tuple(member for member in sets.members(value) if member != class_id)
        after.append(made.number(rest) if rest else UNLABELLED)
    return np.array(after, np.int64)[where.ravel()]


def batch_labels(
    db: sqlite3.Connection, sets: LabelSets, batch: int, class_of: Mapping[str, int]
) -> tuple[list[tuple[str, int]], tuple[tuple[int, Members], ...]]:
    """(label in the file, number of its set) for every label of a batch, and the sets that are new.

    ``class_of`` says which class a part of a label means; parts that it does not know are left out.
    """
    found = db.execute(
        "SELECT DISTINCT file_label FROM rows WHERE batch = ?1 AND file_label IS NOT NULL AND id BETWEEN"
        " (SELECT first_row FROM batches WHERE id = ?1) AND (SELECT last_row FROM batches WHERE id = ?1)",
        (batch,),
    ).fetchall()
    made = NewSets(sets)
    labels = []
    for (value,) in found:
        parts = parts_of(str(value))
        members = {class_of[part] for part in parts if part in class_of}
        # An empty list says "none of them"; a list of classes that were left out says nothing.
        if members or not parts:
            labels.append((str(value), made.number(members)))
    return labels, made.made


def _only_several(several: bool) -> None:
    if not several:
        raise UserError(
            "Rows of this project have one label each. Allow several labels per row on the Data page first."
        )
