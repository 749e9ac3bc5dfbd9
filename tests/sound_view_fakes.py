"""A player that plays nothing, for tests of what is seen."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from fsl_desktop.ui.sound.clip import Clip
from fsl_desktop.ui.sound.clip_view import ClipView
from fsl_desktop.ui.sound.player import PlayState


class FakePlayer(QObject):
    """Remembers what it was told in ``calls``; ``hear`` is the sound reaching a place."""

    moved = Signal(float)
    state_changed = Signal(object)
    failed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[object, ...]] = []
        self.state = PlayState.STOPPED
        self.position = 0.0

    def open(self, clip: Clip | None) -> None:
        self._become(PlayState.STOPPED)
        self.position = clip.start if clip else 0.0
        self.calls.append(("open", clip))

    def play(self) -> None:
        self.calls.append(("play", self.position))
        self._become(PlayState.PLAYING)

    def pause(self) -> None:
        self._become(PlayState.STOPPED)

    def seek(self, seconds: float) -> None:
        self.position = seconds
        self.calls.append(("seek", seconds))

    def set_region(self, region: tuple[float, float] | None) -> None:
        self.calls.append(("region", region))

    def set_loop(self, on: bool) -> None:
        self.calls.append(("loop", on))

    def set_speed(self, speed: float) -> None:
        self.calls.append(("speed", speed))

    def set_gain(self, decibels: float) -> None:
        self.calls.append(("gain", decibels))

    def close(self) -> None:
        self._become(PlayState.STOPPED)

    def hear(self, seconds: float) -> None:
        self.position = seconds
        self.moved.emit(seconds)

    def _become(self, state: PlayState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)


def open_clip(qtbot: QtBot, view: ClipView, clip: Clip) -> None:
    """Show a clip, and wait until it is drawn."""
    with qtbot.waitSignal(view.shown, timeout=5000):
        view.show_clip(clip)
    for pane in (view.waveform, view.spectrogram):
        qtbot.waitUntil(lambda pane=pane: pane.picture is not None, timeout=5000)
