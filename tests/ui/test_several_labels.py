"""A project whose rows may have several labels: keys, chips, suggestions, filters, and the other pages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from page_fakes import summary
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from window_fakes import make_window, open_sample, suggestions
from wizard_fakes import GUESS, answer_import, looked, opened, preview

from fsl_desktop.core.answers import Answer
from fsl_desktop.core.commands import SetClasses, SetSeveral, ToggleClass
from fsl_desktop.core.label_sets import LabelSets
from fsl_desktop.core.labels import FIRST_SET, SKIPPED, UNSURE
from fsl_desktop.ui import speech
from fsl_desktop.ui.label_sets import SEVERAL, ranks
from fsl_desktop.ui.row_order import Filter, Order, Show
from fsl_desktop.ui.table_model import Column, Role
from fsl_desktop.ui.wizard.new_project import CLASSES
from fsl_desktop.work.protocol import PreviewFile, Suggest


@pytest.fixture
def space(qtbot, home, qapp):
    before = qapp.styleSheet(), qapp.palette(), qapp.font()
    window, runner = make_window(home)
    qtbot.addWidget(window)
    window.show()
    made = open_sample(qtbot, window, runner)
    made.session.do(SetSeveral(True))
    made.runner = runner
    yield made
    window.close_project()
    qapp.setStyleSheet(before[0])
    qapp.setPalette(before[1])
    qapp.setFont(before[2])


def start(space) -> int:
    """Go to a row without a label; its id."""
    view = space.label.view
    view.go_to_line(int(np.flatnonzero(space.session.table.labels == 0)[0]))
    return view.current_row()


def members(space, row: int) -> tuple[int, ...]:
    table = space.session.table
    return table.sets.members(int(table.labels[table.positions([row])[0]]))


def answer_sets(qtbot, space, sets: tuple[tuple[int, ...], ...], value: int) -> None:
    qtbot.waitUntil(lambda: any(isinstance(request, Suggest) for _, request in space.runner.requests))
    made = replace(suggestions(space, value), sets=sets)
    space.runner.reply(space.runner.last(Suggest)[0], made)


def test_keys_add_and_take_away_and_the_row_stays(space):
    row, view = start(space), space.label.view
    first, second = (info.id for info in space.session.classes[:2])
    QTest.keyClick(view, Qt.Key.Key_2)
    QTest.keyClick(view, Qt.Key.Key_1)
    assert view.current_row() == row
    assert members(space, row) == (first, second)
    chosen = [bar.name for bar in space.label.inspector.labels.bars() if bar.chosen]
    assert chosen == [info.name for info in space.session.classes[:2]]
    QTest.keyClick(view, Qt.Key.Key_2)
    assert members(space, row) == (first,)
    QTest.keyClick(view, Qt.Key.Key_Z)
    assert members(space, row) == (first, second)
    assert view.current_row() == row


def test_enter_and_right_move_on(space):
    row, view = start(space), space.label.view
    QTest.keyClick(view, Qt.Key.Key_1)
    QTest.keyClick(view, Qt.Key.Key_Right)
    second = view.current_row()
    assert second != row
    QTest.keyClick(view, Qt.Key.Key_2)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert view.current_row() not in (row, second)
    assert members(space, second) == (space.session.classes[1].id,)
    assert "moves on" in space.label.inspector.hint.text()


def test_none_of_them_is_a_label_that_shows(space):
    row, view = start(space), space.label.view
    QTest.keyClick(view, Qt.Key.Key_0)
    line = space.label.model.line_of(row)
    assert space.session.table.labels[space.session.table.positions([row])[0]] >= FIRST_SET
    assert space.label.model.index(line, Column.LABEL).data() == "none of them"
    assert space.label.inspector.state.text() == "none of them"
    QTest.keyClick(view, Qt.Key.Key_S)
    assert space.session.table.labels[space.session.table.positions([row])[0]] == SKIPPED


def test_the_table_shows_a_chip_for_each_class(space, qtbot):
    row = start(space)
    ids = [info.id for info in space.session.classes[:3]]
    space.session.do(SetClasses((row,), (tuple(ids),)))
    index = space.label.model.index(space.label.model.line_of(row), Column.LABEL)
    names = [info.name for info in space.session.classes[:3]]
    assert index.data() == ", ".join(names)
    assert index.data(Role.POSITION) == SEVERAL
    assert [chip.name for chip in index.data(Role.CHIPS)] == names
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == ", ".join(names)
    space.label.view.go_to_row(row)
    # Painted in little room as well as in much.
    for width in (60, 140, 600):
        space.label.view.setColumnWidth(Column.LABEL, width)
        assert not space.label.view.grab().isNull()


def test_a_set_that_is_suggested_is_accepted_with_enter(space, qtbot):
    row, view = start(space), space.label.view
    first, second = (info.id for info in space.session.classes[:2])
    answer_sets(qtbot, space, ((first, second), ()), FIRST_SET)
    index = space.label.model.index(space.label.model.line_of(row), Column.SUGGESTION)
    assert index.data(Role.POSITION) == SEVERAL
    assert "90 % sure" in index.data(Qt.ItemDataRole.AccessibleTextRole)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert members(space, row) == (first, second)
    after = view.current_row()
    assert after != row
    # A row that has labels keeps them: Enter only moves on.
    view.go_to_row(row)
    QTest.keyClick(view, Qt.Key.Key_1)
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert members(space, row) == (second,)


def test_no_class_can_be_suggested_too(space, qtbot):
    row = start(space)
    answer_sets(qtbot, space, ((),), FIRST_SET)
    index = space.label.model.index(space.label.model.line_of(row), Column.SUGGESTION)
    assert index.data() == "none of them"
    assert not space.label.view.grab().isNull()
    QTest.keyClick(space.label.view, Qt.Key.Key_Return)
    assert members(space, row) == ()
    assert space.session.table.labels[space.session.table.positions([row])[0]] >= FIRST_SET


def test_filters_look_into_sets(space, qtbot):
    table, order = space.session.table, space.label.model.order
    rows = [int(i) for i in table.ids[table.labels == 0][:3]]
    one, two = (info.id for info in space.session.classes[-2:])
    before = order.count(Filter(Show.CLASS, one))
    space.session.do(SetClasses(tuple(rows), ((one, two), (two,), ())))
    assert order.count(Filter(Show.CLASS, one)) == before + 1
    assert table.counts()[one] == before + 1
    answer_sets(qtbot, space, ((one, two),), FIRST_SET)
    assert order.count(Filter(Show.SUGGESTED, two)) == len(table)
    labelled = int(table.labelled().sum())
    assert order.count(Filter(Show.DISAGREEMENT)) == labelled - 1


def test_sets_are_ordered_after_their_first_class():
    sets = LabelSets()
    sets.put(FIRST_SET, (5, 9))
    sets.put(FIRST_SET + 1, ())
    labels = np.array([9, UNSURE, FIRST_SET, 0, 5, FIRST_SET + 1, SKIPPED], np.int32)
    order = np.argsort(ranks(labels, sets, {5: 0, 9: 1}), kind="stable")
    assert labels[order].tolist() == [5, FIRST_SET, 9, FIRST_SET + 1, 0, SKIPPED, UNSURE]


def test_order_by_label_takes_sets(space):
    one, two = (info.id for info in space.session.classes[:2])
    row = start(space)
    space.session.do(SetClasses((row,), ((one, two),)))
    space.label.model.set_order(Order.LABEL)
    lines = [space.label.model.index(line, Column.LABEL).data() for line in range(40)]
    both = lines.index(", ".join(info.name for info in space.session.classes[:2]))
    assert set(lines[:both]) == {space.session.classes[0].name}


def test_the_data_page_switches_and_refuses_to_lose_labels(space, qtbot):
    page = space.data
    page._facts_changed()
    row = start(space)
    one, two = (info.id for info in space.session.classes[:2])
    space.session.do(ToggleClass((row,), one))
    space.session.do(ToggleClass((row,), two))
    space.show_page("data")
    assert page.several.isChecked()
    with qtbot.waitSignal(space.failed) as refused:
        page.several.click()
    assert "Leave one label" in refused.args[0].text
    assert page.several.isChecked()
    space.session.do(ToggleClass((row,), two))
    page.several.click()
    assert not space.session.several
    assert "accepts" in space.label.inspector.hint.text()


def test_bars_show_thresholds(space):
    start(space)
    ids = tuple(info.id for info in space.session.classes)
    chances, limits = tuple(0.9 - 0.1 * i for i in range(len(ids))), (0.85,) * len(ids)
    said = tuple(i for i, p in zip(ids, chances, strict=True) if p >= 0.85)
    answer = Answer(ids, chances, thresholds=limits, said=said)
    space.label.inspector.show_answer(answer)
    bars = space.label.inspector.labels.bars()
    assert [bar.said for bar in bars] == [True] + [False] * (len(ids) - 1)
    assert "said from 85 % on" in bars[0].accessibleName()
    assert not bars[0].grab().isNull()
    names = {info.id: info.name for info in space.session.classes}
    assert speech.answer_words(answer, names.__getitem__) == space.session.classes[0].name
    assert speech.answer_words(replace(answer, said=()), names.__getitem__) == "None of the classes."
    space.test.answer.show_answer(answer)
    assert space.test.answer.bars[0].threshold == 0.85


def test_results_show_classes_and_no_confusion(space):
    results = space.results
    results.score.show_summary(replace(summary(), several=True, micro_f1=summary().accuracy, mcc=None))
    assert "exactly their labels" in results.accuracy.text()
    assert "micro-F1" in results.others.text()


def test_the_wizard_sees_several_labels_in_a_cell(wizard, runner, qtbot):
    looked(wizard, runner, separator_guess=";", label_values=("card; rate", "card"))
    asked = runner.last(PreviewFile)[1].options
    assert asked.label_separator == ";"
    apart = replace(GUESS, label_separator=";")
    runner.reply(runner.last(PreviewFile)[0], preview(apart, separator_guess=";"))
    wizard.next.click()
    assert wizard.step == CLASSES
    assert wizard.classes_step.several.isChecked()
    wizard.next.click()
    with qtbot.waitSignal(wizard.created, timeout=3000) as created:
        wizard.next.click()
        answer_import(runner, [("a b", '["card", "rate"]'), ("c d", "card"), ("e f", None)])
    project = opened(created.args[0])
    assert project.several
    assert project.table.counts() == {1: 2, 2: 1}
    project.close()


def test_the_wizard_can_be_told_that_rows_have_one_label(wizard, runner):
    looked(wizard, runner, separator_guess=";", label_values=("card; rate", "card"))
    runner.reply(
        runner.last(PreviewFile)[0], preview(replace(GUESS, label_separator=";"), separator_guess=";")
    )
    wizard.next.click()
    wizard.classes_step.several.click()
    assert runner.last(PreviewFile)[1].options.label_separator == ""
    whole = preview(GUESS, separator_guess=";", label_values=("card; rate", "card"))
    runner.reply(runner.last(PreviewFile)[0], whole)
    assert not wizard.classes_step.several.isChecked()
    assert list(wizard.classes_step.found) == ["card; rate", "card"]
