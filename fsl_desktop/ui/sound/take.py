"""A thread that listens to a microphone and writes what it hears to a file while it is told to."""

from __future__ import annotations

import logging
import queue
import threading
import time
import wave
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from fsl_desktop.core.atomic import is_full, write_error
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.ui.sound.devices import Devices, Samples, Stream

log = logging.getLogger(__name__)

LOST = "The microphone was unplugged or has stopped. Connect it, then record again."
LOST_AFTER = (
    "The microphone was unplugged or has stopped. The {seconds} seconds recorded before are kept in {file}."
)
FULL_AFTER = (
    "The disk is full: the recording ended after {seconds} seconds, which are kept in {file}. "
    "Free some space, then record the rest."
)
FAULT = "The microphone could not be used. Try again; the log has the details."
_DEAF = 2.0
"""A microphone that gives nothing for so long has been unplugged."""
_FULL = 32_767


@dataclass(frozen=True, slots=True)
class Level:
    """The loudest sample and the mean (RMS) of the last moments, 0 to 1."""

    peak: float = 0.0
    rms: float = 0.0


class Take:
    """Listens from the start, so that the level can be seen before anything is recorded.

    Other threads read ``level``, ``seconds`` and ``failure``; ``ready`` says that the device is open.
    """

    def __init__(self, devices: Devices, key: str | None) -> None:
        self._devices, self._key = devices, key
        self._heard: queue.SimpleQueue[Samples] = queue.SimpleQueue()
        self._ending = threading.Event()
        self._path: Path | None = None
        self._lock = threading.Lock()
        self._peak = 0.0
        self._rms = 0.0
        self.ready = False
        self.seconds = 0.0
        self.failure: Message | None = None
        self._thread = threading.Thread(target=self._run, name="microphone", daemon=True)
        self._thread.start()

    @property
    def done(self) -> bool:
        """Nothing more is heard, and the file, if there is one, is complete."""
        return not self._thread.is_alive()

    def level(self) -> Level:
        """The level since the last call."""
        with self._lock:
            level, self._peak = Level(self._peak, self._rms), 0.0
            return level

    def write_to(self, path: Path) -> None:
        """Everything from now on goes to a WAV file of 16 bits at the device's rate."""
        self._path = path

    def end(self, wait: float = 0.0) -> None:
        """Stop listening; the file is complete when ``done``, for which ``wait`` seconds are waited."""
        self._ending.set()
        if wait:
            self._thread.join(wait)

    def _run(self) -> None:
        stream: Stream | None = None
        try:
            stream = self._devices.open_input(self._key, self._take)
            self.ready = True
            self._listen(stream)
        except UserError as error:
            self.failure = error.message
        except Exception:
            log.exception("recording")
            self.failure = Message.of(FAULT)
        finally:
            if stream is not None:
                with suppress(Exception):  # a device that is gone may say so again
                    stream.close()

    def _take(self, samples: Samples) -> None:
        """On the device's thread, which must not wait."""
        self._heard.put(samples)
        peak = float(np.abs(samples).max(initial=0.0))
        with self._lock:
            self._peak = max(self._peak, peak)
            self._rms = float(np.sqrt(np.mean(np.square(samples, dtype=np.float64)))) if len(samples) else 0.0

    def _listen(self, stream: Stream) -> None:
        while self._path is None and not self._ending.is_set():
            self._next(stream)
        while not self._heard.empty():  # heard before it was told to write
            self._heard.get()
        if self._path is None or self._ending.is_set():
            return
        path = self._path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            # wave mends its header after each write: what is on the disk is a sound at any moment.
            with wave.open(str(path), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(stream.rate)
                self._write(stream, file.writeframes)
        except OSError as error:
            if self.seconds and is_full(error):
                raise self._told(FULL_AFTER, path) from error
            raise write_error(error, path) from error
        except UserError as error:
            if self.seconds:
                raise self._told(LOST_AFTER, path) from error
            raise
        finally:
            if not self.seconds:
                with suppress(OSError):
                    path.unlink(missing_ok=True)

    def _told(self, sentence: str, path: Path) -> UserError:
        return UserError(sentence, seconds=f"{self.seconds:.1f}", file=path.name)

    def _write(self, stream: Stream, write: Callable[[bytes], None]) -> None:
        written = 0
        while True:
            ending = self._ending.is_set()
            block = self._next(stream)
            if block is not None:
                whole = np.clip(np.rint(block * np.float32(_FULL)), -_FULL - 1, _FULL).astype("<i2")
                write(whole.tobytes())
                written += len(block)
                self.seconds = written / stream.rate
            if ending and self._heard.empty():
                return

    def _next(self, stream: Stream) -> Samples | None:
        """The next block; ``None`` when it is time to end. Raises :class:`UserError` without a device."""
        until = time.monotonic() + _DEAF
        while True:
            try:
                return self._heard.get(timeout=0.05)
            except queue.Empty:
                if self._ending.is_set():
                    return None
                if not stream.alive or time.monotonic() > until:
                    raise UserError(LOST) from None
