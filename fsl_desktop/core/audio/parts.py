"""Many parts of one long recording in one pass over it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.audio.info import RATE
from fsl_desktop.core.audio.sound import SoundPath, stream
from fsl_desktop.core.audio.trouble import nothing_there, wrong_span
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.source import Cancelled

Samples = NDArray[np.float32]
Span = tuple[float, float]

_GAP = 300.0
"""Seconds without a part that are jumped over rather than decoded."""
_BLOCK_SECONDS = 10.0


def read_parts(
    path: SoundPath,
    spans: Sequence[Span],
    rate: int = RATE,
    *,
    notes: list[Message] | None = None,
    cancelled: Cancelled = lambda: False,
) -> Iterator[tuple[int, Samples | UserError]]:
    """Pairs of a span's place in ``spans`` and its samples as ``sound.read`` gives them, ordered by start.

    Where nothing can be heard of a span (the file ends or breaks before it) the sentence stands in the place
    of the samples. The file is decoded once, in memory for the parts that overlap: jumping into an MP3 takes
    time that grows with the place, so that windows read one by one take hours. Raises ``Stopped``.
    """
    order = sorted(range(len(spans)), key=lambda place: spans[place])
    for place in order:
        start, end = spans[place]
        if not 0 <= start < end:
            raise wrong_span(Path(path))
    for group in _groups(order, spans):
        yield from _one_pass(path, group, spans, rate, [] if notes is None else notes, cancelled)


def _groups(order: Sequence[int], spans: Sequence[Span]) -> Iterator[list[int]]:
    """Places whose spans follow each other without a long gap."""
    group: list[int] = []
    reached = 0.0
    for place in order:
        if group and spans[place][0] - reached > _GAP:
            yield group
            group = []
        group.append(place)
        reached = max(reached, spans[place][1])
    if group:
        yield group


def _one_pass(
    path: SoundPath,
    group: Sequence[int],
    spans: Sequence[Span],
    rate: int,
    notes: list[Message],
    cancelled: Cancelled,
) -> Iterator[tuple[int, Samples | UserError]]:
    origin = spans[group[0]][0]
    end = max(spans[place][1] for place in group)
    limits = [(round((spans[p][0] - origin) * rate), round((spans[p][1] - origin) * rate)) for p in group]
    held = np.zeros(0, np.float32)
    begin = 0  # of what is held, in samples after the origin
    done = 0
    failure: UserError | None = None
    try:
        for block in stream(path, origin, end, rate, _BLOCK_SECONDS, notes=notes, cancelled=cancelled):
            held = np.concatenate([held, block])
            while done < len(group) and limits[done][1] <= begin + len(held):
                first, last = limits[done]
                yield group[done], held[first - begin : max(last, first + 1) - begin].copy()
                done += 1
            if done == len(group):
                return
            keep = max(begin, min(limits[done][0], begin + len(held)))
            held, begin = held[keep - begin :], keep
    except UserError as error:
        failure = error
    for place, (first, last) in zip(group[done:], limits[done:], strict=True):
        rest = held[max(0, first - begin) : max(0, last - begin)]
        yield place, rest.copy() if len(rest) else failure or nothing_there(Path(path), spans[place][0])
