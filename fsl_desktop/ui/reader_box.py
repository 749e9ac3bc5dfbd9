"""The language of the rows, the model that reads them and why, and the choice of another."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from fsl_desktop.ui.base_model import BaseModel
from fsl_desktop.ui.widgets import muted, named, section


class ReaderBox(QWidget):
    """``chosen``: the user wants another model (its id)."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.words = muted("", wrap=True)
        self.words.setObjectName("readerWords")
        label = QLabel(self.tr("Model"))
        self.model = named(QComboBox(), self.tr("Which model reads the rows"), "readerModel")
        self.model.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.model.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.model.activated.connect(lambda _: self.chosen.emit(str(self.model.currentData())))
        label.setBuddy(self.model)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(label)
        line.addWidget(self.model)
        line.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(section(self.tr("Language and model")))
        layout.addWidget(self.words)
        layout.addLayout(line)

    def show_choice(self, sentence: str, choices: Sequence[tuple[str, str, bool]], model: str) -> None:
        """``choices`` are (id, name, is it on this computer); ``model`` is the one that reads the rows."""
        self.words.setText(sentence)
        self.model.clear()
        for model_id, name, here in choices:
            words = name if here else self.tr("{name} (not installed yet)").format(name=name)
            self.model.addItem(words, model_id)
        self.model.setCurrentIndex(self.model.findData(model))


class ProjectReader(ReaderBox):
    """The same for an open project, kept in step with it."""

    def __init__(self, base: BaseModel, *, read_only: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._base = base
        self.model.setEnabled(not read_only)
        base.told.connect(self.refresh)
        base.changed.connect(self.refresh)
        self.chosen.connect(base.choose)
        self.refresh()

    def refresh(self) -> None:
        self.setVisible(self._base.language is not None)
        if self._base.language is not None:
            self.show_choice(" ".join(self._base.words()), self._base.choices(), self._base.model)
