"""The waveform of a recording at several zooms, computed once and kept in a cache file."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.audio.arrays import load_arrays, save_arrays
from fsl_desktop.core.audio.content import content_hash
from fsl_desktop.core.audio.info import RATE
from fsl_desktop.core.audio.sound import probe, stream
from fsl_desktop.core.readers.source import Cancelled

Progress = Callable[[float], None]
"""Told the share that is done, 0 to 1."""

BINS = (256, 4_096, 65_536)
"""Samples at 16 kHz that share a smallest and a largest value, zoom by zoom."""
_BLOCK_SECONDS = 16 * BINS[-1] / RATE
_VERSION = 1
_LARGEST = 60_000.0
"""Half precision ends at 65,504; files of floats may go beyond full scale."""


@dataclass(frozen=True, eq=False)
class Peaks:
    samples: int
    """Length of the recording at 16 kHz."""
    levels: tuple[NDArray[np.float16], ...]
    """For each of ``BINS`` an array (bins, 2) of smallest and largest values."""

    @property
    def seconds(self) -> float:
        return self.samples / RATE

    def between(self, start: float, end: float, columns: int) -> NDArray[np.float32]:
        """Smallest and largest value (columns, 2) for each pixel column from ``start`` to ``end`` seconds.

        Read from the finest zoom that is needed. Columns outside the recording are 0.
        """
        edges = np.linspace(start * RATE, end * RATE, columns + 1)
        wide = max(edges[1] - edges[0], 1.0)
        level = max((k for k in range(len(BINS)) if BINS[k] <= wide), default=0)
        values = self.levels[level]
        low = np.clip(np.floor(edges[:-1] / BINS[level]).astype(np.int64), 0, len(values) - 1)
        high = np.clip(np.ceil(edges[1:] / BINS[level]).astype(np.int64), low + 1, len(values))
        first = int(low[0])
        part = values[first : int(high[-1])].astype(np.float32)
        part = np.concatenate([part, part[-1:]])  # reduceat wants every index inside
        spans = np.stack([low, high], axis=1).ravel() - first
        drawn = np.stack(
            [np.minimum.reduceat(part[:, 0], spans)[::2], np.maximum.reduceat(part[:, 1], spans)[::2]], axis=1
        )
        drawn[(edges[1:] <= 0) | (edges[:-1] >= self.samples)] = 0
        return drawn


def peaks(
    path: str | os.PathLike[str],
    cache: Path,
    *,
    progress: Progress = lambda share: None,
    cancelled: Cancelled = lambda: False,
) -> Peaks:
    """The peaks of a recording from the folder ``cache``, or computed and put there.

    The first time takes as long as decoding, in memory that does not grow with the file; after that
    milliseconds. Raises :class:`UserError` and ``Stopped``.
    """
    place = _place(path, cache)
    known = _load(place)
    if known is not None:
        return known
    made = compute_peaks(path, progress=progress, cancelled=cancelled)
    header = np.array([_VERSION, made.samples], np.int64)
    save_arrays(place, [header, *made.levels])
    return made


def cached_peaks(path: str | os.PathLike[str], cache: Path) -> Peaks | None:
    """The peaks if they have been computed before: quick enough for the window's own thread."""
    return _load(_place(path, cache))


def compute_peaks(
    path: str | os.PathLike[str],
    *,
    progress: Progress = lambda share: None,
    cancelled: Cancelled = lambda: False,
) -> Peaks:
    """As :func:`peaks`, without a cache."""
    expected = max(1.0, probe(path).seconds * RATE)
    fine: list[NDArray[np.float16]] = []
    done = 0
    for block in stream(path, block_seconds=_BLOCK_SECONDS, cancelled=cancelled):
        fine.append(_extremes(np.stack([block, block], axis=1), BINS[0]))
        done += len(block)
        progress(min(1.0, done / expected))
    levels = [np.concatenate(fine)]
    for k in range(1, len(BINS)):
        levels.append(_extremes(levels[-1], BINS[k] // BINS[k - 1]))
    return Peaks(done, tuple(levels))


def _extremes(values: NDArray[Any], count: int) -> NDArray[np.float16]:
    """Of every ``count`` rows (n, 2) the smallest first and the largest second value."""
    whole = len(values) - len(values) % count
    parts = [values[:whole].reshape(-1, count, 2)]
    if whole < len(values):
        parts.append(values[None, whole:])
    found = [np.stack([part[..., 0].min(axis=1), part[..., 1].max(axis=1)], axis=1) for part in parts]
    return np.asarray(np.clip(np.concatenate(found), -_LARGEST, _LARGEST), np.float16)


def _place(path: str | os.PathLike[str], cache: Path) -> Path:
    return cache / f"{content_hash(path)}.peaks"


def _load(place: Path) -> Peaks | None:
    arrays = load_arrays(place)
    if arrays is None or len(arrays) != 1 + len(BINS):
        return None
    header, levels = arrays[0], arrays[1:]
    if header.shape != (2,) or header.dtype != np.int64 or header[0] != _VERSION:
        return None
    samples = int(header[1])
    shapes = [(-(-samples // count), 2) for count in BINS]
    if [level.shape for level in levels] != shapes or any(level.dtype != np.float16 for level in levels):
        return None
    return Peaks(samples, tuple(levels))
