"""What a user can do to a project, and what an edit says it changed."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.message import Message


@dataclass(frozen=True, slots=True)
class SetLabels:
    """Give rows one class id, or UNLABELLED, SKIPPED or UNSURE."""

    row_ids: tuple[int, ...]
    value: int


@dataclass(frozen=True, slots=True)
class SetLabelsEach:
    """Give each row its own value; both tuples have the same length."""

    row_ids: tuple[int, ...]
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ToggleClass:
    """Add a class to the labels of these rows; where all have it, take it off. A row's last class taken
    off leaves it unlabelled. For projects with several labels in a row."""

    row_ids: tuple[int, ...]
    class_id: int


@dataclass(frozen=True, slots=True)
class SetClasses:
    """Give each row exactly its classes; none at all says that the row is of no class. Both tuples have
    the same length. For projects with several labels in a row."""

    row_ids: tuple[int, ...]
    sets: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class SetSeveral:
    """May a row have several labels? Refused where rows would lose some."""

    several: bool


@dataclass(frozen=True, slots=True)
class AddClass:
    name: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class RenameClass:
    class_id: int
    name: str


@dataclass(frozen=True, slots=True)
class DescribeClass:
    class_id: int
    description: str


@dataclass(frozen=True, slots=True)
class RemoveClass:
    """Its rows become unlabelled."""

    class_id: int


@dataclass(frozen=True, slots=True)
class MoveClass:
    """Put a class at ``position`` (0 and up; past the end means last)."""

    class_id: int
    position: int


@dataclass(frozen=True, slots=True)
class MergeClasses:
    """The rows of one class get the other, and the first is gone."""

    class_id: int
    into: int


@dataclass(frozen=True, slots=True)
class SplitClass:
    """Those of these rows that have the class get a new one in its place, which stands right behind it."""

    class_id: int
    name: str
    row_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EditText:
    row_id: int
    text: str


@dataclass(frozen=True, slots=True)
class RemoveRows:
    row_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AddBatch:
    """Put an imported batch into the table.

    ``label_classes`` says which class a label value of the file means; ``None`` takes the class of
    that name, and makes it where there is none. Rows with other values come without a label. In a project
    with several labels in a row the values are those inside the cells (``label_cells.parts_of``).
    """

    batch: int
    label_classes: tuple[tuple[str, int | None], ...] = ()


@dataclass(frozen=True, slots=True)
class RenameProject:
    name: str


Command = (
    SetLabels
    | SetLabelsEach
    | ToggleClass
    | SetClasses
    | SetSeveral
    | AddClass
    | RenameClass
    | DescribeClass
    | RemoveClass
    | MoveClass
    | MergeClasses
    | SplitClass
    | EditText
    | RemoveRows
    | AddBatch
    | RenameProject
)


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit, an undo or a redo did."""

    kind: str
    """labels, classes, rows, text or project."""
    row_ids: NDArray[np.int64]
    """Rows whose cells changed, ascending. Rows that an import brings are not among them: they are
    read by ``load_rows``."""
    classes_changed: bool
    rows_changed: bool
    """Rows appeared or vanished."""
    message: Message
    revision: int
    """The project's revision after it."""
