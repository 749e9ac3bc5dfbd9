"""The orders above the table: what can be had, what is asked of the child, and what comes of the answer."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from window_fakes import answer_suggest, make_window, open_sample

from fakes import FakeRunner
from fsl_desktop.core.commands import SetLabels
from fsl_desktop.core.message import Message
from fsl_desktop.core.ranking import Asked, Ranking
from fsl_desktop.ui.main_window import MainWindow
from fsl_desktop.ui.row_order import Order
from fsl_desktop.ui.workspace import Workspace
from fsl_desktop.work.protocol import Rank


@pytest.fixture
def window(qtbot: QtBot, home, qapp):
    before = qapp.styleSheet(), qapp.palette(), qapp.font()
    made, runner = make_window(home)
    qtbot.addWidget(made)
    made.show()
    yield made, runner
    made.close_project()
    qapp.setStyleSheet(before[0])
    qapp.setPalette(before[1])
    qapp.setFont(before[2])


def ready(qtbot: QtBot, made: tuple[MainWindow, FakeRunner]) -> tuple[Workspace, FakeRunner]:
    opened = open_sample(qtbot, *made)
    answer_suggest(qtbot, made[1], opened, opened.session.classes[0].id)
    return opened, made[1]


def pick(opened: Workspace, order: Order) -> None:
    box = opened.label.header.order_box
    box.setCurrentIndex(box.findData(order))
    box.activated.emit(box.currentIndex())


def reply(runner: FakeRunner, asked: Asked, row_ids, words: str = "Found.") -> None:
    ticket, _ = runner.last(Rank)
    runner.reply(ticket, Ranking(1, asked, np.array(row_ids, np.int64), len(row_ids), Message.of(words)))


def shown(opened: Workspace, n: int) -> list[int | None]:
    return [opened.label.model.row_id(line) for line in range(n)]


def item(opened: Workspace, order: Order):
    box = opened.label.header.order_box
    return box.model().item(box.findData(order))


def test_every_order_is_explained_in_a_sentence(qtbot, window):
    opened, _ = ready(qtbot, window)
    box = opened.label.header.order_box
    for place in range(box.count()):
        tip = box.itemData(place, Qt.ItemDataRole.ToolTipRole)
        assert tip.endswith("."), box.itemText(place)
    pick(opened, Order.USEFUL)
    assert "few labels" in box.toolTip(), "the chosen order is explained on the list itself"


def test_the_child_is_asked_and_its_order_is_shown_with_what_was_found(qtbot, window):
    opened, runner = ready(qtbot, window)
    ids = opened.session.table.ids
    told = []
    opened.said.connect(lambda message: told.append(message.text))
    pick(opened, Order.DIVERSE)
    _, request = runner.last(Rank)
    assert (request.asked, request.row_id) == (Asked.DIVERSE, 0)
    assert opened.label.ranker.busy
    assert "sorting" in opened.label.header.facts.whole()
    before = shown(opened, 3)
    assert before == ids[:3].tolist(), "nothing moves before the answer"
    reply(runner, Asked.DIVERSE, [ids[7], ids[3]])
    assert shown(opened, 3) == [ids[7], ids[3], ids[0]]
    assert opened.label.view.current_row() == ids[7]
    assert told[-1] == "Found."
    assert not opened.label.ranker.busy


def test_like_this_row_is_about_the_current_one_and_is_in_its_menu(qtbot, window):
    opened, runner = ready(qtbot, window)
    ids = opened.session.table.ids
    opened.label.view.go_to_row(int(ids[5]))
    menu = opened.label._menu.make()
    next(action for action in menu.actions() if "like this row" in action.text()).trigger()
    menu.close()
    _, request = runner.last(Rank)
    assert (request.asked, request.row_id) == (Asked.ALIKE, int(ids[5]))
    assert opened.label.header.order_box.order is Order.ALIKE
    reply(runner, Asked.ALIKE, [ids[5], ids[2]])
    opened.label.view.go_to_row(int(ids[2]))
    opened.label.header.refresh_wanted.emit()
    assert runner.last(Rank)[1].row_id == int(ids[5]), "sorting again is about the same row"


def test_what_cannot_be_had_yet_says_why(qtbot, window):
    opened = open_sample(qtbot, *window)
    labelled = tuple(int(i) for i in opened.session.table.ids)
    opened.session.do(SetLabels(labelled, 0))
    opened.label.header.order_box.opening.emit()
    for order, reason in (
        (Order.USEFUL, "no suggestions yet"),
        (Order.DOUBTED, "Label two rows of two classes"),
        (Order.CONTRADICTIONS, "Label rows of two classes"),
    ):
        assert not item(opened, order).isEnabled()
        assert reason in item(opened, order).toolTip()
    assert item(opened, Order.DIVERSE).isEnabled()
    assert "best now" in item(opened, Order.DIVERSE).text()


def test_once_there_are_suggestions_mixed_is_advised(qtbot, window):
    opened, _ = ready(qtbot, window)
    opened.label.header.order_box.opening.emit()
    assert "best now" in item(opened, Order.USEFUL).text()
    assert "best now" not in item(opened, Order.DIVERSE).text()


def test_two_labels_of_two_classes_open_the_disagreements(qtbot, window):
    opened, runner = ready(qtbot, window)
    ids = [int(i) for i in opened.session.table.ids]
    one, other = (info.id for info in opened.session.classes[:2])
    opened.session.do(SetLabels(tuple(ids), 0))
    opened.session.do(SetLabels(tuple(ids[:2]), one))
    opened.session.do(SetLabels((ids[2],), other))
    assert "two rows" in opened.label.ranker.missing(Order.DOUBTED)
    assert opened.label.ranker.missing(Order.CONTRADICTIONS) == ""
    opened.session.do(SetLabels((ids[3],), other))
    assert opened.label.ranker.missing(Order.DOUBTED) == ""
    pick(opened, Order.DOUBTED)
    reply(runner, Asked.DOUBTED, [ids[3]], "One label may be wrong.")
    assert shown(opened, 2) == [ids[3], ids[0]]


def test_without_a_model_nothing_is_asked_and_the_order_stays(qtbot, window):
    opened = open_sample(qtbot, *window, model=False)
    told = []
    opened.said.connect(lambda message: told.append(message.text))
    pick(opened, Order.DIVERSE)
    assert not any(isinstance(request, Rank) for _, request in window[1].requests)
    assert opened.label.header.order_box.order is Order.FILE
    assert "not there yet" in told[-1]


def test_a_newer_wish_replaces_one_that_is_still_worked_out(qtbot, window):
    opened, runner = ready(qtbot, window)
    ids = opened.session.table.ids
    pick(opened, Order.DIVERSE)
    old, _ = runner.last(Rank)
    pick(opened, Order.LENGTH)
    assert old in runner.cancelled
    short = shown(opened, 2)
    runner.reply(old, Ranking(1, Asked.DIVERSE, ids[4:6], 2, Message.of("Late.")))
    assert shown(opened, 2) == short
    assert not opened.label.ranker.busy


def test_a_refusal_leaves_the_table_and_the_list_as_they_were(qtbot, window):
    opened, runner = ready(qtbot, window)
    failures = []
    opened.failed.connect(lambda message, _: failures.append(message.text))
    pick(opened, Order.DIVERSE)
    runner.refuse(runner.last(Rank)[0], Message.of("The model is gone."))
    assert failures == ["The model is gone."]
    assert opened.label.header.order_box.order is Order.FILE
    assert not opened.label.ranker.busy


def test_after_a_label_the_order_can_be_asked_for_again(qtbot, window):
    opened, runner = ready(qtbot, window)
    ids = opened.session.table.ids
    pick(opened, Order.DIVERSE)
    reply(runner, Asked.DIVERSE, [ids[7]])
    assert opened.label.header.again.isHidden()
    opened.session.do(SetLabels((int(ids[7]),), opened.session.classes[0].id))
    qtbot.waitUntil(lambda: not opened.label.header.again.isHidden())
    asked = sum(isinstance(request, Rank) for _, request in runner.requests)
    opened.label.header.again.click()
    assert sum(isinstance(request, Rank) for _, request in runner.requests) == asked + 1
