"""Step 4: what the project is called and where it is kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.language import dominant_language
from fsl_desktop.ui import reading_words
from fsl_desktop.ui.inline import InlineSentence
from fsl_desktop.ui.reader_box import ReaderBox
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import Card, ElidedLabel, muted, named, section

MAX_NAME = 80


class PlaceStep(QWidget):
    changed = Signal()

    def __init__(
        self,
        holder: ThemeHolder,
        parent_folder: str,
        free_folder: Callable[[Path, str], Path],
        parent: QWidget | None = None,
        *,
        of_sounds: bool = False,
    ) -> None:
        super().__init__(parent)
        self._parent_folder = parent_folder
        self._free_folder = free_folder
        self._touched = False
        self.name = named(QLineEdit(), self.tr("Name of the project"), "wizardName")
        self.name.setMaxLength(MAX_NAME)
        self.name.setMaximumWidth(420)
        self.name.textChanged.connect(self._refresh)
        self.name.textEdited.connect(self._on_edited)
        self._where = ElidedLabel()
        words = self.tr("Keep it elsewhere…")
        self.elsewhere = named(QPushButton(words), words, "wizardElsewhere")
        self.elsewhere.clicked.connect(self._choose)
        self._facts = QLabel()
        self._facts.setWordWrap(True)
        self._note = muted("", wrap=True)
        self.reader = ReaderBox()
        self.reader.chosen.connect(self._choose_model)
        self._catalogue: Catalogue | None = None
        self._language, self._share = "", 0.0
        self._model = ""
        self.problem = InlineSentence(holder)
        card = Card(margin=24, spacing=8)
        card.body.addWidget(section(self.tr("Name")))
        card.body.addWidget(self.name)
        card.body.addWidget(self._note)
        card.body.addSpacing(12)
        card.body.addWidget(section(self.tr("Where it is kept")))
        line = QHBoxLayout()
        line.setSpacing(12)
        line.addWidget(self._where, 1)
        line.addWidget(self.elsewhere)
        card.body.addLayout(line)
        card.body.addWidget(
            muted(
                self.tr(
                    "A project is one folder. Copy or move it as you like; what you chose stays as it is."
                ),
                wrap=True,
            )
        )
        card.body.addSpacing(12)
        card.body.addWidget(section(self.tr("What goes in")))
        card.body.addWidget(self._facts)
        card.body.addSpacing(12)
        card.body.addWidget(self.reader)
        self.reader.setVisible(not of_sounds)  # sounds are heard by all encoders together
        card.body.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(card, 1)
        layout.addWidget(self.problem)

    @property
    def usable(self) -> bool:
        return bool(self.name.text().strip())

    @property
    def folder(self) -> Path:
        """Where the project will be: a folder that is not there yet."""
        return self._free_folder(Path(self._parent_folder), self.name.text())

    def suggest_name(self, name: str) -> None:
        """Fill in a name, unless the user wrote one."""
        if not self._touched:
            self.name.setText(name[:MAX_NAME])

    def set_facts(self, words: str) -> None:
        self._facts.setText(words)

    @property
    def model(self) -> str:
        """The model that the user chose, or the one for the language of the rows."""
        return self._model or self._known().recommend(self._language, self._share).model

    def show_rows(self, texts: Sequence[str]) -> None:
        """Tell the language of the first ``texts``, and which model reads it."""
        self._language, self._share = dominant_language(texts)
        self._show_reader()

    def _choose_model(self, model: str) -> None:
        self._model = model
        self._show_reader()

    def _show_reader(self) -> None:
        catalogue, model = self._known(), self.model
        advised = catalogue.recommend(self._language, self._share)
        language = reading_words.language_words(self._language, self._share)
        reader = reading_words.reader_words(model, advised, self._language, catalogue)
        here = reading_words.choices(catalogue, {model, advised.model})
        self.reader.show_choice(f"{language} {reader}", here, model)

    def _known(self) -> Catalogue:
        if self._catalogue is None:
            self._catalogue = Catalogue.load()
        return self._catalogue

    def set_parent_folder(self, folder: str) -> None:
        self._parent_folder = folder
        self._refresh()

    def _on_edited(self) -> None:
        self._touched = True

    def _choose(self) -> None:
        words = self.tr("Where the project is kept")
        if folder := QFileDialog.getExistingDirectory(self, words, self._parent_folder):
            self.set_parent_folder(folder)

    def _refresh(self) -> None:
        self.problem.clear()
        if not self.usable:
            self._note.setText(self.tr("Give the project a name."))
            self._where.setText(self._parent_folder)
        else:
            folder = self.folder
            self._where.setText(str(folder))
            plain = self._free_folder(Path(), self.name.text()).name
            taken = folder.name != plain and (Path(self._parent_folder) / plain) != folder
            self._note.setText(
                self.tr("There is one of this name already, so the folder gets a number.") if taken else ""
            )
        self.changed.emit()
