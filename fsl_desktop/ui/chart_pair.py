"""Both curves side by side or one above the other, built when they are first seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from fsl_desktop.ui.curve_data import RunCurves
from fsl_desktop.ui.theme import ThemeHolder

if TYPE_CHECKING:
    from fsl_desktop.ui.curves import LossChart, ScoreChart


class ChartPair(QWidget):
    """``show_curves`` once per run, ``refresh`` for every event.

    pyqtgraph is imported after the first painting, so that it does not hold up the window.
    """

    def __init__(self, holder: ThemeHolder, *, upright: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self._curves = RunCurves()
        self._sentences = ("", "")
        self.loss: LossChart | None = None
        self.score: ScoreChart | None = None
        self._box: QBoxLayout = QVBoxLayout(self) if upright else QHBoxLayout(self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(16 if upright else 24)
        self.setMinimumSize(460 if not upright else 240, 150 if not upright else 300)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self.build)

    def show_curves(self, curves: RunCurves, loss_sentence: str = "", score_sentence: str = "") -> None:
        """Draw these; the sentences are said where there is no line ("" leaves it to the chart)."""
        self._curves, self._sentences = curves, (loss_sentence, score_sentence)
        if self.loss is not None and self.score is not None:
            self.loss.show_curves(curves, loss_sentence)
            self.score.show_curves(curves, score_sentence)

    def refresh(self) -> None:
        if self.loss is not None and self.score is not None:
            self.loss.refresh()
            self.score.refresh()

    def build(self) -> None:
        """Make the charts now (the first time it is shown, this happens by itself)."""
        if self.loss is not None:
            return
        from fsl_desktop.ui.curves import LossChart, ScoreChart

        self.loss, self.score = LossChart(self._holder), ScoreChart(self._holder)
        self._box.addWidget(self.loss, 1)
        self._box.addWidget(self.score, 1)
        self.show_curves(self._curves, *self._sentences)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.loss is None:
            self._timer.start()
