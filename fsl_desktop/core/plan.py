"""From a command to the edit that carries it out: what is allowed, what changes, what was there before."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np

from fsl_desktop.core import commands as c
from fsl_desktop.core import plan_classes, plan_sets
from fsl_desktop.core.apply import VISIBLE, WAITING, as_json
from fsl_desktop.core.class_list import MAX_NAME, ClassList, checked_name
from fsl_desktop.core.edit import BatchSwitch, ClassCell, Edit, Removal, TextCell
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.label_sets import LabelSets, Members
from fsl_desktop.core.labels import SKIPPED, UNLABELLED, UNSURE, ClassInfo
from fsl_desktop.core.plan_cells import SHOWN, all_there, label_cells, words

_SPECIAL = {UNLABELLED: "clear", SKIPPED: "skip", UNSURE: "unsure"}


def plan(
    db: sqlite3.Connection,
    classes: ClassList,
    sets: LabelSets,
    project_name: str,
    several: bool,
    command: c.Command,
) -> Edit:
    """The edit of a command; an edit that changes nothing has no parts. ``UserError`` where it is not
    possible. ``several``: rows of this project may have several labels, numbered in ``sets``."""
    match command:
        case c.SetLabels(row_ids, value):
            return _set_labels(db, classes, row_ids, value)
        case c.SetLabelsEach(row_ids, values):
            return _set_labels_each(db, classes, row_ids, values)
        case c.ToggleClass(row_ids, class_id):
            return plan_sets.toggle(db, classes, sets, several, row_ids, class_id)
        case c.SetClasses(row_ids, wanted):
            return plan_sets.set_classes(db, classes, sets, several, row_ids, wanted)
        case c.SetSeveral(wish):
            return plan_sets.set_several(db, several, wish)
        case c.AddClass(name, description):
            info = classes.new(name, description)
            return plan_classes.class_edit("add_class", [ClassCell(None, info)], name=info.name)
        case c.RenameClass(class_id, name):
            before = classes.by_id(class_id)
            after = classes.renamed(before, name)
            cells = [ClassCell(before, after)]
            return plan_classes.class_edit("rename_class", cells, old=before.name, name=after.name)
        case c.DescribeClass(class_id, description):
            before = classes.by_id(class_id)
            after = ClassInfo(before.id, before.name, before.position, description.strip())
            return plan_classes.class_edit("describe_class", [ClassCell(before, after)], name=before.name)
        case c.RemoveClass(class_id):
            return plan_classes.remove(db, classes, sets, class_id)
        case c.MoveClass(class_id, position):
            name = classes.by_id(class_id).name
            return plan_classes.class_edit("move_class", classes.moved(class_id, position), name=name)
        case c.MergeClasses(class_id, into):
            return plan_classes.merge(db, classes, sets, class_id, into)
        case c.SplitClass(class_id, name, row_ids):
            return plan_classes.split(db, classes, sets, class_id, name, row_ids)
        case c.EditText(row_id, text):
            return _edit_text(db, row_id, text)
        case c.RemoveRows(row_ids):
            return _remove_rows(db, row_ids)
        case c.AddBatch(batch, label_classes):
            return _add_batch(db, classes, sets if several else None, batch, label_classes)
        case c.RenameProject(name):
            new = project_title(name)
            changed = (project_name, new) if new != project_name else None
            return Edit("rename_project", words(old=project_name, name=new), name=changed)


def changes_nothing(edit: Edit) -> bool:
    parts = (edit.labels, edit.removal, edit.classes, edit.text, edit.batch, edit.name, edit.several)
    return not any(parts)


def project_title(name: str) -> str:
    """A project's name, stripped; ``UserError`` where it is empty or too long."""
    title = " ".join(name.split())
    if not title:
        raise UserError("A project needs a name. Type one.")
    if len(title) > MAX_NAME:
        raise UserError("The project's name is too long. Use at most {n} characters.", n=MAX_NAME)
    return title


def _set_labels(db: sqlite3.Connection, classes: ClassList, row_ids: Sequence[int], value: int) -> Edit:
    kind = _SPECIAL.get(value, "label")
    name = classes.by_id(value).name if kind == "label" else ""
    cells = label_cells(db, row_ids, [value] * len(row_ids))
    n = len(cells.row_ids) if cells else 0
    return Edit(kind, words(n=n, name=name) if name else words(n=n), labels=cells)


def _set_labels_each(
    db: sqlite3.Connection, classes: ClassList, row_ids: Sequence[int], values: Sequence[int]
) -> Edit:
    if len(row_ids) != len(values):
        raise ValueError("row_ids and values differ in length")
    for value in set(values):
        if value not in _SPECIAL:
            classes.by_id(value)
    cells = label_cells(db, row_ids, values)
    return Edit("label_each", words(n=len(cells.row_ids) if cells else 0), labels=cells)


def _edit_text(db: sqlite3.Connection, row_id: int, text: str) -> Edit:
    if not text.strip():
        raise UserError("A row needs a text. Type one, or remove the row instead.")
    found = db.execute(f"SELECT r.text FROM rows r {SHOWN} WHERE r.id = ?", (row_id,)).fetchone()
    all_there(np.array([row_id], np.int64), [row_id] if found else [])
    text = storable(text)
    return Edit("edit_text", text=TextCell(row_id, found[0], text) if text != found[0] else None)


def storable(text: str) -> str:
    """The text as UTF-8 can hold it: half a surrogate pair becomes a question mark."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace").decode("utf-8")
    return text


def _remove_rows(db: sqlite3.Connection, row_ids: Sequence[int]) -> Edit:
    ids = np.unique(np.array(row_ids, np.int64))
    found = db.execute(
        f"SELECT r.id, x.row_id IS NULL FROM json_each(?) e CROSS JOIN rows r ON r.id = e.value {SHOWN}"
        " LEFT JOIN removed x ON x.row_id = r.id ORDER BY r.id",
        (as_json(ids),),
    ).fetchall()
    all_there(ids, [row[0] for row in found])
    ids = np.array([row[0] for row in found if row[1]], np.int64)
    return Edit("remove_rows", words(n=len(ids)), removal=Removal(ids, gone=True) if len(ids) else None)


def _add_batch(
    db: sqlite3.Connection,
    classes: ClassList,
    sets: LabelSets | None,
    batch: int,
    label_classes: Sequence[tuple[str, int | None]],
) -> Edit:
    found = db.execute("SELECT source, n_rows, state FROM batches WHERE id = ?", (batch,)).fetchone()
    if found is None or found[2] not in (WAITING, VISIBLE):
        raise UserError("The imported file is not there any more. Import it again.", details=f"batch {batch}")
    # What comes from no file was added by hand.
    kind, what = (
        ("add_batch", words(n=found[1], source=found[0])) if found[0] else ("add_clips", words(n=found[1]))
    )
    if found[2] == VISIBLE:
        return Edit(kind, what)
    growing = classes.copy()
    labels: list[tuple[str, int]] = []
    made: list[ClassCell] = []
    for value, class_id in label_classes:
        if class_id is not None:
            labels.append((value, growing.by_id(class_id).id))
            continue
        info = growing.named(value)
        if info is None:
            info = growing.new(checked_name(value))
            growing.put(info)
            made.append(ClassCell(None, info))
        labels.append((value, info.id))
    numbers: tuple[tuple[int, Members], ...] = ()
    if sets is not None:
        labels, numbers = plan_sets.batch_labels(db, sets, batch, dict(labels))
    return Edit(
        kind,
        what,
        classes=tuple(made),
        batch=BatchSwitch(batch, True, tuple(labels)),
        sets=numbers,
    )
