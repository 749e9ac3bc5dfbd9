"""How the score grows with the labels, and how often the model is right when it is so and so sure.

Imported by ``trust_view`` once it is seen, because pyqtgraph takes a third of a second to import.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from fsl_desktop.core.events import RunSummary, Score
from fsl_desktop.core.learning_curve import LearningCurve
from fsl_desktop.core.reliability import Reliability, ReliabilityBin
from fsl_desktop.ui import speech
from fsl_desktop.ui.chart_frame import ChartFrame, EndName
from fsl_desktop.ui.theme import ThemeHolder, blend, class_colour
from fsl_desktop.ui.trust_words import bin_words


def _tint(colour: str, alpha: int) -> QColor:
    tint = QColor(colour)
    tint.setAlpha(alpha)
    return tint


class LearningChart(ChartFrame):
    """Share of right answers by number of labels with its 95 % interval, and what more labels would add."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(holder, "", percent=True, parent=parent)
        self._title = self.tr("Right answers on rows it had not seen, by number of labels")
        self.heading.setText(self._title)
        self.setAccessibleName(self.tr("Learning curve"))
        self.setObjectName("learning_chart")
        self._curve: LearningCurve | None = None
        self._score: Score | None = None
        # Bare curves, never drawn: FillBetweenItem takes its path from them.
        self._edges = [pg.PlotCurveItem() for _ in range(4)]
        self._band = pg.FillBetweenItem(self._edges[0], self._edges[1])
        self._ahead = pg.FillBetweenItem(self._edges[2], self._edges[3])
        for item in (self._band, self._ahead):
            self.plot.addItem(item, ignoreBounds=True)
        self.measured = self.plot.plot([], [], antialias=True)
        self.expected = self.plot.plot([], [], antialias=True)
        self.now = pg.ScatterPlotItem(size=10, antialias=True)
        self.plot.addItem(self.now, ignoreBounds=True)
        self.redraw()

    def show_summary(self, summary: RunSummary | None) -> None:
        """Draw the curve of this run; a sentence where it has none."""
        self._curve = summary.curve if summary is not None else None
        self._score = summary.accuracy if summary is not None else None
        self.redraw()

    def draw(self) -> None:
        curve, theme = self._curve, self.theme
        if curve is None:
            for edge in self._edges:
                edge.setData([], [])
            for item in (self.measured, self.expected, self.now):
                item.setData([], [])
            self.set_names([])
            self.set_range(1, 1.0)
            self.set_empty(self.tr("This run measured no learning curve. Train again to see one."))
            self.describe(self.empty.text())
            return
        green = class_colour(theme, 2)
        line = blend(theme.muted, theme.surface, 0.2) if curve.stand_in else green
        alpha = 56 if theme.is_dark else 44
        last, ahead = curve.points[-1], curve.forecast
        start = self._score.value if curve.stand_in and self._score is not None else last.value
        end = last.labels + ahead.more
        self.set_range(float(end), 1.0)
        labels = np.array([point.labels for point in curve.points], dtype=float)
        self._edges[0].setData(labels, np.array([point.low for point in curve.points]))
        self._edges[1].setData(labels, np.array([point.high for point in curve.points]))
        reach = np.array([last.labels, end], dtype=float)
        self._edges[2].setData(reach, np.array([start, max(0.0, start + ahead.low)]))
        self._edges[3].setData(reach, np.array([start, min(1.0, start + ahead.high)]))
        self._band.setBrush(pg.mkBrush(_tint(line, alpha)))
        self._ahead.setBrush(pg.mkBrush(_tint(green, alpha + 30)))
        self.measured.setPen(pg.mkPen(line, width=2))
        self.measured.setSymbol("o")
        self.measured.setSymbolSize(5)
        self.measured.setSymbolBrush(line)
        self.measured.setSymbolPen(None)
        self.measured.setData(labels, np.array([point.value for point in curve.points]))
        self.expected.setPen(pg.mkPen(green, width=2, style=Qt.PenStyle.DashLine))
        self.expected.setData(reach, np.array([start, min(1.0, start + ahead.gain)]))
        self.now.setData(
            [last.labels], [start], brush=pg.mkBrush(green), pen=pg.mkPen(theme.surface, width=2), symbol="o"
        )
        names = [EndName(self._ahead_words(), green, float(end), min(1.0, start + ahead.gain))]
        if curve.stand_in:
            names.append(EndName(self.tr("simple model"), line, float(end), last.value))
        self.set_names(names)
        self.set_empty("")
        self.describe(speech.say(curve.sentence))

    def steps(self) -> Sequence[int]:
        return [point.labels for point in self._curve.points] if self._curve is not None else []

    def words_at(self, step: int) -> str:
        point = next((one for one in self._curve.points if one.labels == step), None) if self._curve else None
        if point is None:
            return self._title
        words = self.tr("With {labels}: {value}, {between}")
        if self._curve is not None and self._curve.stand_in:
            words = self.tr("The simple model with {labels}: {value}, {between}")
        between = speech.between(Score(point.value, point.low, point.high, point.labels))
        return words.format(
            labels=speech.labels(point.labels), value=speech.percent(point.value), between=between
        )

    def _ahead_words(self) -> str:
        assert self._curve is not None
        return self.tr("with {n} more").format(n=self._curve.forecast.more)


class ReliabilityChart(ChartFrame):
    """Bars: of the rows it was so sure of, the share that was right. On the dashed line it means what it
    says."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(holder, "", percent=True, parent=parent)
        self._title = self.tr("Of the rows it is so sure of (across, in %), so many are right")
        self.heading.setText(self._title)
        self.setAccessibleName(self.tr("Whether its percentages can be believed"))
        self.setObjectName("reliability_chart")
        self._found: Reliability | None = None
        self.bars = pg.BarGraphItem(x0=[], x1=[], height=[])
        self.plot.addItem(self.bars, ignoreBounds=True)
        self.ideal = self.plot.plot([], [], antialias=True)
        self._counts: list[pg.TextItem] = []
        self.redraw()

    def show_summary(self, summary: RunSummary | None) -> None:
        self._found = summary.reliability if summary is not None else None
        self.redraw()

    def draw(self) -> None:
        found, theme = self._found, self.theme
        bins = found.bins if found is not None else ()
        self.set_range(100.0, 1.0)
        blue = class_colour(theme, 0)
        self.bars.setOpts(
            x0=[100 * one.low + 1 for one in bins],
            x1=[100 * one.high - 1 for one in bins],
            height=[one.right for one in bins],
            # A bar of few rows says little, and is fainter.
            brushes=[pg.mkBrush(_tint(blue, 70 if one.n < 5 else 170)) for one in bins],
            pen=pg.mkPen(blue, width=1),
        )
        self._count(bins)
        if found is None:
            self.ideal.setData([], [])
            self.set_names([])
            self.set_empty(self.tr("There were too few labels to check the percentages."))
            self.describe(self.empty.text())
            return
        self.ideal.setPen(pg.mkPen(theme.muted, width=1.5, style=Qt.PenStyle.DashLine))
        self.ideal.setData([0, 100], [0, 1])
        self.set_names([EndName(self.tr("as it should be"), theme.muted, 100.0, 1.0)])
        self.set_empty("")
        self.describe("; ".join(bin_words(one) for one in bins))

    def _count(self, bins: Sequence[ReliabilityBin]) -> None:
        """How many rows each bar is made of, at its foot."""
        while len(self._counts) < len(bins):
            self._counts.append(pg.TextItem(anchor=(0.5, 1)))
            self.plot.addItem(self._counts[-1], ignoreBounds=True)
        for text in self._counts[len(bins) :]:
            text.hide()
        for text, one in zip(self._counts, bins, strict=False):
            text.setText(speech.rows(one.n), color=self.theme.text)
            text.setFont(self.heading.font())
            text.setPos(50 * (one.low + one.high), 0)
            text.show()

    def steps(self) -> Sequence[int]:
        bins = self._found.bins if self._found is not None else ()
        return [round(50 * (one.low + one.high)) for one in bins]

    def words_at(self, step: int) -> str:
        bins = self._found.bins if self._found is not None else ()
        here = next((one for one in bins if round(50 * (one.low + one.high)) == step), None)
        return bin_words(here) if here is not None else self._title
