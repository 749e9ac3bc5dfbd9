"""The Data page: files, what was left out, duplicates, and the classes with everything one does to them."""

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication
from PySide6.QtWidgets import QLineEdit, QMessageBox, QPushButton

from fakes import FakeRunner
from fsl_desktop.core.batches import BatchWriter
from fsl_desktop.core.commands import AddBatch, AddClass, SetLabels
from fsl_desktop.core.message import Message
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow, RowProblem
from fsl_desktop.ui.classes_model import DESCRIPTION, LABELS, NAME
from fsl_desktop.ui.data_page import DataPage
from fsl_desktop.ui.drops import DropVeil
from fsl_desktop.ui.jobs import Jobs
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.theme import LIGHT, ThemeHolder


def add_rows(project, source, texts, problems=()):
    writer = BatchWriter(project.folder, source)
    writer.add([ReadRow(text) for text in texts])
    return AddBatch(writer.finish(problems))


@pytest.fixture
def session(qtbot, tmp_path):
    project = Project.create(tmp_path / "Notes.fsl", "Notes")
    made = Session(project, Jobs(FakeRunner()))
    yield made
    made.close()


@pytest.fixture
def filled(session, qtbot):
    for name in ("card", "rate", "pin"):
        session.do(AddClass(name))
    problems = [RowProblem(row, Message.of("Row {row} has no text.", row=row)) for row in (3, 9)]
    session.do(add_rows(session.project, "march.csv", ["a", "b", "b ", "c", "b"], problems))
    qtbot.waitUntil(lambda: not session.loading, timeout=3000)
    session.do(SetLabels(tuple(int(i) for i in session.table.ids[:2]), session.classes[0].id))
    return session


@pytest.fixture
def page(filled, qtbot):
    return shown(filled, qtbot)


def shown(session, qtbot):
    made = DataPage(session, ThemeHolder(LIGHT))
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    qtbot.waitExposed(made)
    return made


def names(page):
    return [info.name for info in page.session.classes]


def test_an_empty_project_says_what_to_do_first(session, qtbot):
    page = shown(session, qtbot)
    assert page.empty.isVisible()
    assert "No classes yet" in page.classes._nothing.text()
    assert page.classes._nothing.isVisible()
    with qtbot.waitSignal(page.add_file_requested, timeout=1000) as told:
        qtbot.mouseClick(page.add_button, Qt.MouseButton.LeftButton)
    assert told.args == [""]


def test_a_file_is_listed_with_its_rows_and_what_was_left_out(page, qtbot):
    model = page.sources
    assert [model.index(0, column).data() for column in (0, 2, 3)] == ["march.csv", "5", "2"]
    assert page.problems.isVisible()
    qtbot.mouseClick(page.problems.findChild(QPushButton, "problemsCopy"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "3\tRow 3 has no text.\n9\tRow 9 has no text."


def test_a_file_without_problems_says_so(page, qtbot):
    page.session.do(add_rows(page.session.project, "april.csv", ["x"]))
    qtbot.waitUntil(lambda: page.sources.rowCount() == 2, timeout=2000)
    page.files.setCurrentIndex(page.sources.index(1, 0))
    assert not page.problems.isVisible()
    assert page._none.text() == "Every row of april.csv is in."


def test_rows_and_duplicates_are_counted_and_follow_undo(page, qtbot):
    assert page.facts.whole() == "5 rows · 2 labelled"
    qtbot.waitUntil(lambda: "2 rows say the same" in page._duplicates_note.text(), timeout=2000)
    page.session.undo()
    assert page.facts.whole() == "5 rows · 0 labelled"
    page.session.undo()
    assert page.facts.whole() == "0 rows · 0 labelled"
    qtbot.waitUntil(lambda: not page._duplicates_note.isVisible(), timeout=2000)


def test_a_class_is_added_with_the_keyboard_and_can_be_undone(page, qtbot):
    qtbot.keyClicks(page.classes.entry, "  lost   card ")
    qtbot.keyClick(page.classes.entry, Qt.Key.Key_Return)
    assert names(page) == ["card", "rate", "pin", "lost card"]
    assert page.classes.entry.text() == ""
    assert page.classes.current.name == "lost card"
    page.session.undo()
    assert names(page) == ["card", "rate", "pin"]


@pytest.mark.parametrize(("name", "words"), [("CARD", "“card” already"), ("   ", "needs a name")])
def test_a_name_that_cannot_be_is_told_and_changes_nothing(page, qtbot, name, words):
    failures = []
    page.session.failed.connect(lambda message, details: failures.append(message))
    page.classes.entry.setText(name)
    page.classes.add()
    assert words in page.classes.problem.sentence
    assert names(page) == ["card", "rate", "pin"]
    assert not failures


def test_a_name_is_changed_in_place_and_keeps_its_labels(page, qtbot):
    page.classes.choose(page.session.classes[0].id)
    view = page.classes.view
    view.edit(page.classes.model.index(0, NAME))
    editor = view.findChild(QLineEdit, "classCellEditor")
    editor.selectAll()
    qtbot.keyClicks(editor, "card arrival")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: names(page)[0] == "card arrival", timeout=1000)
    assert page.classes.model.index(0, LABELS).data() == "2"
    assert page.classes.current.name == "card arrival"


def test_a_name_is_not_changed_into_one_that_is_there(page):
    model = page.classes.model
    assert not model.setData(model.index(0, NAME), "Rate")
    assert "“rate” already" in page.classes.problem.sentence
    assert names(page)[0] == "card"


def test_a_class_can_be_described(page):
    model = page.classes.model
    assert model.setData(model.index(1, DESCRIPTION), "Asks about the exchange rate")
    assert page.session.classes[1].description == "Asks about the exchange rate"


def test_classes_move_with_buttons_and_keys_and_the_keys_move_with_them(page, qtbot):
    page.classes.choose(page.session.classes[2].id)
    assert not page.classes.down.isEnabled()
    qtbot.mouseClick(page.classes.up, Qt.MouseButton.LeftButton)
    assert names(page) == ["card", "pin", "rate"]
    assert page.classes.current.name == "pin"
    page.classes.view.setFocus()
    qtbot.keyClick(page.classes.view, Qt.Key.Key_Up, Qt.KeyboardModifier.AltModifier)
    assert names(page) == ["pin", "card", "rate"]
    assert page.classes.model.index(0, 0).data() == "1"


def question(page):
    return page.classes.window().findChild(QMessageBox, "classRemoveQuestion")


def test_removing_says_what_goes_with_it_and_is_done_only_after_yes(page, qtbot):
    page.classes.choose(page.session.classes[0].id)
    qtbot.keyClick(page.classes.view, Qt.Key.Key_Delete)
    box = question(page)
    assert box.text() == "Remove “card”?"
    assert "2 labels" in box.informativeText()
    assert "undo" in box.informativeText()
    qtbot.keyClick(box, Qt.Key.Key_Escape)
    assert names(page) == ["card", "rate", "pin"]
    qtbot.waitUntil(lambda: question(page) is None, timeout=2000)
    page.classes.ask_remove()
    qtbot.mouseClick(question(page).findChild(QPushButton, "classRemoveYes"), Qt.MouseButton.LeftButton)
    assert names(page) == ["rate", "pin"]
    assert page.session.table.counts() == {}
    page.session.undo()
    assert names(page) == ["card", "rate", "pin"]
    assert sum(page.session.table.counts().values()) == 2


def test_labelling_elsewhere_changes_the_counts_here(page):
    ids = tuple(int(i) for i in page.session.table.ids[2:5])
    page.session.do(SetLabels(ids, page.session.classes[1].id))
    assert page.classes.model.index(1, LABELS).data() == "3"


def test_what_changed_while_another_page_was_shown_is_there_on_return(page):
    page.hide()
    ids = tuple(int(i) for i in page.session.table.ids[2:5])
    page.session.do(SetLabels(ids, page.session.classes[1].id))
    page.show()
    assert page.classes.model.index(1, LABELS).data() == "3"
    assert page.facts.whole() == "5 rows · 5 labelled"


def test_the_project_is_renamed_in_its_title(page, qtbot):
    page.name.setFocus()
    page.name.selectAll()
    qtbot.keyClicks(page.name, "Bank")
    qtbot.keyClick(page.name, Qt.Key.Key_Return)
    assert page.session.project.name == "Bank"
    page.name.selectAll()
    qtbot.keyClick(page.name, Qt.Key.Key_Delete)
    qtbot.keyClick(page.name, Qt.Key.Key_Return)
    assert page.session.project.name == page.name.text() == "Bank"


def test_the_tables_are_sound_models(page, qtmodeltester):
    qtmodeltester.check(page.classes.model)
    qtmodeltester.check(page.sources)
    qtmodeltester.check(page.problems.model)


def test_one_file_is_dropped_on_the_page(page, qtbot, tmp_path):
    (tmp_path / "more.csv").write_text("text\na\n")

    def held(*names):
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(str(tmp_path / name)) for name in names])
        return QPoint(9, 9), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton

    how = held("more.csv")
    enter = QDragEnterEvent(*how, Qt.KeyboardModifier.NoModifier)
    QCoreApplication.sendEvent(page, enter)
    assert enter.isAccepted()
    veil = page.findChild(DropVeil)
    assert veil.isVisible()
    with qtbot.waitSignal(page.add_file_requested, timeout=1000) as told:
        QCoreApplication.sendEvent(page, QDropEvent(*how, Qt.KeyboardModifier.NoModifier))
    assert told.args == [str(tmp_path / "more.csv")]
    assert not veil.isVisible()
    for names in (("more.csv", "other.csv"), ("Notes.fsl",)):
        how = held(*names)  # an event does not own what it carries
        enter = QDragEnterEvent(*how, Qt.KeyboardModifier.NoModifier)
        QCoreApplication.sendEvent(page, enter)
        assert not enter.isAccepted()
