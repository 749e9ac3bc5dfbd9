"""Long recordings that cannot be read, listened to or written about: one sentence each."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import numpy as np
import pytest
from long_fakes import find, load, tell_half, track
from PySide6.QtWidgets import QLabel
from sounds import save, tone

from fsl_desktop.core.audio.event_files.files import Format, read_events
from fsl_desktop.core.commands import RemoveClass
from fsl_desktop.core.message import Message
from fsl_desktop.work.protocol import Scanned, ScanRecording


def sentences(widget) -> list[str]:
    return [label.text() for label in widget.findChildren(QLabel) if label.isVisible()]


def test_a_refusal_is_one_sentence_and_the_button_works_again(opened, page):
    _, runner, _ = opened
    page.setup.listen.click()
    ticket, _ = runner.last(ScanRecording)
    runner.refuse(ticket, Message.of("The model knows nothing yet. Label one row."), "details")
    assert page.status.text() == "The model knows nothing yet. Label one row."
    assert page.setup.listen.isEnabled()


def test_what_cannot_be_written_is_one_sentence(qtbot, opened, page, tmp_path, monkeypatch):
    _, runner, made = opened
    find(runner, made, page)
    recording = tmp_path / "night.wav"
    size = recording.stat().st_size
    for target, words in (
        (tmp_path / "missing" / "a.txt", "folder"),
        (recording.with_name("night.wav"), "recording itself"),
    ):
        kind = Format.AUDACITY
        monkeypatch.setattr("fsl_desktop.ui.sound.long_files.with_ending", lambda path, kind: path)
        with qtbot.waitSignal(page.deeds.files.failed, timeout=5000):
            page.deeds.files.write(str(target), kind, page.timeline.detections(), 90.0, recording)
        assert words in page.status.text()
    assert recording.stat().st_size == size

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("fsl_desktop.core.writers_target._to_disk", full)
    with qtbot.waitSignal(page.deeds.files.failed, timeout=5000):
        page.deeds.files.write(str(tmp_path / "b.txt"), Format.AUDACITY, [], 90.0, recording)
    assert "disk is full" in page.status.text()


def test_where_nothing_may_be_written_is_one_sentence_and_another_place_works(
    qtbot, opened, page, tmp_path, monkeypatch
):
    _, runner, made = opened
    find(runner, made, page)
    recording, events = tmp_path / "night.wav", page.timeline.detections()
    held = tmp_path / "held.txt"
    held.write_text("somebody's labels")
    held.chmod(0o444)

    def refused(target: Path) -> None:
        with qtbot.waitSignal(page.deeds.files.failed, timeout=5000):
            page.deeds.files.write(str(target), Format.AUDACITY, events, 90.0, recording)
        words = f"{target.name} cannot be written. Close it if another program has it open, or choose another"
        assert page.status.text().startswith(words)

    refused(held)
    assert held.read_text() == "somebody's labels"
    with monkeypatch.context() as disk:
        whole = os.open

        def guarded(path, *how, **more):
            if ".part" in str(path):
                raise OSError(errno.EROFS, "Read-only file system", str(path))
            return whole(path, *how, **more)

        disk.setattr(os, "open", guarded)
        refused(tmp_path / "stick.txt")
    assert page.panel.export.isEnabled()
    with qtbot.waitSignal(page.deeds.files.written, timeout=5000):
        page.deeds.files.write(str(tmp_path / "here.txt"), Format.AUDACITY, events, 90.0, recording)
    assert len(read_events(tmp_path / "here.txt")) == len(events) > 0


def test_a_recording_that_vanishes_while_it_is_listened_to_is_one_sentence(opened, page):
    _, runner, made = opened
    page.setup.listen.click()
    ticket, _ = runner.last(ScanRecording)
    tell_half(runner, ticket, track(made))
    seen = page.timeline.detections()
    runner.refuse(ticket, Message.of("{file} is not there. Choose the file again.", file="night.wav"), "")
    assert page.status.text() == "night.wav is not there. Choose the file again."
    assert page.timeline.detections() == seen != [], "what was heard until then stays in sight"
    assert page.setup.listen.isEnabled()


def damaged(tmp_path: Path) -> dict[str, Path]:
    words, empty = tmp_path / "words.wav", tmp_path / "empty.wav"
    words.write_text("this is a text and no sound\n" * 9)
    empty.write_bytes(b"")
    strange = tmp_path / "strange.mp3"
    strange.write_bytes(bytes(range(256)) * 99)
    return {"is a text": words, "is empty": empty, "gone.wav": tmp_path / "gone.wav", "strange.mp3": strange}


@pytest.mark.parametrize("words", ["is a text", "is empty", "gone.wav", "strange.mp3"])
def test_what_cannot_be_read_is_one_sentence(qtbot, opened, tmp_path, words):
    _, _, made = opened
    made.sounds.tabs.show_long(damaged(tmp_path)[words])
    page = made.sounds.tabs.long
    qtbot.waitUntil(page.timeline.empty.isVisible, timeout=5000)
    assert any(words in sentence for sentence in sentences(page.timeline.empty))
    assert not page.setup.listen.isEnabled()
    assert not page.play.play.isEnabled()


def test_m4a_without_ffmpeg_says_what_is_missing(qtbot, opened, tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    path = tmp_path / "phone.m4a"
    path.write_bytes(b"\0\0\0\x20ftypM4A " + bytes(500))
    made = opened[2]
    made.sounds.tabs.show_long(path)
    page = made.sounds.tabs.long
    qtbot.waitUntil(page.timeline.empty.isVisible, timeout=5000)
    assert any("ffmpeg" in sentence for sentence in sentences(page.timeline.empty))


def test_a_file_that_breaks_off_is_told_and_used(qtbot, opened, tmp_path):
    whole = save(tmp_path / "whole.wav", tone(100.0))
    cut = tmp_path / "cut.wav"
    cut.write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    page = load(qtbot, opened[2], cut)
    assert "breaks off" in page.status.text()
    assert page.setup.listen.isEnabled()


def test_silence_is_said_to_be_silence(opened, page):
    _, runner, made = opened
    page.setup.listen.click()
    ticket, _ = runner.last(ScanRecording)
    whole = track(made)
    nothing = type(whole)(whole.class_names, 0.5, 0.5, 90.0, np.zeros(0, np.int64), whole.probabilities[:0])
    runner.reply(ticket, Scanned(nothing))
    assert page.status.text().startswith("Nothing stands out in this recording")
    assert not page.panel.rows.isEnabled()


def test_with_one_class_the_page_leads_to_the_table(qtbot, opened):
    _, _, made = opened
    tabs = made.sounds.tabs
    tabs.show_long()
    for info in made.session.classes[1:]:
        made.session.do(RemoveClass(info.id))
    assert tabs.long.no_classes.isVisible()
    tabs.long.no_classes.button.click()
    assert made.label.isVisible()
