"""Long recordings are cut into windows, and those without a sound are skipped."""

from __future__ import annotations

import os
from collections.abc import Callable, Generator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.audio.info import RATE
from fsl_desktop.core.audio.sound import probe, stream
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.source import Cancelled

_FRAME = RATE // 20
_BLOCK_SECONDS = 20.0
_DIGITAL_SILENCE = -95.0
"""Decibels below full scale where no microphone gets to."""
_EVEN = 12.0
"""Decibels between background and loudest moments; with less nothing stands out and nothing is skipped."""
_LOUDEST = 4
_LEAST_ABOVE = 6.0
_SHARE_ABOVE = 0.25
_MAX_WINDOWS = 2_000_000


@dataclass(frozen=True, slots=True)
class Windows:
    spans: tuple[tuple[float, float], ...]
    """(start, end) in seconds."""
    skipped: int
    """Windows without a sound."""
    seconds: float
    """Length of the recording, as decoded."""
    notes: tuple[Message, ...] = ()
    """What the user should know of the recording."""


def cut(
    path: str | os.PathLike[str],
    length: float,
    overlap: float = 0.0,
    *,
    skip_silence: bool = True,
    keep_last: float = 0.5,
    progress: Callable[[float], None] = lambda share: None,
    cancelled: Cancelled = lambda: False,
) -> Windows:
    """Windows of ``length`` seconds, each beginning ``length - overlap`` after the one before.

    The last, partial one is kept if it is at least ``keep_last`` of a window long, and the only one always.
    A window is skipped if no 50 ms of it stand out from the recording's own background. Memory: 20 numbers a
    second. Raises :class:`UserError` (no sound, lengths that cannot be) and ``Stopped``.
    """
    steps = cutting(
        path, length, overlap, skip_silence=skip_silence, keep_last=keep_last, cancelled=cancelled
    )
    while True:
        try:
            progress(next(steps))
        except StopIteration as end:
            found: Windows = end.value
            return found


def cutting(
    path: str | os.PathLike[str],
    length: float,
    overlap: float = 0.0,
    *,
    skip_silence: bool = True,
    keep_last: float = 0.5,
    cancelled: Cancelled = lambda: False,
) -> Generator[float, None, Windows]:
    """As :func:`cut`, giving the share that is done (0 to 1) and at the end the windows: for generators."""
    if not length > 0 or not 0 <= overlap < length:
        raise UserError("The overlap must be shorter than the windows. Correct one of the two.")
    expected = max(probe(path).seconds, 1e-3)
    if expected / (length - overlap) > _MAX_WINDOWS:
        raise UserError(
            "{file} would be cut into more than {most} windows. Choose longer windows or less overlap.",
            file=Path(path).name,
            most=f"{_MAX_WINDOWS:,}",
        )
    levels: list[NDArray[np.float64]] = []
    notes: list[Message] = []
    done = 0
    for block in stream(path, block_seconds=_BLOCK_SECONDS, notes=notes, cancelled=cancelled):
        if skip_silence:
            levels.append(_decibels(block))
        done += len(block)
        yield min(1.0, done / RATE / expected)
    seconds = done / RATE
    spans = _spans(seconds, length, length - overlap, keep_last)
    if not skip_silence or len(spans) == 1:
        return Windows(tuple(spans), 0, seconds, tuple(notes))
    loud = heard(np.concatenate(levels))
    kept = tuple(span for span in spans if loud[_frames(span, len(loud))].any())
    return Windows(kept, len(spans) - len(kept), seconds, tuple(notes))


def heard(decibels: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which moments (n,) stand out from the background of their recording.

    The background is the level that 5 % of the moments stay below; the loudest moment is the fourth loudest,
    as a click is shorter and one call in hours is longer. What lies above the background by a quarter of the
    distance between them (at least 6 dB) is heard; where that distance is under 12 dB everything is, but for
    digital silence. So even music with one shout in it counts as the background of the shout.
    """
    alive = decibels > _DIGITAL_SILENCE
    if not alive.any():
        return alive
    ordered = np.sort(decibels[alive])
    background, loudest = ordered[len(ordered) // 20], ordered[max(0, len(ordered) - _LOUDEST)]
    if loudest - background < _EVEN:
        return alive
    above = max(_LEAST_ABOVE, _SHARE_ABOVE * (loudest - background))
    return np.asarray(decibels > background + above)


def _decibels(block: NDArray[np.float32]) -> NDArray[np.float64]:
    """The level of every 50 ms, without what is constant; the rest at the end counts as one."""
    whole = len(block) - len(block) % _FRAME
    parts = [block[:whole].reshape(-1, _FRAME), block[None, whole:]]
    powers = [part.astype(np.float64).var(axis=1) for part in parts if part.size]
    return np.asarray(10 * np.log10(np.maximum(np.concatenate(powers), 1e-12)))


def _spans(seconds: float, length: float, step: float, keep_last: float) -> list[tuple[float, float]]:
    if seconds <= length:
        return [(0.0, seconds)]
    # A hair less than a window is a window: lengths of files are rarely round.
    count = int((seconds - length) / step + 1e-6) + 1
    spans = [(k * step, k * step + length) for k in range(count)]
    rest = count * step
    if spans[-1][1] < seconds - 1e-3 and seconds - rest >= keep_last * length:
        spans.append((rest, seconds))
    return spans


def _frames(span: tuple[float, float], count: int) -> slice:
    first = min(int(span[0] * RATE / _FRAME), count - 1)
    return slice(first, max(first + 1, round(span[1] * RATE / _FRAME)))
