"""Asking what becomes of a class: which other takes its rows, or which of its rows go to a new one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.ui import speech
from fsl_desktop.ui.chips import mark_icon
from fsl_desktop.ui.inline import InlineSentence
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import muted, named, with_role


class _ClassDialog(QDialog):
    """A sentence, a box with classes and how many rows each has, what follows from it, and two buttons."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self.setMinimumWidth(440)
        self.body = QVBoxLayout(self)
        self.body.setContentsMargins(24, 20, 24, 16)
        self.body.setSpacing(10)
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.box = named(QComboBox(), self.tr("Class"), "classBox")
        self.follows = muted("", wrap=True)
        self.buttons = QDialogButtonBox()
        self.yes = with_role(QPushButton(), "primary")
        self.yes.setDefault(True)
        self.buttons.addButton(self.yes, QDialogButtonBox.ButtonRole.AcceptRole)
        cancel = self.buttons.addButton(QDialogButtonBox.StandardButton.Cancel)
        cancel.setText(self.tr("Cancel"))
        self.buttons.rejected.connect(self.reject)
        self.finished.connect(self.deleteLater)

    def fill(self, classes: Sequence[ClassInfo], count_of: Callable[[int], int]) -> None:
        for info in classes:
            words = f"{info.name}  ·  {speech.labels(count_of(info.id))}"
            self.box.addItem(mark_icon(self._holder.theme, info.position), words, info.id)


class MergeDialog(_ClassDialog):
    """Which class takes the rows of ``info``? Emits ``chosen`` with its id."""

    chosen = Signal(int)

    def __init__(
        self,
        info: ClassInfo,
        classes: Sequence[ClassInfo],
        count_of: Callable[[int], int],
        holder: ThemeHolder,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(holder, parent)
        self.setObjectName("mergeDialog")
        self.setWindowTitle(self.tr("Merge a class into another"))
        self._info, self._classes, self._count_of = info, classes, count_of
        words = self.tr("“{name}” has {labels}. Which class takes them?")
        self.sentence.setText(words.format(name=info.name, labels=speech.labels(count_of(info.id))))
        self.fill([other for other in classes if other.id != info.id], count_of)
        named(self.yes, self.tr("Merge"), "mergeYes").setText(self.tr("Merge"))
        for widget in (self.sentence, self.box, self.follows):
            self.body.addWidget(widget)
        self.body.addSpacing(6)
        self.body.addWidget(self.buttons)
        self.box.currentIndexChanged.connect(self._explain)
        self.buttons.accepted.connect(self._take)
        self._explain()

    def _explain(self) -> None:
        other = next(one for one in self._classes if one.id == self.box.currentData())
        words = self.tr("“{name}” goes, and “{other}” then has up to {labels}. You can undo this.")
        n = self._count_of(self._info.id) + self._count_of(other.id)
        self.follows.setText(words.format(name=self._info.name, other=other.name, labels=speech.labels(n)))

    def _take(self) -> None:
        self.accept()
        self.chosen.emit(self.box.currentData())


class SplitDialog(_ClassDialog):
    """From which class do the chosen rows go, and to which new one? ``counts``: how many of the chosen rows
    have each class. ``problem_with`` says why a name cannot be. Emits ``chosen`` with class id and name."""

    chosen = Signal(int, str)

    def __init__(
        self,
        classes: Sequence[ClassInfo],
        counts: dict[int, int],
        problem_with: Callable[[str], str],
        holder: ThemeHolder,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(holder, parent)
        self.setObjectName("splitDialog")
        self.setWindowTitle(self.tr("Move rows to a new class"))
        self._problem_with = problem_with
        self.sentence.setText(self.tr("The chosen rows of this class"))
        there = sorted((info for info in classes if counts.get(info.id)), key=lambda info: -counts[info.id])
        self.fill(there, lambda class_id: counts[class_id])
        self.name = named(QLineEdit(), self.tr("Name of the new class"), "splitName")
        self.name.setMaxLength(80)
        self.name.textEdited.connect(lambda: self.problem.clear())
        self.problem = InlineSentence(holder)
        self.follows.setText(self.tr("You can undo this in one step."))
        named(self.yes, self.tr("Move them"), "splitYes").setText(self.tr("Move them"))
        to = QLabel(self.tr("go to a new class called"))
        for widget in (self.sentence, self.box, to, self.name, self.follows, self.problem):
            self.body.addWidget(widget)
        self.body.addSpacing(6)
        self.body.addWidget(self.buttons)
        self.buttons.accepted.connect(self._take)
        self.name.setFocus()

    def _take(self) -> None:
        name = " ".join(self.name.text().split())
        if problem := self._problem_with(name):
            self.problem.tell(problem)
            return
        self.accept()
        self.chosen.emit(self.box.currentData(), name)
