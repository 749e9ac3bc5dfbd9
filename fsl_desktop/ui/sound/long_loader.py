"""How long a recording is and its waveform, found beside the window's thread."""

from __future__ import annotations

import time
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fsl_desktop.core.audio.info import SoundInfo
from fsl_desktop.core.audio.peaks import Peaks, peaks
from fsl_desktop.core.audio.sound import probe
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.source import Cancelled
from fsl_desktop.ui.sound.lane import Give, Lane

_TELL = 0.25
"""Seconds between two reports."""


class RecordingLoader(QObject):
    """``known`` comes first; of a long recording that is opened for the first time the waveform comes as
    late as it takes to decode it."""

    known = Signal(object)  # SoundInfo
    drawing = Signal(float)
    """The share of the waveform that is computed."""
    drawn = Signal(object)  # Peaks
    failed = Signal(object)  # Message

    def __init__(self, cache: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._cache = cache
        self._lane = Lane("a long recording", self)

    def load(self, path: Path) -> None:
        """In the place of what was loaded before."""
        self._lane.clear()

        def work(give: Give, cancelled: Cancelled) -> None:
            give(probe(path))
            told = time.monotonic()

            def progress(share: float) -> None:
                nonlocal told
                if time.monotonic() - told > _TELL:
                    told = time.monotonic()
                    give(share)

            give(peaks(path, self._cache, progress=progress, cancelled=cancelled))

        self._lane.do(work, self._on_given, self.failed.emit)

    def close(self) -> None:
        self._lane.close()

    def _on_given(self, value: SoundInfo | float | Peaks) -> None:
        if isinstance(value, SoundInfo):
            self.known.emit(value)
        elif isinstance(value, Peaks):
            self.drawn.emit(value)
        else:
            self.drawing.emit(value)


class LengthLook(QObject):
    """How long is this recording? For files that are dropped, without keeping the window."""

    told = Signal(str, float)
    """(path, seconds); 0 where it cannot be read."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lane = Lane("length of a recording", self)

    def look(self, path: str) -> None:
        def work(give: Give, cancelled: Cancelled) -> None:
            give(probe(path).seconds)

        def fail(message: Message) -> None:
            self.told.emit(path, 0.0)

        self._lane.do(work, lambda seconds: self.told.emit(path, seconds), fail)

    def close(self) -> None:
        self._lane.close()
