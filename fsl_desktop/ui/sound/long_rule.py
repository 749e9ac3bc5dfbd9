"""Which of what was heard is shown: not too short, gaps closed, and the classes that are of interest."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QMenu, QPushButton, QWidget

from fsl_desktop.core.audio.detections import Rule
from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.ui.widgets import muted, named, number_box


class RuleBar(QWidget):
    """``changed``: :meth:`rule` is another now. The threshold is the timeline's."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._left_out: set[str] = set()
        self.shortest = self._seconds(self.tr("Shortest event in seconds"), "long_shortest", 0.0)
        self.shortest.setToolTip(self.tr("What is shorter is not shown."))
        self.gap = self._seconds(self.tr("Longest gap in seconds"), "long_gap", Rule().gap)
        self.gap.setToolTip(self.tr("Events of a class with no more than this between them are one."))
        words = self.tr("Classes")
        self.classes = named(QPushButton(words), self.tr("Classes to show"), "long_classes")
        self.menu = QMenu(self)
        self.classes.setMenu(self.menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(muted(self.tr("Not shorter than")))
        row.addWidget(self.shortest)
        row.addWidget(muted(self.tr("Join over gaps up to")))
        row.addWidget(self.gap)
        row.addWidget(self.classes)
        self.set_classes(())

    def _seconds(self, words: str, name: str, value: float) -> QDoubleSpinBox:
        box = number_box(QDoubleSpinBox(), words, name)
        box.setRange(0.0, 60.0)
        box.setDecimals(1)
        box.setSingleStep(0.1)
        box.setSuffix(self.tr(" s"))
        box.setValue(value)
        box.valueChanged.connect(lambda _: self.changed.emit())
        return box

    def rule(self, threshold: float) -> Rule:
        return Rule(
            threshold=threshold,
            gap=round(self.gap.value(), 1),
            shortest=round(self.shortest.value(), 1),
            leave_out=frozenset(self._left_out),
        )

    def set_classes(self, classes: Sequence[ClassInfo]) -> None:
        """What there is to choose from; those that were left out stay so."""
        if [action.data() for action in self.menu.actions()] == [info.name for info in classes]:
            return
        self.menu.clear()
        for info in classes:
            action = QAction(info.name.replace("&", "&&"), self.menu)
            action.setData(info.name)
            action.setCheckable(True)
            action.setChecked(info.name not in self._left_out)
            action.toggled.connect(lambda on, name=info.name: self._choose(name, on))
            self.menu.addAction(action)
        self._left_out &= {info.name for info in classes}
        self.classes.setEnabled(bool(classes))
        self._say()

    def _choose(self, name: str, shown: bool) -> None:
        if shown:
            self._left_out.discard(name)
        else:
            self._left_out.add(name)
        self._say()
        self.changed.emit()

    def _say(self) -> None:
        total = len(self.menu.actions())
        shown = total - len(self._left_out)
        words = self.tr("Classes: {shown} of {total}").format(shown=shown, total=total)
        self.classes.setText(words if self._left_out else self.tr("All classes"))
