"""The Results page: how good, where it errs, and what can be taken away."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from page_fakes import FakeSession, FakeSuggester, FakeTrainer, held_out, record, score, summary
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.modeltest import ModelTester
from pytestqt.qtbot import QtBot

from fsl_desktop.core.events import HeldOut, Phase, Progress, RunSummary
from fsl_desktop.core.message import Message
from fsl_desktop.ui.class_scores import BOTH, CLASS, FOUND, RIGHT, ClassScoresModel
from fsl_desktop.ui.confusion_model import FIRST, SHARE_ROLE, ConfusionModel
from fsl_desktop.ui.confusion_view import ConfusionView, cell_colour
from fsl_desktop.ui.results_page import ResultsPage
from fsl_desktop.ui.theme import DARK, LIGHT, Theme, ThemeHolder, contrast

ANSWERS = HeldOut((10, 11, 12, 13, 14), (1, 1, 1, 2, 3), (1, 2, 2, 2, 1), (0.9,) * 5)


@pytest.fixture
def page(qtbot: QtBot) -> Callable[..., ResultsPage]:
    def make(trainer: FakeTrainer | None = None, session: FakeSession | None = None) -> ResultsPage:
        session = session or FakeSession()
        suggester = FakeSuggester(session)
        trainer = trainer or FakeTrainer([record("r1", summary=summary(0.71)), record("r2")])
        made = ResultsPage(session, trainer, suggester, ThemeHolder(LIGHT))
        made.fakes = (session, suggester, trainer)
        qtbot.addWidget(made)
        made.resize(1300, 820)
        made.show()
        return made

    return make


def test_without_a_run_one_sentence_and_one_button(qtbot: QtBot, page: Callable[..., ResultsPage]) -> None:
    made = page(FakeTrainer())
    assert made.empty.isVisible()
    with qtbot.waitSignal(made.train_requested):
        qtbot.mouseClick(made.empty.button, Qt.MouseButton.LeftButton)
    suggester = made.fakes[1]
    suggester.score = score(0.76, 5)
    suggester.updated.emit()
    assert made.number.text() == "76 %"
    assert "instant model's answers" in made.accuracy.text()


def test_a_run_that_could_not_be_checked_says_what_scores_need(
    qtbot: QtBot, page: Callable[..., ResultsPage]
) -> None:
    unchecked = RunSummary("balanced", "minilm", 11, 12, 10.0)
    made = page(FakeTrainer([record("r1", summary=unchecked), record("r2")]))
    made.show_run("r1")
    assert made.number.text() == "No score yet"
    assert not made.classes.isVisible()
    label = next(button for button in made.findChildren(QPushButton) if button.text() == "Label rows")
    with qtbot.waitSignal(made.label_requested):
        qtbot.mouseClick(label, Qt.MouseButton.LeftButton)
    made.show_run("r2")
    assert made.classes.isVisible()


def test_the_score_is_said_with_its_doubt(page: Callable[..., ResultsPage]) -> None:
    made = page()
    assert made.number.text() == "84 %"
    assert "between 71 and 93 %, from 25 labels" in made.accuracy.text()
    assert "82 %" in made.others.text()
    assert "0.79" in made.others.text()
    assert made.notes.text() == "20 more labels would probably add 3 to 7 points."


def test_too_few_labels_for_a_score(page: Callable[..., ResultsPage]) -> None:
    bare = summary(accuracy=None, macro_f1=None, mcc=None, per_class=(), held_out=HeldOut())
    made = page(FakeTrainer([record("r1", summary=bare)]))
    assert made.number.text() == "No score yet"
    assert "too few labels" in made.accuracy.text()
    assert made.others.text() == ""


def test_another_run_can_be_looked_at(page: Callable[..., ResultsPage]) -> None:
    made = page()
    made.show_run("r1")
    assert made.number.text() == "71 %"
    assert made.run_id == "r1"


def test_a_new_run_comes_to_the_front(page: Callable[..., ResultsPage]) -> None:
    made = page()
    trainer = made.fakes[2]
    trainer.start(made.fakes[2].runs()[0].config)
    trainer.end("finished", summary(0.9))
    assert made.number.text() == "90 %"


def test_a_cell_leads_to_its_rows(qtbot: QtBot) -> None:
    view = ConfusionView(ThemeHolder(LIGHT))
    qtbot.addWidget(view)
    view.resize(600, 400)
    view.show()
    view.set_held_out(ANSWERS, FakeSession().classes)
    cell = view.table.visualRect(view.cells.index(0, 1)).center()
    with qtbot.waitSignal(view.rows_chosen) as caught:
        qtbot.mouseClick(view.table.viewport(), Qt.MouseButton.LeftButton, pos=cell)
    assert caught.args == [[11, 12], "2 rows labelled card arrival, answered exchange rate"]


def test_the_keyboard_opens_a_cell_too(qtbot: QtBot) -> None:
    view = ConfusionView(ThemeHolder(LIGHT))
    qtbot.addWidget(view)
    view.resize(600, 400)
    view.show()
    view.set_held_out(ANSWERS, FakeSession().classes)
    view.table.setCurrentIndex(view.cells.index(1, 0))
    qtbot.keyClick(view.table, Qt.Key.Key_Up)
    assert view.caption.whole() == "1 row labelled card arrival, answered rightly"
    with qtbot.waitSignal(view.rows_chosen) as caught:
        qtbot.keyClick(view.table, Qt.Key.Key_Return)
    assert caught.args[0] == [10]


def test_an_empty_cell_opens_nothing(qtbot: QtBot) -> None:
    view = ConfusionView(ThemeHolder(LIGHT))
    qtbot.addWidget(view)
    view.set_held_out(ANSWERS, FakeSession().classes)
    with qtbot.assertNotEmitted(view.rows_chosen):
        view.table.clicked.emit(view.cells.index(4, 4))
    assert view.cells.words(view.cells.index(4, 4)).startswith("No row labelled")


def test_many_classes_show_the_most_confused_first(qtbot: QtBot) -> None:
    session = FakeSession(names=[f"class {i}" for i in range(77)])
    view = ConfusionView(ThemeHolder(LIGHT))
    qtbot.addWidget(view)
    view.resize(700, 400)
    view.show()
    wrong = HeldOut((1, 2, 3, 4), (50, 50, 60, 1), (60, 60, 60, 1), (1.0,) * 4)
    view.set_held_out(wrong, session.classes)
    assert view.cells.rowCount() == FIRST
    heads = {view.cells.headerData(i, Qt.Orientation.Vertical) for i in range(2)}
    assert heads == {"class 49", "class 59"}
    qtbot.mouseClick(view.more, Qt.MouseButton.LeftButton)
    assert view.cells.rowCount() == 77
    assert view.more.text() == f"Show the {FIRST} most confused"


def test_shares_are_of_the_rows_that_have_the_label(qtmodeltester: ModelTester) -> None:
    model = ConfusionModel()
    model.set_held_out(ANSWERS, FakeSession().classes)
    qtmodeltester.check(model, force_py=True)
    assert model.index(0, 1).data(SHARE_ROLE) == pytest.approx(2 / 3)
    assert model.index(0, 1).data() == "2"
    assert model.index(4, 4).data(SHARE_ROLE) == 0.0


def test_a_class_removed_since_is_left_out() -> None:
    model = ConfusionModel()
    model.set_held_out(ANSWERS, FakeSession().classes[:2])
    assert model.rowCount() == 2
    assert sum(int(model.index(r, c).data() or 0) for r in range(2) for c in range(2)) == 4


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_counts_can_be_read_on_every_tint(theme: Theme) -> None:
    for right in (True, False):
        for share in (0.0, 0.2, 0.5, 0.8, 1.0):
            fill = cell_colour(theme, share, right=right)
            assert max(contrast(theme.text, fill), contrast(theme.surface, fill)) >= 4.5


def test_classes_can_be_sorted_by_how_well_they_are_found(qtmodeltester: ModelTester) -> None:
    model = ClassScoresModel()
    model.set_scores(summary().per_class, FakeSession().classes)
    qtmodeltester.check(model, force_py=True)
    model.sort(FOUND, Qt.SortOrder.DescendingOrder)
    found = [model.index(row, FOUND).data() for row in range(model.rowCount())]
    assert found == ["92 %", "89 %", "86 %", "83 %", "80 %"]
    assert model.index(0, CLASS).data() == "pin blocked"


def test_a_class_without_labels_is_not_said_to_be_bad() -> None:
    model = ClassScoresModel()
    scores = [replace(score, support=0, recall=0.0, precision=0.0, f1=0.0) for score in summary().per_class]
    model.set_scores(scores, FakeSession().classes)
    assert [model.index(0, column).data() for column in (FOUND, RIGHT, BOTH)] == ["–", "–", "–"]
    assert "nothing can be said" in model.index(0, FOUND).data(Qt.ItemDataRole.ToolTipRole)


def test_heads_are_plain_and_the_terms_are_explained() -> None:
    model = ClassScoresModel()
    head = Qt.Orientation.Horizontal
    assert model.headerData(RIGHT, head) == "Right"
    assert "precision" in model.headerData(RIGHT, head, Qt.ItemDataRole.ToolTipRole)
    assert "recall" in model.headerData(FOUND, head, Qt.ItemDataRole.ToolTipRole)
    assert "F1" in model.headerData(BOTH, head, Qt.ItemDataRole.ToolTipRole)


def test_a_table_export_asks_where_to(qtbot: QtBot, page: Callable[..., ResultsPage], monkeypatch) -> None:
    made = page()
    asked: list[str] = []

    def ask(caption: str, proposed: str, kinds: str) -> str:
        asked.append(proposed)
        return "/home/me/answers"

    monkeypatch.setattr(made.export, "ask_path", ask)
    with qtbot.waitSignal(made.export_table_requested) as caught:
        qtbot.mouseClick(made.export.buttons[1], Qt.MouseButton.LeftButton)
    assert asked == ["Bank questions.xlsx"]
    assert caught.args == ["/home/me/answers.xlsx", "xlsx"]
    monkeypatch.setattr(made.export, "ask_path", lambda *_: "")
    with qtbot.assertNotEmitted(made.export_table_requested):
        qtbot.mouseClick(made.export.buttons[0], Qt.MouseButton.LeftButton)


def test_a_model_export_names_the_run(qtbot: QtBot, page: Callable[..., ResultsPage], monkeypatch) -> None:
    made = page()
    monkeypatch.setattr(made.export, "ask_path", lambda *_: "/home/me/model")
    with qtbot.waitSignal(made.export_model_requested) as caught:
        qtbot.mouseClick(made.export.model_button, Qt.MouseButton.LeftButton)
    assert caught.args == ["/home/me/model", "r2"]


def test_an_export_is_followed_to_its_end(
    qtbot: QtBot, page: Callable[..., ResultsPage], monkeypatch, tmp_path: Path
) -> None:
    made = page()
    made.export_started("table")
    assert made.export.state.words.text() == "Writing the table…"
    assert not made.export.buttons[0].isEnabled()
    made.export_progress(Progress(Phase.WRITING, 300, 600))
    assert made.export.state.bar.value() == 500
    with qtbot.waitSignal(made.export_cancel_requested):
        qtbot.mouseClick(made.export.state.cancel, Qt.MouseButton.LeftButton)
    made.export_cancelled()
    assert "nothing was written" in made.export.state.words.text()
    made.export_done(str(tmp_path / "answers.csv"))
    assert made.export.state.words.text() == "Saved answers.csv."
    opened: list[str] = []
    monkeypatch.setattr(
        "fsl_desktop.ui.export_state.QDesktopServices.openUrl", lambda url: opened.append(url.toLocalFile())
    )
    qtbot.mouseClick(made.export.state.show_button, Qt.MouseButton.LeftButton)
    assert opened == [str(tmp_path)]


def test_a_failed_export_says_the_fix(page: Callable[..., ResultsPage]) -> None:
    made = page()
    made.export_started("model")
    made.export_failed(Message.of("The disk is full. Free some space and try again."), "OSError: 28")
    assert made.export.state.words.text() == "The disk is full. Free some space and try again."
    assert made.export.state.details.isVisible()
    assert made.export.buttons[0].isEnabled()


def test_seventy_seven_classes_stay_quick(page: Callable[..., ResultsPage]) -> None:
    session = FakeSession(names=[f"class {i}" for i in range(77)])
    many = summary(classes=77, n=770, held_out=held_out(77, 770))
    made = page(FakeTrainer([record("r1", summary=many)]), session)
    assert made.classes.scores.rowCount() == 77
    assert made.confusion.cells.rowCount() == FIRST
