"""The two curves of a run: the loss, and the score with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from fsl_desktop.ui import speech
from fsl_desktop.ui.chart_axis import nice_step, readable
from fsl_desktop.ui.chart_frame import ChartFrame, EndName
from fsl_desktop.ui.curve_data import RunCurves, Trace
from fsl_desktop.ui.theme import ThemeHolder, blend, class_colour


def _round_up(value: float) -> float:
    """The end of an axis that holds ``value`` and seldom has to grow: 0.2, 0.5, 1, 1.5, 2, ..."""
    if value <= 0:
        return 1.0
    step = max(nice_step(value, 6), 0.05)
    return step * ceil(value * 1.04 / step)


class LossChart(ChartFrame):
    """Training loss solid, held out dashed, and the second training (on all labels) lighter."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(holder, "", parent=parent)
        self._title = self.tr("Loss: how wrong the model is, lower is better")
        self.heading.setText(self._title)
        self.setAccessibleName(self.tr("Loss"))
        self.setObjectName("loss_chart")
        self._curves = RunCurves()
        self._sentence = ""
        self._shown_end = 0.0
        self.final = self.plot.plot([], [], antialias=True)
        self.training = self.plot.plot([], [], antialias=True)
        self.held_out = self.plot.plot([], [], antialias=True)
        self.redraw()

    def show_curves(self, curves: RunCurves, sentence: str = "") -> None:
        """Draw these from now on; ``sentence`` is said as long as there is no line.

        Call ``refresh`` after the curves have grown.
        """
        if curves is not self._curves:
            self._curves, self._shown_end = curves, 0.0
        self._sentence = sentence or self._sentence
        self.redraw()

    def draw(self) -> None:
        curves, theme = self._curves, self.theme
        end = max(self._shown_end, _round_up(curves.highest_loss))
        # The axis never shrinks under a line; before the first there is nothing to keep.
        self._shown_end = end if curves.has_losses else 0.0
        self.set_range(float(max(curves.steps, 1)), end)
        blue, orange = class_colour(theme, 0), class_colour(theme, 1)
        light = blend(blue, theme.surface, 0.45)
        self.training.setPen(pg.mkPen(blue, width=2))
        self.held_out.setPen(pg.mkPen(orange, width=2, style=Qt.PenStyle.DashLine))
        self.final.setPen(pg.mkPen(light, width=2))
        names: list[EndName] = []
        for item, trace, word, colour in (
            (self.training, curves.training, self.tr("training"), blue),
            (self.held_out, curves.held_out, self.tr("held out"), orange),
            (self.final, curves.final, self.tr("on all labels"), light),
        ):
            steps, values = trace.points()
            item.setData(steps, values)
            # A line of one point is no line yet: show where it starts.
            item.setSymbol("o" if len(steps) == 1 else None)
            item.setSymbolSize(6)
            item.setSymbolBrush(colour)
            item.setSymbolPen(None)
            if len(steps):
                names.append(EndName(word, colour, float(steps[-1]), float(values[-1])))
        self.set_names(names, [word for word, _ in self._named()])
        self.set_empty("" if curves.has_losses else self._sentence or self._words_without_line())
        self.describe(self._words())

    def steps(self) -> Sequence[int]:
        curves = self._curves
        held = set(curves.training.steps()) | set(curves.held_out.steps()) | set(curves.final.steps())
        return sorted(held)

    def words_at(self, step: int) -> str:
        parts = [
            self.tr("{name} {value}").format(name=name, value=f"{value:.2f}")
            for name, trace in self._named()
            if (value := trace.at(step)) is not None
        ]
        return self.tr("Step {step}: {values}").format(step=step, values=", ".join(parts))

    def _named(self) -> tuple[tuple[str, Trace], ...]:
        curves = self._curves
        return (
            (self.tr("training"), curves.training),
            (self.tr("held out"), curves.held_out),
            (self.tr("on all labels"), curves.final),
        )

    def _words_without_line(self) -> str:
        if self._curves.over and self._curves.started and self._curves.steps == 0:
            return self.tr("This run learnt only the last layer, in one go: there are no steps to draw.")
        if self._curves.started and self._curves.steps == 0:
            return self.tr("Only the last layer is learnt, in one go: there are no steps to draw.")
        if self._curves.started:
            return self.tr("The curve starts with the first step.")
        return self.tr("While a model learns, its error falls here.")

    def _words(self) -> str:
        parts = [
            self.tr("{name} {value}").format(name=name, value=f"{value:.2f}")
            for name, trace in self._named()
            if (value := trace.last) is not None
        ]
        if not parts:
            return self._sentence or self._words_without_line()
        steps = self.steps()
        return self.tr("Step {step} of {steps}: {values}").format(
            step=steps[-1], steps=self._curves.steps, values=", ".join(parts)
        )


class ScoreChart(ChartFrame):
    """Share of right answers on rows the model had not seen, its 95 % interval as a band, the best point."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(holder, "", percent=True, parent=parent)
        self._title = self.tr("Score on rows it had not seen, with its 95 % interval")
        self.heading.setText(self._title)
        self.setAccessibleName(self.tr("Score"))
        self.setObjectName("score_chart")
        self._curves = RunCurves()
        self._sentence = ""
        # Bare curves, never drawn: FillBetweenItem takes its path from them.
        self._low, self._high = pg.PlotCurveItem(), pg.PlotCurveItem()
        self._band = pg.FillBetweenItem(self._low, self._high)
        self.plot.addItem(self._band, ignoreBounds=True)
        self._whisker = pg.ErrorBarItem(beam=0.0)
        self.plot.addItem(self._whisker, ignoreBounds=True)
        self.score = self.plot.plot([], [], antialias=True)
        self.best = pg.ScatterPlotItem(size=10, antialias=True)
        self.plot.addItem(self.best, ignoreBounds=True)
        self.best_name = pg.TextItem()
        self.plot.addItem(self.best_name, ignoreBounds=True)
        self.redraw()

    def show_curves(self, curves: RunCurves, sentence: str = "") -> None:
        """Draw these from now on; ``sentence`` is said as long as there is no score."""
        self._curves = curves
        self._sentence = sentence or self._sentence
        self.redraw()

    def draw(self) -> None:
        curves, theme = self._curves, self.theme
        self.set_range(float(curves.steps or (0 if curves.scores else 1)), 1.0)
        steps, values, low, high = curves.score_points()
        green = class_colour(theme, 2)
        tint = QColor(green)
        tint.setAlpha(56 if theme.is_dark else 44)
        self._band.setBrush(pg.mkBrush(tint))
        self._low.setData(steps, low)
        self._high.setData(steps, high)
        self.score.setPen(pg.mkPen(green, width=2))
        self.score.setData(steps, values)
        single = len(steps) == 1
        self._whisker.setVisible(single)
        if single:
            pen = pg.mkPen(tint, width=10, cap=Qt.PenCapStyle.FlatCap)
            self._whisker.setData(x=steps, y=values, top=high - values, bottom=values - low, pen=pen)
        self._mark_best(green)
        self.set_names([], [self.tr("best so far")])
        self.set_empty("" if curves.scores else self._sentence or self._words_without_score())
        self.describe(self._words())

    def steps(self) -> Sequence[int]:
        return sorted(self._curves.scores)

    def words_at(self, step: int) -> str:
        score = self._curves.scores.get(step)
        if score is None:
            return self._title
        return self.tr("Step {step}: {score}").format(step=step, score=speech.score_words(score))

    def _mark_best(self, green: str) -> None:
        curves, theme = self._curves, self.theme
        step = curves.best_step
        score = curves.scores.get(step) if step is not None else None
        if step is None or score is None:
            self.best.setData([], [])
            self.best_name.hide()
            return
        self.best.setData(
            [step], [score.value], brush=pg.mkBrush(green), pen=pg.mkPen(theme.surface, width=2), symbol="o"
        )
        words = self.tr("best") if curves.over else self.tr("best so far")
        if curves.steps == 0:
            words = speech.percent(score.value)
        self.best_name.setText(words, color=readable(theme, green))
        self.best_name.setFont(self.heading.font())
        # Beside the band where it ends here; else under the point, where the line has already passed.
        last = step == max(curves.scores)
        self.best_name.setAnchor((-0.14, 0.5) if last else (0.5, -0.3))
        self.best_name.setPos(step, score.value)
        self.best_name.show()

    def _words_without_score(self) -> str:
        if self._curves.over and self._curves.started:
            return self.tr("There were too few labels to say how good this model is.")
        if self._curves.started:
            return self.tr("The score appears with the first check on held-out rows.")
        return self.tr("The score on rows the model has not seen appears here.")

    def _words(self) -> str:
        score = self._curves.latest_score
        if score is None:
            return self._sentence or self._words_without_score()
        return self.tr("Best so far at step {step}: {score}").format(
            step=self._curves.best_step, score=speech.score_words(score)
        )
