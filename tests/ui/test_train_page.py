"""The Train page: curves of any run, the history, using and deleting."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from page_fakes import FakeSession, FakeSuggester, FakeTrainer, record, recorded, summary
from PySide6.QtCore import Qt
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from fsl_desktop.core.config import Preset
from fsl_desktop.core.message import Message
from fsl_desktop.ui.run_list import RunListModel
from fsl_desktop.ui.theme import LIGHT, ThemeHolder
from fsl_desktop.ui.train_choice import TrainChoice
from fsl_desktop.ui.train_page import TrainPage


def history() -> FakeTrainer:
    runs = [
        record("r1", summary=summary(0.71, n=15)),
        record("r2", preset=Preset.INSTANT, summary=summary(0.74, n=18)),
        record("r3", "failed", message=Message.of("Not enough memory. Choose Instant.")),
        record("r4", preset=Preset.THOROUGH),
    ]
    return FakeTrainer(runs, {"r1": recorded(9), "r4": recorded(30, tuning=30)})


@pytest.fixture
def page(qtbot: QtBot) -> Callable[..., TrainPage]:
    def make(trainer: FakeTrainer | None = None, choice: TrainChoice | None = None) -> TrainPage:
        session = FakeSession()
        suggester = FakeSuggester(session)
        made = TrainPage(session, trainer or history(), suggester, ThemeHolder(LIGHT), choice=choice)
        made.kept = (session, suggester)
        qtbot.addWidget(made)
        made.resize(1300, 800)
        made.charts.build()
        made.show()
        return made

    return make


def steps(page: TrainPage) -> list[int]:
    x, _ = page.charts.loss.training.getData()
    return [] if x is None else [int(step) for step in x]


def test_without_runs_it_says_how_to_get_one(page: Callable[..., TrainPage]) -> None:
    made = page(FakeTrainer())
    assert made.heading.whole() == "No run yet"
    assert made.no_runs.isVisible()
    assert not made.list.isVisible()
    assert not made.use.isVisible()
    assert made.charts.loss.empty.text() == "Press Start: while a model learns, its error falls here."


def test_the_newest_run_is_shown_with_its_curves(page: Callable[..., TrainPage]) -> None:
    made = page()
    assert made.heading.whole().startswith("Thorough, ")
    assert made.facts.whole().startswith("84 %, between 71 and 93 %, from 25 labels · took 12 s")
    assert steps(made)[-1] == 30


def test_choosing_an_older_run_draws_its_curves_again(page: Callable[..., TrainPage]) -> None:
    made = page()
    made.list.select_run("r1")
    assert made.heading.whole().startswith("Balanced, ")
    assert steps(made)[-1] == 9
    assert made.charts.score.best_name.toPlainText() == "best"


def test_two_runs_are_compared(page: Callable[..., TrainPage]) -> None:
    made = page()
    chosen = made.list.selectionModel()
    chosen.select(made.list.runs.index(made.list.runs.row_of("r2")), chosen.SelectionFlag.Select)
    assert made.comparison.isVisible()
    assert "10 points ahead" in made.comparison.text()
    assert "may be chance" in made.comparison.text()
    made.list.select_run("r1")
    assert not made.comparison.isVisible()


def test_using_an_older_model(qtbot: QtBot, page: Callable[..., TrainPage]) -> None:
    made = page()
    made.list.select_run("r2")
    qtbot.mouseClick(made.use, Qt.MouseButton.LeftButton)
    assert made.shown.trainer.active == "r2"
    assert made.use.text() == "In use"
    assert not made.use.isEnabled()
    used = made.list.runs.index(made.list.runs.row_of("r2"))
    assert used.data(Qt.ItemDataRole.UserRole + 1) is True


def test_a_failed_run_says_why_and_cannot_be_used(page: Callable[..., TrainPage]) -> None:
    made = page()
    made.list.select_run("r3")
    assert made.facts.whole() == "Not enough memory. Choose Instant."
    assert not made.use.isEnabled()
    assert not made.results.isEnabled()
    assert "failed before its first step" in made.charts.loss.empty.text()


def test_deleting_asks_first(qtbot: QtBot, page: Callable[..., TrainPage], monkeypatch) -> None:
    made = page()
    made.list.select_run("r2")
    monkeypatch.setattr(made, "confirm_delete", lambda run: False)
    qtbot.mouseClick(made.delete, Qt.MouseButton.LeftButton)
    assert made.list.runs.rowCount() == 4
    monkeypatch.setattr(made, "confirm_delete", lambda run: run.id == "r2")
    qtbot.mouseClick(made.delete, Qt.MouseButton.LeftButton)
    assert made.list.runs.rowCount() == 3
    assert made.shown.run_id == "r4", "the newest one left is shown"
    assert made.list.selected_ids() == ["r4"]


def test_a_new_run_comes_into_view_and_moves(qtbot: QtBot, page: Callable[..., TrainPage]) -> None:
    made = page()
    made.list.select_run("r1")
    qtbot.mouseClick(made.controls.start, Qt.MouseButton.LeftButton)
    run_id = made.shown.trainer.running
    assert made.shown.run_id == run_id
    assert made.list.selected_ids() == [run_id]
    assert not made.delete.isEnabled(), "a run that learns cannot be deleted"
    made.shown.trainer.tell(*recorded(7))
    qtbot.waitUntil(lambda: steps(made)[-1:] == [7], timeout=2000)


def test_an_old_run_stays_in_view_while_a_new_one_ends(page: Callable[..., TrainPage]) -> None:
    made = page()
    made.controls.toggle()
    made.list.select_run("r1")
    made.shown.trainer.end("finished", summary())
    assert made.shown.run_id == "r1"
    assert made.list.selected_ids() == ["r1"]
    assert made.controls.status.whole() == "Finished · took 12 s", "the controls speak of the new one"


def test_the_results_of_a_run_are_one_click_away(qtbot: QtBot, page: Callable[..., TrainPage]) -> None:
    made = page()
    made.list.select_run("r2")
    with qtbot.waitSignal(made.results_requested) as caught:
        qtbot.mouseClick(made.results, Qt.MouseButton.LeftButton)
    assert caught.args == ["r2"]


def test_settings_are_shared_with_the_card_under_the_table(page: Callable[..., TrainPage]) -> None:
    choice = TrainChoice()
    made = page(choice=choice)
    choice.set_preset(Preset.INSTANT)
    assert made.controls.preset_box.currentData() == Preset.INSTANT
    assert made.controls.preset is Preset.INSTANT


def test_the_list_is_a_sound_model(qtmodeltester: ModelTester) -> None:
    model = RunListModel()
    model.set_runs(history().runs(), "r4")
    qtmodeltester.check(model, force_py=True)
    first = model.index(0)
    spoken = first.data(Qt.ItemDataRole.AccessibleTextRole)
    assert "25 labels · 12 s" in spoken
    assert "84 %, between 71 and 93 %" in spoken
