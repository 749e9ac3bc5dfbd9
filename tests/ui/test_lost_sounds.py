"""Recordings that were moved: told when the project opens, found in another folder, heard again."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from clip_projects import bring
from PySide6.QtWidgets import QFileDialog
from sounds import save, tone
from window_fakes import forbidden_lock, make_window, space

from fsl_desktop.core import opening
from fsl_desktop.core.config import Task
from fsl_desktop.core.events import Phase, Progress
from fsl_desktop.core.message import Message
from fsl_desktop.core.project import Project
from fsl_desktop.core.relink import Moved, find_moved
from fsl_desktop.ui.sound.relink_dialog import RelinkDialog, moved_words
from fsl_desktop.work.protocol import CheckModel, FindMoved, ModelStatus, Suggest

NAMES = ("robin/a.wav", "wren/b.wav", "wren/c.wav")


@pytest.fixture
def place(tmp_path, home) -> Path:
    """A project whose recordings left ``old``: two of three are in ``new``, one with another sound."""
    for n, name in enumerate(NAMES):
        save(tmp_path / "old" / name, tone(0.5 + n / 10))
    project = Project.create(tmp_path / "Calls.fsl", "Calls", Task.CLASSIFY_AUDIO)
    bring(project, tmp_path / "old")
    project.close()
    (tmp_path / "old").rename(tmp_path / "new")
    save(tmp_path / "new" / "wren" / "b.wav", tone(0.9))
    (tmp_path / "new" / "wren" / "c.wav").unlink()
    return tmp_path


@pytest.fixture
def window(qtbot, home, place):
    made, runner = make_window(home)
    qtbot.addWidget(made)
    made.show()
    made.runner = runner
    yield made
    made.dialogs.abandon()
    made.close_project()


def opened(qtbot, window, place):
    window.open_path(str(place / "Calls.fsl"))
    made = space(window)
    with qtbot.waitSignal(made.sounds.lost.looked, timeout=5000):
        pass
    window.runner.reply(window.runner.last(CheckModel)[0], ModelStatus("sounds", True, "/models"))
    return made


def lost_notice(window):
    return next((one for one in window.notifications.notices if "not where" in one.sentence), None)


def answer(window) -> None:
    """What the child finds."""
    ticket, request = window.runner.last(FindMoved)
    clips = space(window).session.table.clips
    window.runner.reply(ticket, find_moved(clips, None, Path(request.folder)))


def suggests(window) -> int:
    return sum(isinstance(request, Suggest) for _, request in window.runner.requests)


def dialog(window) -> RelinkDialog:
    return window.findChildren(RelinkDialog)[-1]


def test_it_is_told_at_opening_and_the_pages_stay_usable(qtbot, window, place):
    made = opened(qtbot, window, place)
    notice = lost_notice(window)
    assert notice.sentence == "3 of 3 recordings are not where they were."
    assert notice.action.text() == "Find them…"
    made.label.view.go_to_line(1)
    failed = made.sounds.dock.clip_view.failed
    qtbot.waitUntil(failed.isVisible, timeout=5000)
    window.show_page("data")
    assert made.data._about_sounds.missing.sentence == notice.sentence
    assert made.data.add_button.isEnabled()


def test_what_was_found_is_told_taken_played_and_suggested_for(qtbot, window, place, monkeypatch):
    made = opened(qtbot, window, place)
    qtbot.waitUntil(lambda: len(made.sounds.rows.thumbnails._known) == 3, timeout=5000)
    made.label.view.go_to_line(0)
    qtbot.waitUntil(made.sounds.dock.clip_view.failed.isVisible, timeout=5000)
    lost_notice(window).action.click()
    found = dialog(window)
    assert "old" in found.words.text()
    assert not found.use.isVisible()
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(place / "new"))
    found.choose.click()
    ticket, request = window.runner.last(FindMoved)
    assert (request.folder, request.project) == (str(place / "new"), str(place / "Calls.fsl"))
    window.runner.tell(ticket, Progress(Phase.READING, 1, 4))
    assert found.busy.bar.value() == 250
    answer(window)
    words = found.words.text()
    assert words.startswith("1 of 3 found.")
    assert "the sound is or may be another: 1." in words
    assert "Not found in this folder: 1." in words
    qtbot.waitUntil(lambda: suggests(window) > 0, timeout=5000)
    window.runner.drop(window.runner.last(Suggest)[0])
    before = suggests(window)
    with qtbot.waitSignal(made.sounds.lost.looked, timeout=5000):
        found.use.click()
    assert made.session.table.clips.at(0).path == place / "new" / "robin" / "a.wav"
    assert set(made.sounds.lost.files) == {2, 3}
    qtbot.waitUntil(lambda: made.sounds.dock.clip_view.can_play, timeout=5000)
    known = made.sounds.rows.thumbnails._known
    qtbot.waitUntil(lambda: any(known[clip] is not None for clip in list(known)), timeout=5000)
    qtbot.waitUntil(lambda: suggests(window) > before, timeout=5000)
    assert "1 recording is known again." in [one.sentence for one in window.notifications.notices]
    assert made.data._about_sounds.missing._label.text() == "2 of 3 recordings are not where they were."
    window.close_project()
    project = Project.open(place / "Calls.fsl")
    for _ in project.load_rows():
        pass
    assert project.table.clips.at(0).path == place / "new" / "robin" / "a.wav"
    project.close()


def test_a_folder_that_has_none_changes_nothing(qtbot, window, place, tmp_path):
    made = opened(qtbot, window, place)
    made.data._about_sounds.missing.fix.click()
    found = dialog(window)
    (tmp_path / "empty").mkdir()
    found.search(str(tmp_path / "empty"))
    answer(window)
    assert found.words.text() == "0 of 3 found. Not found in this folder: 3."
    assert not found.use.isVisible()
    assert found.choose.text() == "Choose another folder…"
    found.search(str(tmp_path / "gone"))
    window.runner.refuse(window.runner.last(FindMoved)[0], Message.of("There is no folder gone."))
    assert found.problem.sentence == "There is no folder gone."
    assert found.choose.isEnabled()


def test_a_search_is_stopped_with_esc_and_by_closing(qtbot, window, place):
    opened(qtbot, window, place)
    window.dialogs.find_recordings()
    found = dialog(window)
    found.search(str(place / "new"))
    ticket, _ = window.runner.last(FindMoved)
    found.reject()
    assert found.isVisible()
    assert ticket in window.runner.cancelled
    window.runner.drop(ticket)
    assert "Nothing was changed" in found.problem.sentence
    found.search(str(place / "new"))
    second, _ = window.runner.last(FindMoved)
    window.dialogs.abandon()
    assert second in window.runner.cancelled
    answer(window)
    assert len(space(window).sounds.lost.files) == 3


def test_files_that_came_back_are_not_told_of(qtbot, window, place):
    shutil.copytree(place / "new", place / "old")
    save(place / "old" / "wren" / "c.wav", tone(0.7))
    made = opened(qtbot, window, place)
    assert made.sounds.lost.files == {}
    assert lost_notice(window) is None
    assert made.data._about_sounds.missing.isHidden()


def test_a_project_that_is_read_only_says_so_and_has_no_button(qtbot, window, place, monkeypatch):
    monkeypatch.setattr(opening, "ProjectLock", forbidden_lock)
    made = opened(qtbot, window, place)
    assert made.session.project.read_only
    assert lost_notice(window).action is None
    assert "read only" in made.data._about_sounds.missing._label.text()


def test_where_it_cannot_be_written_the_dialog_stays_and_says_so(qtbot, window, place, monkeypatch):
    made = opened(qtbot, window, place)
    window.dialogs.find_recordings()
    found = dialog(window)
    found.search(str(place / "new"))
    answer(window)
    made.session.project.read_only = True
    found.use.click()
    assert found.isVisible()
    assert "could not be written down" in found.problem.sentence
    made.session.project.read_only = False


def test_several_thousand_are_looked_for_beside_the_window(qtbot, window, place, monkeypatch):
    threads = []
    isfile = os.path.isfile

    def slow(path):
        import threading

        threads.append(threading.current_thread().name)
        return isfile(path)

    monkeypatch.setattr("fsl_desktop.core.clip_table.os.path.isfile", slow)
    opened(qtbot, window, place)
    assert "lost recordings" in threads


@pytest.mark.parametrize(
    ("moved", "words"),
    [
        (Moved(((1, Path("a")),), 0, 0), "1 of 1 found."),
        (Moved((), 0, 2), "0 of 2 found. Not found in this folder: 2."),
    ],
)
def test_results_in_words(qapp, moved, words):
    assert moved_words(moved) == words
