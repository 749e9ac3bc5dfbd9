"""Step 3: the names of the classes, found in the label column or typed one per line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.core.labels import MAX_CLASSES
from fsl_desktop.ui.inline import InlineSentence
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import Card, muted, named, section
from fsl_desktop.ui.wizard.class_rows import ClassRows

MAX_NAME = 80


def folded(name: str) -> str:
    """Two names that a reader takes for the same are the same."""
    return " ".join(name.split()).casefold()


def typed_names(text: str) -> list[str]:
    """Names out of lines; empty lines are passed over, white space is tidied."""
    return [tidy for line in text.splitlines() if (tidy := " ".join(line.split())[:MAX_NAME])]


def duplicates(names: Iterable[str]) -> list[str]:
    """Names that are there more than once, as first written."""
    seen: dict[str, str] = {}
    twice: dict[str, str] = {}
    for name in names:
        if folded(name) in seen:
            twice.setdefault(folded(name), seen[folded(name)])
        seen.setdefault(folded(name), name)
    return list(twice.values())


class ClassesStep(QWidget):
    changed = Signal()
    several_wanted = Signal(bool)

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: list[str] = []
        self._removed: set[str] = set()
        self.typed = named(QPlainTextEdit(), self.tr("Names of classes, one per line"), "wizardClasses")
        self.typed.setPlaceholderText(self.tr("card arrival\nexchange rate\nlost card"))
        self.typed.setTabChangesFocus(True)
        self.typed.textChanged.connect(self._refresh)
        words = self.tr("A row may have several labels")
        self.several = named(QCheckBox(words), words, "wizardSeveral")
        self.several.setToolTip(
            self.tr("Otherwise each row has one. It can be changed later, on the Data page.")
        )
        self.several.clicked.connect(self.several_wanted)
        self._advice = muted("", wrap=True)
        self.problem = InlineSentence(holder)
        # One or the other is said, in the same place, so that the list above does not jump.
        self._below = QStackedWidget()
        self._below.addWidget(self._advice)
        self._below.addWidget(self.problem)
        self._below.setFixedHeight(3 * self.fontMetrics().lineSpacing() + 16)
        self._head = section("")
        self.rows = ClassRows(holder)
        self.rows.removed.connect(self.remove_found)
        self._empty = muted(
            self.tr("The classes appear here, each with the key that will set it and room for a sentence."),
            wrap=True,
        )
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._lay_out()
        self._refresh()

    def _lay_out(self) -> None:
        left = Card()
        left.body.addWidget(section(self.tr("One name per line")))
        left.body.addWidget(self.typed, 1)
        left.body.addWidget(self.several)
        left.body.addWidget(self._below)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setWidget(self.rows)
        self._area = area
        right = Card()
        right.body.addWidget(self._head)
        right.body.addWidget(area, 1)
        right.body.addWidget(self._empty, 1)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(left, 4)
        row.addWidget(right, 7)
        words = QLabel(
            self.tr(
                "A class is what a text can be about. Say them in plain words: the model reads the names and "
                "what you write beside them. "
                "You can add classes at any time."
            )
        )
        words.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(words)
        layout.addLayout(row, 1)

    def set_found(self, names: Sequence[str], column: str) -> None:
        """Values of the label column; what the user took away before stays away."""
        unique: dict[str, str] = {}
        for name in names:
            if folded(name):
                unique.setdefault(folded(name), name)
        self._found = list(unique.values())[:MAX_CLASSES]
        self._column = column
        self._refresh()

    @property
    def found(self) -> tuple[str, ...]:
        """Values of the label column that become classes."""
        return tuple(name for name in self._found if folded(name) not in self._removed)

    @property
    def removed(self) -> frozenset[str]:
        """Folded values of the label column that the user does not want as classes."""
        return frozenset(self._removed & {folded(name) for name in self._found})

    @property
    def names(self) -> tuple[str, ...]:
        """Every class, found ones first, none twice."""
        unique: dict[str, str] = {}
        for name in (*self.found, *typed_names(self.typed.toPlainText())):
            unique.setdefault(folded(name), name)
        return tuple(unique.values())

    @property
    def sentences(self) -> dict[str, str]:
        """What was written about classes, by name."""
        return self.rows.sentences

    @property
    def usable(self) -> bool:
        return not self._twice() and len(self.names) <= MAX_CLASSES

    def _twice(self) -> list[str]:
        return duplicates((*self.found, *typed_names(self.typed.toPlainText())))

    def remove_found(self, name: str) -> None:
        self._removed.add(folded(name))
        self._refresh()
        self.typed.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_names(self) -> None:
        self.typed.setFocus(Qt.FocusReason.OtherFocusReason)
        self.typed.moveCursor(QTextCursor.MoveOperation.End)

    def _refresh(self) -> None:
        names, found = self.names, {folded(name) for name in self.found}
        self.rows.show_names(names, frozenset(name for name in names if folded(name) in found))
        self._area.setVisible(bool(names))
        self._empty.setVisible(not names)
        if found:
            head = self.tr("{n} classes, {found} found in the file")
        else:
            head = self.tr("1 class") if len(names) == 1 else self.tr("{n} classes")
        words = head.format(n=QLocale().toString(len(names)), found=QLocale().toString(len(found)))
        self._head.setText(words.upper())
        self._advise(names)
        self.changed.emit()

    def _advise(self, names: Sequence[str]) -> None:
        twice = self._twice()
        wrong = ""
        if twice:
            wrong = self.tr("“{name}” is there twice. Change one of them or take it away.")
            wrong = wrong.format(name=twice[0])
        elif len(names) > MAX_CLASSES:
            wrong = self.tr("A project holds up to {n} classes. Take some away.").format(n=MAX_CLASSES)
        if wrong:
            self.problem.tell(wrong)
        else:
            self.problem.clear()
        if not names:
            words = self.tr(
                "Two or more are best to begin with. You can also start without and name them later."
            )
        elif len(names) == 1:
            words = self.tr("A second class helps: the model learns by telling them apart.")
        else:
            words = self.tr("Each class gets a key. One press labels a row.")
        self._advice.setText(words)
        self._below.setCurrentWidget(self.problem if wrong else self._advice)
