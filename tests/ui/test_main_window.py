"""What a newcomer meets in the window, with a runner that only does what the test says."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from window_fakes import answer_suggest, make_window, open_sample, space

from fsl_desktop.core.commands import SetLabels
from fsl_desktop.core.events import Phase, Progress
from fsl_desktop.core.labels import SKIPPED, UNLABELLED, UNSURE
from fsl_desktop.core.message import Message
from fsl_desktop.core.project import Project
from fsl_desktop.core.settings import Settings
from fsl_desktop.ui.row_order import Show
from fsl_desktop.ui.table_model import Column
from fsl_desktop.work.protocol import Ask, Exported, ExportTable, InstallModel, ModelStatus, Suggest, Train


@pytest.fixture
def made(qtbot, home, qapp):
    before = qapp.styleSheet(), qapp.palette(), qapp.font()
    window, runner = make_window(home)
    qtbot.addWidget(window)
    window.show()
    yield window, runner
    window.close_project()
    qapp.setStyleSheet(before[0])
    qapp.setPalette(before[1])
    qapp.setFont(before[2])


def sentences(window):
    return [notice.sentence for notice in window.notifications.notices]


def first_open(opened):
    """Go to the first row without a label; its position in the table."""
    view = opened.label.view
    view.go_to_line(-1 + int(np.flatnonzero(opened.session.table.labels == 0)[0]) + 1)
    return int(opened.session.table.positions([view.current_row()])[0])


def test_the_sample_opens_with_one_click_and_shows_its_rows(made, qtbot):
    window, runner = made
    opened = open_sample(qtbot, window, runner)
    assert opened.label.view.row_count() == 360
    assert window.stack.currentWidget() is opened
    assert window.rail.current == "label"
    assert "360 rows" in opened.label.header.facts.whole()
    assert "all saved" in opened.label.header.facts.whole()
    assert str(opened.session.project.folder) in window.settings.recent


def test_the_first_key_pressed_after_opening_labels(made, qtbot):
    """Nobody has to click into the table first."""
    window, runner = made
    window.activateWindow()
    opened = open_sample(qtbot, window, runner)
    qtbot.waitUntil(opened.label.view.hasFocus)


def test_until_the_first_suggestions_it_says_that_the_model_is_starting(made, qtbot):
    window, runner = made
    opened = open_sample(qtbot, window, runner)
    qtbot.waitUntil(lambda: "the model is starting" in opened.label.header.facts.whole())
    runner.tell(runner.last(Suggest)[0], Progress(Phase.ENCODING, 90, 360))
    qtbot.waitUntil(lambda: "the model reads the rows, 25 %" in opened.label.header.facts.whole())
    answer_suggest(qtbot, runner, opened, opened.session.classes[0].id)
    qtbot.waitUntil(lambda: opened.label.header.facts.whole().endswith("all saved"))


def test_a_key_labels_saves_and_moves_on_and_undo_goes_back_to_the_row(made, qtbot):
    window, runner = made
    opened = open_sample(qtbot, window, runner)
    position = first_open(opened)
    row = opened.label.view.current_row()
    second = opened.session.classes[1].id
    QTest.keyClick(opened.label.view, Qt.Key.Key_2)
    assert opened.session.table.labels[position] == second
    assert opened.label.view.current_row() != row
    QTest.keyClick(opened.label.view, Qt.Key.Key_Z)
    assert opened.session.table.labels[position] == UNLABELLED
    assert opened.label.view.current_row() == row
    window.actions_.redo.trigger()
    assert opened.session.table.labels[position] == second
    folder = opened.session.project.folder
    window.close_project()
    project = Project.open(folder)
    list(project.load_rows())
    assert project.table.labels[position] == second
    project.close()


@pytest.mark.parametrize(("key", "value"), [(Qt.Key.Key_S, SKIPPED), (Qt.Key.Key_U, UNSURE)])
def test_a_row_can_be_skipped_or_left_unsure(made, qtbot, key, value):
    window, runner = made
    opened = open_sample(qtbot, window, runner)
    position = first_open(opened)
    QTest.keyClick(opened.label.view, key)
    assert opened.session.table.labels[position] == value


def test_suggestions_appear_in_the_table_and_enter_accepts(made, qtbot):
    window, runner = made
    opened = open_sample(qtbot, window, runner)
    third = opened.session.classes[2]
    answer_suggest(qtbot, runner, opened, third.id)
    position = first_open(opened)
    index = opened.label.model.index(opened.label.view.currentIndex().row(), Column.SUGGESTION)
    assert index.data() == third.name
    QTest.keyClick(opened.label.view, Qt.Key.Key_Return)
    assert opened.session.table.labels[position] == third.id


def test_many_labels_while_one_answer_is_outstanding_ask_once_more(made, qtbot):
    window, runner = made
    opened = open_sample(qtbot, window, runner)
    qtbot.waitUntil(lambda: opened.suggester.busy)
    count = lambda: sum(isinstance(request, Suggest) for _, request in runner.requests)  # noqa: E731
    asked = count()
    for _ in range(5):
        QTest.keyClick(opened.label.view, Qt.Key.Key_1)
        qtbot.wait(40)
    assert count() == asked
    answer_suggest(qtbot, runner, opened, opened.session.classes[0].id)
    qtbot.waitUntil(lambda: count() == asked + 1)
    assert runner.last(Suggest)[1].revision == opened.session.project.revision


def test_an_answer_that_comes_after_the_project_was_closed_comes_to_nobody(made, qtbot):
    window, runner = made
    opened = open_sample(qtbot, window, runner)
    told = []
    opened.suggester.ask(("a text",), told.append)
    ticket, _ = runner.last(Ask)
    window.close_project()
    runner.reply(ticket, ())
    qtbot.wait(20)
    assert told == []


def test_without_the_model_one_can_label_and_a_click_fetches_it(made, qtbot):
    window, runner = made
    opened = open_sample(qtbot, window, runner, model=False)
    assert opened.prompt.isVisible()
    qtbot.wait(60)
    assert not any(isinstance(request, Suggest | InstallModel) for _, request in runner.requests)
    position = first_open(opened)
    QTest.keyClick(opened.label.view, Qt.Key.Key_1)
    assert opened.session.table.labels[position] > 0
    opened.prompt.download.click()
    ticket, _ = runner.last(InstallModel)
    runner.tell(ticket, Progress(Phase.DOWNLOADING, 45_000_000, 91_000_000))
    assert opened.prompt.bar.value() > 400
    runner.refuse(ticket, Message.of("No source can be reached. Try again later."))
    assert opened.prompt.problem.sentence == "No source can be reached. Try again later."
    opened.prompt.download.click()
    runner.reply(runner.last(InstallModel)[0], ModelStatus("minilm", True))
    assert not opened.prompt.isVisible()
    qtbot.waitUntil(lambda: any(isinstance(request, Suggest) for _, request in runner.requests))


def test_what_cannot_be_opened_is_one_sentence(made, tmp_path):
    window, _ = made
    (tmp_path / "empty.fsl").mkdir()
    window.open_path(str(tmp_path / "empty.fsl"))
    assert window.workspace is None
    assert len(sentences(window)) == 1
    assert "Traceback" not in sentences(window)[0]


def test_opening_the_open_project_again_only_shows_it(made, qtbot):
    window, runner = made
    opened = open_sample(qtbot, window, runner)
    window.show_page("")
    window.open_path(str(opened.session.project.folder))
    assert space(window) is opened
    assert window.rail.current == "label"
    assert sentences(window) == []


def test_the_rows_behind_a_confusion_are_shown_in_the_table(made, qtbot):
    window, runner = made
    opened = open_sample(qtbot, window, runner)
    rows = [int(row) for row in opened.session.table.ids[[3, 8]]]
    window.show_page("results")
    opened.results.rows_chosen.emit(rows, "2 rows")
    assert window.rail.current == "label"
    assert opened.label.view.row_count() == 2
    assert opened.label.header.show_box.currentData().show is Show.ROWS


def test_a_search_narrows_the_table_and_can_be_left(made, qtbot):
    window, runner = made
    opened = open_sample(qtbot, window, runner)
    opened.label.header.search.setText("EXCHANGE rate")
    qtbot.waitUntil(lambda: 0 < opened.label.view.row_count() < 100)
    opened.label.header.search.setText("no text says this")
    qtbot.waitUntil(lambda: opened.label.view.row_count() == 0)
    opened.label._empty.button.click()
    qtbot.waitUntil(lambda: opened.label.view.row_count() == 360)


def test_rows_are_removed_and_come_back(made, qtbot):
    window, runner = made
    opened = open_sample(qtbot, window, runner)
    opened.label.view.go_to_line(4)
    window.actions_.remove_rows.trigger()
    assert opened.label.view.row_count() == 359
    window.actions_.undo.trigger()
    assert opened.label.view.row_count() == 360


def test_the_theme_is_remembered(made, home):
    window, _ = made
    window.rail.theme_button.click()
    assert window.themes.theme.name == "dark"
    assert Settings.load(home / "settings.json").theme == "dark"


def test_an_export_shows_progress_and_its_end(made, qtbot, tmp_path):
    window, runner = made
    opened = open_sample(qtbot, window, runner)
    target = str(tmp_path / "out.csv")
    opened.results.export_table_requested.emit(target, "csv")
    ticket, request = runner.last(ExportTable)
    assert request.path == target
    runner.tell(ticket, Progress(Phase.WRITING, 10, 100))
    runner.reply(ticket, Exported(target, 360))
    assert "out.csv" in opened.results.export.state.words.text()


def test_a_failed_edit_is_told_and_changes_nothing(made, qtbot):
    window, runner = made
    opened = open_sample(qtbot, window, runner)
    before = opened.session.table.labels.copy()
    assert opened.session.do(SetLabels((999_999,), 1)) is None
    assert len(sentences(window)) == 1
    assert (opened.session.table.labels == before).all()


def test_every_page_is_a_key_away_and_every_action_has_words(made, qtbot):
    window, runner = made
    opened = open_sample(qtbot, window, runner)
    for number, (name, page) in enumerate(opened.pages.items(), start=1):
        QTest.keyClick(window, getattr(Qt.Key, f"Key_{number}"), Qt.KeyboardModifier.ControlModifier)
        assert opened.stack.currentWidget() is page, name
    assert all(action.text() for action in window.actions_.findChildren(type(window.actions_.undo)))


def test_a_death_in_training_is_one_notice_and_one_without_a_job_is_said_too(made, qtbot):
    window, runner = made
    opened = open_sample(qtbot, window, runner)
    opened.trainer.start(opened.choice.config)
    ticket, _ = runner.last(Train)
    # As the real runner does it: both in one turn of the event loop.
    runner.said.emit(Message.of("The model crashed. Your labels are safe; it has been started again."))
    runner.refuse(ticket, Message.of("Training stopped. Your labels are safe. Choose a faster preset."))
    qtbot.wait(20)
    assert sentences(window) == ["Training stopped. Your labels are safe. Choose a faster preset."]
    window.notifications.clear()
    runner.said.emit(Message.of("The model crashed. Your labels are safe; it has been started again."))
    qtbot.wait(20)
    assert sentences(window) == ["The model crashed. Your labels are safe; it has been started again."]
