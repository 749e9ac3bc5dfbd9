"""The waveform of any part of a recording as an image, made beside the window's thread."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from fsl_desktop.core.audio.info import RATE
from fsl_desktop.core.audio.peaks import Peaks
from fsl_desktop.core.audio.sound import read
from fsl_desktop.core.readers.source import Cancelled

Columns = NDArray[np.float32]
"""Smallest and largest value (n, 2) of each column of pixels."""

SAMPLES_SECONDS = 30.0
"""A part up to this long is drawn from its samples; kept peaks are too coarse for it."""
_LINE = 1.25
"""Pixels that the line is thick where it runs level."""


class WaveSource:
    """Columns of one recording. ``peaks`` is set once they are known; until then long parts are not."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._held: tuple[float, float, NDArray[np.float32]] | None = None
        self.peaks: Peaks | None = None

    def columns(
        self, start: float, end: float, count: int, cancelled: Cancelled = lambda: False
    ) -> Columns | None:
        """``None`` where peaks are needed first. Raises :class:`UserError` and ``Stopped``."""
        if end - start <= SAMPLES_SECONDS:
            begin, samples = self._samples(start, end, cancelled)
            return sample_columns(samples, (start - begin) * RATE, (end - begin) * RATE, count)
        return None if self.peaks is None else self.peaks.between(start, end, count)

    def _samples(self, start: float, end: float, cancelled: Cancelled) -> tuple[float, NDArray[np.float32]]:
        """The start of what is held, and the samples from there; with some around, for the next scrolling."""
        held = self._held
        if held is None or start < held[0] or end > held[1]:
            margin = min(end - start, SAMPLES_SECONDS)
            begin, until = max(0.0, start - margin), end + margin
            self._held = held = (begin, until, read(self.path, begin, until, cancelled=cancelled))
        return held[0], held[2]


def sample_columns(samples: NDArray[np.float32], first: float, last: float, count: int) -> Columns:
    """Columns from sample ``first`` to ``last`` (fractions allowed) of the line through the samples.

    Closer than one sample per column the line is seen, further away its extremes. 0 outside.
    """
    n = len(samples)
    edges = np.linspace(first, last, count + 1)
    on_line = np.interp(edges, np.arange(n), samples, left=0.0, right=0.0).astype(np.float32)
    low = np.minimum(on_line[:-1], on_line[1:])
    high = np.maximum(on_line[:-1], on_line[1:])
    inside_from = np.clip(np.ceil(edges[:-1]).astype(np.int64), 0, n)
    inside_to = np.clip(np.floor(edges[1:]).astype(np.int64) + 1, 0, n)
    some = np.flatnonzero(inside_to > inside_from)
    if len(some):
        begin = int(inside_from[some[0]])
        part = np.concatenate([samples[begin : int(inside_to[some[-1]])], np.zeros(1, np.float32)])
        spans = np.stack([inside_from[some], inside_to[some]], axis=1).ravel() - begin
        low[some] = np.minimum(low[some], np.minimum.reduceat(part, spans)[::2])
        high[some] = np.maximum(high[some], np.maximum.reduceat(part, spans)[::2])
    return np.stack([low, high], axis=1)


def wave_image(columns: Columns, height: int, colour: str, gain: float = 1.0) -> QImage:
    """An image as wide as there are columns, ``height`` pixels high, transparent but for the wave.

    Full scale fills it; edges are smooth. ``colour`` is ``#RRGGBB``.
    """
    middle = height / 2
    scaled = np.clip(columns * np.float32(gain), -1.0, 1.0) * np.float32(middle)
    top = (middle - scaled[:, 1]).astype(np.float32)
    bottom = (middle - scaled[:, 0]).astype(np.float32)
    # Never thinner than a line, or quiet passages would fade away.
    lack = np.maximum(_LINE - (bottom - top), 0) / 2
    top, bottom = top - lack, bottom + lack
    rows = np.arange(height, dtype=np.float32)[:, None]
    cover = np.clip(np.minimum(bottom, rows + 1) - np.maximum(top, rows), 0, 1)
    alpha = (cover * 255).astype(np.uint32)
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    pixels = alpha << 24 | (alpha * red // 255) << 16 | (alpha * green // 255) << 8 | alpha * blue // 255
    return to_image(pixels, QImage.Format.Format_ARGB32_Premultiplied)


def to_image(pixels: NDArray[np.uint32], form: QImage.Format) -> QImage:
    """An image with memory of its own from pixels (height, width)."""
    pixels = np.ascontiguousarray(pixels, np.uint32)
    height, width = pixels.shape
    return QImage(pixels.data, width, height, 4 * width, form).copy()
