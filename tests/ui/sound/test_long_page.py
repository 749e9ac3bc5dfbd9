"""A long recording on the Test page: listened to, looked through, and what is done with what was found."""

from __future__ import annotations

from pathlib import Path

import pytest
from long_fakes import find, load, names, night, open_sounds, tell_half, track
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QFileDialog,
    QLabel,
    QSlider,
    QTableView,
)
from sounds import save, tone

from fsl_desktop.core.audio.event_files.files import Format, read_events
from fsl_desktop.ui.sound.player import PlayState
from fsl_desktop.ui.sound.test_tabs import CLIP, LONG
from fsl_desktop.ui.theme import DARK
from fsl_desktop.work.protocol import AskSounds, Scanned, ScanRecording


def drop(widget, path: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path))])
    how = Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(widget, QDragEnterEvent(QPoint(9, 9), *how))
    QApplication.sendEvent(widget, QDropEvent(QPoint(9, 9), *how))


def test_a_long_file_dropped_on_the_clip_is_looked_through_and_a_short_one_is_a_clip(qtbot, opened, tmp_path):
    _, runner, made = opened
    tabs = made.sounds.tabs
    drop(tabs.clip, night(tmp_path))
    qtbot.waitUntil(lambda: tabs.tabs.currentIndex() == LONG, timeout=5000)
    assert tabs.long.isVisible()
    qtbot.waitUntil(lambda: "1:30" in tabs.long.setup.name.whole(), timeout=5000)
    tabs.tabs.setCurrentIndex(CLIP)
    short = save(tmp_path / "short.wav", tone(0.5))
    drop(tabs.clip, short)
    qtbot.waitUntil(
        lambda: any(isinstance(r, AskSounds) and r.parts for _, r in runner.requests), timeout=5000
    )
    assert runner.last(AskSounds)[1].parts[0].path == str(short)
    assert tabs.tabs.currentIndex() == CLIP


def test_a_file_that_is_chosen_is_shown_in_the_tab_that_it_is_for_too(qtbot, opened, tmp_path, monkeypatch):
    _, runner, made = opened
    tabs, chosen = made.sounds.tabs, [night(tmp_path), save(tmp_path / "short.wav", tone(0.5))]
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(chosen.pop(0)), ""))
    tabs.clip.choose.click()
    qtbot.waitUntil(lambda: tabs.tabs.currentIndex() == LONG, timeout=5000)
    qtbot.waitUntil(lambda: "1:30" in tabs.long.setup.name.whole(), timeout=5000)
    tabs.tabs.setCurrentIndex(CLIP)
    tabs.clip.choose.click()
    qtbot.waitUntil(
        lambda: any(isinstance(r, AskSounds) and r.parts for _, r in runner.requests), timeout=5000
    )
    assert tabs.tabs.currentIndex() == CLIP


def test_a_file_that_is_no_sound_is_told_on_the_tab_where_it_was_chosen(qtbot, opened, tmp_path, monkeypatch):
    tabs = opened[2].sounds.tabs
    (tmp_path / "notes.wav").write_text("field notes " * 40)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(tmp_path / "notes.wav"), ""))
    tabs.clip.choose.click()
    failed = tabs.clip.clip_view.failed
    qtbot.waitUntil(failed.isVisible, timeout=5000)
    assert any("notes.wav is a text" in label.text() for label in failed.findChildren(QLabel))
    assert tabs.tabs.currentIndex() == CLIP


def test_windows_are_as_long_as_the_labelled_clips_until_somebody_chooses(opened, page):
    _, _, made = opened
    assert page.setup.window_seconds == 0.5, "the digits of the sample are short"
    assert page.setup.hop_seconds == 0.25
    page.setup.window_.setValue(2.0)
    assert page.setup.hop_seconds == 1.0
    made.session.label_rows([int(made.session.table.ids[30])], made.session.classes[0].id)
    assert page.setup.window_seconds == 2.0
    page.setup.hop.setValue(5.0)
    assert page.setup.hop_seconds == 2.0, "no moment may be left out"


def test_the_timeline_fills_up_and_the_whole_is_there_in_the_end(qtbot, opened, page):
    _, runner, made = opened
    assert page.timeline.canvas.isVisible(), "the waveform can be looked at before"
    page.setup.hop.setValue(0.5)
    page.setup.listen.click()
    ticket, request = runner.last(ScanRecording)
    assert (request.window, request.hop, Path(request.path).name) == (0.5, 0.5, "night.wav")
    assert request.model == "sounds"
    assert not page.setup.listen.isEnabled()
    whole = track(made)
    tell_half(runner, ticket, whole)
    assert page.setup.words.text() == "Listening, 90 of 180 windows, about 12 s left"
    assert [one.start for one in page.timeline.detections()] == [20.0, 40.0]
    page.timeline.canvas.zoom(0.2)
    page.timeline.step(1)
    seen, chosen = page.timeline.canvas.shown, page.timeline.chosen
    runner.reply(ticket, Scanned(whole))
    assert page.timeline.canvas.shown == seen, "what one looks at stays"
    assert page.timeline.chosen == chosen
    assert not page.setup.cancel.isVisible()
    page.timeline.slider.setValue(30)
    assert [one.start for one in page.timeline.detections()] == [20.0, 40.0, 60.0]
    assert page.panel.list.events.rowCount() == 3


def test_cancel_asks_the_child_and_says_that_it_can_go_on(opened, page):
    _, runner, made = opened
    page.setup.listen.click()
    ticket, _ = runner.last(ScanRecording)
    tell_half(runner, ticket, track(made))
    page.setup.cancel.click()
    assert runner.cancelled == [ticket]
    runner.drop(ticket)
    assert "goes on where it was" in page.status.text()
    assert len(page.timeline.detections()) == 2, "what was found stays"
    assert page.setup.listen.isEnabled()


def test_closing_the_project_ends_the_scan(qtbot, home, tmp_path):
    window, runner, made = open_sounds(qtbot, home)
    window.show_page("test")
    page = load(qtbot, made, night(tmp_path))
    page.setup.listen.click()
    ticket, _ = runner.last(ScanRecording)
    window.close_project()
    assert ticket in runner.cancelled


def test_another_recording_ends_the_scan_of_the_one_before(qtbot, opened, page, tmp_path):
    _, runner, made = opened
    page.setup.listen.click()
    ticket, _ = runner.last(ScanRecording)
    load(qtbot, made, save(tmp_path / "other.wav", tone(70.0)))
    assert ticket in runner.cancelled
    assert page.timeline.detections() == []
    assert not page.panel.export.isEnabled()


def test_rules_change_what_is_shown(opened, page):
    _, runner, made = opened
    find(runner, made, page)
    page.rule.shortest.setValue(3.0)
    assert page.timeline.detections() == []
    page.rule.shortest.setValue(0.0)
    assert len(page.timeline.detections()) == 2
    action = next(one for one in page.rule.menu.actions() if one.data() == names(made)[1])
    action.setChecked(False)
    assert [one.label for one in page.timeline.detections()] == [names(made)[3]]
    assert page.rule.classes.text() == "Classes: 9 of 10"
    page.timeline.slider.setValue(30)
    page.rule.gap.setValue(60.0)
    assert len(page.timeline.detections()) == 1


def test_events_are_heard_and_list_and_timeline_move_together(qtbot, opened, page):
    window, runner, made = opened
    find(runner, made, page)
    table = page.panel.list
    table.selectRow(1)
    assert page.timeline.chosen.start == 40.0
    player = made.sounds._players[-1]
    assert player._region == (40.0, 42.0)
    page.timeline.step(-1)
    assert table.currentIndex().row() == 0
    assert player._region == (20.0, 22.0)
    player.pause()
    page.play.toggle()
    assert player._region is None
    player.moved.emit(33.0)
    assert page.timeline.canvas._playhead == 33.0
    page.play.each.setChecked(False)
    page.timeline.step(1)
    assert player._region is None
    qtbot.keyClick(page.timeline.canvas, Qt.Key.Key_Return)
    assert player._region == (40.0, 42.0)
    window.show_page("label")
    assert player.state is PlayState.STOPPED


def test_rows_are_made_of_events_once_and_undone_together(qtbot, opened, page):
    _, runner, made = opened
    find(runner, made, page)
    before = len(made.session.table)
    page.panel.rows_asked.emit(True)
    qtbot.waitUntil(lambda: len(made.session.table) == before + 2, timeout=5000)
    ids = {info.name: info.id for info in made.session.classes}
    assert made.session.table.labels[before:].tolist() == [ids[names(made)[1]], ids[names(made)[3]]]
    clip = made.session.table.clips.at(before)
    assert (clip.path.name, clip.start, clip.end) == ("night.wav", 20.0, 22.0)
    assert page.status.text() == "2 rows added. Undo takes them out again."
    page.timeline.slider.setValue(30)
    page.panel.rows_asked.emit(False)
    qtbot.waitUntil(lambda: len(made.session.table) == before + 3, timeout=5000)
    assert page.status.text().endswith("2 were rows already.")
    assert int(made.session.table.labels[before + 2]) == 0
    made.session.undo()
    made.session.undo()
    assert made.session.table.removed[before:].all()


@pytest.mark.parametrize("kind", list(Format))
def test_events_go_out_as_they_are_shown(qtbot, opened, page, tmp_path, monkeypatch, kind):
    _, runner, made = opened
    find(runner, made, page)
    page.timeline.slider.setValue(85)
    target = tmp_path / "out"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    with qtbot.waitSignal(page.deeds.files.written, timeout=5000) as written:
        page.panel.export_asked.emit(kind)
    found = read_events(Path(written.args[0]))
    assert [(one.start, one.end, one.label) for one in found] == [(20.0, 22.0, names(made)[1])]
    assert page.status.text().startswith("Saved out.")


def test_compared_with_a_file_of_events(qtbot, opened, page, tmp_path, monkeypatch):
    _, runner, made = opened
    find(runner, made, page)
    second, fourth = names(made)[1], names(made)[3]
    truth = tmp_path / "truth.txt"
    truth.write_text(f"20\t22\t{second}\n60\t62\t{fourth}\n", encoding="utf-8")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(truth), ""))
    with qtbot.waitSignal(page.deeds.files.compared, timeout=5000):
        page.panel.compare.click()
    assert page.status.text().startswith("Compared with truth.txt: 1 of 2 events found, 1 false; F1 50 %")
    with qtbot.waitSignal(page.deeds.files.compared, timeout=5000):
        page.timeline.slider.setValue(30)
    assert "2 of 2 events found, 1 false; F1 80 %" in page.status.text()
    truth.write_text("no list of events", encoding="utf-8")
    with qtbot.waitSignal(page.deeds.files.failed, timeout=5000):
        page.panel.compare.click()
    assert "no list of events" in page.status.text()


def test_labels_that_changed_since_are_told_when_one_comes_back(opened, page):
    window, runner, made = opened
    find(runner, made, page)
    window.show_page("label")
    made.session.label_rows([int(made.session.table.ids[40])], made.session.classes[2].id)
    window.show_page("test")
    assert page.status.text().startswith("Your labels have changed since.")


def test_both_themes(opened, page):
    window, runner, made = opened
    find(runner, made, page)
    light = page.grab().toImage()
    window.themes.set(DARK)
    assert page.grab().toImage() != light


def test_the_list_of_events_is_a_proper_model(opened, page, qtmodeltester):
    _, runner, made = opened
    find(runner, made, page)
    qtmodeltester.check(page.panel.list.events)


def test_every_control_has_a_name_and_a_way_to_reach_it(opened, page):
    controls = [
        one
        for kind in (QAbstractButton, QAbstractSpinBox, QComboBox, QSlider, QTableView)
        for one in page.findChildren(kind)
        if one.isVisible() and not isinstance(one.parent(), (QAbstractSpinBox, QTableView))
    ]
    assert len(controls) > 15
    for one in controls:
        assert one.accessibleName(), one.objectName()
        assert one.focusPolicy() != Qt.FocusPolicy.NoFocus, one.objectName()


def test_the_page_fits_the_smallest_window(opened, page):
    window, _, made = opened
    room = window.minimumWidth() - window.rail.width()
    assert made.pages["test"].minimumSizeHint().width() <= room
