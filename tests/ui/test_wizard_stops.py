"""The wizard when something stops it: Cancel, Esc, a reading that fails; and adding a further file."""

import pytest
from PySide6.QtCore import Qt
from wizard_fakes import answer_import, looked, preview, to_place

from fsl_desktop.core.events import Phase, Progress
from fsl_desktop.core.message import Message
from fsl_desktop.core.new_project import create_project
from fsl_desktop.ui.importer import Importer
from fsl_desktop.ui.jobs import Jobs
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.theme import LIGHT, ThemeHolder
from fsl_desktop.ui.wizard.add_file import AddFileWizard
from fsl_desktop.ui.wizard.frame import FILE, PREVIEW
from fsl_desktop.ui.wizard.new_project import PLACE
from fsl_desktop.work.protocol import ImportFile


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
