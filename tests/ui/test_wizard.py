"""From a file to a project: by mouse and keyboard, with corrections, refusals, and a cancel in the middle."""

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from fakes import FakeRunner
from fsl_desktop.core.batches import BatchWriter
from fsl_desktop.core.events import Phase, Progress
from fsl_desktop.core.message import Message
from fsl_desktop.core.new_project import create_project
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ColumnInfo, Preview, ReadOptions, ReadRow, RowProblem
from fsl_desktop.ui.importer import Importer
from fsl_desktop.ui.jobs import Jobs
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.theme import LIGHT, ThemeHolder
from fsl_desktop.ui.wizard.add_file import AddFileWizard
from fsl_desktop.ui.wizard.classes_step import duplicates, typed_names
from fsl_desktop.ui.wizard.frame import FILE, PREVIEW
from fsl_desktop.ui.wizard.new_project import CLASSES, PLACE, NewProjectWizard
from fsl_desktop.work.protocol import ImportedBatch, ImportFile, PreviewFile

ROWS = (("1", "Where is my card?", "card"), ("2", "The rate is wrong.", "rate"))
GUESS = ReadOptions("utf-8", ",", True, "", "text", "label")


def preview(options=GUESS, **changes):
    columns = tuple(ColumnInfo(name, (), 2, 9.0) for name in ("id", "text", "label"))
    made = Preview("/x/bank_questions.csv", "csv", options, columns, ROWS, 2, (), ("card", "rate"))
    return replace(made, **changes)


@pytest.fixture
def runner(qtbot):
    return FakeRunner()


@pytest.fixture
def wizard(qtbot, runner, tmp_path):
    jobs = Jobs(runner)
    made = NewProjectWizard(ThemeHolder(LIGHT), Importer(jobs, jobs), str(tmp_path / "projects"))
    jobs.setParent(made)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.abandon()


def looked(wizard, runner, **changes):
    wizard.look("/x/bank_questions.csv")
    runner.reply(runner.last(PreviewFile)[0], preview(**changes))


def to_place(wizard, runner, **changes):
    looked(wizard, runner, **changes)
    wizard.next.click()
    wizard.next.click()
    assert wizard.step == PLACE


def answer_import(runner, rows, problems=(), new_classes=()):
    """What the child does with an import: write the rows, then tell the batch."""
    ticket, request = runner.last(ImportFile)
    writer = BatchWriter(Path(request.project), Path(request.path).name)
    writer.add([ReadRow(text, label) for text, label in rows])
    batch = writer.finish(problems)
    labelled = sum(label is not None for _, label in rows)
    runner.reply(
        ticket, ImportedBatch(batch, len(rows), labelled, new_classes, tuple(problems), len(problems))
    )


def opened(folder):
    project = Project.open(Path(folder))
    for _ in project.load_rows():
        pass
    return project


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


def test_cancel_in_the_middle_of_reading_leaves_nothing_behind(wizard, runner, qtbot, tmp_path):
    to_place(wizard, runner)
    wizard.next.click()
    assert (tmp_path / "projects" / "Bank questions.fsl").exists()
    ticket, _ = runner.last(ImportFile)
    runner.tell(ticket, Progress(Phase.READING, 30, 100))
    assert wizard.busy_step.bar.value() == 300
    qtbot.mouseClick(wizard.busy_step.cancel, Qt.MouseButton.LeftButton)
    assert runner.cancelled == [ticket]
    assert wizard.importing
    runner.drop(ticket)
    assert not (tmp_path / "projects" / "Bank questions.fsl").exists()
    assert wizard.step == PLACE
    assert "Nothing was kept" in wizard.place_step.problem.sentence
    wizard.next.click()
    assert wizard.importing


def test_a_reading_that_fails_leaves_nothing_behind_and_says_why(wizard, runner, tmp_path):
    to_place(wizard, runner)
    wizard.next.click()
    runner.refuse(runner.last(ImportFile)[0], Message.of("The disk is full. Make some room."), "errno 28")
    assert wizard.place_step.problem.sentence == "The disk is full. Make some room."
    assert list((tmp_path / "projects").iterdir()) == []


def test_a_file_of_which_no_row_can_be_used_makes_no_project(wizard, runner, qtbot, tmp_path):
    to_place(wizard, runner)
    wizard.next.click()
    with qtbot.assertNotEmitted(wizard.created):
        answer_import(runner, [])
    assert "No row" in wizard.place_step.problem.sentence
    assert list((tmp_path / "projects").iterdir()) == []


def test_a_place_that_cannot_be_written_is_said_in_place(wizard, runner, tmp_path):
    (tmp_path / "file").write_text("")
    to_place(wizard, runner)
    wizard.place_step.set_parent_folder(str(tmp_path / "file"))
    wizard.next.click()
    assert "Choose another place" in wizard.place_step.problem.sentence
    assert not wizard.importing


def test_a_project_of_the_same_name_is_never_overwritten(wizard, runner, tmp_path):
    (tmp_path / "projects" / "Bank questions.fsl").mkdir(parents=True)
    to_place(wizard, runner)
    assert "gets a number" in wizard.place_step._note.text()
    wizard.next.click()
    assert runner.last(ImportFile)[1].project.endswith("Bank questions 2.fsl")


def test_escape_closes_and_a_late_answer_changes_nothing(wizard, runner, qtbot):
    wizard.look("/x/bank_questions.csv")
    with qtbot.waitSignal(wizard.cancelled, timeout=1000):
        qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    runner.reply(1, preview())
    assert wizard.step == FILE
    assert not wizard.isVisible()


def test_escape_while_rows_are_read_stops_the_reading_first(wizard, runner, qtbot):
    to_place(wizard, runner)
    wizard.next.click()
    qtbot.keyClick(wizard, Qt.Key.Key_Escape)
    assert wizard.isVisible()
    assert runner.cancelled == [runner.last(ImportFile)[0]]


def test_closing_the_window_leaves_no_half_made_project(wizard, runner, tmp_path):
    to_place(wizard, runner)
    wizard.next.click()
    wizard.abandon()
    assert list((tmp_path / "projects").iterdir()) == []


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


@pytest.fixture
def adding(qtbot, runner, tmp_path):
    project = create_project(tmp_path / "Notes.fsl", "Notes", ("card",))
    jobs = Jobs(runner)
    session = Session(project, jobs)
    made = AddFileWizard(ThemeHolder(LIGHT), Importer(jobs, session), session)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.abandon()
    session.close()


def test_a_further_file_goes_into_the_open_project_and_undo_takes_it_out(adding, runner, qtbot):
    session = adding._session
    looked(adding, runner)
    assert adding.next.text() == "Add the rows"
    with qtbot.waitSignal(adding.added, timeout=3000) as added:
        adding.next.click()
        rows = [("a b", "Card"), ("c d", "rate"), ("e f", None)]
        answer_import(runner, rows, new_classes=("Card", "rate"))
    assert added.args[0].n_rows == 3
    qtbot.waitUntil(lambda: len(session.table) == 3, timeout=2000)
    assert [info.name for info in session.classes] == ["card", "rate"]
    assert session.table.counts() == {1: 1, 2: 1}
    session.undo()
    assert not any(~session.table.removed)


def test_adding_that_is_stopped_adds_nothing(adding, runner, qtbot):
    looked(adding, runner)
    adding.next.click()
    qtbot.mouseClick(adding.busy_step.cancel, Qt.MouseButton.LeftButton)
    runner.drop(runner.last(ImportFile)[0])
    assert adding.step == PREVIEW
    assert "Nothing was added" in adding.preview_step.problem.sentence
    assert not len(adding._session.table)
