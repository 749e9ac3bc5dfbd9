"""What this program is, which version, and under which licence."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QLabel, QPushButton, QVBoxLayout, QWidget

from fsl_desktop.ui.widgets import muted, named, with_role


class AboutDialog(QDialog):
    def __init__(self, version: str, log_folder: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("About FSL Desktop"))
        self.setMinimumWidth(420)
        name = with_role(QLabel(self.tr("FSL Desktop")), "number")
        sentence = QLabel(
            self.tr("Teach a pretrained model from a handful of examples, on your own computer.")
        )
        sentence.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 24, 24, 16)
        layout.setSpacing(8)
        layout.addWidget(name)
        layout.addWidget(muted(self.tr("Version {version}").format(version=version)))
        layout.addWidget(sentence)
        layout.addWidget(muted(self.tr("Free software under the Apache License 2.0."), wrap=True))
        if log_folder:
            where = muted(self.tr("Its log: {folder}").format(folder=log_folder), wrap=True)
            where.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            layout.addWidget(where)
        layout.addSpacing(8)
        words = self.tr("Close")
        close = named(with_role(QPushButton(words), "primary"), words, "aboutClose")
        close.setDefault(True)
        close.clicked.connect(self.accept)
        layout.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
