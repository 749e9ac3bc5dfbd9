"""The table under the hands: keys, places, columns."""

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.ui.row_order import Filter, Order, Show
from fsl_desktop.ui.style import dress
from fsl_desktop.ui.table_model import Column, TableModel
from fsl_desktop.ui.table_view import TableView
from fsl_desktop.ui.theme import DARK, LIGHT, ThemeHolder

CLASSES = (ClassInfo(1, "card arrival", 0), ClassInfo(2, "pin blocked", 1))


class Table(SimpleNamespace):
    def __len__(self):
        return len(self.ids)


@pytest.fixture
def rows():
    n = 50
    return Table(
        ids=np.arange(1, n + 1, dtype=np.int64),
        texts=[f"text {i} " * (50 - i) for i in range(n)],
        labels=np.zeros(n, np.int32),
        removed=np.zeros(n, bool),
    )


@pytest.fixture
def view(rows, qtbot):
    said = SimpleNamespace(
        class_ids=np.ones(50, np.int32),
        confidence=np.full(50, 0.9, np.float32),
        usefulness=np.arange(50, dtype=np.float32),
        unknown=np.zeros(50, np.float32),
    )
    view = TableView(ThemeHolder(LIGHT))
    dress(view, LIGHT)
    qtbot.addWidget(view)
    view.set_model(TableModel(rows, said, CLASSES, view))
    view.resize(800, 400)
    view.show()
    return view


def listen(signal):
    heard = []
    signal.connect(heard.append)
    return heard


@pytest.mark.parametrize(
    ("key", "command"),
    [
        (Qt.Key.Key_1, "1"),
        (Qt.Key.Key_9, "9"),
        (Qt.Key.Key_A, "A"),
        (Qt.Key.Key_Return, "accept"),
        (Qt.Key.Key_Enter, "accept"),
        (Qt.Key.Key_S, "skip"),
        (Qt.Key.Key_U, "unsure"),
        (Qt.Key.Key_Z, "undo"),
        (Qt.Key.Key_Backspace, "clear"),
        (Qt.Key.Key_Delete, "clear"),
    ],
)
def test_one_key_is_one_command(view, qtbot, key, command):
    heard = listen(view.key_command)
    qtbot.keyClick(view, key)
    assert heard == [command]


def test_keys_with_control_are_left_to_the_window(view, qtbot):
    heard = listen(view.key_command)
    qtbot.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert heard == []
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert view.selected_row_ids() == list(range(1, 51))


def test_arrows_page_home_and_end_move(view, qtbot):
    heard = listen(view.current_row_changed)
    assert view.current_row() == 1
    qtbot.keyClick(view, Qt.Key.Key_Down)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    qtbot.keyClick(view, Qt.Key.Key_End)
    qtbot.keyClick(view, Qt.Key.Key_Home)
    qtbot.keyClick(view, Qt.Key.Key_PageDown)
    assert heard[:3] == [2, 50, 1]
    assert 5 < heard[3] < 15


def test_several_rows_are_chosen_with_shift(view, qtbot):
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(view, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert view.selected_row_ids() == [1, 2, 3]


def test_it_moves_on_to_the_next_row_without_a_label(view, rows):
    rows.labels[:4] = 1
    assert view.go_to_next_unlabelled()
    assert view.current_row() == 5
    rows.labels[:] = 1
    assert not view.go_to_next_unlabelled()
    assert view.current_row() == 5


def test_search_and_filter_keep_the_row_where_it_is_shown(view):
    model = view.table_model()
    view.go_to_row(20)
    heard = listen(view.current_row_changed)
    model.set_search(np.arange(50) >= 10)
    assert view.current_row() == 20
    assert view.place_of(20) == 10
    assert view.selected_row_ids() == [20]
    assert heard == []
    model.set_search(np.arange(50) < 3)
    assert heard == [1]
    model.set_search(np.zeros(50, bool))
    assert heard == [1, None]
    model.set_search(None)
    assert view.current_row() == 1


def test_a_new_order_starts_at_its_top(view):
    view.go_to_row(20)
    view.table_model().set_order(Order.USEFUL)
    assert view.current_row() == 50
    view.table_model().set_filter(Filter(Show.ALL))
    assert view.current_row() == 50


def test_when_the_row_is_removed_the_one_below_becomes_current(view, rows):
    view.go_to_row(20)
    rows.removed[19] = True
    view.table_model().rows_changed()
    assert view.current_row() == 21


def widths(view):
    return [view.columnWidth(column) for column in range(view.model().columnCount())]


@pytest.mark.parametrize("width", [420, 700, 1400])
def test_columns_fill_the_width_exactly(view, width):
    view.resize(width, 400)
    assert sum(widths(view)) == view.viewport().width()
    assert min(widths(view)) >= 40


def test_columns_that_were_dragged_are_remembered(view, rows, qtbot):
    view.horizontalHeader().resizeSection(Column.TEXT, widths(view)[Column.TEXT] - 30)
    dragged = widths(view)
    assert sum(dragged) == view.viewport().width()
    state = view.save_state()
    view.restore_state('{"label": 100, "suggestion": 130}')
    assert widths(view)[Column.LABEL] == 100
    view.restore_state("damaged")
    view.restore_state("[1]")
    assert widths(view)[Column.LABEL] == 100
    view.restore_state(state)
    assert widths(view)[Column.LABEL] == dragged[Column.LABEL]


def test_paints_chips_in_both_themes_and_a_million_characters(view, rows, qtbot):
    rows.texts[0] = "wide " * 200_000
    rows.labels[:3] = 1, -1, -2
    light = view.grab().toImage()
    holder = view.findChild(type(view.rows))._holder
    holder.set(DARK)
    dress(view, DARK)
    dark = view.grab().toImage()
    assert light.pixelColor(5, 100).lightness() > 200
    assert dark.pixelColor(5, 100).lightness() < 80


def test_hints_say_which_keys(view):
    model = view.table_model()
    assert view.rows.hint() == "press 1 to 2"
    model.set_classes([ClassInfo(i, str(i), i) for i in range(12)])
    assert view.rows.hint() == "press a key"
    model.set_classes([])
    assert view.rows.hint() == ""
