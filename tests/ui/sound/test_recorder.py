"""The recorder writes what the microphone hears, and keeps it whatever happens to the microphone."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from device_fakes import HandDevices
from pytestqt.qtbot import QtBot
from sounds import save, tone

from fsl_desktop.core.errors import UserError
from fsl_desktop.ui.sound import port_audio
from fsl_desktop.ui.sound.devices import MICROPHONE_VARIABLE, devices_here
from fsl_desktop.ui.sound.file_devices import FileDevices
from fsl_desktop.ui.sound.recorder import RecordState, SoundRecorder


@pytest.fixture
def devices() -> HandDevices:
    return HandDevices(48_000)


@pytest.fixture
def recorder(qtbot: QtBot, devices: HandDevices) -> Iterator[SoundRecorder]:
    made = SoundRecorder(devices, count_ms=20)
    yield made
    made.close()


def begin(qtbot: QtBot, recorder: SoundRecorder, devices: HandDevices, path: Path) -> None:
    recorder.record(path, count_in=0)
    qtbot.waitUntil(lambda: (devices.take is not None and path.exists()) or bool(devices.speak(np.zeros(48))))


def test_it_finds_the_microphones(qtbot: QtBot, recorder: SoundRecorder) -> None:
    with qtbot.waitSignal(recorder.found) as found:
        recorder.look()
    assert [(device.name, device.is_default) for device in found.args[0]] == [
        ("Desk microphone", True),
        ("Headset", False),
    ]


def test_without_a_microphone_there_is_a_sentence(
    qtbot: QtBot, recorder: SoundRecorder, devices: HandDevices
) -> None:
    devices.refuse = UserError(port_audio.NO_MICROPHONE)
    with qtbot.waitSignal(recorder.failed) as told:
        recorder.look()
    assert told.args[0].text == port_audio.NO_MICROPHONE
    with qtbot.waitSignal(recorder.failed) as told:
        recorder.listen(None)
    assert told.args[0].text == port_audio.NO_MICROPHONE
    assert recorder.state is RecordState.CLOSED


def test_the_level_is_peak_and_rms(qtbot: QtBot, recorder: SoundRecorder, devices: HandDevices) -> None:
    recorder.listen(None)
    qtbot.waitUntil(lambda: devices.take is not None)
    devices.speak(tone(0.1, 48_000, noise=0.0))
    levels = []
    recorder.level_changed.connect(lambda level, seconds: levels.append((level, seconds)))
    qtbot.waitUntil(lambda: bool(levels))
    assert levels[0][0].peak == pytest.approx(0.5, abs=0.01)
    assert levels[0][0].rms == pytest.approx(0.354, abs=0.01)
    assert levels[0][1] == 0


def test_a_take_is_a_wav_of_16_bits_at_the_devices_rate(
    qtbot: QtBot, recorder: SoundRecorder, devices: HandDevices, tmp_path: Path
) -> None:
    counts: list[int] = []
    recorder.counted.connect(counts.append)
    path = tmp_path / "takes" / "one.wav"
    recorder.record(path, count_in=3)
    assert recorder.state is RecordState.COUNTING
    qtbot.waitUntil(lambda: recorder.state is RecordState.RECORDING)
    assert counts == [3, 2, 1, 0]
    qtbot.waitUntil(lambda: path.exists() or bool(devices.speak(np.zeros(48))))
    said = tone(0.5, 48_000)
    for part in np.split(said, 10):
        devices.speak(part)
    with qtbot.waitSignal(recorder.finished) as done:
        recorder.stop()
    info = soundfile.info(path)
    assert (info.samplerate, info.channels, info.subtype) == (48_000, 1, "PCM_16")
    written, _ = soundfile.read(path)
    assert np.abs(written[-len(said) :] - said).max() < 1e-4
    assert done.args == [path, pytest.approx(len(written) / 48_000)]


def test_stopped_while_counting_nothing_is_kept(
    qtbot: QtBot, recorder: SoundRecorder, tmp_path: Path
) -> None:
    recorder.record(tmp_path / "one.wav", count_in=3)
    recorder.stop()
    qtbot.wait(120)
    assert recorder.state is RecordState.LISTENING
    assert not (tmp_path / "one.wav").exists()


def test_a_retake_replaces_the_take(
    qtbot: QtBot, recorder: SoundRecorder, devices: HandDevices, tmp_path: Path
) -> None:
    path = tmp_path / "one.wav"
    for seconds in (0.5, 0.2):
        path.unlink(missing_ok=True)
        begin(qtbot, recorder, devices, path)
        devices.speak(tone(seconds, 48_000))
        with qtbot.waitSignal(recorder.finished):
            recorder.stop()
    assert soundfile.info(path).duration == pytest.approx(0.2, abs=0.02)


def test_unplugged_while_recording_what_was_recorded_stays(
    qtbot: QtBot, recorder: SoundRecorder, devices: HandDevices, tmp_path: Path
) -> None:
    path = tmp_path / "one.wav"
    begin(qtbot, recorder, devices, path)
    said = tone(0.5, 48_000)
    devices.speak(said)
    with qtbot.waitSignals([recorder.failed, recorder.finished], order="strict", timeout=5000):
        devices.microphones[-1].alive = False
    assert recorder.state is RecordState.CLOSED
    written, _ = soundfile.read(path)
    assert np.abs(written[-len(said) :] - said).max() < 1e-4


def test_the_sentence_says_how_much_is_kept_and_where(
    qtbot: QtBot, recorder: SoundRecorder, devices: HandDevices, tmp_path: Path
) -> None:
    begin(qtbot, recorder, devices, tmp_path / "one.wav")
    devices.speak(tone(0.5, 48_000))
    with qtbot.waitSignal(recorder.failed, timeout=5000) as told:
        devices.microphones[-1].alive = False
    assert "0.5 seconds" in told.args[0].text
    assert "one.wav" in told.args[0].text


def test_a_file_that_cannot_be_written_is_a_sentence(
    qtbot: QtBot, recorder: SoundRecorder, devices: HandDevices, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    recorder.listen(None)
    qtbot.waitUntil(lambda: devices.take is not None)
    with qtbot.waitSignal(recorder.failed, timeout=3000) as told:
        recorder.record(tmp_path / "file" / "one.wav", count_in=0)
        devices.speak(np.zeros(480))
    assert "one.wav could not be written" in told.args[0].text


def test_what_is_on_the_disk_is_a_sound_while_it_is_recorded(
    qtbot: QtBot, recorder: SoundRecorder, devices: HandDevices, tmp_path: Path
) -> None:
    path = tmp_path / "one.wav"
    begin(qtbot, recorder, devices, path)
    devices.speak(tone(1.0, 48_000))
    qtbot.waitUntil(lambda: soundfile.info(path).duration >= 1.0 if path.stat().st_size > 50_000 else False)
    assert recorder.state is RecordState.RECORDING


def test_a_file_can_stand_in_for_the_microphone(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = tone(0.3, 22_050)
    monkeypatch.setenv(MICROPHONE_VARIABLE, str(save(tmp_path / "said.wav", said, 22_050)))
    devices = devices_here()
    assert isinstance(devices, FileDevices)
    recorder = SoundRecorder(devices)
    path = tmp_path / "heard.wav"
    recorder.record(path, count_in=0)
    qtbot.waitUntil(lambda: path.exists() and path.stat().st_size > 2 * 0.4 * 22_050, timeout=5000)
    with qtbot.waitSignal(recorder.finished):
        recorder.stop()
    written, rate = soundfile.read(path, dtype="float32")
    assert rate == 22_050
    # It began to be written some blocks after it began to be heard.
    tail = written[: np.flatnonzero(written)[-1] + 1]
    assert len(tail) > 0.15 * rate
    assert np.abs(tail[-2000:] - said[-2000:]).max() < 1e-3
    recorder.close()
    assert not [thread for thread in threading.enumerate() if thread.name in ("microphone", "sound clock")]
