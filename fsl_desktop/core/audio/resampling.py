"""Blocks of any length and rate become blocks of one length at one rate, without a seam."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]


def resampled(blocks: Iterable[tuple[int, Samples]], rate: int) -> Iterator[Samples]:
    """Mono blocks, each with the rate it has (the same for all), at ``rate``; blocks may be empty.

    The high quality filter of soxr, kept running from block to block. ``n`` samples at ``r`` become
    ``n * rate / r``, rounded.
    """
    import soxr

    stream = None
    for given, block in blocks:
        if given == rate:
            yield block
            continue
        if stream is None:
            stream = soxr.ResampleStream(given, rate, 1, dtype="float32", quality="HQ")
        yield stream.resample_chunk(np.ascontiguousarray(block), last=False)
    if stream is not None:
        yield stream.resample_chunk(np.zeros(0, np.float32), last=True)


def in_blocks(pieces: Iterable[Samples], length: int) -> Iterator[Samples]:
    """The same samples in blocks of exactly ``length``, the last one shorter and never empty."""
    waiting: list[Samples] = []
    held = 0
    for piece in pieces:
        if not len(piece):
            continue
        waiting.append(piece)
        held += len(piece)
        if held >= length:
            joined = np.concatenate(waiting)
            whole = held - held % length
            for place in range(0, whole, length):
                yield joined[place : place + length]
            waiting = [joined[whole:]] if held > whole else []
            held -= whole
    if held:
        yield np.concatenate(waiting)
