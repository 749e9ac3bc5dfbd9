"""From recordings to a project: dropped or chosen, looked into, cut or copied, and a cancel in the middle."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from sounds import save, tone

from fsl_desktop.core.audio.look import SoundLook, look
from fsl_desktop.core.clip_import import import_sounds
from fsl_desktop.core.config import Task
from fsl_desktop.core.message import Message
from fsl_desktop.core.project import Project
from fsl_desktop.ui.importer import Importer
from fsl_desktop.ui.jobs import Jobs
from fsl_desktop.ui.theme import LIGHT, ThemeHolder
from fsl_desktop.ui.wizard.new_sounds import CLASSES, PLACE, RECORDINGS, NewSoundsWizard
from fsl_desktop.work.protocol import ImportSounds, LookSounds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "bird_calls"
    for label, seconds in (("wren", 1.0), ("robin", 12.0)):
        (place / label).mkdir(parents=True)
        save(place / label / "a.wav", tone(seconds))
    (place / "robin" / "broken.wav").write_bytes(b"no sound at all")
    return place


@pytest.fixture
def wizard(qtbot, runner, tmp_path, home):
    jobs = Jobs(runner)
    made = NewSoundsWizard(ThemeHolder(LIGHT), Importer(jobs, jobs), str(tmp_path / "projects"))
    jobs.setParent(made)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.abandon()


def looked(wizard, runner, folder) -> SoundLook:
    wizard.look([str(folder)])
    found = look(runner.last(LookSounds)[1].paths)
    runner.reply(runner.last(LookSounds)[0], found)
    return found


def imported(runner) -> None:
    """What the child does with an import."""
    ticket, request = runner.last(ImportSounds)
    runner.reply(ticket, import_sounds(Path(request.project), request.paths, request.options))


def opened(folder: str) -> Project:
    project = Project.open(Path(folder))
    for _ in project.load_rows():
        pass
    return project


def test_a_folder_becomes_a_project_with_the_keyboard_alone(wizard, runner, qtbot, folder):
    assert not wizard.next.isEnabled()
    looked(wizard, runner, folder)
    assert wizard.step == RECORDINGS
    words = wizard.recordings_step.facts.text()
    assert "3 recordings" in words
    assert "robin, wren" in words
    qtbot.keyClick(wizard, Qt.Key.Key_Return)
    assert wizard.step == CLASSES
    assert wizard.classes_step.names == ("robin", "wren")
    qtbot.keyClick(wizard.next, Qt.Key.Key_Space)
    assert wizard.step == PLACE
    assert wizard.place_step.name.text() == "Bird calls"
    with qtbot.waitSignal(wizard.created, timeout=5000) as created:
        qtbot.keyClick(wizard.place_step.name, Qt.Key.Key_Return)
        assert wizard.importing
        imported(runner)
    project = opened(created.args[0])
    assert project.task == Task.CLASSIFY_AUDIO
    assert project.table.counts() == {1: 1, 2: 1}
    assert project.table.clips is not None
    project.close()


def test_long_recordings_are_cut_and_files_copied_if_wished(wizard, runner, qtbot, folder):
    looked(wizard, runner, folder)
    step = wizard.recordings_step
    assert not step.length.isEnabled()
    step.copy.click()
    step.cut.click()
    step.length.setValue(4.0)
    step.silence.click()
    wizard.next.click()
    wizard.next.click()
    wizard.next.click()
    request = runner.last(ImportSounds)[1]
    assert request.options.copy
    assert (request.options.cut.length, request.options.cut.skip_silence) == (4.0, False)
    with qtbot.waitSignal(wizard.created, timeout=5000) as created:
        imported(runner)
    project = opened(created.args[0])
    assert len(project.table) > 2
    assert all(
        project.table.clips.at(place).path.is_relative_to(project.folder)
        for place in range(len(project.table))
    )
    project.close()


def test_files_are_dropped_on_the_dashed_place(wizard, runner, folder):
    data = QMimeData()
    paths = [str(folder / "wren" / "a.wav"), str(folder / "robin" / "a.wav")]
    data.setUrls([QUrl.fromLocalFile(path) for path in paths])
    event = QDropEvent(
        QPointF(9, 9),
        Qt.DropAction.CopyAction,
        data,
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )
    wizard.recordings_step.area.dropEvent(event)
    assert runner.last(LookSounds)[1].paths == tuple(paths)
    assert wizard.recordings_step.bar.isVisible()
    assert not wizard.next.isEnabled()


def test_what_is_no_recording_is_told_and_another_choice_is_possible(wizard, runner, folder):
    wizard.look(["/x/notes.txt"])
    runner.refuse(runner.last(LookSounds)[0], Message.of("notes.txt is no sound. Choose WAV files."))
    assert "notes.txt is no sound" in wizard.recordings_step.problem.sentence
    assert not wizard.next.isEnabled()
    looked(wizard, runner, folder)
    assert wizard.next.isEnabled()


def test_looking_can_be_stopped(wizard, runner, folder):
    wizard.look([str(folder)])
    ticket = runner.last(LookSounds)[0]
    wizard.recordings_step.stop.click()
    assert ticket in runner.cancelled
    assert not wizard.recordings_step.bar.isVisible()
    assert wizard.recordings_step.choose_files.isVisible()


def test_a_stopped_import_leaves_no_project(wizard, runner, qtbot, folder):
    looked(wizard, runner, folder)
    for _ in range(3):
        wizard.next.click()
    ticket, request = runner.last(ImportSounds)
    assert Path(request.project).is_dir()
    wizard.busy_step.cancel.click()
    assert ticket in runner.cancelled
    runner.drop(ticket)
    assert wizard.step == PLACE
    assert not Path(request.project).exists()
    assert "Nothing was kept" in wizard.place_step.problem.sentence
