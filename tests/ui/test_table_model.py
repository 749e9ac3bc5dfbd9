"""The table's model keeps Qt's rules and says what people see."""

from types import SimpleNamespace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from fsl_desktop.core.labels import SKIPPED, UNSURE, ClassInfo
from fsl_desktop.ui.row_order import Filter, Order, Show
from fsl_desktop.ui.table_model import Column, Role, TableModel

CLASSES = (ClassInfo(1, "card arrival", 0), ClassInfo(4, "pin blocked", 1))


class Table(SimpleNamespace):
    def __len__(self):
        return len(self.ids)


@pytest.fixture
def rows():
    return Table(
        ids=np.array([3, 5, 6, 9], np.int64),
        texts=["first\nline", "x" * 5000, "third", ""],
        labels=np.array([1, 0, SKIPPED, UNSURE], np.int32),
        removed=np.zeros(4, bool),
    )


@pytest.fixture
def model(rows, qapp):
    said = SimpleNamespace(
        class_ids=np.array([4, 1, 0], np.int32),
        confidence=np.array([0.93, 0.5, 0], np.float32),
        usefulness=np.array([0.1, 0.2, 0.3], np.float32),
        doubt=np.array([0.1, 0.2, 0.3], np.float32),
        unknown=np.zeros(3, np.float32),
    )
    return TableModel(rows, said, CLASSES)


def shown(model, column, role=Qt.ItemDataRole.DisplayRole):
    return [model.index(line, column).data(role) for line in range(model.rowCount())]


def grow(rows):
    rows.ids = np.append(rows.ids, [10, 11])
    rows.labels = np.append(rows.labels, np.int32([0, 4]))
    rows.removed = np.append(rows.removed, [False, False])
    rows.texts += ["new", "newer"]


def test_keeps_qts_rules_through_every_kind_of_change(model, rows, qtmodeltester):
    qtmodeltester.check(model)
    grow(rows)
    model.rows_loaded()
    qtmodeltester.check(model)
    for order in Order:
        model.set_order(order)
    model.set_filter(Filter(Show.UNLABELLED))
    model.set_search(np.array([False, True]))
    qtmodeltester.check(model)
    model.set_search(np.zeros(6, bool))
    assert model.rowCount() == 0
    qtmodeltester.check(model)


def test_cells_say_text_label_and_suggestion(model):
    texts = shown(model, Column.TEXT)
    assert texts[0] == "first line"
    assert len(texts[1]) < 1100, "a long text is cut before Qt sees it"
    assert texts[1].endswith("…")
    assert shown(model, Column.LABEL) == ["card arrival", "", "skipped", "unsure"]
    assert shown(model, Column.SUGGESTION) == ["pin blocked", "card arrival", "", ""]
    assert shown(model, Column.LABEL, Role.POSITION) == [0, -1, -1, -1]
    assert shown(model, Column.SUGGESTION, Role.POSITION) == [1, 0, -1, -1]
    assert shown(model, Column.TEXT, Role.ROW_ID) == [3, 5, 6, 9]


def test_a_screen_reader_hears_state_and_percentage(model):
    spoken = Qt.ItemDataRole.AccessibleTextRole
    assert shown(model, Column.STATE, spoken) == ["labelled", "not labelled", "skipped", "unsure"]
    assert shown(model, Column.SUGGESTION, spoken)[:3] == [
        "pin blocked, 93 % sure",
        "card arrival, 50 % sure",
        "no suggestion",
    ]


def test_a_label_paints_only_its_own_cells(model, rows, qtbot):
    rows.labels[1] = 4
    with qtbot.waitSignal(model.dataChanged) as told:
        model.labels_changed([5])
    first, last = told.args[0], told.args[1]
    assert (first.row(), last.row()) == (1, 1)
    assert (first.column(), last.column()) == (Column.STATE, Column.LABEL)
    assert model.index(1, Column.LABEL).data() == "pin blocked"


def test_a_label_of_a_hidden_row_paints_nothing(model, rows, qtbot):
    model.set_filter(Filter(Show.LABELLED))
    with qtbot.assertNotEmitted(model.dataChanged):
        model.labels_changed([5, 777])


def test_neighbouring_lines_are_told_in_one_span(model, qtbot):
    told = []
    model.dataChanged.connect(lambda a, b, *_: told.append((a.row(), b.row())))
    model.labels_changed(np.array([9, 3, 5]))
    assert told == [(0, 1), (3, 3)]


def test_rows_appear_while_they_are_read(model, rows, qtbot):
    grow(rows)
    assert model.rowCount() == 4, "not before it is told"
    with qtbot.waitSignal(model.rowsInserted):
        model.rows_loaded()
    assert shown(model, Column.TEXT, Role.ROW_ID) == [3, 5, 6, 9, 10, 11]


def test_lines_and_row_ids_know_each_other(model):
    model.set_order(Order.LENGTH)
    assert [model.row_id(line) for line in range(4)] == [9, 6, 3, 5]
    assert model.line_of(6) == 1
    assert model.line_of(4) == -1
    assert model.row_id(4) is None
    assert model.row_ids([(2, 4), (0, 1)]) == [9, 3, 5]


def test_a_row_that_is_read_in_parts_is_marked_and_explained(model):
    assert shown(model, Column.TEXT, Role.LONG) == [False] * 4
    model.cells._suggested.long = frozenset({1})
    assert shown(model, Column.TEXT, Role.LONG) == [False, True, False, False]
    assert "(long: read in parts)" in shown(model, Column.TEXT, Qt.ItemDataRole.AccessibleTextRole)[1]
    tips = shown(model, Column.TEXT, Qt.ItemDataRole.ToolTipRole)
    assert tips[1].startswith("Longer than the model reads at once")
    assert not tips[0].startswith("Longer")
