"""The window that records: count, speak, listen, keep; and one sentence for all that can be in the way."""

from __future__ import annotations

import errno
import sys
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from device_fakes import HandDevices
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from sound_view_fakes import FakePlayer
from sounds import tone

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.core.message import Message
from fsl_desktop.ui.sound import port_audio
from fsl_desktop.ui.sound.level_meter import LevelMeter
from fsl_desktop.ui.sound.port_audio import PortAudioDevices
from fsl_desktop.ui.sound.record_dialog import RecordDialog
from fsl_desktop.ui.sound.recorder import RecordState, SoundRecorder
from fsl_desktop.ui.sound.take import Level
from fsl_desktop.ui.theme import LIGHT, ThemeHolder

CLASSES = (ClassInfo(1, "cat", 0), ClassInfo(2, "dog", 1))


class Table:
    """Where kept takes go."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.kept: list[tuple[str, tuple[int, ...]]] = []
        self.trouble: Message | None = None

    def next_take(self) -> Path:
        return self.folder / f"take {len(self.kept) + 1}.wav"

    def keep(self, path: Path, class_ids: tuple[int, ...]) -> Message | None:
        if self.trouble is None:
            self.kept.append((path.name, class_ids))
        return self.trouble


@pytest.fixture
def devices() -> HandDevices:
    return HandDevices(48_000)


@pytest.fixture
def table(tmp_path: Path) -> Table:
    return Table(tmp_path / "recorded")


@pytest.fixture
def dialog(qtbot: QtBot, devices: HandDevices, player: FakePlayer, table: Table) -> Iterator[RecordDialog]:
    yield from made(qtbot, devices, player, table)


def made(qtbot, devices, player, table) -> Iterator[RecordDialog]:  # type: ignore[no-untyped-def]
    recorder = SoundRecorder(devices, count_ms=20)
    window = RecordDialog(ThemeHolder(LIGHT), recorder, player, table.next_take, table.keep, CLASSES)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()


def recording(qtbot: QtBot, dialog: RecordDialog, devices: HandDevices, seconds: float = 0.5) -> Path:
    """Press Space, wait for the count, and speak."""
    panel = dialog.panel
    qtbot.waitUntil(lambda: panel.record.isEnabled() and devices.take is not None)
    qtbot.keyClick(panel.record, Qt.Key.Key_Space)
    assert panel.record.text() == "Cancel"
    qtbot.waitUntil(lambda: panel.record.text() == "Stop")
    path = dialog._path
    assert path is not None
    qtbot.waitUntil(lambda: path.exists() or bool(devices.speak(np.zeros(48))))
    devices.speak(tone(seconds, 48_000))
    return path


def take(qtbot: QtBot, dialog: RecordDialog, devices: HandDevices, seconds: float = 0.5) -> Path:
    path = recording(qtbot, dialog, devices, seconds)
    qtbot.keyClick(dialog.panel.record, Qt.Key.Key_Space)
    qtbot.waitUntil(dialog.panel.keep.isVisible)
    return path


def test_space_counts_in_records_and_stops_and_enter_keeps(
    qtbot: QtBot, dialog: RecordDialog, devices: HandDevices, table: Table, player: FakePlayer
) -> None:
    path = take(qtbot, dialog, devices)
    assert soundfile.info(path).duration == pytest.approx(0.5, abs=0.05)
    assert dialog.panel.big.text() == "0:00.5"
    qtbot.keyClick(dialog.panel.listen, Qt.Key.Key_Space)
    assert player.calls[-1][0] == "play", "Space now plays what was recorded"
    assert dialog.panel.listen.text() == "Pause"
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert table.kept == [("take 1.wav", ())]
    assert dialog.panel.words.text().startswith("1 kept.")
    take(qtbot, dialog, devices)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert [name for name, _ in table.kept] == ["take 1.wav", "take 2.wav"]
    assert path.exists()


def test_a_label_may_be_chosen_for_what_is_kept(
    qtbot: QtBot, dialog: RecordDialog, devices: HandDevices, table: Table
) -> None:
    words = [dialog.panel.classes.itemText(i) for i in range(dialog.panel.classes.count())]
    assert words == ["No label", "cat", "dog"]
    dialog.panel.classes.setCurrentIndex(2)
    for _ in range(2):
        take(qtbot, dialog, devices)
        qtbot.mouseClick(dialog.panel.keep, Qt.MouseButton.LeftButton)
    assert table.kept == [("take 1.wav", (2,)), ("take 2.wav", (2,))]


def test_a_retake_leaves_nothing_of_the_first(
    qtbot: QtBot, dialog: RecordDialog, devices: HandDevices, table: Table
) -> None:
    path = take(qtbot, dialog, devices, 1.0)
    qtbot.mouseClick(dialog.panel.retake, Qt.MouseButton.LeftButton)
    assert not path.exists()
    qtbot.waitUntil(lambda: dialog.panel.record.text() == "Stop")
    qtbot.waitUntil(lambda: path.exists() or bool(devices.speak(np.zeros(48))))
    devices.speak(tone(0.2, 48_000))
    qtbot.keyClick(dialog.panel.record, Qt.Key.Key_Space)
    qtbot.waitUntil(dialog.panel.keep.isVisible)
    assert soundfile.info(path).duration == pytest.approx(0.2, abs=0.05)


def test_escape_first_stops_then_closes_and_what_is_not_kept_is_gone(
    qtbot: QtBot, dialog: RecordDialog, devices: HandDevices, table: Table
) -> None:
    path = recording(qtbot, dialog, devices)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    qtbot.waitUntil(dialog.panel.keep.isVisible)
    assert dialog.isVisible(), "a slip of a finger costs no take"
    assert path.exists()
    with qtbot.waitSignal(dialog.left):
        qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert list(table.folder.iterdir()) == []
    assert all(stream.closed for stream in devices.microphones)


def test_the_window_closed_in_the_middle_of_a_take_leaves_nothing(
    qtbot: QtBot, dialog: RecordDialog, devices: HandDevices, table: Table
) -> None:
    recording(qtbot, dialog, devices)
    dialog.close()
    assert list(table.folder.iterdir()) == []


def test_cancelled_while_counting_nothing_is_recorded(
    qtbot: QtBot, dialog: RecordDialog, devices: HandDevices, table: Table
) -> None:
    qtbot.waitUntil(lambda: dialog.panel.record.isEnabled())
    qtbot.keyClick(dialog.panel.record, Qt.Key.Key_Space)
    qtbot.keyClick(dialog.panel.record, Qt.Key.Key_Space)
    qtbot.wait(120)
    assert dialog._recorder.state is RecordState.LISTENING
    assert not table.folder.exists()


def test_the_microphone_is_chosen_by_name(
    qtbot: QtBot, dialog: RecordDialog, devices: HandDevices, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str | None] = []
    real = devices.open_input
    monkeypatch.setattr(devices, "open_input", lambda key, take: asked.append(key) or real(key, take))
    box = dialog.panel.devices
    qtbot.waitUntil(lambda: box.count() == 2)
    box.setCurrentIndex(1)
    box.activated.emit(1)
    qtbot.waitUntil(lambda: asked[-1:] == ["2"])
    dialog.panel.again.click()
    qtbot.waitUntil(lambda: box.currentText() == "Headset")


@pytest.mark.parametrize("reason", [port_audio.NO_MICROPHONE, port_audio.NO_LIBRARY])
def test_without_a_microphone_it_says_why_and_looks_again(
    qtbot: QtBot, dialog: RecordDialog, devices: HandDevices, reason: str
) -> None:
    devices.refuse = UserError(reason)
    dialog.close()
    dialog.show()
    qtbot.waitUntil(lambda: dialog.panel.words.text() == reason)
    assert not dialog.panel.record.isEnabled()
    qtbot.keyClick(dialog, Qt.Key.Key_Space)
    assert dialog._recorder.state is RecordState.CLOSED
    devices.refuse = None
    dialog.panel.again.click()
    qtbot.waitUntil(dialog.panel.record.isEnabled)


def test_where_portaudio_is_missing_the_sentence_says_what_to_install(
    qtbot: QtBot, player: FakePlayer, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing() -> None:
        raise UserError(port_audio.NO_LIBRARY)

    monkeypatch.setattr(port_audio, "load", missing)
    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    for window in made(qtbot, PortAudioDevices(), player, table):
        qtbot.waitUntil(lambda window=window: "libportaudio2" in window.panel.words.text())
        assert not window.panel.record.isEnabled()


def test_unplugged_during_a_take_what_was_recorded_can_be_kept(
    qtbot: QtBot, dialog: RecordDialog, devices: HandDevices, table: Table
) -> None:
    path = recording(qtbot, dialog, devices)
    devices.microphones[-1].alive = False
    qtbot.waitUntil(dialog.panel.keep.isVisible, timeout=5000)
    words = dialog.panel.words.text()
    assert "unplugged" in words
    assert "0.5 seconds" in words
    assert not dialog.panel.retake.isEnabled()
    dialog.panel.keep.click()
    assert table.kept == [("take 1.wav", ())]
    assert soundfile.info(path).duration == pytest.approx(0.5, abs=0.05)
    qtbot.waitUntil(dialog.panel.record.isEnabled)  # it is looked for again


def test_a_full_disk_is_one_sentence_and_what_was_written_can_be_kept(
    qtbot: QtBot, dialog: RecordDialog, devices: HandDevices, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, room = wave.Wave_write.writeframes, [True]

    def write(self: wave.Wave_write, data: bytes) -> None:
        if not room[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        real(self, data)

    monkeypatch.setattr(wave.Wave_write, "writeframes", write)
    path = recording(qtbot, dialog, devices)
    qtbot.waitUntil(lambda: dialog.panel.big.text() == "0:00.5")
    room[0] = False
    devices.speak(tone(0.5, 48_000))
    qtbot.waitUntil(dialog.panel.keep.isVisible, timeout=5000)
    assert "The disk is full: the recording ended after 0.5 seconds" in dialog.panel.words.text()
    assert soundfile.info(path).duration == pytest.approx(0.5, abs=0.05)


def test_a_disk_full_from_the_start_leaves_no_file(
    qtbot: QtBot, dialog: RecordDialog, devices: HandDevices, table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(self: wave.Wave_write, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(wave.Wave_write, "writeframes", full)
    recording(qtbot, dialog, devices)
    qtbot.waitUntil(lambda: dialog.panel.words.text().startswith("The disk is full"), timeout=5000)
    assert not dialog.panel.keep.isVisible()
    assert list(table.folder.iterdir()) == []


def test_what_cannot_be_kept_stays_and_says_why(
    qtbot: QtBot, dialog: RecordDialog, devices: HandDevices, table: Table
) -> None:
    path = take(qtbot, dialog, devices)
    table.trouble = Message.of("The disk is full.")
    dialog.panel.keep.click()
    assert dialog.panel.words.text() == "The disk is full."
    assert dialog.panel.keep.isVisible()
    assert path.exists()
    table.trouble = None
    dialog.panel.keep.click()
    assert len(table.kept) == 1


def test_the_level_is_said_in_words(qtbot: QtBot) -> None:
    meter = LevelMeter(ThemeHolder(LIGHT))
    qtbot.addWidget(meter)
    meter.resize(400, 40)
    for peak, words in ((0.002, "Very quiet"), (0.3, "good"), (0.99, "Too loud")):
        meter.reset()
        meter.show_level(Level(peak, peak / 3))
        assert words in meter.verdict
        assert meter.accessibleDescription() == meter.verdict
    meter.show_level(Level(1.0, 0.9))
    full = meter.grab().toImage()
    meter.reset()
    assert meter.grab().toImage() != full
