"""Spectrograms for the eye, in tiles of ten seconds that are kept in cache files."""

from __future__ import annotations

import math
import os
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from fsl_desktop.core.audio.arrays import load_arrays, save_arrays
from fsl_desktop.core.audio.content import content_hash
from fsl_desktop.core.audio.info import RATE
from fsl_desktop.core.audio.sound import probe, read
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.readers.source import Cancelled, stop_if


class Scale(StrEnum):
    """How the bands lie from 0 to 8 kHz."""

    MEL = "mel"
    """As the ear tells pitches apart, which is also what models are given: narrow below, wide above."""
    LINEAR = "linear"
    """All of the same width."""

    @property
    def bands(self) -> int:
        return BANDS if self is Scale.MEL else LINEAR_BANDS


BANDS = 64
LINEAR_BANDS = 128
HOP_SECONDS = 0.01
TILE_SECONDS = 10
FLOOR_DB = -100.0
"""Silence; a sine at full scale is at 0 dB."""

_HOP = round(HOP_SECONDS * RATE)
_WINDOW = 400
_FFT = 1024
_FRAMES = round(TILE_SECONDS / HOP_SECONDS)
_MARGIN = 0.2
"""Seconds decoded on both sides of a tile, so that neighbours meet without a seam."""


class Spectrogram:
    """Pictures of one recording; the file is opened only for tiles that are not in ``cache``."""

    def __init__(self, path: str | os.PathLike[str], cache: Path, scale: Scale = Scale.MEL) -> None:
        """Raises :class:`UserError` for what is no sound."""
        self.path = Path(path)
        self.scale = scale
        self.seconds = probe(path).seconds
        self._folder = cache / f"{content_hash(path)}.{scale}"

    @property
    def tiles(self) -> int:
        return max(1, math.ceil(self.seconds / TILE_SECONDS))

    def tile(self, number: int) -> NDArray[np.float16]:
        """Decibels (frames, bands) of the ten seconds from ``10 * number`` on, fewer at the end.

        Frame ``k`` is centred ``k`` times 10 ms after the tile's start; bands go from low to high, see
        :func:`band_hertz`. Raises :class:`UserError`.
        """
        frames, bands = self._frames(number), self.scale.bands
        place = self._folder / f"{number:06d}.tile"
        known = load_arrays(place)
        if known is not None and known[0].shape == (frames, bands) and known[0].dtype == np.float16:
            return known[0]
        start = number * TILE_SECONDS
        begin = max(0.0, start - _MARGIN)
        try:
            samples = read(self.path, begin, start + TILE_SECONDS + _MARGIN)
        except UserError:
            if number == 0 or not self.path.is_file():
                raise
            return np.full((frames, bands), FLOOR_DB, np.float16)  # the file breaks off before
        first = round((start - begin) * RATE)
        made = decibels(samples, first, frames, self.scale).astype(np.float16)
        save_arrays(place, [made])
        return made

    def between(
        self, start: float, end: float, *, cancelled: Cancelled = lambda: False
    ) -> NDArray[np.float32]:
        """Decibels (frames, bands) from ``start`` to ``end`` seconds, a frame each 10 ms; what is outside the
        recording is left out. Raises :class:`UserError` and ``Stopped``."""
        first = max(0, round(start / HOP_SECONDS))
        last = min(round(end / HOP_SECONDS), (self.tiles - 1) * _FRAMES + self._frames(self.tiles - 1))
        parts = [np.zeros((0, self.scale.bands), np.float32)]
        for number in range(first // _FRAMES, -(-last // _FRAMES)):
            stop_if(cancelled)
            offset = number * _FRAMES
            part = self.tile(number)[max(0, first - offset) : max(0, last - offset)]
            parts.append(part.astype(np.float32))
        return np.concatenate(parts)

    def _frames(self, number: int) -> int:
        left = self.seconds - number * TILE_SECONDS
        return min(_FRAMES, max(1, math.ceil(round(left / HOP_SECONDS, 6))))


def mel(samples: NDArray[np.float32], first: int, frames: int) -> NDArray[np.float32]:
    """As :func:`decibels` on the mel scale."""
    return decibels(samples, first, frames, Scale.MEL)


def decibels(samples: NDArray[np.float32], first: int, frames: int, scale: Scale) -> NDArray[np.float32]:
    """Decibels (frames, bands) of samples at 16 kHz; frame ``k`` is centred on sample ``first + 160 k``.

    Hann windows of 25 ms; outside ``samples`` there is silence.
    """
    half = _WINDOW // 2
    needed = first + (frames - 1) * _HOP + half
    padded = np.pad(samples, (half, max(0, needed - len(samples))))
    # Float samples beyond full scale may be huge, and their squares must still be numbers.
    windows = sliding_window_view(padded, _WINDOW)[first::_HOP][:frames].astype(np.float64)
    hann = np.hanning(_WINDOW)
    power = np.abs(np.fft.rfft(windows * hann, _FFT)) ** 2 / (hann.sum() / 2) ** 2
    level = 10 * np.log10(np.maximum(power @ _filters(scale).T, 10 ** (FLOOR_DB / 10)))
    return np.asarray(level, np.float32)


def band_hertz(scale: Scale = Scale.MEL) -> NDArray[np.float64]:
    """The middle frequency (bands,) of each band, evenly spaced on the scale up to 8 kHz."""
    return _corners(scale)[1:-1]


def _corners(scale: Scale) -> NDArray[np.float64]:
    if scale is Scale.LINEAR:
        return np.linspace(0, RATE / 2, LINEAR_BANDS + 2)
    top = 2595 * math.log10(1 + RATE / 2 / 700)
    return np.asarray(700 * (10 ** (np.linspace(0, top, BANDS + 2) / 2595) - 1))


@lru_cache(maxsize=2)
def _filters(scale: Scale) -> NDArray[np.float64]:
    """Triangles (bands, bins), each 1 at its band's middle frequency and 0 at those of its neighbours."""
    corners = _corners(scale)
    hertz = np.fft.rfftfreq(_FFT, 1 / RATE)
    low, middle, high = corners[:-2, None], corners[1:-1, None], corners[2:, None]
    rising = (hertz - low) / (middle - low)
    falling = (high - hertz) / (high - middle)
    return np.asarray(np.maximum(0, np.minimum(rising, falling)))
