"""What stands in the place of a table without rows: why there are none, and the ways to some."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QPushButton, QWidget

from fsl_desktop.ui.widgets import EmptyState, named


class EmptyTable(EmptyState):
    """One button for texts and for a search without a find; a second one where there may be a microphone."""

    show_all_wanted = Signal()
    add_wanted = Signal()
    record_wanted = Signal()

    def __init__(self, *, of_sounds: bool, parent: QWidget | None = None) -> None:
        super().__init__("table", "", self.tr("Add a file…"), parent)
        self._of_sounds = of_sounds
        self._hidden_rows = False
        self.record = named(QPushButton(self.tr("Record…")), self.tr("Record…"), "emptyStateRecord")
        self.record.clicked.connect(self.record_wanted)
        self.clicked.connect(self._on_clicked)
        self.below.addWidget(self.record, 0, Qt.AlignmentFlag.AlignHCenter)

    def explain(self, *, hidden_rows: bool) -> None:
        """``hidden_rows``: there are rows, but search and filter leave none."""
        self._hidden_rows = hidden_rows
        self.record.setVisible(self._of_sounds and not hidden_rows)
        if hidden_rows:
            words, button = self.tr("No row matches the search and the filter."), self.tr("Show all rows")
        elif self._of_sounds:
            words = self.tr("This project has no recordings yet. Add some, or record the first one.")
            button = self.tr("Add recordings…")
        else:
            words = self.tr("This project has no rows yet. Add a file with texts to label.")
            button = self.tr("Add a file…")
        self.set_sentence(words)
        self.button.setText(button)
        self.button.setAccessibleName(button)

    def _on_clicked(self) -> None:
        (self.show_all_wanted if self._hidden_rows else self.add_wanted).emit()
