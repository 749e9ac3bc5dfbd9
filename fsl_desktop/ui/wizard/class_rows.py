"""The classes of a new project, one under the other, each with room for a sentence about it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from fsl_desktop.ui import icons
from fsl_desktop.ui.chips import Chip
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import muted, named, with_role

SHOWN = 60
MAX_SENTENCE = 300
_CHIP_WIDTH = 190


class ClassRows(QWidget):
    """Rows are kept and filled anew, so that typing names on the left costs nothing here.

    A sentence belongs to the row's name, and comes back with it.
    """

    removed = Signal(str)

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        with_role(self, "plain")
        self._holder = holder
        self._sentences: dict[str, str] = {}
        self.rows: list[ClassRow] = []
        self._more = muted("")
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 8, 0)
        self._layout.setSpacing(6)
        self._layout.addWidget(self._more)
        self._layout.addStretch(1)

    @property
    def sentences(self) -> dict[str, str]:
        """What was written about classes, by name; also of names that are gone at the moment."""
        return {name: words for name, words in self._sentences.items() if words}

    def show_names(self, names: Sequence[str], removable: frozenset[str]) -> None:
        """``removable`` are the names that came with the file and can be left out."""
        shown = names[:SHOWN]
        while len(self.rows) < len(shown):
            row = ClassRow(self._holder)
            row.removed.connect(self.removed)
            row.described.connect(self._describe)
            self._layout.insertWidget(len(self.rows), row)
            self.rows.append(row)
        for position, row in enumerate(self.rows):
            row.setVisible(position < len(shown))
            if position < len(shown):
                name = shown[position]
                row.show_class(name, position, self._sentences.get(name, ""), removable=name in removable)
        self._more.setText(self.tr("and {n} more").format(n=len(names) - len(shown)))
        self._more.setVisible(len(names) > len(shown))

    def _describe(self, name: str, words: str) -> None:
        self._sentences[name] = " ".join(words.split())


class ClassRow(QWidget):
    removed = Signal(str)
    described = Signal(str, str)

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = ""
        self._chip = Chip(holder)
        self._chip.setMaximumWidth(_CHIP_WIDTH)
        room = QWidget()
        room.setFixedWidth(_CHIP_WIDTH)
        inside = QHBoxLayout(room)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.addWidget(self._chip)
        inside.addStretch(1)
        self.sentence = QLineEdit()
        self.sentence.setMaxLength(MAX_SENTENCE)
        self.sentence.setPlaceholderText(self.tr("What belongs here? (optional)"))
        self.sentence.textEdited.connect(lambda words: self.described.emit(self._name, words))
        self.cross = named(QToolButton(), "", "wizardLeaveOut")
        self.cross.setToolTip(self.tr("Leave this class out; its rows come without a label"))
        self.cross.setIcon(icons.icon("close", holder.theme, holder.theme.muted, 12))
        self.cross.setIconSize(QSize(12, 12))
        self.cross.setFixedSize(22, 22)
        self.cross.setStyleSheet("padding: 2px;")
        self.cross.clicked.connect(lambda: self.removed.emit(self._name))
        # The fields end at the same place with and without it.
        policy = QSizePolicy(self.cross.sizePolicy())
        policy.setRetainSizeWhenHidden(True)
        self.cross.setSizePolicy(policy)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(room)
        layout.addWidget(self.sentence, 1)
        layout.addWidget(self.cross)

    def show_class(self, name: str, position: int, sentence: str, *, removable: bool) -> None:
        self._name = name
        self._chip.set_class(name, position)
        words = self.tr("What belongs to {name}? (optional)").format(name=name)
        named(self.sentence, words, "wizardSentence")
        if self.sentence.text() != sentence:
            self.sentence.setText(sentence)
        self.cross.setAccessibleName(self.tr("Leave out {name}").format(name=name))
        self.cross.setVisible(removable)
