"""Classes merged and split in the window."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from window_fakes import make_window, open_sample

from fsl_desktop.core.commands import SetLabels
from fsl_desktop.ui.class_dialogs import MergeDialog, SplitDialog
from fsl_desktop.ui.row_order import Filter, Show


@pytest.fixture
def space(qtbot, home, qapp):
    before = qapp.styleSheet(), qapp.palette(), qapp.font()
    window, runner = make_window(home)
    qtbot.addWidget(window)
    window.show()
    made = open_sample(qtbot, window, runner)
    ids = made.session.table.ids
    first, second = (info.id for info in made.session.classes[:2])
    made.session.do(SetLabels(tuple(range(1, len(ids) + 1)), 0))
    made.session.do(SetLabels((1, 2, 3), first))
    made.session.do(SetLabels((4, 5), second))
    yield made
    window.close_project()
    qapp.setStyleSheet(before[0])
    qapp.setPalette(before[1])
    qapp.setFont(before[2])


def choose(space, rows: list[int]) -> None:
    """Select these rows in the table."""
    view = space.label.view
    view.go_to_row(rows[0])
    chosen = QItemSelection()
    for row in rows:
        index = view.model().index(view.place_of(row) - 1, 0)
        chosen.select(index, index)
    flags = QItemSelectionModel.SelectionFlag
    view.selectionModel().select(chosen, flags.ClearAndSelect | flags.Rows)
    assert view.selected_row_ids() == rows


def labels(space, n: int = 6) -> list[int]:
    return space.session.table.labels[:n].tolist()


def test_a_class_is_merged_with_the_counts_in_sight(qtbot, space):
    editor = space.data.classes
    space.page_wanted.emit("data")
    first, second = space.session.classes[:2]
    editor.choose(first.id)
    editor._merge_action.trigger()
    dialog = editor.window().findChild(MergeDialog)
    assert "3 labels" in dialog.sentence.text()
    assert "2 labels" in dialog.box.itemText(0)
    assert "5 labels" in dialog.follows.text()
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    assert labels(space) == [second.id] * 5 + [0]
    assert first.name not in [info.name for info in space.session.classes]
    assert editor.current == space.session.classes[0]
    space.label.labelling.undo()
    assert labels(space) == [first.id] * 3 + [second.id] * 2 + [0]
    assert space.session.classes[0] == first


def test_rows_of_a_class_go_to_a_new_one(qtbot, space):
    first, second = space.session.classes[:2]
    space.page_wanted.emit("data")
    space.data.classes.choose(first.id)
    space.data.classes._split_action.trigger()
    view = space.label.view
    assert space.label.model.order.filter == Filter(Show.CLASS, first.id)
    assert view.row_count() == 3
    choose(space, [2, 3])
    menu = space.label._menu.make()
    next(action for action in menu.actions() if action.text().startswith("Move to a new")).trigger()
    menu.deleteLater()
    dialog = view.window().findChild(SplitDialog)
    assert dialog.box.count() == 1
    assert "2 labels" in dialog.box.itemText(0)
    dialog.name.setText(second.name.upper())
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    assert "already" in dialog.problem.sentence, "a name that is taken is told where it is typed"
    dialog.name.setText("quite new")
    qtbot.mouseClick(dialog.yes, Qt.MouseButton.LeftButton)
    new = space.session.classes[1]
    assert new.name == "quite new"
    assert labels(space) == [first.id, new.id, new.id, second.id, second.id, 0]
    space.label.labelling.undo()
    assert labels(space) == [first.id] * 3 + [second.id] * 2 + [0]


def test_rows_without_a_label_cannot_be_split(space):
    rows = np.flatnonzero(space.session.table.labels == 0)[:2]
    choose(space, [int(space.session.table.ids[row]) for row in rows])
    menu = space.label._menu.make()
    split = next(action for action in menu.actions() if action.text().startswith("Move to a new"))
    assert not split.isEnabled()
    menu.deleteLater()
