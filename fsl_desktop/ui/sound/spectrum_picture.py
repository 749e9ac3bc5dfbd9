"""The spectrogram of any part of a recording as an image, made beside the window's thread."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from fsl_desktop.core.audio.overview import ROW_SECONDS
from fsl_desktop.core.audio.spectrogram import (
    FLOOR_DB,
    HOP_SECONDS,
    TILE_SECONDS,
    Scale,
    Spectrogram,
    band_hertz,
)
from fsl_desktop.core.readers.source import Cancelled, stop_if
from fsl_desktop.ui.sound.colour_maps import ColourMap, table
from fsl_desktop.ui.sound.wave_picture import to_image

OVERVIEW_FROM = 300.0
"""Seconds; a longer part is drawn from the overview, a shorter one from tiles."""
TOP_HERTZ = 8_000
_RANGE_DB = 70.0
_LEAST_RANGE_DB = 35.0
"""Hiss alone is not to be blown up to look like something."""
_HELD_TILES = 64
_FRAMES = round(TILE_SECONDS / HOP_SECONDS)
_AGAIN = 0.12
"""Seconds between pictures while tiles are being computed."""


@dataclass(frozen=True, slots=True)
class Look:
    """How a spectrogram is drawn."""

    scale: Scale = Scale.LINEAR
    colours: ColourMap = ColourMap.VIRIDIS
    top_hertz: int = TOP_HERTZ
    brighter: float = 0.0
    """Decibels."""


class SpectrumSource:
    """Pictures of one recording; used by one thread at a time but for ``overviews``."""

    def __init__(self, path: Path, cache: Path) -> None:
        self._path, self._cache = path, cache
        self._made: dict[Scale, Spectrogram] = {}
        self._tiles: OrderedDict[tuple[Scale, int], NDArray[np.float16]] = OrderedDict()
        self._ranges: dict[Scale, tuple[float, float]] = {}
        self.overviews: dict[Scale, NDArray[np.float16]] = {}
        self.complete: set[Scale] = set()

    def draw(
        self,
        start: float,
        end: float,
        size: tuple[int, int],
        look: Look,
        give: Callable[[QImage], None],
        cancelled: Cancelled,
    ) -> None:
        """Give an image of ``size`` (width, height), and again while more of it becomes known.

        Raises :class:`UserError` and ``Stopped``.
        """
        if end - start > OVERVIEW_FROM:
            rows = self.overviews.get(look.scale)
            if rows is not None and len(rows):
                give(self._image(rows.astype(np.float32), 0.0, ROW_SECONDS, start, end, size, look))
            return
        spectrogram = self._made.get(look.scale)
        if spectrogram is None:
            spectrogram = self._made[look.scale] = Spectrogram(self._path, self._cache, look.scale)
        first = max(0, int(start // TILE_SECONDS))
        last = min(spectrogram.tiles - 1, int(max(start, end - 1e-9) // TILE_SECONDS))
        shown = -_AGAIN
        for number in range(first, last + 1):
            stop_if(cancelled)
            fresh = (look.scale, number) not in self._tiles
            self._tile(spectrogram, number)
            if fresh and number < last and time.monotonic() - shown > _AGAIN:
                give(self._from_tiles(spectrogram, first, last, start, end, size, look))
                shown = time.monotonic()
        give(self._from_tiles(spectrogram, first, last, start, end, size, look))

    def _tile(self, spectrogram: Spectrogram, number: int) -> NDArray[np.float16]:
        key = (spectrogram.scale, number)
        if key not in self._tiles:
            self._tiles[key] = spectrogram.tile(number)
            while len(self._tiles) > _HELD_TILES:
                self._tiles.popitem(last=False)
        self._tiles.move_to_end(key)
        return self._tiles[key]

    def _from_tiles(
        self,
        spectrogram: Spectrogram,
        first: int,
        last: int,
        start: float,
        end: float,
        size: tuple[int, int],
        look: Look,
    ) -> QImage:
        scale = spectrogram.scale
        parts: list[NDArray[np.float32]] = []
        for number in range(first, last + 1):
            known = self._tiles.get((scale, number))
            blank = np.full((_FRAMES, scale.bands), FLOOR_DB, np.float32)
            parts.append(blank if known is None else known.astype(np.float32))
        joined = np.concatenate(parts)
        return self._image(joined, first * TILE_SECONDS, HOP_SECONDS, start, end, size, look)

    def _image(
        self,
        frames: NDArray[np.float32],
        origin: float,
        hop: float,
        start: float,
        end: float,
        size: tuple[int, int],
        look: Look,
    ) -> QImage:
        """Frames (n, bands), the first at ``origin`` seconds, as pixels."""
        width, height = size
        across = _columns(frames, (start - origin) / hop, (end - origin) / hop, width)
        bands = _band_places(look, height)
        low = np.floor(bands).astype(np.int64)
        part = (bands - low).astype(np.float32)
        high = np.minimum(low + 1, frames.shape[1] - 1)
        drawn = across[:, low] * (1 - part) + across[:, high] * part
        darkest, brightest = self._range(look.scale, across)
        steps = 255 / (brightest - darkest)
        level = np.clip((drawn + look.brighter - darkest) * steps, 0, 255).astype(np.uint8)
        return to_image(table(look.colours)[level.T[::-1]], QImage.Format.Format_RGB32)

    def _range(self, scale: Scale, seen: NDArray[np.float32]) -> tuple[float, float]:
        """Levels of the darkest and the brightest colour: from the usual hiss to the loudest sound.

        They stay as the first picture set them, or scrolling would flicker, until something louder comes.
        """
        loud = max(float(np.percentile(seen, 99.8)), FLOOR_DB + _RANGE_DB)
        kept = self._ranges.get(scale)
        if kept is None or loud > kept[1] + 6:
            heard = seen[seen > FLOOR_DB]  # digital silence says nothing of the hiss
            hiss = float(np.percentile(heard, 35)) if len(heard) else FLOOR_DB
            darkest = min(max(hiss, loud - _RANGE_DB), loud - _LEAST_RANGE_DB)
            self._ranges[scale] = kept = (darkest, loud)
        return kept


def _columns(frames: NDArray[np.float32], first: float, last: float, count: int) -> NDArray[np.float32]:
    """(count, bands): between frames where they are wider than a pixel, else the loudest of each pixel."""
    n = len(frames)
    edges = np.linspace(first, last, count + 1)
    if last - first <= count:
        middle = np.clip((edges[:-1] + edges[1:]) / 2, 0, n - 1)
        low = np.floor(middle).astype(np.int64)
        part = (middle - low).astype(np.float32)[:, None]
        return np.asarray(frames[low] * (1 - part) + frames[np.minimum(low + 1, n - 1)] * part)
    starts = np.clip(np.floor(edges[:-1]).astype(np.int64), 0, n - 1)
    stop = int(np.clip(np.ceil(edges[-1]), starts[-1] + 1, n))
    return np.asarray(np.maximum.reduceat(frames[:stop], starts))


def _band_places(look: Look, height: int) -> NDArray[np.float64]:
    """For each row of pixels, from below, where it lies between the bands."""
    share = (np.arange(height) + 0.5) / height
    hertz = hertz_at(share, look)
    middles = band_hertz(look.scale)
    return np.asarray(np.interp(hertz, middles, np.arange(len(middles))))


def hertz_at(share: NDArray[np.float64], look: Look) -> NDArray[np.float64]:
    """The frequency at a share (0..1) of the height."""
    if look.scale is Scale.LINEAR:
        return share * look.top_hertz
    top = np.log10(1 + look.top_hertz / 700)
    return np.asarray(700 * (10 ** (share * top) - 1))


def share_at(hertz: float, look: Look) -> float:
    """The share of the height that a frequency lies at."""
    if look.scale is Scale.LINEAR:
        return hertz / look.top_hertz
    return float(np.log10(1 + hertz / 700) / np.log10(1 + look.top_hertz / 700))
