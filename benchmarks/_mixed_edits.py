"""One edit after another as people make them, mixed at random; in a window, or on a project alone."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from fsl_desktop.core.commands import (
    AddClass,
    EditText,
    MergeClasses,
    RemoveClass,
    RemoveRows,
    RenameClass,
    RenameProject,
    SetLabels,
    SetLabelsEach,
)
from fsl_desktop.core.labels import SKIPPED, UNSURE

if TYPE_CHECKING:
    from fsl_desktop.core.project import Project
    from fsl_desktop.ui.workspace import Workspace

LEAST_CLASSES = 4


class Headless:
    """What :func:`random_edit` needs of a window, for a project without one."""

    def __init__(self, project: Project) -> None:
        self.session = self
        self.project = project
        self.label = None

    @property
    def table(self) -> Any:
        return self.project.table

    @property
    def classes(self) -> Any:
        return self.project.classes

    def do(self, command: Any) -> Any:
        return self.project.do(command)

    def undo(self) -> Any:
        return self.project.undo()

    def redo(self) -> Any:
        return self.project.redo()


def random_edit(chance: random.Random, space: Workspace | Headless) -> None:
    """Do one thing, through the window's own keys and session."""
    session = space.session
    table, classes = session.table, session.classes
    shown = np.flatnonzero(~table.removed)
    ids: list[int] = table.ids[shown].tolist()
    if not ids:  # the import itself was undone
        session.redo()
        return

    def some(most: int) -> tuple[int, ...]:
        return tuple(chance.sample(ids, min(len(ids), chance.randint(1, most))))

    def a_class() -> int:
        return int(chance.choice(classes).id)

    def by_key() -> None:
        if space.label is None:
            session.do(SetLabels(some(1), a_class()))
            return
        from PySide6.QtCore import Qt
        from PySide6.QtTest import QTest

        keys = [
            Qt.Key.Key_1,
            Qt.Key.Key_2,
            Qt.Key.Key_3,
            Qt.Key.Key_S,
            Qt.Key.Key_U,
            Qt.Key.Key_R,
            Qt.Key.Key_Z,
        ]
        QTest.keyClick(space.label.view, chance.choice(keys))

    def bulk() -> None:
        session.do(SetLabels(some(200), chance.choice([a_class(), SKIPPED, UNSURE, 0])))

    def each() -> None:
        rows = some(100)
        session.do(SetLabelsEach(rows, tuple(a_class() for _ in rows)))

    def of_classes() -> None:
        if len(classes) < LEAST_CLASSES:
            session.do(AddClass(f"new {chance.randrange(10**9)}"))
        elif chance.random() < 0.5:
            one, other = chance.sample(classes, 2)
            session.do(MergeClasses(one.id, other.id))
        else:
            session.do(RemoveClass(a_class()))

    def rename() -> None:
        session.do(RenameClass(a_class(), f"renamed {chance.randrange(10**9)}"))

    def other() -> None:
        if chance.random() < 0.5:
            session.do(EditText(chance.choice(ids), f"corrected {chance.randrange(10**9)}"))
        else:
            session.do(RenameProject(f"Project {chance.randrange(10**9)}"))

    def remove() -> None:
        if len(ids) > 100:
            session.do(RemoveRows(some(5)))

    deeds: tuple[tuple[Callable[[], object], int], ...] = (
        (by_key, 40),
        (bulk, 12),
        (each, 6),
        (of_classes, 6),
        (rename, 8),
        (other, 6),
        (remove, 4),
        (session.undo, 12),
        (session.redo, 6),
    )
    (deed,) = chance.choices([deed for deed, _ in deeds], [weight for _, weight in deeds])
    deed()
