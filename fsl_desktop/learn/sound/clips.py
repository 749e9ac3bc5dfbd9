"""Clips as a model hears them, and what becomes of those that cannot be read."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.audio.info import HEARD_SECONDS, RATE
from fsl_desktop.core.audio.sound import read
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.message import Message

Samples = NDArray[np.float32]
ClipKey = tuple[str, int, int, float, float | None]
"""A clip of a file as it is now: path, bytes, time of its last change (ns), start, end."""


@dataclass(frozen=True, slots=True)
class Clip:
    """A recording, or the part of it from ``start`` to ``end`` (seconds; None: its end)."""

    path: Path
    start: float = 0.0
    end: float | None = None

    @property
    def name(self) -> str:
        """For sentences about it."""
        if self.start == 0.0 and self.end is None:
            return self.path.name
        return f"{self.path.name}, {self.start:.1f} s"

    def key(self) -> ClipKey | None:
        """What is the same as long as nobody changes the file; None where there is none."""
        try:
            found = os.stat(self.path)
        except (OSError, ValueError):
            return None
        return str(self.path), found.st_size, found.st_mtime_ns, self.start, self.end

    def samples(self) -> Samples:
        """What is heard of it, mono at ``RATE``. Raises ``UserError``."""
        last = self.start + HEARD_SECONDS
        return read(self.path, self.start, last if self.end is None else min(self.end, last), RATE)


@dataclass(frozen=True, slots=True)
class Trouble:
    """A clip that could not be read: its place in what was asked for, and why."""

    place: int
    message: Message


def read_clips(
    clips: Sequence[Clip],
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> tuple[list[int], list[Samples], list[Trouble]]:
    """(places of the clips that can be read, their samples, what is wrong with the others); ``Stopped``
    when cancelled."""
    places: list[int] = []
    samples: list[Samples] = []
    troubles: list[Trouble] = []
    for place, clip in enumerate(clips):
        if cancelled is not None and cancelled():
            raise Stopped
        try:
            found = clip.samples()
        except UserError as error:
            troubles.append(Trouble(place, error.message))
        else:
            places.append(place)
            samples.append(found)
        if progress is not None:
            progress(place + 1, len(clips))
    return places, samples, troubles
