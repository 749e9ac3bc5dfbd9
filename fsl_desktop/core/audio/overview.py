"""The spectrogram of a long recording as a whole: bands for every half second, kept in a cache file."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.audio.arrays import load_arrays, save_arrays
from fsl_desktop.core.audio.content import content_hash
from fsl_desktop.core.audio.info import RATE
from fsl_desktop.core.audio.sound import probe, stream
from fsl_desktop.core.audio.spectrogram import HOP_SECONDS, Scale, decibels
from fsl_desktop.core.readers.source import Cancelled

ROW_SECONDS = 0.5
_BLOCK_SECONDS = 10.0
_PER_ROW = round(ROW_SECONDS / HOP_SECONDS)

Rows = NDArray[np.float16]


def overview(
    path: str | os.PathLike[str],
    cache: Path,
    scale: Scale = Scale.MEL,
    *,
    progress: Callable[[float, Rows], None] = lambda share, rows: None,
    cancelled: Cancelled = lambda: False,
) -> Rows:
    """Decibels (half seconds, bands): the loudest of each half second, so that a short call in an hour shows.

    The first time the whole file is decoded, in memory that does not grow with it but for the rows (5 MB for
    three hours); ``progress`` is told the share that is done and the rows so far. Raises :class:`UserError`
    and ``Stopped``.
    """
    place = cache / f"{content_hash(path)}.{scale}-overview"
    known = load_arrays(place)
    if known is not None and known[0].ndim == 2 and known[0].shape[1] == scale.bands:
        return np.asarray(known[0], np.float16)
    seconds = max(probe(path).seconds, ROW_SECONDS)
    made: list[Rows] = []
    done = 0
    for block in stream(path, block_seconds=_BLOCK_SECONDS, cancelled=cancelled):
        made.append(_rows(block, scale))
        done += len(block)
        progress(min(1.0, done / RATE / seconds), made[-1])
    joined = np.concatenate(made)
    save_arrays(place, [joined])
    return joined


def _rows(block: NDArray[np.float32], scale: Scale) -> Rows:
    frames = max(1, round(len(block) / RATE / HOP_SECONDS))
    level = decibels(block, 0, frames, scale)
    return np.maximum.reduceat(level, np.arange(0, frames, _PER_ROW)).astype(np.float16)
