"""Notices: one sentence each, three at most, never on the row in use, gone by themselves only if harmless."""

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QEnterEvent, QGuiApplication, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QPushButton, QTableView, QVBoxLayout, QWidget

from fsl_desktop.core.message import Message
from fsl_desktop.ui.notifications import NotificationBar
from fsl_desktop.ui.theme import LIGHT, ThemeHolder


@pytest.fixture
def page(qtbot):
    made = QWidget()
    qtbot.addWidget(made)
    box = QVBoxLayout(made)
    box.setContentsMargins(0, 0, 0, 0)
    made.table = QTableView()
    model = QStandardItemModel(made)
    for number in range(40):
        model.appendRow(QStandardItem(f"row {number}"))
    made.table.setModel(model)
    box.addWidget(made.table)
    made.resize(900, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def bar(page):
    return NotificationBar(ThemeHolder(LIGHT), page, linger_ms=40)


def sentences(bar):
    return [notice.sentence for notice in bar.notices]


def test_a_message_is_shown_with_its_numbers(bar):
    bar.show_message("failure", Message.of("Row {row} has no text. Fill it in or remove it.", row=14))
    assert bar.isVisible()
    assert sentences(bar) == ["Row 14 has no text. Fill it in or remove it."]
    assert bar.notices[0].accessibleName() == sentences(bar)[0]


def test_three_at_most_and_a_failure_outlives_what_is_only_said(bar):
    bar.show_message("failure", "The disk is full. Make some room.")
    for number in range(4):
        bar.show_message("info", f"Saved {number}.")
    assert sentences(bar) == ["Saved 3.", "Saved 2.", "The disk is full. Make some room."]


def test_the_same_sentence_is_not_said_twice(bar):
    bar.show_message("warning", "Training stopped.")
    bar.show_message("info", "Saved.")
    bar.show_message("warning", "Training stopped.")
    assert sentences(bar) == ["Training stopped.", "Saved."]


def test_what_needs_no_answer_goes_by_itself_and_a_failure_stays(bar, qtbot):
    bar.show_message("failure", "The disk is full.")
    bar.show_message("info", "Saved.")
    qtbot.waitUntil(lambda: sentences(bar) == ["The disk is full."], timeout=2000)
    qtbot.wait(80)
    assert sentences(bar) == ["The disk is full."]


def test_nothing_goes_from_under_the_mouse(bar, qtbot):
    notice = bar.show_message("info", "Saved.")
    where = QPoint(5, 5)
    notice.enterEvent(QEnterEvent(where, where, where))
    qtbot.wait(120)
    assert sentences(bar) == ["Saved."]
    notice._timer.setInterval(30)
    notice.leaveEvent(QEvent(QEvent.Type.Leave))
    qtbot.waitUntil(lambda: not bar.notices, timeout=3000)
    assert not bar.isVisible()


def test_nothing_goes_while_the_keyboard_is_on_it(bar, qtbot):
    notice = bar.show_message("info", "Saved.")
    notice.cross.setFocus()
    qtbot.wait(120)
    assert sentences(bar) == ["Saved."]


def test_escape_closes_the_newest(bar, qtbot):
    bar.show_message("failure", "One.")
    notice = bar.show_message("failure", "Two.")
    notice.cross.setFocus()
    qtbot.keyClick(notice.cross, Qt.Key.Key_Escape)
    assert sentences(bar) == ["One."]
    assert bar.close_newest()
    assert not bar.close_newest()


def test_the_button_does_its_work_and_the_notice_goes(bar, qtbot):
    done = []
    notice = bar.show_message("info", "Training is done.", action=("Show results", lambda: done.append(1)))
    qtbot.mouseClick(notice.action, Qt.MouseButton.LeftButton)
    assert done == [1]
    assert not bar.notices


def test_details_are_folded_until_asked_for_and_can_be_copied(bar, qtbot):
    notice = bar.show_message("failure", "It failed. Try again.", "OSError 28")
    assert not notice.details.isVisible()
    folded = bar.height()
    qtbot.mouseClick(notice.more, Qt.MouseButton.LeftButton)
    assert notice.details.isVisible()
    assert bar.height() > folded
    qtbot.mouseClick(notice.findChild(QPushButton, "noticeCopy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "It failed. Try again.\n\nOSError 28"


def test_the_page_does_not_move(bar, page):
    before = page.table.geometry()
    bar.show_message("failure", "The disk is full.")
    assert page.table.geometry() == before


def test_it_never_lies_on_the_row_in_use(bar, page, qtbot):
    def row_in_use():
        row = page.table.visualRect(page.table.currentIndex())
        return row.translated(page.table.viewport().mapTo(page, QPoint(0, 0)))

    page.table.setFocus()
    page.table.setCurrentIndex(page.table.model().index(0, 0))
    bar.show_message("failure", "The disk is full.")
    assert not bar.geometry().intersects(row_in_use())
    assert bar.y() > page.height() // 2
    page.table.setCurrentIndex(page.table.model().index(15, 0))
    qtbot.waitUntil(lambda: bar.y() < page.height() // 2, timeout=2000)
    page.table.setCurrentIndex(page.table.model().index(0, 0))
    qtbot.waitUntil(lambda: not bar.geometry().intersects(row_in_use()), timeout=2000)


def test_it_stays_inside_a_window_that_shrinks(bar, page):
    bar.show_message("failure", "A long sentence that has to wrap in a narrow window, twice at least. " * 2)
    high = bar.height()
    page.resize(400, 500)
    bar.place()
    assert page.rect().contains(bar.geometry())
    assert bar.height() > high


def test_nothing_ticks_while_nothing_is_shown(bar):
    bar.show_message("failure", "One.")
    assert bar._watch.isActive()
    bar.clear()
    assert not bar._watch.isActive()
