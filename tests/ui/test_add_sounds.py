"""More recordings for an open project: chosen or dropped, cut or copied, undone, and what was no use."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from sounds import save, tone
from window_fakes import forbidden_lock, make_window, space

from fsl_desktop.core import opening
from fsl_desktop.core.audio.look import look
from fsl_desktop.core.clip_import import import_sounds
from fsl_desktop.core.config import Task
from fsl_desktop.core.events import Phase, Progress
from fsl_desktop.core.message import Message
from fsl_desktop.core.project import Project
from fsl_desktop.ui.wizard.add_file import AddFileWizard
from fsl_desktop.ui.wizard.add_sounds import AddSoundsWizard
from fsl_desktop.work.protocol import CheckModel, ImportSounds, LookSounds, ModelStatus


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for label, seconds in (("wren", 1.0), ("robin", 12.0)):
        save(tmp_path / "calls" / label / "a.wav", tone(seconds))
    (tmp_path / "calls" / "robin" / "broken.wav").write_bytes(b"no sound at all")
    return tmp_path / "calls"


@pytest.fixture
def window(qtbot, home, tmp_path):
    Project.create(tmp_path / "Calls.fsl", "Calls", Task.CLASSIFY_AUDIO).close()
    made, runner = make_window(home)
    qtbot.addWidget(made)
    made.show()
    made.open_path(str(tmp_path / "Calls.fsl"))
    qtbot.waitUntil(lambda: made.workspace is not None and not made.workspace.session.loading)
    runner.reply(runner.last(CheckModel)[0], ModelStatus("sounds", True, "/models"))
    made.runner = runner
    yield made
    made.dialogs.abandon()
    made.close_project()


def dialog(window) -> AddSoundsWizard:
    return window.findChildren(AddSoundsWizard)[-1]


def begun(window, *paths) -> AddSoundsWizard:
    """The dialog with what the child found in ``paths``."""
    window.dialogs.add_sounds([str(path) for path in paths])
    ticket, request = window.runner.last(LookSounds)
    window.runner.reply(ticket, look(request.paths))
    return dialog(window)


def import_now(window) -> None:
    ticket, request = window.runner.last(ImportSounds)
    window.runner.reply(ticket, import_sounds(Path(request.project), request.paths, request.options))


def texts(window) -> list[str]:
    table = space(window).session.table
    return [text for text, gone in zip(table.texts, table.removed, strict=True) if not gone]


def added(qtbot, window, *paths) -> None:
    begun(window, *paths).next.click()
    import_now(window)
    qtbot.waitUntil(lambda: not space(window).session.loading)


def notices(window) -> list[str]:
    return [notice.sentence for notice in window.notifications.notices]


def test_the_data_page_speaks_of_recordings(window):
    window.show_page("data")
    data = space(window).data
    assert data.add_button.text() == "Add recordings…"
    assert "recordings" in data.empty.findChild(type(data.empty._sentence)).text()
    assert not data.several.isVisible()
    data.add_button.click()
    assert dialog(window).isVisible()
    assert not window.findChildren(AddFileWizard)
    assert not dialog(window).next.isEnabled()


def test_a_folder_comes_in_with_labels_and_problems_and_undo_takes_it_out(qtbot, window, folder):
    wizard = begun(window, folder)
    assert "3 recordings" in wizard.recordings_step.facts.text()
    assert wizard.next.text() == "Add the recordings"
    wizard.next.click()
    window.runner.tell(window.runner.last(ImportSounds)[0], Progress(Phase.READING, 300, 1000))
    assert wizard.busy_step.bar.value() == 300
    import_now(window)
    session = space(window).session
    qtbot.waitUntil(lambda: not session.loading)
    assert [info.name for info in session.classes] == ["robin", "wren"]
    assert sorted(texts(window)) == ["robin/a.wav", "wren/a.wav"]
    said = notices(window)
    assert any(words.startswith("2 rows added.") for words in said)
    assert any(words.startswith("1 row could not be made") for words in said)
    window.show_page("data")
    data = space(window).data
    assert [data.sources.index(0, column).data() for column in (0, 2, 3)] == ["calls", "2", "1"]
    assert "broken.wav" in data.problems.model.index(0, 1).data()
    session.undo()
    qtbot.waitUntil(lambda: not session.loading)
    assert texts(window) == []
    session.redo()
    qtbot.waitUntil(lambda: not session.loading)
    assert len(texts(window)) == 2


def test_labels_that_are_classes_already_are_found_again(qtbot, window, folder, tmp_path):
    added(qtbot, window, folder)
    save(tmp_path / "more" / "Wren" / "b.wav", tone(0.7))
    save(tmp_path / "more" / "owl" / "c.wav", tone(0.8))
    added(qtbot, window, tmp_path / "more")
    session = space(window).session
    assert [info.name for info in session.classes] == ["robin", "wren", "owl"]
    assert session.table.counts() == {1: 1, 2: 2, 3: 1}


def test_options_are_passed_on(window, folder):
    wizard = begun(window, folder)
    wizard.recordings_step.copy.click()
    wizard.recordings_step.cut.setChecked(True)
    wizard.recordings_step.length.setValue(3.0)
    wizard.next.click()
    options = window.runner.last(ImportSounds)[1].options
    assert (options.copy, options.cut.length) == (True, 3.0)
    window.runner.drop(window.runner.last(ImportSounds)[0])


def test_the_same_recordings_twice_are_kept_and_told(qtbot, window, folder, tmp_path):
    added(qtbot, window, folder / "wren")
    # The same sound under another name, and another sound under the same name.
    save(tmp_path / "copy" / "twin.wav", tone(1.0))
    save(tmp_path / "other" / "a.wav", tone(0.6))
    added(qtbot, window, tmp_path / "copy")
    added(qtbot, window, tmp_path / "other")
    window.show_page("data")
    note = space(window).data._duplicates_note
    qtbot.waitUntil(note.isVisible)
    assert note.text() == "1 row has the same sound as an earlier one."
    assert len(texts(window)) == 3


def test_names_that_two_folders_share_stay_apart(qtbot, window, tmp_path):
    for name in ("one", "two"):
        save(tmp_path / name / "a.wav", tone(0.5, pitch=200 + len(name)))
    added(qtbot, window, tmp_path / "one" / "a.wav", tmp_path / "two" / "a.wav")
    assert sorted(texts(window)) == ["one/a.wav", "two/a.wav"]
    clips = space(window).session.table.clips
    assert {clips.at(place).path.parent.name for place in (0, 1)} == {"one", "two"}


def test_a_folder_without_any_and_a_stop_are_sentences(window, folder):
    wizard = begun(window, folder)
    window.dialogs.add_sounds(["/nowhere"])
    other = dialog(window)
    window.runner.refuse(window.runner.last(LookSounds)[0], Message.of("There is no sound in nowhere."))
    assert other.recordings_step.problem.sentence == "There is no sound in nowhere."
    assert not other.next.isEnabled()
    other.reject()
    wizard.next.click()
    ticket, _ = window.runner.last(ImportSounds)
    wizard.busy_step.cancel.click()
    assert ticket in window.runner.cancelled
    window.runner.drop(ticket)
    assert "Nothing was added" in wizard.recordings_step.problem.sentence
    assert wizard.next.isEnabled()
    wizard.next.click()
    window.runner.refuse(window.runner.last(ImportSounds)[0], Message.of("The disk is full."))
    assert wizard.recordings_step.problem.sentence == "The disk is full."
    assert texts(window) == []


def drop(page, *paths) -> bool:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    how = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(9, 9), *how)
    enter.ignore()
    QCoreApplication.sendEvent(page, enter)
    if enter.isAccepted():
        QCoreApplication.sendEvent(page, QDropEvent(QPoint(9, 9), *how))
    return enter.isAccepted()


@pytest.mark.parametrize("name", ["data", "label"])
def test_several_files_are_dropped_on_the_page_but_no_project(window, folder, tmp_path, name):
    window.show_page(name)
    page = space(window).pages[name]
    paths = [folder / "wren" / "a.wav", folder / "robin"]
    assert drop(page, *paths)
    assert window.runner.last(LookSounds)[1].paths == tuple(map(str, paths))
    assert not drop(page, tmp_path / "Calls.fsl")


def test_a_project_that_is_read_only_takes_nothing(qtbot, window, folder, tmp_path, monkeypatch):
    window.close_project()
    monkeypatch.setattr(opening, "ProjectLock", forbidden_lock)
    window.open_path(str(tmp_path / "Calls.fsl"))
    page = space(window).data
    qtbot.waitUntil(lambda: not space(window).session.loading)
    window.show_page("data")
    assert space(window).session.project.read_only
    assert not page.add_button.isEnabled()
    assert not drop(page, folder)
    assert not any(isinstance(request, LookSounds) for _, request in window.runner.requests)


def test_the_label_page_leads_to_recordings_too(window):
    empty = space(window).label._empty
    assert empty.isVisible()
    assert empty.button.text() == "Add recordings…"
    empty.button.click()
    assert dialog(window).isVisible()


def test_how_much_sound_there_is_and_what_listens(qtbot, window, folder):
    added(qtbot, window, folder)
    box = space(window).data._about_sounds
    assert box.amount.text() == "13.0 seconds in 2 files"
    assert "YAMNet" in box.encoders.text()
    space(window).session.undo()
    qtbot.waitUntil(lambda: box.amount.text() == "0.0 seconds in 0 files")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0.0 seconds"), (59.94, "59.9 seconds"), (90, "1:30 minutes"), (3725, "1:02:05 hours")],
)
def test_amounts_in_words(window, seconds, words):
    assert space(window).data._about_sounds._time(seconds) == words


def test_a_file_whose_facts_are_nonsense_stops_nothing(qtbot, window, folder, tmp_path):
    added(qtbot, window, folder)
    window.close_project()
    with sqlite3.connect(tmp_path / "Calls.fsl" / "project.db") as db:
        db.execute("UPDATE files SET seconds = 'soon', content = 7")
    window.open_path(str(tmp_path / "Calls.fsl"))
    made = space(window)
    qtbot.waitUntil(lambda: not made.session.loading)
    assert made.data._about_sounds.amount.text() == "0.0 seconds in 2 files"
