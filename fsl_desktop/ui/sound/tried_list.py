"""What was tried before on the Test page of sounds, with what the model said."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from fsl_desktop.ui.widgets import named

MOST_TRIED = 30
_PATH = Qt.ItemDataRole.UserRole


class TriedList(QListWidget):
    """``chosen`` tells the path that is to be shown again."""

    chosen = Signal(object)  # Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, self.tr("Tried before"), "sound_test_tried")
        self.itemActivated.connect(self._on_item)
        self.itemClicked.connect(self._on_item)

    def remember(self, path: Path, words: str) -> None:
        """Put it first, once."""
        for row in range(self.count()):
            if self.item(row).data(_PATH) == str(path):
                self.takeItem(row)
                break
        item = QListWidgetItem(f"{path.name}   {words}")
        item.setData(_PATH, str(path))
        item.setToolTip(str(path))
        self.insertItem(0, item)
        while self.count() > MOST_TRIED:
            self.takeItem(self.count() - 1)

    def _on_item(self, item: QListWidgetItem) -> None:
        self.chosen.emit(Path(item.data(_PATH)))
