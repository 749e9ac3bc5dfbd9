"""What is folded under a failure's sentence, for those who want to pass it on."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QPushButton, QVBoxLayout, QWidget

from fsl_desktop.ui.widgets import named, with_role


def _tr(text: str) -> str:
    return QCoreApplication.translate("DetailsDialog", text)


class DetailsDialog(QDialog):
    """The sentence, its details, and a button that copies both."""

    def __init__(self, sentence: str, details: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(_tr("What happened"))
        self.resize(560, 340)
        words = QLabel(sentence, self)
        words.setWordWrap(True)
        self.text = named(QPlainTextEdit(details, self), _tr("Details"), "details_text")
        self.text.setReadOnly(True)
        self._whole = f"{sentence}\n\n{details}"
        copy = named(QPushButton(_tr("Copy")), _tr("Copy the sentence and the details"), "copy_details")
        copy.clicked.connect(self._copy)
        close = named(with_role(QPushButton(_tr("Close")), "primary"), _tr("Close"), "close_details")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        buttons = QHBoxLayout()
        buttons.addWidget(copy)
        buttons.addStretch(1)
        buttons.addWidget(close)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 16, 16, 16)
        box.setSpacing(12)
        box.addWidget(words)
        box.addWidget(self.text, 1)
        box.addLayout(buttons)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._whole)
