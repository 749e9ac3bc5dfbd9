"""From a file to a project: by mouse and keyboard, with corrections, refusals, and a cancel in the middle."""

from dataclasses import replace

from PySide6.QtCore import Qt
from wizard_fakes import GUESS, answer_import, looked, opened, preview, to_place

from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.types import ReadOptions, RowProblem
from fsl_desktop.ui.theme import LIGHT
from fsl_desktop.ui.wizard.classes_step import duplicates, typed_names
from fsl_desktop.ui.wizard.frame import FILE, PREVIEW
from fsl_desktop.ui.wizard.new_project import CLASSES, PLACE
from fsl_desktop.work.protocol import PreviewFile


def test_a_newcomer_goes_from_file_to_project_with_the_keyboard_alone(wizard, runner, qtbot):
    looked(wizard, runner)
    assert wizard.step == PREVIEW
    qtbot.keyClick(wizard, Qt.Key.Key_Return)
    assert wizard.step == CLASSES
    qtbot.keyClicks(wizard.classes_step.typed, "lost card")
    qtbot.keyClick(wizard.classes_step.typed, Qt.Key.Key_Tab)
    qtbot.keyClick(wizard.next, Qt.Key.Key_Space)
    assert wizard.step == PLACE
    assert wizard.place_step.name.text() == "Bank questions"
    qtbot.keyClicks(wizard.place_step.name, "My bank")
    with qtbot.waitSignal(wizard.created, timeout=3000) as created:
        qtbot.keyClick(wizard.place_step.name, Qt.Key.Key_Return)
        assert wizard.importing
        answer_import(runner, [("Where is my card?", "card"), ("What rate?", "rate"), ("Hello", None)])
    project = opened(created.args[0])
    assert project.folder.name == "My bank.fsl"
    assert [info.name for info in project.classes] == ["card", "rate", "lost card"]
    assert project.table.counts() == {1: 1, 2: 1}
    assert len(project.table) == 3
    project.close()


def test_a_label_seen_only_deep_in_the_file_becomes_a_class_too(wizard, runner, qtbot):
    to_place(wizard, runner)
    with qtbot.waitSignal(wizard.created, timeout=3000) as created:
        wizard.next.click()
        rows = [("a b", "Card"), ("c d", "pin")]
        answer_import(runner, rows, new_classes=("Card", "pin"))
    project = opened(created.args[0])
    assert [info.name for info in project.classes] == ["card", "rate", "pin"]
    assert sorted(project.table.counts().values()) == [1, 1]
    project.close()


def test_a_class_that_is_left_out_leaves_its_rows_without_a_label(wizard, runner, qtbot):
    looked(wizard, runner)
    wizard.next.click()
    wizard.classes_step.remove_found("rate")
    wizard.next.click()
    with qtbot.waitSignal(wizard.created, timeout=3000) as created:
        wizard.next.click()
        answer_import(runner, [("a b", "card"), ("c d", "rate")], new_classes=("rate",))
    project = opened(created.args[0])
    assert [info.name for info in project.classes] == ["card"]
    assert project.table.counts() == {1: 1}
    project.close()


def test_one_may_begin_without_classes_and_is_told_what_helps(wizard, runner):
    looked(wizard, runner, options=replace(GUESS, label_column=""), label_values=())
    wizard.next.click()
    assert "start without" in wizard.classes_step._advice.text()
    assert wizard.next.isEnabled()


def test_a_name_that_is_there_twice_is_told_and_must_be_changed(wizard, runner):
    looked(wizard, runner)
    wizard.next.click()
    wizard.classes_step.typed.setPlainText("lost  card\nCARD")
    assert not wizard.next.isEnabled()
    assert "“card” is there twice" in wizard.classes_step.problem.sentence
    wizard.classes_step.typed.setPlainText("lost  card")
    assert wizard.next.isEnabled()
    assert wizard.classes_step.names == ("card", "rate", "lost card")


def test_names_are_taken_line_by_line():
    assert typed_names("  a b \n\n\tc\t d\n") == ["a b", "c d"]
    assert duplicates(["Card", "card", "CARD", "rate"]) == ["Card"]


def test_a_correction_reads_the_file_again_and_only_the_newest_answer_counts(wizard, runner, qtbot):
    looked(wizard, runner)
    choices = wizard.preview_step.choices
    choices.delimiter.setCurrentIndex(1)
    choices.delimiter.activated.emit(1)
    first, request = runner.last(PreviewFile)
    assert request.options.delimiter == ";"
    assert request.options.text_column is None
    assert not wizard.next.isEnabled()
    choices.encoding.activated.emit(2)
    second, request = runner.last(PreviewFile)
    assert second != first
    assert first in runner.cancelled
    runner.reply(first, preview(options=replace(GUESS, text_column="id")))
    assert not wizard.next.isEnabled()
    runner.reply(second, preview(options=replace(GUESS, encoding="cp1252")))
    assert wizard.next.isEnabled()
    assert choices.encoding.currentData() == "cp1252"
    assert choices.text.currentText() == "text"


def test_another_text_column_is_marked_and_used(wizard, runner):
    looked(wizard, runner)
    model, choices = wizard.preview_step.model, wizard.preview_step.choices
    assert model.text_column == 1
    choices.text.activated.emit(0)
    ticket, request = runner.last(PreviewFile)
    assert request.options.text_column == "id"
    assert request.options.delimiter == ","
    runner.reply(ticket, preview(options=request.options))
    assert model.text_column == 0
    tinted = model.data(model.index(0, 0), Qt.ItemDataRole.BackgroundRole)
    assert tinted.color().name().upper() == LIGHT.accent_tint


def test_without_a_text_column_one_is_asked_for(wizard, runner):
    looked(wizard, runner, options=replace(GUESS, text_column=""))
    assert not wizard.next.isEnabled()
    assert "Choose the column" in wizard.preview_step.problem.sentence


def test_a_file_that_cannot_be_read_says_why_and_the_next_try_is_one_click(wizard, runner, qtbot):
    wizard.look("/x/empty.csv")
    runner.refuse(1, Message.of("This file is empty. Choose another file."), "0 bytes")
    assert wizard.step == FILE
    assert wizard.file_step.problem.sentence == "This file is empty. Choose another file."
    assert wizard.file_step.choose.isEnabled()
    assert not wizard.next.isEnabled()
    looked(wizard, runner)
    assert wizard.step == PREVIEW
    assert wizard.file_step.problem.sentence == ""


def test_a_wrong_guess_can_be_put_right(wizard, runner, qtbot):
    wizard.look("/x/odd.csv")
    runner.refuse(1, Message.of("The encoding cannot be told. Choose one."))
    qtbot.mouseClick(wizard.file_step.problem.fix, Qt.MouseButton.LeftButton)
    assert wizard.step == PREVIEW
    assert "Choose one" in wizard.preview_step.problem.sentence
    assert wizard.preview_step.choices.encoding.isVisible()
    wizard.preview_step.choices.encoding.activated.emit(2)
    ticket, request = runner.last(PreviewFile)
    assert request.options.encoding == "cp1252"
    runner.reply(ticket, preview())
    assert wizard.next.isEnabled()
    assert wizard.preview_step.problem.sentence == ""


def test_a_correction_that_fails_can_go_back_to_the_guess(wizard, runner, qtbot):
    looked(wizard, runner)
    wizard.preview_step.choices.encoding.activated.emit(1)
    runner.refuse(runner.last(PreviewFile)[0], Message.of("This is not UTF-16. Choose another encoding."))
    assert "UTF-16" in wizard.preview_step.problem.sentence
    assert not wizard.next.isEnabled()
    qtbot.mouseClick(wizard.preview_step.problem.fix, Qt.MouseButton.LeftButton)
    ticket, request = runner.last(PreviewFile)
    assert request.options == ReadOptions()
    runner.reply(ticket, preview())
    assert wizard.next.isEnabled()


def test_rows_that_will_be_left_out_are_listed_with_their_numbers(wizard, runner):
    problems = (RowProblem(14, Message.of("Row {row} has no text. Fill it in or remove it.", row=14)),)
    looked(wizard, runner, problems=problems)
    assert wizard.preview_step.tabs.isTabVisible(1)
    assert wizard.preview_step.problems.as_text() == "14\tRow 14 has no text. Fill it in or remove it."


def test_back_keeps_what_was_typed(wizard, runner):
    looked(wizard, runner)
    wizard.next.click()
    wizard.classes_step.typed.setPlainText("lost card")
    wizard.back.click()
    assert wizard.step == PREVIEW
    wizard.next.click()
    assert wizard.classes_step.names == ("card", "rate", "lost card")


def test_every_control_has_a_name(wizard, runner):
    to_place(wizard, runner)
    for button in (wizard.next, wizard.back, wizard.cancel, wizard.file_step.choose):
        assert button.accessibleName()
    for box in (wizard.preview_step.choices.text, wizard.preview_step.choices.encoding):
        assert box.accessibleName()
    assert wizard.stepper.accessibleName() == "Step 4 of 4: Name"


def test_the_preview_table_is_a_sound_model(wizard, runner, qtmodeltester):
    looked(wizard, runner)
    qtmodeltester.check(wizard.preview_step.model)
