"""What plays: a protocol for the views, and the player that plays through a device."""

from __future__ import annotations

from enum import Enum
from typing import Protocol

from PySide6.QtCore import QObject, QTimer, Signal, SignalInstance

from fsl_desktop.ui.sound.clip import Clip
from fsl_desktop.ui.sound.devices import Devices
from fsl_desktop.ui.sound.pieces import Request
from fsl_desktop.ui.sound.speaker import Speaker

SPEEDS = (0.5, 0.75, 1.0, 1.25, 1.5, 2.0)
CURSOR_MS = 25


class PlayState(Enum):
    STOPPED = "stopped"
    STARTING = "starting"
    """The device is being opened, or the file decoded up to the place."""
    PLAYING = "playing"


class Player(Protocol):
    """Plays one clip at a time; times are seconds in its file. Every call returns at once."""

    moved: SignalInstance
    """(float) where the sound is, about 40 times a second while it plays."""
    state_changed: SignalInstance
    """(PlayState)"""
    failed: SignalInstance
    """(Message) why there is no sound, and the fix."""

    @property
    def state(self) -> PlayState: ...

    @property
    def position(self) -> float: ...

    def open(self, clip: Clip | None) -> None:
        """Take another clip, stopped at its start."""

    def play(self) -> None:
        """From the position; from the start of the region, or of the clip, where that lies outside it."""

    def pause(self) -> None:
        """Stop, and stay where it is."""

    def seek(self, seconds: float) -> None: ...

    def set_region(self, region: tuple[float, float] | None) -> None:
        """What to play instead of the whole clip."""

    def set_loop(self, on: bool) -> None:
        """Play the region, or the clip, again and again."""

    def set_speed(self, speed: float) -> None:
        """0.5 to 2; the pitch follows, as with a tape."""

    def set_gain(self, decibels: float) -> None:
        """-40 to 40; what goes beyond full scale is cut there."""

    def close(self) -> None:
        """Give the device back; nothing is played after that."""


class SoundPlayer(QObject):
    """A :class:`Player` for any file that can be read, however long: it is decoded in another thread."""

    moved = Signal(float)
    state_changed = Signal(object)
    failed = Signal(object)

    def __init__(self, devices: Devices, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._speaker = Speaker(devices)
        self._clip: Clip | None = None
        self._region: tuple[float, float] | None = None
        self._loop = False
        self._speed = 1.0
        self._position = 0.0
        self._began = 0.0
        self._state = PlayState.STOPPED
        self._timer = QTimer(self)
        self._timer.setInterval(CURSOR_MS)
        self._timer.timeout.connect(self._look)

    @property
    def state(self) -> PlayState:
        return self._state

    @property
    def position(self) -> float:
        return self._position

    def open(self, clip: Clip | None) -> None:
        self._halt()
        self._clip, self._region = clip, None
        self._set_position(clip.start if clip is not None else 0.0)

    def play(self) -> None:
        if self._clip is None:
            return
        first, end = self._span()
        if self._position < first or (end is not None and self._position >= end - 1e-3):
            self._set_position(first)
        self._began = self._position
        self._ask()
        self._set_state(PlayState.STARTING)
        self._timer.start()

    def pause(self) -> None:
        self._halt()

    def seek(self, seconds: float) -> None:
        if self._clip is None:
            return
        end = self._clip.end
        self._set_position(max(self._clip.start, seconds if end is None else min(seconds, end)))
        self._began = self._position
        if self._state is not PlayState.STOPPED:
            self.play()

    def set_region(self, region: tuple[float, float] | None) -> None:
        if region != self._region:
            self._region = region
            self._go_on()

    def set_loop(self, on: bool) -> None:
        if on != self._loop:
            self._loop = on
            self._go_on()

    def set_speed(self, speed: float) -> None:
        speed = min(max(speed, SPEEDS[0]), SPEEDS[-1])
        if speed != self._speed:
            self._speed = speed
            self._go_on()

    def set_gain(self, decibels: float) -> None:
        self._speaker.set_gain(10 ** (min(max(decibels, -40.0), 40.0) / 20))

    def close(self) -> None:
        self._halt()
        self._speaker.close()

    def _span(self) -> tuple[float, float | None]:
        assert self._clip is not None
        return self._region if self._region is not None else (self._clip.start, self._clip.end)

    def _go_on(self) -> None:
        """What is played has changed: play on from where it is, if it plays."""
        if self._state is not PlayState.STOPPED:
            self.play()

    def _ask(self) -> None:
        assert self._clip is not None
        first, end = self._span()
        self._speaker.ask(Request(self._clip.path, self._position, first, end, self._loop, self._speed))

    def _halt(self) -> None:
        if self._state is not PlayState.STOPPED:
            self._speaker.ask(None)
            self._timer.stop()
            self._set_state(PlayState.STOPPED)

    def _look(self) -> None:
        heard = self._speaker.heard()
        if heard.failure is not None:
            self._halt()
            self.failed.emit(heard.failure)
        elif not heard.playing:
            # At the end the cursor goes back to where it started, so that Space plays the same again.
            self._halt()
            self._set_position(self._began)
        elif not heard.starting:
            self._set_position(heard.place)
            self._set_state(PlayState.PLAYING)

    def _set_position(self, seconds: float) -> None:
        if seconds != self._position:
            self._position = seconds
            self.moved.emit(seconds)

    def _set_state(self, state: PlayState) -> None:
        if state is not self._state:
            self._state = state
            self.state_changed.emit(state)
