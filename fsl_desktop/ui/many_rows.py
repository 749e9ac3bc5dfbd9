"""What is done with many rows at once, each as one step to undo."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from fsl_desktop.core.commands import SplitClass
from fsl_desktop.ui.class_dialogs import SplitDialog
from fsl_desktop.ui.classes_model import problem_with
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.table_view import TableView
from fsl_desktop.ui.theme import ThemeHolder


class ManyRows(QObject):
    said = Signal(object)  # Message

    def __init__(self, session: Session, view: TableView, holder: ThemeHolder, parent: QWidget) -> None:
        super().__init__(parent)
        self.session = session
        self.view = view
        self._holder = holder
        self._parent = parent

    def chosen(self) -> list[int]:
        """Ids of the selected rows."""
        return self.view.selected_row_ids()

    def counts_of(self, rows: Sequence[int]) -> dict[int, int]:
        """How many of these rows have each class; classes that none has are left out."""
        table = self.session.table
        values, counts = np.unique(table.labels[table.positions(rows)], return_counts=True)
        found: dict[int, int] = {}
        for value, n in zip(values.tolist(), counts.tolist(), strict=True):
            for class_id in table.sets.members(value):
                found[class_id] = found.get(class_id, 0) + n
        return found

    def ask_split(self) -> None:
        """Which class of the chosen rows becomes which new one?"""
        rows = tuple(self.chosen())
        counts = self.counts_of(rows)
        if not counts:
            return
        classes = self.session.classes
        dialog = SplitDialog(
            classes, counts, lambda name: problem_with(classes, name), self._holder, self._parent.window()
        )
        dialog.chosen.connect(lambda class_id, name: self.session.do(SplitClass(class_id, name, rows)))
        dialog.open()
