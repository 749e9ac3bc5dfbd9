"""The samples that a loudspeaker is to be given, piece by piece, with the place of each in the file."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.audio.sound import stream
from fsl_desktop.core.readers.source import Cancelled

Samples = NDArray[np.float32]

_PIECE_SECONDS = 0.1
_HELD_SECONDS = 60.0
"""A loop up to this long is decoded once and kept: jumping back in an MP3 of hours takes seconds."""
MIN_LOOP = 0.05
"""Seconds; a shorter loop would be a tone of its own."""


@dataclass(frozen=True, slots=True)
class Request:
    """What to play: seconds of a file, once or again and again."""

    path: Path
    start: float
    """Where to begin, between ``first`` and ``end``."""
    first: float
    """Where to begin again."""
    end: float | None
    loop: bool = False
    speed: float = 1.0


def pieces(request: Request, rate: int, cancelled: Cancelled) -> Iterator[tuple[float, float, Samples]]:
    """(place in the file in s, seconds of the file per sample, samples) for a device of ``rate``.

    Another speed is another rate: the samples are those of a recording that turns faster or slower, so the
    pitch follows. Endless for a loop. Raises as ``sound.stream``.
    """
    inner = max(1, round(rate / request.speed))
    step = 1.0 / inner
    first, end = request.first, request.end
    if request.loop and end is not None:
        end = max(end, first + MIN_LOOP)
    yield from _once(request.path, request.start, end, inner, step, cancelled)
    held: list[tuple[float, float, Samples]] | None = []
    while request.loop and held is not None:
        for piece in _once(request.path, first, end, inner, step, cancelled):
            if held is not None:
                held.append(piece)
                if piece[0] - first > _HELD_SECONDS:
                    held = None
            yield piece
        while held:
            yield from held
        held = [] if held is None else held


def _once(
    path: Path, start: float, end: float | None, rate: int, step: float, cancelled: Cancelled
) -> Iterator[tuple[float, float, Samples]]:
    place = start
    for block in stream(path, start, end, rate, _PIECE_SECONDS, cancelled=cancelled):
        yield place, step, block
        place += len(block) * step
