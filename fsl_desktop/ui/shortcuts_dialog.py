"""Every key in one list, with a search."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.ui.widgets import named, title, with_role


class ShortcutsDialog(QDialog):
    """``rows`` are (key, what it does), as ``Actions.key_table`` gives them."""

    def __init__(self, rows: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Keys"))
        self._rows: list[tuple[str, QLabel, QLabel]] = []
        self.search = named(QLineEdit(), self.tr("Search the keys"), "keysSearch")
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._filter)
        inner = with_role(QWidget(), "plain")
        grid = QGridLayout(inner)
        grid.setContentsMargins(4, 4, 12, 4)
        grid.setHorizontalSpacing(24)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        for number, (keys, words) in enumerate(rows):
            key = KeyLabel(keys)
            what = QLabel(words)
            what.setWordWrap(True)
            what.setTextFormat(Qt.TextFormat.PlainText)
            grid.addWidget(key, number, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            grid.addWidget(what, number, 1)
            self._rows.append((f"{keys} {words}".casefold(), key, what))
        grid.setRowStretch(len(rows), 1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inner)
        words = self.tr("Close")
        close = named(with_role(QPushButton(words), "primary"), words, "keysClose")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        head = QHBoxLayout()
        head.addWidget(title(self.tr("Keys")), 1)
        head.addWidget(self.search, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(12)
        layout.addLayout(head)
        layout.addWidget(scroll, 1)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)

    def sizeHint(self) -> QSize:
        return QSize(560, 600)

    def shown(self) -> list[str]:
        """The keys that match the search."""
        return [key.text() for _, key, _ in self._rows if not key.isHidden()]

    def _filter(self, words: str) -> None:
        for text, key, what in self._rows:
            found = words.strip().casefold() in text
            key.setVisible(found)
            what.setVisible(found)


class KeyLabel(QLabel):
    """A key as it looks on a keyboard."""

    def __init__(self, keys: str, parent: QWidget | None = None) -> None:
        super().__init__(keys, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        with_role(self, "raised")
        self.setContentsMargins(8, 3, 8, 3)
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setMinimumWidth(34)
