"""PortAudio may be missing, or know no device: then a sentence says what to do."""

from __future__ import annotations

import builtins
import sys
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from fsl_desktop.core.errors import UserError
from fsl_desktop.ui.sound import port_audio
from fsl_desktop.ui.sound.port_audio import PortAudioDevices


def without(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: Any, **more: Any) -> Any:
        if name == "sounddevice":
            raise error
        return real(name, *rest, **more)

    monkeypatch.delitem(sys.modules, "sounddevice", raising=False)
    monkeypatch.setattr(builtins, "__import__", refuse)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError("PortAudio library not found"), port_audio.NO_LIBRARY),
        (ModuleNotFoundError("No module named 'sounddevice'"), port_audio.NO_PACKAGE),
    ],
)
def test_a_missing_library_is_a_sentence_with_the_fix(
    monkeypatch: pytest.MonkeyPatch, error: Exception, sentence: str
) -> None:
    without(monkeypatch, error)
    devices = PortAudioDevices()
    for call in (
        devices.inputs,
        lambda: devices.open_output(lambda out: None),
        lambda: devices.open_input(None, lambda heard: None),
    ):
        with pytest.raises(UserError) as told:
            call()
        assert told.value.message.text == sentence


class FakePortAudio:
    """The part of ``sounddevice`` that is used."""

    class PortAudioError(Exception):
        pass

    def __init__(self, devices: list[dict[str, Any]]) -> None:
        self.devices = devices
        self.opened: list[Any] = []
        self.renewed = 0
        self.refuses = False

    def query_devices(self, index: int | None = None, kind: str | None = None) -> Any:
        if kind is None and index is None:
            return self.devices
        fits = [
            d for d in self.devices if d["index"] == index or (index is None and d[f"max_{kind}_channels"])
        ]
        if not fits:
            raise self.PortAudioError("no such device")
        return fits[0]

    def _terminate(self) -> None:
        self.renewed += 1

    def _initialize(self) -> None:
        pass

    def _open(self, **how: Any) -> Any:
        if self.refuses:
            raise self.PortAudioError("device busy")
        stream = SimpleNamespace(
            samplerate=how["samplerate"], latency=0.01, active=True, how=how, closed=False
        )
        stream.start = stream.abort = lambda: None
        stream.close = lambda: setattr(stream, "closed", True)
        self.opened.append(stream)
        return stream

    OutputStream = InputStream = _open


def device(index: int, name: str, inputs: int = 0, outputs: int = 0, api: int = 0) -> dict[str, Any]:
    return {
        "index": index,
        "name": name,
        "hostapi": api,
        "max_input_channels": inputs,
        "max_output_channels": outputs,
        "default_samplerate": 44_100.0,
    }


@pytest.fixture
def sound(monkeypatch: pytest.MonkeyPatch) -> FakePortAudio:
    made = FakePortAudio(
        [device(0, "Speaker", outputs=2), device(1, "Desk", inputs=2), device(2, "Desk", inputs=2, api=1)]
    )
    monkeypatch.setitem(sys.modules, "sounddevice", made)
    return made


def test_each_microphone_is_listed_once(sound: FakePortAudio) -> None:
    assert [(d.key, d.name, d.is_default) for d in PortAudioDevices().inputs()] == [("1:Desk", "Desk", True)]


def test_no_devices_at_all(sound: FakePortAudio) -> None:
    sound.devices = []
    devices = PortAudioDevices()
    with pytest.raises(UserError, match="No microphone"):
        devices.inputs()
    with pytest.raises(UserError, match="No loudspeaker"):
        devices.open_output(lambda out: None)
    with pytest.raises(UserError, match="No microphone"):
        devices.open_input(None, lambda heard: None)


def test_a_device_that_is_in_use_is_a_sentence(sound: FakePortAudio) -> None:
    sound.refuses = True
    with pytest.raises(UserError, match="Close other programs"):
        PortAudioDevices().open_output(lambda out: None)
    with pytest.raises(UserError, match="The microphone Desk cannot be used"):
        PortAudioDevices().open_input("1:Desk", lambda heard: None)


def test_both_ears_get_the_same(sound: FakePortAudio) -> None:
    stream = PortAudioDevices().open_output(lambda out: out.__setitem__(slice(None), 0.25))
    out = np.zeros((8, 2), np.float32)
    sound.opened[0].how["callback"](out, 8, None, None)
    assert np.all(out == 0.25)
    assert stream.rate == 44_100


def test_the_list_is_renewed_only_while_nothing_is_open(sound: FakePortAudio) -> None:
    devices = PortAudioDevices()
    stream = devices.open_output(lambda out: None)
    before = sound.renewed
    devices.inputs()
    assert sound.renewed == before
    stream.close()
    assert sound.opened[0].closed
    devices.inputs()
    assert sound.renewed == before + 1


def test_another_device_under_the_same_number_is_not_taken(sound: FakePortAudio) -> None:
    with pytest.raises(UserError, match="No microphone"):
        PortAudioDevices().open_input("1:Headset", lambda heard: None)
