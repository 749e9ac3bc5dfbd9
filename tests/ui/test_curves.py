"""The curves show what the run's events say, and nothing of the library they are drawn with."""

from __future__ import annotations

import numpy as np
import pytest
from page_fakes import recorded, score
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from fsl_desktop.core.events import Evaluated, Finished, Phase, Started, StepEnd
from fsl_desktop.ui.chart_axis import nice_step, readable
from fsl_desktop.ui.curve_data import RunCurves
from fsl_desktop.ui.curves import LossChart, ScoreChart
from fsl_desktop.ui.theme import DARK, LIGHT, Theme, ThemeHolder, class_colour, contrast


@pytest.fixture
def loss(qtbot: QtBot) -> LossChart:
    chart = LossChart(ThemeHolder(LIGHT))
    qtbot.addWidget(chart)
    chart.resize(500, 240)
    chart.show()
    return chart


def test_both_curves_are_drawn_to_the_newest_step(loss: LossChart) -> None:
    curves = RunCurves().add_all(recorded(21))
    loss.show_curves(curves)
    x, y = loss.training.getData()
    assert x[-1] == 21
    assert y[0] > y[-1]
    held_x, held_y = loss.held_out.getData()
    assert held_x[-1] == 21
    assert np.all(held_y[5:] > y[5:])
    assert loss.held_out.opts["pen"].style() == Qt.PenStyle.DashLine
    assert loss.training.opts["pen"].style() == Qt.PenStyle.SolidLine


def test_new_events_move_the_curve_without_a_new_item(qtbot: QtBot, loss: LossChart) -> None:
    curves = RunCurves().add_all(recorded(3))
    loss.show_curves(curves)
    item = loss.training
    with qtbot.waitSignal(loss.drawn, timeout=2000):
        for step in range(4, 12):
            curves.add(StepEnd(Phase.CHECKING, step, 30, 0.3, 0.4))
            loss.refresh()
    assert loss.training is item
    assert item.getData()[0][-1] == 11


def test_the_step_axis_is_the_plan_and_stays(loss: LossChart) -> None:
    curves = RunCurves().add_all(recorded(1))
    loss.show_curves(curves)
    before = loss.plot.getViewBox().viewRange()[0]
    for event in recorded(30)[4:]:
        curves.add(event)
    loss.redraw()
    assert loss.plot.getViewBox().viewRange()[0] == before
    assert before[0] <= 0
    assert before[1] > 30


def test_a_run_that_was_watched_from_its_start_fills_the_height(loss: LossChart) -> None:
    curves = RunCurves()
    loss.show_curves(curves)
    for step in range(1, 9):
        curves.add(StepEnd(Phase.CHECKING, step, 8, 0.3 / step, 0.3 / step))
    loss.redraw()
    top = loss.plot.getViewBox().viewRange()[1][1]
    assert 0.3 < top < 0.6


def test_the_second_phase_is_its_own_line(loss: LossChart) -> None:
    loss.show_curves(RunCurves().add_all(recorded(30, tuning=12)))
    assert loss.final.getData()[0][-1] == 11
    assert loss.training.getData()[0][-1] == 30
    assert [text.toPlainText() for text in loss._texts if text.isVisible()] == [
        "training",
        "held out",
        "on all labels",
    ]


def test_folds_told_one_after_the_other_are_averaged() -> None:
    curves = RunCurves()
    for fold_loss in (0.2, 0.4):
        curves.add(StepEnd(Phase.CHECKING, 1, 10, fold_loss, fold_loss + 0.1))
    assert curves.training.at(1) == pytest.approx(0.3)
    assert curves.held_out.at(1) == pytest.approx(0.4)


def test_a_loss_that_is_no_number_is_left_out() -> None:
    curves = RunCurves()
    curves.add(StepEnd(Phase.CHECKING, 1, 10, float("nan"), float("inf")))
    assert not curves.has_losses
    assert curves.highest_loss == 0.0


def test_without_steps_there_are_words_instead_of_a_line(loss: LossChart) -> None:
    assert loss.empty.isVisible()
    curves = RunCurves().add_all([Started("instant", 0, 25, 5)])
    loss.show_curves(curves)
    assert "no steps to draw" in loss.empty.text()
    curves.add(StepEnd(Phase.CHECKING, 0, 30, 0.9))
    loss.redraw()
    assert not loss.empty.isVisible()


def test_a_screen_reader_hears_the_latest_values(loss: LossChart) -> None:
    curves = RunCurves()
    curves.add(StepEnd(Phase.CHECKING, 4, 30, 0.25, 0.5))
    loss.show_curves(curves)
    assert loss.accessibleName() == "Loss"
    assert loss.accessibleDescription() == "Step 4 of 30: training 0.25, held out 0.50"


def test_the_keyboard_walks_along_the_curve(qtbot: QtBot, loss: LossChart) -> None:
    loss.show_curves(RunCurves().add_all(recorded(5)))
    qtbot.keyClick(loss, Qt.Key.Key_Left)
    assert loss.heading.whole().startswith("Step 5: training ")
    qtbot.keyClick(loss, Qt.Key.Key_Left)
    assert loss.heading.whole().startswith("Step 4: ")
    assert loss.line.isVisible()
    qtbot.keyClick(loss, Qt.Key.Key_Escape)
    assert loss.heading.whole().startswith("Loss")
    assert not loss.line.isVisible()


def test_no_developers_menu_and_no_zoom(loss: LossChart) -> None:
    box = loss.plot.getViewBox()
    assert not box.menuEnabled()
    assert loss.plot.getPlotItem().buttonsHidden is not False
    assert box.state["mouseEnabled"] == [False, False]
    assert loss.plot.contextMenuPolicy() == Qt.ContextMenuPolicy.NoContextMenu


def test_the_best_point_is_marked_and_named(qtbot: QtBot) -> None:
    chart = ScoreChart(ThemeHolder(LIGHT))
    qtbot.addWidget(chart)
    chart.resize(500, 240)
    chart.show()
    curves = RunCurves().add_all([Started("balanced", 30, 25, 5)])
    curves.add(Evaluated(0, score(0.4), best=True))
    curves.add(Evaluated(5, score(0.8), best=True))
    curves.add(Evaluated(10, score(0.7)))
    chart.show_curves(curves)
    assert chart.best.getData()[0].tolist() == [5]
    assert chart.best_name.toPlainText() == "best so far"
    assert chart._low.getData()[1].tolist() == pytest.approx([0.27, 0.67, 0.57])
    assert "80 %, between 67 and 89 %, from 25 labels" in chart.accessibleDescription()
    from page_fakes import summary

    curves.add(Finished(summary()))
    chart.redraw()
    assert chart.best_name.toPlainText() == "best"


def test_one_score_shows_its_interval_too(qtbot: QtBot) -> None:
    chart = ScoreChart(ThemeHolder(LIGHT))
    qtbot.addWidget(chart)
    curves = RunCurves().add_all([Started("instant", 0, 25, 5), Evaluated(0, score(), best=True)])
    chart.show_curves(curves)
    assert chart._whisker.isVisible()
    assert chart.best_name.toPlainText() == "84 %"


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_names_of_curves_can_be_read(theme: Theme) -> None:
    for position in range(3):
        assert contrast(readable(theme, class_colour(theme, position)), theme.surface) >= 4.5


def test_the_theme_can_change_while_it_runs(loss: LossChart) -> None:
    loss.show_curves(RunCurves().add_all(recorded(5)))
    loss._holder.set(DARK)
    assert loss.training.opts["pen"].color().name().upper() == class_colour(DARK, 0)


@pytest.mark.parametrize(("length", "most", "step"), [(30, 8, 5), (1, 6, 0.2), (1.2, 6, 0.2), (1000, 8, 200)])
def test_ticks_are_round(length: float, most: int, step: float) -> None:
    assert nice_step(length, most) == pytest.approx(step)
