"""Loudspeakers and microphones through PortAudio; without it, or without a device, a sentence says why."""

from __future__ import annotations

import logging
import sys
import threading
from typing import Any

from fsl_desktop.core.errors import UserError
from fsl_desktop.ui.sound.devices import Fill, InputDevice, Samples, Take

log = logging.getLogger(__name__)

NO_LIBRARY = (
    "Sound devices need the library PortAudio, which is not installed here. Install the package "
    "libportaudio2 (Debian, Ubuntu) or portaudio (Fedora, Arch, Homebrew), then try again."
)
NO_PACKAGE = (
    "The part of FSL Desktop that plays and records sound is missing. Install it: pip install sounddevice"
)
NO_SPEAKER = "No loudspeaker or headphones were found. Connect them, then try again."
NO_MICROPHONE = (
    "No microphone was found. Connect one, or allow its use in the system's settings, then try again."
)
SPEAKER_REFUSED = (
    "The loudspeaker cannot be used. Close other programs that use it, or choose another one in the system's "
    "settings, then try again."
)
MICROPHONE_REFUSED = (
    "The microphone {name} cannot be used. Close other programs that use it, and allow its use in the "
    "system's settings, then try again."
)
_DEFAULT_RATE = 48_000


def load() -> Any:
    """The module ``sounddevice``, imported at the first call. Raises :class:`UserError`.

    A failed import is tried anew each time, so that PortAudio may be installed while the window is open.
    """
    try:
        import sounddevice
    except ImportError as error:
        raise UserError(NO_PACKAGE, details=str(error)) from error
    except Exception as error:  # OSError where the library is missing; PortAudioError where it does not start
        raise UserError(NO_LIBRARY, details=str(error)) from error
    return sounddevice


class _PortStream:
    """Closing is counted, because the list of devices can be read anew only while none is open."""

    def __init__(self, owner: PortAudioDevices, stream: Any) -> None:
        self._owner, self._stream = owner, stream
        self._open = True

    @property
    def rate(self) -> int:
        return round(self._stream.samplerate)

    @property
    def latency(self) -> float:
        return float(self._stream.latency)

    @property
    def alive(self) -> bool:
        return self._open and bool(self._stream.active)

    def close(self) -> None:
        if self._open:
            self._open = False
            self._owner._close(self._stream)


class PortAudioDevices:
    """What is plugged in; share one between player and recorder."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._opened = 0

    def inputs(self) -> list[InputDevice]:
        with self._lock:
            sound = self._fresh()
            try:
                default = sound.query_devices(kind="input")["index"]
            except (sound.PortAudioError, ValueError):
                default = -1
            try:
                # One back end alone: the others show the same microphones again under other names.
                api = sound.query_devices(default)["hostapi"] if default >= 0 else 0
                found = [
                    InputDevice(f"{d['index']}:{d['name']}", str(d["name"]), d["index"] == default)
                    for d in sound.query_devices()
                    if d["max_input_channels"] > 0 and d["hostapi"] == api
                ]
            except (sound.PortAudioError, ValueError) as error:
                raise UserError(NO_MICROPHONE, details=str(error)) from error
        if not found:
            raise UserError(NO_MICROPHONE)
        return sorted(found, key=lambda device: not device.is_default)

    def open_output(self, fill: Fill) -> _PortStream:
        with self._lock:
            sound = self._fresh()
            try:
                info = sound.query_devices(kind="output")
            except (sound.PortAudioError, ValueError) as error:
                raise UserError(NO_SPEAKER, details=str(error)) from error
            channels = max(1, min(2, int(info["max_output_channels"])))

            def called(out: Samples, frames: int, times: Any, status: Any) -> None:
                fill(out[:, 0])
                out[:, 1:] = out[:, :1]

            try:
                stream = sound.OutputStream(
                    samplerate=int(info["default_samplerate"] or _DEFAULT_RATE),
                    channels=channels,
                    dtype="float32",
                    callback=called,
                )
                return self._started(stream)
            except sound.PortAudioError as error:
                raise UserError(SPEAKER_REFUSED, details=str(error)) from error

    def open_input(self, key: str | None, take: Take) -> _PortStream:
        with self._lock:
            sound = self._fresh()
            index = None if key is None else int(key.partition(":")[0])
            name = "" if key is None else key.partition(":")[2]
            try:
                info = sound.query_devices(index, kind="input")
            except (sound.PortAudioError, ValueError) as error:
                raise UserError(NO_MICROPHONE, details=str(error)) from error
            if name and info["name"] != name:  # others were plugged in or out since the list was made
                raise UserError(NO_MICROPHONE)

            def called(heard: Samples, frames: int, times: Any, status: Any) -> None:
                take(heard[:, 0].copy())

            try:
                stream = sound.InputStream(
                    device=index,
                    samplerate=int(info["default_samplerate"] or _DEFAULT_RATE),
                    channels=1,
                    dtype="float32",
                    callback=called,
                )
                return self._started(stream)
            except sound.PortAudioError as error:
                shown = str(info["name"])
                raise UserError(MICROPHONE_REFUSED, name=shown, details=str(error)) from error

    def _started(self, stream: Any) -> _PortStream:
        try:
            stream.start()
        except BaseException:
            stream.close()
            raise
        self._opened += 1
        return _PortStream(self, stream)

    def _close(self, stream: Any) -> None:
        with self._lock:
            self._opened -= 1
            try:
                stream.abort()
                stream.close()
            except Exception as error:  # of a device that is gone; there is nothing left to close
                log.info("a sound device did not close: %s", error)

    def _fresh(self) -> Any:
        """The module, with a list of devices of now: PortAudio makes it once and never looks again."""
        known = "sounddevice" in sys.modules
        sound = load()
        if known and self._opened == 0:
            try:
                sound._terminate()
                sound._initialize()
            except sound.PortAudioError as error:
                raise UserError(NO_LIBRARY, details=str(error)) from error
        return sound
