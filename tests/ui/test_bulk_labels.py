"""One label for many rows at once: what is shown, and what says the same; each one step to undo."""

from __future__ import annotations

import numpy as np
import pytest
from projects import import_rows
from window_fakes import make_window, open_sample

from fsl_desktop.core.commands import AddBatch, SetLabels, SetSeveral
from fsl_desktop.core.labels import SKIPPED
from fsl_desktop.core.readers.types import ReadRow


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


def search(qtbot, opened, words):
    opened.label.header.search.setText(words)
    qtbot.waitUntil(lambda: not opened.label.searching)


def submenu(opened, part):
    menu = opened.label._menu.make()
    (found,) = (action for action in menu.actions() if part in action.text())
    return menu, found


def test_all_rows_of_a_search_that_have_no_label_get_one_in_one_step(qtbot, opened):
    table, label = opened.session.table, opened.label
    search(qtbot, opened, "card")
    shown = label.model.order.rows.copy()
    open_before = shown[table.labels[shown] == 0]
    kept = shown[table.labels[shown] != 0]
    labels_before = table.labels.copy()
    assert 0 < len(open_before) < len(table)
    told = []
    label.said.connect(lambda message: told.append(message.text))
    menu, choices = submenu(opened, "without a label that are shown")
    assert f"{len(open_before)} rows" in choices.text()
    second = opened.session.classes[1]
    (action,) = (action for action in choices.menu().actions() if action.text() == second.name)
    action.trigger()
    menu.close()
    assert (table.labels[open_before] == second.id).all()
    np.testing.assert_array_equal(table.labels[kept], labels_before[kept])
    others = np.setdiff1d(np.arange(len(table)), shown)
    np.testing.assert_array_equal(table.labels[others], labels_before[others])
    assert f"{len(open_before)} rows got the label" in told[-1]
    opened.session.undo()
    np.testing.assert_array_equal(table.labels, labels_before)


def test_nothing_to_label_is_said_and_offered_to_nobody(qtbot, opened):
    label = opened.label
    opened.session.do(SetLabels(tuple(opened.session.table.ids.tolist()), SKIPPED))
    menu, choices = submenu(opened, "without a label that are shown")
    assert not choices.isEnabled()
    menu.close()
    revision = opened.session.project.revision
    label.bulk.label_shown(1)
    assert opened.session.project.revision == revision


def test_rows_that_say_the_same_get_the_same_label(qtbot, opened):
    table, text = opened.session.table, opened.session.table.texts[5]
    batch = import_rows(
        opened.session.project, [ReadRow(f"  {text} "), ReadRow("quite another one"), ReadRow(text)]
    )
    opened.session.do(AddBatch(batch, ()))
    qtbot.waitUntil(lambda: len(table) == 363 and not opened.session.loading)
    opened.label.view.go_to_row(int(table.ids[5]))
    _, choices = submenu(opened, "say the same")
    third = opened.session.classes[2]
    next(action for action in choices.menu().actions() if action.text() == third.name).trigger()
    same = [place for place, other in enumerate(table.texts) if other.strip() == text.strip()]
    assert len(same) == 3
    assert set(np.flatnonzero(table.labels == third.id)) >= set(same)
    assert table.labels[361] == 0
    opened.session.undo()
    assert table.labels[360] == table.labels[362] == 0


def test_where_rows_may_have_several_labels_one_is_added_and_none_taken_off(qtbot, opened):
    session = opened.session
    session.do(SetSeveral(True))
    table, first, second = session.table, session.classes[0].id, session.classes[1].id
    places = np.flatnonzero(table.labels == 0)[:2]
    rows = table.ids[places].tolist()
    session.do(SetLabels((rows[0],), first))
    opened.label.bulk._label(rows, second)
    opened.label.bulk._label(rows, second)
    members = [set(table.sets.members(int(table.labels[place]))) for place in places]
    assert members == [{first, second}, {second}]
