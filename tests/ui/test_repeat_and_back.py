"""Going back along the rows that were labelled, and giving the last label again, with one key each."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from window_fakes import make_window, open_sample

from fsl_desktop.core.commands import RemoveClass, SetSeveral
from fsl_desktop.core.labels import SKIPPED


@pytest.fixture
def opened(qtbot, home, qapp):
    before = qapp.styleSheet(), qapp.palette(), qapp.font()
    window, runner = make_window(home)
    qtbot.addWidget(window)
    window.show()
    yield open_sample(qtbot, window, runner)
    window.close_project()
    qapp.setStyleSheet(before[0])
    qapp.setPalette(before[1])
    qapp.setFont(before[2])


def press(opened, *keys):
    for key in keys:
        QTest.keyClick(opened.label.view, key)


def label_of(opened, row):
    table = opened.session.table
    return int(table.labels[table.positions([row])[0]])


def to_open_rows(opened):
    view = opened.label.view
    view.go_to_line(0)
    view.go_to_next_unlabelled()
    return view


def test_r_gives_the_last_label_again_skipping_too(opened):
    view = to_open_rows(opened)
    first = view.current_row()
    press(opened, Qt.Key.Key_2)
    second = view.current_row()
    press(opened, Qt.Key.Key_R)
    third = view.current_row()
    press(opened, Qt.Key.Key_S)
    fourth = view.current_row()
    press(opened, Qt.Key.Key_R)
    classes = opened.session.classes
    assert len({first, second, third, fourth}) == 4
    assert [label_of(opened, row) for row in (first, second, third, fourth)] == [
        classes[1].id,
        classes[1].id,
        SKIPPED,
        SKIPPED,
    ]


def test_without_a_last_label_r_says_so_and_changes_nothing(opened):
    to_open_rows(opened)
    told = []
    opened.label.said.connect(lambda message: told.append(message.text))
    revision = opened.session.project.revision
    press(opened, Qt.Key.Key_R)
    assert opened.session.project.revision == revision
    assert "no label to repeat" in told[-1]
    press(opened, Qt.Key.Key_1)
    opened.session.do(RemoveClass(opened.session.classes[0].id))
    revision = opened.session.project.revision
    press(opened, Qt.Key.Key_R)
    assert opened.session.project.revision == revision
    assert len(told) == 2


def test_left_goes_back_row_by_row_and_a_new_label_begins_there(opened):
    view = to_open_rows(opened)
    rows = []
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_3):
        rows.append(view.current_row())
        press(opened, key)
    press(opened, Qt.Key.Key_Left)
    assert view.current_row() == rows[2]
    press(opened, Qt.Key.Key_Left)
    assert view.current_row() == rows[1]
    press(opened, Qt.Key.Key_4)
    assert label_of(opened, rows[1]) == opened.session.classes[3].id
    press(opened, Qt.Key.Key_Left)
    assert view.current_row() == rows[1]
    told = []
    opened.label.said.connect(lambda message: told.append(message.text))
    for _ in range(5):
        press(opened, Qt.Key.Key_Left)
    assert view.current_row() == rows[0]
    assert "first row" in told[-1]


def test_rows_with_several_labels_get_the_last_class_too(opened):
    opened.session.do(SetSeveral(True))
    view = to_open_rows(opened)
    press(opened, Qt.Key.Key_2)
    view.go_to_line(view.currentIndex().row() + 1)
    row = view.current_row()
    press(opened, Qt.Key.Key_R)
    table = opened.session.table
    assert opened.session.classes[1].id in table.sets.members(label_of(opened, row))


def test_undo_by_ctrl_z_leaves_one_row_selected(opened):
    """Ctrl is down while the row is gone back to, which Qt takes for choosing one row more."""
    view = to_open_rows(opened)
    first = view.current_row()
    press(opened, Qt.Key.Key_2)
    QTest.keyClick(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert view.current_row() == first
    assert view.selected_row_ids() == [first]
