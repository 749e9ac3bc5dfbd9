"""What records: a protocol for the panel, and the recorder that listens to a device."""

from __future__ import annotations

import logging
import threading
from enum import Enum
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.ui.sound.devices import Devices, InputDevice
from fsl_desktop.ui.sound.take import FAULT, Take

log = logging.getLogger(__name__)

LEVEL_MS = 40
COUNT_MS = 1000


class RecordState(Enum):
    CLOSED = "closed"
    LISTENING = "listening"
    """The level moves, nothing is written."""
    COUNTING = "counting"
    RECORDING = "recording"


class Recorder(Protocol):
    """Every call returns at once."""

    found: SignalInstance
    """(list of InputDevice) the answer to ``look``; ``failed`` comes instead where there is none."""
    level_changed: SignalInstance
    """(Level, float) peak and RMS, and the seconds that are recorded; 25 times a second while it listens."""
    counted: SignalInstance
    """(int) seconds until it records: 3, 2, 1, 0."""
    state_changed: SignalInstance
    """(RecordState)"""
    finished: SignalInstance
    """(Path, float) a take is complete: the file and its seconds, also where the device was lost."""
    failed: SignalInstance
    """(Message) one sentence with the fix."""

    @property
    def state(self) -> RecordState: ...

    def look(self) -> None:
        """Find the microphones that are plugged in now."""

    def listen(self, key: str | None) -> None:
        """Open a microphone (``None``: the default) and show its level."""

    def record(self, path: Path, count_in: int = 3) -> None:
        """After ``count_in`` seconds write to ``path``, over what is there: a retake is a second call."""

    def stop(self) -> None:
        """End the take, which then is ``finished``; during the count-in nothing is kept."""

    def close(self) -> None:
        """Give the microphone back; a take that runs is ended and kept."""


class SoundRecorder(QObject):
    """A :class:`Recorder` that writes WAV files of 16 bits at the microphone's own rate."""

    found = Signal(object)
    level_changed = Signal(object, float)
    counted = Signal(int)
    state_changed = Signal(object)
    finished = Signal(object, float)
    failed = Signal(object)
    _looked = Signal(object)

    def __init__(self, devices: Devices, parent: QObject | None = None, *, count_ms: int = COUNT_MS) -> None:
        super().__init__(parent)
        self._devices = devices
        self._take: Take | None = None
        self._key: str | None = None
        self._path: Path | None = None
        self._left = 0
        self._state = RecordState.CLOSED
        self._looking = False
        self._looker: threading.Thread | None = None
        self._levels = QTimer(self)
        self._levels.setInterval(LEVEL_MS)
        self._levels.timeout.connect(self._look_at_take)
        self._counts = QTimer(self)
        self._counts.setInterval(count_ms)
        self._counts.timeout.connect(self._count)
        self._looked.connect(self._on_looked)

    @property
    def state(self) -> RecordState:
        return self._state

    def look(self) -> None:
        if not self._looking:
            self._looking = True
            self._looker = threading.Thread(target=self._find, name="find microphones", daemon=True)
            self._looker.start()

    def listen(self, key: str | None) -> None:
        if self._state in (RecordState.COUNTING, RecordState.RECORDING):
            return
        if self._take is not None and key == self._key and not self._take.done:
            return
        self._end_take()
        self._key = key
        self._take = Take(self._devices, key)
        self._levels.start()
        self._set_state(RecordState.LISTENING)

    def record(self, path: Path, count_in: int = 3) -> None:
        if self._state in (RecordState.COUNTING, RecordState.RECORDING):
            return
        if self._take is None:
            self.listen(self._key)
        self._path, self._left = path, count_in
        self._set_state(RecordState.COUNTING)
        self.counted.emit(count_in)
        if count_in > 0:
            self._counts.start()
        else:
            self._begin()

    def stop(self) -> None:
        self._counts.stop()
        if self._state is RecordState.COUNTING:
            self._set_state(RecordState.LISTENING)
        elif self._state is RecordState.RECORDING and self._take is not None:
            self._take.end()

    def close(self) -> None:
        self._counts.stop()
        self._levels.stop()
        self._end_take(wait=2.0)
        if self._looker is not None:
            self._looker.join(2.0)
        self._set_state(RecordState.CLOSED)

    def _find(self) -> None:
        answer: list[InputDevice] | Message
        try:
            answer = self._devices.inputs()
        except UserError as error:
            answer = error.message
        except Exception:
            log.exception("looking for microphones")
            answer = Message.of(FAULT)
        try:
            self._looked.emit(answer)
        except RuntimeError:  # the window was closed meanwhile
            log.debug("nobody waits for the microphones any more")

    def _on_looked(self, answer: list[InputDevice] | Message) -> None:
        self._looking = False
        if isinstance(answer, Message):
            self.failed.emit(answer)
        else:
            self.found.emit(answer)

    def _count(self) -> None:
        self._left -= 1
        self.counted.emit(self._left)
        if self._left <= 0:
            self._counts.stop()
            self._begin()

    def _begin(self) -> None:
        if self._take is not None and self._path is not None:
            self._take.write_to(self._path)
            self._set_state(RecordState.RECORDING)

    def _look_at_take(self) -> None:
        take = self._take
        if take is None:
            return
        self.level_changed.emit(take.level(), take.seconds)
        if not take.done:
            return
        # It was stopped, or the device was lost.
        recorded, path = take.seconds, self._path
        self._counts.stop()
        self._levels.stop()
        self._take = None
        self._set_state(RecordState.CLOSED)
        if take.failure is None:
            self.listen(self._key)  # the level goes on moving
        else:
            self.failed.emit(take.failure)
        if recorded > 0 and path is not None:
            self.finished.emit(path, recorded)

    def _end_take(self, wait: float = 0.0) -> None:
        take, self._take = self._take, None
        if take is not None:
            take.end(wait)

    def _set_state(self, state: RecordState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)
