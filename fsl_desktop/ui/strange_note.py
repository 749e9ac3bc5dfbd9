"""That a text fits none of the classes well, and what to make of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from fsl_desktop.ui.trust_words import strange_words
from fsl_desktop.ui.widgets import muted, with_role


class StrangeNote(QWidget):
    """Hidden until somebody says otherwise. ``reason`` is the explanation below."""

    def __init__(self, reason: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        with_role(self, "plain")
        self.words = with_role(QLabel(strange_words()), "warning")
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setWordWrap(True)
        self.reason = muted(reason, wrap=True)
        self.setAccessibleName(strange_words())
        self.setAccessibleDescription(reason)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(2)
        box.addWidget(self.words)
        box.addWidget(self.reason)
        self.hide()
