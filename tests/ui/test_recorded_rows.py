"""In the window of a project of recordings, takes of the microphone and marked parts become rows."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest
from clip_projects import bring, paths, rows
from PySide6.QtCore import Qt
from sounds import save, tone
from window_fakes import make_window, space

from fsl_desktop.core import opening
from fsl_desktop.core.commands import RemoveRows
from fsl_desktop.core.project import Project
from fsl_desktop.ui.sound import record_dialog
from fsl_desktop.ui.sound.devices import MICROPHONE_VARIABLE
from fsl_desktop.work.protocol import CheckModel, ModelStatus

#: A menu that pops up where there is no screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support")


@pytest.fixture
def folder(tmp_path, home):
    save(tmp_path / "calls" / "cat" / "a.wav", tone(2.0))
    save(tmp_path / "calls" / "dog" / "b.wav", tone(3.0))
    return tmp_path / "calls"


@pytest.fixture
def project(tmp_path, folder, monkeypatch):
    monkeypatch.setenv(MICROPHONE_VARIABLE, str(folder / "dog" / "b.wav"))
    monkeypatch.setattr(record_dialog, "COUNT_IN", 0)
    project = Project.create(tmp_path / "Calls.fsl", "Calls", "classify-audio")
    bring(project, folder)
    project.close()
    return tmp_path / "Calls.fsl"


def open_window(qtbot, home, project):
    window, runner = make_window(home)
    qtbot.addWidget(window)
    window.show()
    window.open_path(str(project))
    qtbot.waitUntil(lambda: window.workspace is not None)
    made = space(window)
    qtbot.waitUntil(lambda: not made.session.loading)
    ticket, _ = runner.last(CheckModel)
    runner.reply(ticket, ModelStatus("sounds", True, "/models"))
    return window, made


@pytest.fixture
def opened(qtbot, home, project):
    window, made = open_window(qtbot, home, project)
    yield window, made
    window.close_project()


def shown_row(made):
    row = made.label.view.current_row()
    return made.session.table.texts[int(made.session.table.positions([row])[0])]


def record_one(qtbot, made, label=""):
    """Press Record, speak, stop, keep."""
    if made.sounds.recording.dialog is None:
        qtbot.mouseClick(made.sounds.dock.record, Qt.MouseButton.LeftButton)
    panel = made.sounds.recording.dialog.panel
    qtbot.waitUntil(panel.record.isEnabled, timeout=5000)
    if label:
        panel.classes.setCurrentText(label)
    panel.record.click()
    qtbot.waitUntil(lambda: panel.big.text() >= "0:00.2", timeout=5000)
    panel.record.click()
    qtbot.waitUntil(panel.keep.isVisible, timeout=5000)
    panel.keep.click()
    qtbot.waitUntil(lambda: not made.session.loading)


def view_of(qtbot, made, line):
    """The view of a row's recording, once it is drawn."""
    view = made.sounds.dock.clip_view
    made.label.view.go_to_line(line)
    qtbot.waitUntil(lambda: view._info is not None and view.waveform.isVisible(), timeout=5000)
    return view


def chosen(made, words):
    menu = made.sounds.dock.menu
    next(action for action in menu.actions() if words in action.text()).trigger()
    menu.close()


def test_takes_become_rows_in_the_projects_folder_and_undo_takes_them_back(qtbot, opened, project):
    _, made = opened
    record_one(qtbot, made)
    record_one(qtbot, made, "dog")
    made.sounds.recording.dialog.close()
    found = rows(made.session.project)
    assert list(found.items())[2:] == [("Recording 1.wav", ""), ("Recording 2.wav", "dog")]
    assert paths(made.session.project)[2:] == [
        project / "media" / "recorded" / f"Recording {n}.wav" for n in (1, 2)
    ]
    assert shown_row(made) == "Recording 2.wav"
    made.label.labelling.undo()
    assert list(rows(made.session.project))[2:] == ["Recording 1.wav"]
    made.label.labelling.redo()
    assert rows(made.session.project)["Recording 2.wav"] == "dog"


def test_a_take_never_goes_over_a_file_that_is_there(qtbot, opened, project):
    _, made = opened
    there = save(project / "media" / "recorded" / "Recording 1.wav", tone(0.3))
    before = there.read_bytes()
    record_one(qtbot, made)
    assert shown_row(made) == "Recording 2.wav"
    assert there.read_bytes() == before


def test_a_filter_that_would_hide_the_new_row_is_taken_away(qtbot, opened):
    _, made = opened
    made.label.header.search.setText("cat")
    qtbot.waitUntil(lambda: made.label.model.rowCount() == 1)
    record_one(qtbot, made)
    qtbot.waitUntil(lambda: made.label.model.rowCount() == 3)
    assert shown_row(made) == "Recording 1.wav"


def test_a_project_without_rows_offers_to_record(qtbot, opened):
    _, made = opened
    made.session.do(RemoveRows(tuple(int(row) for row in made.session.table.ids)))
    qtbot.waitUntil(made.label._empty.isVisible)
    made.label._empty.record.click()
    assert made.sounds.recording.dialog is not None
    record_one(qtbot, made)
    assert shown_row(made) == "Recording 1.wav"


def test_the_menu_and_its_key_record_too_but_only_where_there_are_recordings(qtbot, opened):
    window, made = opened
    assert window.actions_.record.isEnabled()
    window.actions_.record.trigger()
    assert made.sounds.recording.dialog.isVisible()
    window.close_project()
    assert not window.actions_.record.isEnabled()


def test_a_folder_that_leads_out_of_the_project_is_not_written_to(qtbot, opened, project, tmp_path):
    _, made = opened
    (tmp_path / "elsewhere").mkdir()
    (project / "media").mkdir()
    os.symlink(tmp_path / "elsewhere", project / "media" / "recorded")
    made.sounds.dock.record.click()
    panel = made.sounds.recording.dialog.panel
    qtbot.waitUntil(panel.record.isEnabled, timeout=5000)
    panel.record.click()
    assert "leads out of it" in panel.words.text()
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_project_that_can_only_be_read_says_so_at_the_button(qtbot, home, project, monkeypatch):
    def forbidden(folder):
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(opening, "ProjectLock", forbidden)
    window, made = open_window(qtbot, home, project)
    assert made.session.project.read_only
    button = made.sounds.dock.record
    assert not button.isEnabled()
    assert "can only be read here" in button.toolTip()
    assert not window.actions_.record.isEnabled()
    view = view_of(qtbot, made, 0)
    view.select((0.5, 1.0))
    with qtbot.waitSignal(made.session.failed) as told:
        view.transport.label.click()
    assert "can only be read here" in told.args[0].text
    assert len(made.session.table) == 2
    window.close_project()


def test_a_marked_part_becomes_a_row_that_is_labelled_in_the_table(qtbot, opened):
    _, made = opened
    view = view_of(qtbot, made, 1)
    view.select((0.5, 1.25))
    qtbot.keyClick(view.waveform, Qt.Key.Key_Return)
    chosen(made, "New row")
    qtbot.waitUntil(lambda: len(made.session.table) == 3)
    qtbot.waitUntil(lambda: shown_row(made) == "dog/b.wav 0:00.5–0:01.25")
    qtbot.keyClick(made.label.view, Qt.Key.Key_1)
    assert rows(made.session.project)["dog/b.wav 0:00.5–0:01.25"] == "cat"
    made.label.labelling.undo()
    made.label.labelling.undo()
    assert list(rows(made.session.project)) == ["cat/a.wav", "dog/b.wav"]


def test_the_key_of_a_class_in_the_menu_labels_the_part_and_one_stays_where_one_is(qtbot, opened):
    _, made = opened
    view = view_of(qtbot, made, 1)
    view.select((0.5, 1.25))
    assert "Enter labels this part" in view.transport.hint.whole()
    view.transport.label.click()
    qtbot.keyClick(made.sounds.dock.menu, Qt.Key.Key_1)
    qtbot.waitUntil(lambda: len(made.session.table) == 3)
    assert rows(made.session.project) == {
        "cat/a.wav": "cat",
        "dog/b.wav": "dog",
        "dog/b.wav 0:00.5–0:01.25": "cat",
    }
    assert shown_row(made) == "dog/b.wav"
    assert view.region is None, "ready for the next part"
    # The table's own keys label its row, whatever is marked.
    view.select((0.5, 1.25))
    qtbot.keyClick(made.label.view, Qt.Key.Key_1)
    assert rows(made.session.project)["dog/b.wav"] == "cat"
    assert len(made.session.table) == 3


def test_the_keys_of_the_view_do_not_label_and_the_test_page_marks_nothing(qtbot, opened):
    _, made = opened
    view = view_of(qtbot, made, 1)
    view.select((0.5, 1.25))
    qtbot.keyClick(view.waveform, Qt.Key.Key_1)
    assert rows(made.session.project)["dog/b.wav"] == "dog"
    assert len(made.session.table) == 2
    made.test.clip_view.transport.show_region((0.0, 1.0))
    assert made.test.clip_view.transport.label.isHidden()


@pytest.mark.parametrize(
    ("start", "end", "words"), [(9.0, 10.0, "ends before 9.00"), (1.0, 1.0, "not after its start")]
)
def test_a_part_outside_of_the_file_is_one_sentence(qtbot, opened, start, end, words):
    _, made = opened
    row = int(made.session.table.ids[0])
    with qtbot.waitSignal(made.session.failed) as told:
        made.sounds.dock.region_asked.emit(row, start, end, ())
    assert words in told.args[0].text
    assert len(made.session.table) == 2


def test_a_part_that_reaches_past_the_end_is_cut_there(qtbot, opened):
    _, made = opened
    made.sounds.dock.region_asked.emit(int(made.session.table.ids[0]), 1.5, 2.5, (2,))
    qtbot.waitUntil(lambda: len(made.session.table) == 3)
    assert rows(made.session.project)["cat/a.wav 0:01.5–0:02"] == "dog"


def test_a_file_that_is_gone_meanwhile_is_one_sentence(qtbot, opened, folder):
    _, made = opened
    view = view_of(qtbot, made, 0)
    view.select((0.5, 1.0))
    Path(folder / "cat" / "a.wav").unlink()
    view.transport.label.click()
    with qtbot.waitSignal(made.session.failed) as told:
        chosen(made, "dog")
    assert "a.wav is not there any more" in told.args[0].text
    assert len(made.session.table) == 2
