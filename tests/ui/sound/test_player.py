"""The player gives the loudspeaker what was asked for, and says in a sentence why it cannot."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from device_fakes import HandDevices
from pytestqt.qtbot import QtBot
from sounds import save

from fsl_desktop.core.errors import UserError
from fsl_desktop.ui.sound import port_audio, speaker
from fsl_desktop.ui.sound.clip import Clip
from fsl_desktop.ui.sound.file_devices import FileDevices
from fsl_desktop.ui.sound.player import PlayState, SoundPlayer

RATE = 16_000


@pytest.fixture
def ramp(tmp_path: Path) -> Path:
    """Two seconds whose value says the place: 0 at the start, 0.5 at the end."""
    return save(tmp_path / "ramp.wav", np.linspace(0, 0.5, 2 * RATE, dtype=np.float32), subtype="FLOAT")


@pytest.fixture
def devices() -> HandDevices:
    return HandDevices(RATE)


@pytest.fixture
def player(qtbot: QtBot, devices: HandDevices) -> Iterator[SoundPlayer]:
    made = SoundPlayer(devices)
    yield made
    made.close()


def place_of(value: float) -> float:
    return 4 * value


def first_sound(qtbot: QtBot, devices: HandDevices, count: int = 160) -> np.ndarray:
    """Ask until something comes."""
    heard: list[np.ndarray] = []

    def comes() -> bool:
        if devices.fill is None:
            return False
        heard.append(devices.pull(count))
        return bool(np.any(heard[-1]))

    qtbot.waitUntil(comes, timeout=3000)
    return heard[-1]


def test_it_plays_a_clip_from_its_start_to_its_end(
    qtbot: QtBot, player: SoundPlayer, devices: HandDevices, ramp: Path
) -> None:
    player.open(Clip(ramp, 0.5, 0.7))
    states: list[PlayState] = []
    player.state_changed.connect(states.append)
    player.play()
    assert player.state is PlayState.STARTING
    heard = [first_sound(qtbot, devices)]
    qtbot.waitUntil(lambda: player.state is PlayState.PLAYING)
    for _ in range(30):
        heard.append(devices.pull(160))
        qtbot.wait(5)
    sound = np.concatenate(heard)
    sound = sound[sound != 0]
    assert len(sound) == pytest.approx(0.2 * RATE, abs=2)
    assert place_of(sound[0]) == pytest.approx(0.5, abs=0.01)
    assert place_of(sound[-1]) == pytest.approx(0.7, abs=0.01)
    qtbot.waitUntil(lambda: player.state is PlayState.STOPPED)
    assert player.position == pytest.approx(0.5), "back to where it began, for the next time"
    assert states == [PlayState.STARTING, PlayState.PLAYING, PlayState.STOPPED]


def test_the_cursor_follows_the_sound(
    qtbot: QtBot, player: SoundPlayer, devices: HandDevices, ramp: Path
) -> None:
    player.open(Clip(ramp))
    places: list[float] = []
    player.moved.connect(places.append)
    player.play()
    first_sound(qtbot, devices)
    began = time.monotonic()
    while time.monotonic() - began < 0.5:
        devices.pull(320)
        qtbot.wait(20)
    player.pause()
    assert places == sorted(places)
    assert len(places) > 8
    assert 0.1 < places[-1] < 1.0
    assert player.position == places[-1], "a pause stays where it is"


def test_seeking_and_speed_take_effect_at_once(
    qtbot: QtBot, player: SoundPlayer, devices: HandDevices, ramp: Path
) -> None:
    player.open(Clip(ramp))
    player.play()
    first_sound(qtbot, devices)
    player.seek(1.5)
    assert place_of(first_sound(qtbot, devices)[0]) == pytest.approx(1.5, abs=0.02)
    player.set_speed(2.0)
    sound = first_sound(qtbot, devices, 1600)
    # Not from the first sample on: a filter swings in where a sound begins out of nothing.
    assert place_of(sound[-1]) - place_of(sound[800]) == pytest.approx(0.1, abs=0.01)


def test_a_region_is_looped(qtbot: QtBot, player: SoundPlayer, devices: HandDevices, ramp: Path) -> None:
    player.open(Clip(ramp))
    player.set_region((1.0, 1.1))
    player.set_loop(True)
    player.play()
    heard = [first_sound(qtbot, devices, 1600)]
    for _ in range(6):
        qtbot.wait(30)
        heard.append(devices.pull(1600))
    places = place_of(np.concatenate(heard))
    places = places[places > 0]
    assert len(places) > 0.5 * RATE, "it goes on for longer than the region"
    assert 0.99 < places.min() < places.max() < 1.11
    player.set_region(None)
    player.set_loop(False)


def test_gain_makes_it_louder_and_never_more_than_full(
    qtbot: QtBot, player: SoundPlayer, devices: HandDevices, ramp: Path
) -> None:
    player.open(Clip(ramp, 1.0))
    player.set_gain(6.0)
    player.play()
    assert first_sound(qtbot, devices)[0] == pytest.approx(0.25 * 1.995, abs=0.01)
    player.set_gain(40.0)
    qtbot.wait(50)
    assert devices.pull(160).max() == 1.0


def test_without_a_device_there_is_a_sentence(
    qtbot: QtBot, player: SoundPlayer, devices: HandDevices, ramp: Path
) -> None:
    devices.refuse = UserError(port_audio.NO_SPEAKER)
    player.open(Clip(ramp))
    with qtbot.waitSignal(player.failed, timeout=3000) as told:
        player.play()
    assert told.args[0].text == port_audio.NO_SPEAKER
    assert player.state is PlayState.STOPPED
    devices.refuse = None  # connected meanwhile
    player.play()
    first_sound(qtbot, devices)


def test_a_broken_or_missing_file_is_a_sentence(qtbot: QtBot, player: SoundPlayer, tmp_path: Path) -> None:
    (tmp_path / "broken.wav").write_bytes(b"RIFF and then nothing that makes sense \x00\x01" * 50)
    for name in ("broken.wav", "gone.wav"):
        player.open(Clip(tmp_path / name))
        with qtbot.waitSignal(player.failed, timeout=3000) as told:
            player.play()
        assert name in told.args[0].text
        assert player.state is PlayState.STOPPED


def test_a_device_that_goes_away_is_told(
    qtbot: QtBot, player: SoundPlayer, devices: HandDevices, ramp: Path
) -> None:
    player.open(Clip(ramp))
    player.set_loop(True)
    player.play()
    first_sound(qtbot, devices)
    with qtbot.waitSignal(player.failed, timeout=5000) as told:
        devices.outputs[-1].alive = False
    assert told.args[0].text == speaker.LOST
    assert devices.outputs[-1].closed


def test_the_device_is_given_back_when_nothing_plays(
    qtbot: QtBot, player: SoundPlayer, devices: HandDevices, ramp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speaker, "_IDLE", 0.05)
    player.open(Clip(ramp))
    player.play()
    first_sound(qtbot, devices)
    player.pause()
    qtbot.waitUntil(lambda: devices.outputs[0].closed, timeout=3000)
    devices.fill = None
    player.play()
    first_sound(qtbot, devices)
    assert len(devices.outputs) == 2


def test_many_rows_in_a_row_play_the_last_on_one_device(
    qtbot: QtBot, player: SoundPlayer, devices: HandDevices, ramp: Path
) -> None:
    for start in (0.2, 0.4, 0.6, 0.8, 1.0, 1.2):
        player.open(Clip(ramp, start, start + 0.2))
        player.play()
    qtbot.wait(100)
    assert place_of(first_sound(qtbot, devices)[0]) == pytest.approx(1.2, abs=0.02)
    assert len(devices.outputs) == 1


def test_a_silent_loudspeaker_keeps_time(qtbot: QtBot, ramp: Path) -> None:
    player = SoundPlayer(FileDevices(pace=4.0))
    player.open(Clip(ramp))
    player.play()
    qtbot.waitUntil(lambda: player.state is PlayState.PLAYING, timeout=3000)
    qtbot.waitUntil(lambda: player.state is PlayState.STOPPED, timeout=5000)
    player.close()
    assert not [t for t in threading.enumerate() if t.name in ("loudspeaker", "sound clock")]


def test_nothing_waits_on_the_windows_thread(
    qtbot: QtBot, player: SoundPlayer, devices: HandDevices, ramp: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = devices.open_output

    def slow(fill):
        time.sleep(0.5)
        return real(fill)

    monkeypatch.setattr(devices, "open_output", slow)
    player.open(Clip(ramp))
    began = time.perf_counter()
    player.play()
    player.seek(0.5)
    player.pause()
    player.play()
    assert time.perf_counter() - began < 0.1
    first_sound(qtbot, devices)
