"""What is told while a model listens to a long recording."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.audio.track import Probabilities, Track
from fsl_desktop.core.events import Event
from fsl_desktop.core.message import Message

WINDOW, HOP = 2.0, 1.0
"""Seconds."""
SHORTEST_WINDOW, SHORTEST_HOP = 0.1, 0.05
_USUAL_FROM, _USUAL_TO = 0.5, 5.0


def usual_window(lengths: NDArray[np.float64]) -> tuple[float, float]:
    """(window, hop) in seconds for a model that has learnt from clips of these ``lengths`` (n,): a window as
    long as half of them at least are, and every place in it twice."""
    if not len(lengths):
        return WINDOW, HOP
    window = round(min(max(float(np.median(lengths)), _USUAL_FROM), _USUAL_TO), 1)
    return window, round(window / 2, 2)


@dataclass(frozen=True, slots=True)
class LookingThrough(Event):
    """The first, quick pass: how long is it, and where is something to be heard?"""

    share: float
    """0 to 1."""


@dataclass(frozen=True, slots=True)
class ScanStarted(Event):
    seconds: float
    """Length of the recording."""
    windows: int
    """To be heard."""
    skipped: int
    """Windows in which nothing stands out."""
    known: int
    """Windows whose answers are there from an earlier time."""
    class_names: tuple[str, ...] = ()
    """In the order of the probabilities that follow."""


@dataclass(frozen=True, slots=True, eq=False)
class ScanPart(Event):
    """Answers to the next windows, in order."""

    places: NDArray[np.int64]
    """(n,); a window begins at its place times the hop."""
    probabilities: Probabilities
    """(n, C)"""
    done: int
    total: int
    seconds_left: float | None = None
    """``None`` before there is anything to judge by."""


@dataclass(frozen=True, slots=True, eq=False)
class ScanFinished(Event):
    track: Track
    notes: tuple[Message, ...] = ()
    """What the user should know of the recording."""
