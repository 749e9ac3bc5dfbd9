"""Rows that fit no class are marked in the table, explained beside it, and said on the Test page."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
from page_fakes import FakeSession, FakeTable, answer
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.ui.answer_view import AnswerView
from fsl_desktop.ui.cells import Column, Role
from fsl_desktop.ui.inspector import Inspector
from fsl_desktop.ui.label_header import LabelHeader
from fsl_desktop.ui.row_delegate import RowDelegate
from fsl_desktop.ui.row_order import Order, Show
from fsl_desktop.ui.table_model import TableModel
from fsl_desktop.ui.theme import DARK, LIGHT, Theme, ThemeHolder
from fsl_desktop.ui.trust_words import strange_words

CLASSES = (ClassInfo(1, "card arrival", 0), ClassInfo(2, "pin blocked", 1))


@pytest.fixture
def model() -> TableModel:
    suggested = SimpleNamespace(
        class_ids=np.array([1, 2, 1], np.int32),
        confidence=np.array([0.9, 0.6, 0.8], np.float32),
        usefulness=np.zeros(3, np.float32),
        unknown=np.array([0.1, 0.8, 0.9], np.float32),
    )
    return TableModel(FakeTable(["one", "two", "three"], [0, 0, 1]), suggested, CLASSES)


def test_only_rows_without_a_class_are_marked(model: TableModel) -> None:
    marks = [model.data(model.index(line, Column.TEXT), Role.STRANGE) for line in range(3)]
    assert marks == [False, True, False]
    spoken = model.cells.spoken(Column.SUGGESTION, 1)
    assert spoken == "pin blocked, 60 % sure; but it fits none of the classes well"
    assert "fits none" not in model.cells.spoken(Column.SUGGESTION, 0)


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_the_mark_is_painted_at_the_end_of_the_text(qtbot: QtBot, model: TableModel, theme: Theme) -> None:
    delegate = RowDelegate(ThemeHolder(theme))

    def picture(line: int) -> QImage:
        image = QImage(300, 40, QImage.Format.Format_ARGB32)
        image.fill(theme.surface)
        option = QStyleOptionViewItem()
        option.rect = image.rect()
        painter = QPainter(image)
        delegate.paint(painter, option, model.index(line, Column.TEXT))
        painter.end()
        return image.copy(150, 0, 150, 38)

    plain, marked = picture(0), picture(1)
    assert plain != marked
    model.cells._table.labels[1] = 2
    assert picture(1) == plain, "a class was given: the mark is gone"


def test_the_inspector_explains_until_a_class_is_given(qtbot: QtBot) -> None:
    inspector = Inspector(ThemeHolder(LIGHT))
    qtbot.addWidget(inspector)
    inspector.set_classes(CLASSES)
    inspector.show()
    inspector.show_row(1, 3, 7, "What is the weather?", 0)
    assert not inspector.strange.isVisible()
    inspector.show_answer(replace(answer(classes=2), unknown=0.8))
    assert inspector.strange.isVisible()
    assert inspector.strange.words.text() == "Fits none of the classes well."
    assert "add a class" in inspector.strange.reason.text()
    inspector.show_row(1, 3, 7, "What is the weather?", 2)
    assert not inspector.strange.isVisible()
    inspector.show_row(2, 3, 8, "Where is my card?", 0)
    inspector.show_answer(replace(answer(classes=2), unknown=0.2))
    assert not inspector.strange.isVisible()


def test_the_answer_on_the_test_page_says_it_too(qtbot: QtBot) -> None:
    view = AnswerView(FakeSession(), ThemeHolder(LIGHT))
    qtbot.addWidget(view)
    view.show()
    view.show_answer(replace(answer(), unknown=0.7))
    assert view.strange.isVisible()
    assert view.strange.accessibleName() == strange_words()
    view.show_answer(answer())
    assert not view.strange.isVisible()
    view.show_answer(replace(answer(), unknown=0.7))
    view.show_words("Type something.")
    assert not view.strange.isVisible()


def test_the_header_offers_to_sort_and_to_show_them(qtbot: QtBot) -> None:
    from PySide6.QtGui import QAction

    header = LabelHeader(ThemeHolder(LIGHT), QAction("Undo"), QAction("Redo"))
    qtbot.addWidget(header)
    assert header.order_box.itemText(header.order_box.findData(Order.STRANGE)) == "Order: strange first"
    header.order_box.setCurrentIndex(header.order_box.findData(Order.STRANGE))
    with qtbot.waitSignal(header.order_box.chosen) as caught:
        header.order_box.activated.emit(header.order_box.currentIndex())
    assert caught.args[0] is Order.STRANGE
    shows = [header.show_box.itemData(i).show for i in range(header.show_box.count())]
    assert header.show_box.itemText(shows.index(Show.STRANGE)) == "Show: fits no class"
