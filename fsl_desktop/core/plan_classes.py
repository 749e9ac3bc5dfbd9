"""Planning what happens to classes: what their rows become when a class goes, is merged or split."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from fsl_desktop.core.apply import as_json
from fsl_desktop.core.class_list import ClassList
from fsl_desktop.core.edit import ClassCell, Edit, Ints, LabelCells
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.label_sets import LabelSets, Members, NewSets
from fsl_desktop.core.labels import UNLABELLED
from fsl_desktop.core.message import Value
from fsl_desktop.core.plan_cells import SHOWN, words


def class_edit(kind: str, cells: Sequence[ClassCell], **values: Value) -> Edit:
    changed = tuple(cell for cell in cells if cell.before != cell.after)
    return Edit(kind, words(**values), classes=changed)


def remove(db: sqlite3.Connection, classes: ClassList, sets: LabelSets, class_id: int) -> Edit:
    """The class goes; its rows become unlabelled, or keep the other classes they have."""
    info = classes.by_id(class_id)
    made = NewSets(sets)
    cells = _changed(
        _rows_of(db, sets, class_id),
        sets,
        made,
        lambda members: tuple(member for member in members if member != class_id),
    )
    return Edit(
        "remove_class",
        words(name=info.name),
        labels=cells,
        classes=(ClassCell(info, None), *classes.closed_up(class_id)),
        sets=made.made,
    )


def merge(db: sqlite3.Connection, classes: ClassList, sets: LabelSets, class_id: int, into: int) -> Edit:
    """The class goes, and its rows get the other one; ``UserError`` where both are the same."""
    info, other = classes.by_id(class_id), classes.by_id(into)
    if info.id == other.id:
        raise UserError("A class cannot be merged into itself. Choose another one.")
    made = NewSets(sets)
    cells = _changed(
        _rows_of(db, sets, class_id),
        sets,
        made,
        lambda members: tuple(into if member == class_id else member for member in members),
    )
    return Edit(
        "merge_classes",
        words(old=info.name, name=other.name, n=len(cells.row_ids) if cells else 0),
        labels=cells,
        classes=(ClassCell(info, None), *classes.closed_up(class_id)),
        sets=made.made,
    )


def split(
    db: sqlite3.Connection,
    classes: ClassList,
    sets: LabelSets,
    class_id: int,
    name: str,
    row_ids: Sequence[int],
) -> Edit:
    """A new class takes those of the rows that have the class; ``UserError`` where none of them has it."""
    info = classes.by_id(class_id)
    new = classes.new(name)
    found = _rows_of(db, sets, class_id)
    if found is not None:
        among = np.isin(found[0], np.array(row_ids, np.int64))
        found = (found[0][among], found[1][among])
    if found is None or not len(found[0]):
        raise UserError(
            "None of the chosen rows has the class “{name}”. Choose some of its rows first.", name=info.name
        )
    made = NewSets(sets)
    cells = _changed(
        found,
        sets,
        made,
        lambda members: tuple(new.id if member == class_id else member for member in members),
    )
    growing = classes.copy()
    growing.put(new)
    order = growing.moved(new.id, info.position + 1)
    placed = [cell for cell in order if cell.before is None or cell.before.id != new.id]
    return Edit(
        "split_class",
        words(name=new.name, old=info.name, n=len(cells.row_ids) if cells else 0),
        labels=cells,
        classes=(ClassCell(None, replace(new, position=info.position + 1)), *placed),
        sets=made.made,
    )


def _rows_of(db: sqlite3.Connection, sets: LabelSets, class_id: int) -> tuple[Ints, Ints] | None:
    """Rows of the project that have the class, removed ones too, and their labels; ``None`` for no row."""
    values = np.array([class_id, *sets.having(class_id)], np.int64)
    found = db.execute(
        f"SELECT l.row_id, l.value FROM labels l CROSS JOIN rows r ON r.id = l.row_id {SHOWN}"
        " WHERE l.value IN (SELECT value FROM json_each(?)) ORDER BY l.row_id",
        (as_json(values),),
    ).fetchall()
    if not found:
        return None
    ids, labels = np.array(found, np.int64).T
    return ids, labels


def _changed(
    found: tuple[Ints, Ints] | None,
    sets: LabelSets,
    made: NewSets,
    change: Callable[[Members], Members],
) -> LabelCells | None:
    """What rows become when their classes change so; UNLABELLED where none is left."""
    if found is None:
        return None
    ids, before = found
    values, where = np.unique(before, return_inverse=True)
    after = []
    for value in values.tolist():
        members = change(sets.members(value))
        after.append(made.number(members) if members else UNLABELLED)
    return LabelCells(ids, before, np.array(after, np.int64)[where.ravel()])
