"""The answers of a fitted mix for every row of a project of recordings."""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.answers import Suggestions
from fsl_desktop.learn.orders.mixed import margin_doubt, mixed, usefulness
from fsl_desktop.learn.sound.desk import SoundSnapshot
from fsl_desktop.learn.sound.fitted import FittedMix
from fsl_desktop.learn.sound.ranking import seen_of
from fsl_desktop.learn.sound.rows import RowBlocks

_BLOCK = 2048


def every_clip(
    now: SoundSnapshot,
    model: str,
    fitted: FittedMix,
    heard: RowBlocks,
    at: NDArray[np.int64],
    began: float,
) -> Suggestions:
    """``at`` (n,) is where what was ``heard`` of each row of ``now`` is, -1 where it cannot be heard: such a
    row has no class. ``began`` by ``time.perf_counter``."""
    n = len(now.row_ids)
    class_ids, guess = np.zeros(n, np.int32), np.zeros(n, np.int64)
    confidence, doubt = np.zeros(n, np.float32), np.zeros(n, np.float32)
    ids = np.array(fitted.class_ids, np.int32)
    there = np.flatnonzero(at >= 0)
    for start in range(0, len(there), _BLOCK):
        part = there[start : start + _BLOCK]
        shares = fitted.probabilities(heard.blocks(at[part]))
        guess[part] = shares.argmax(axis=1)
        class_ids[part] = ids[guess[part]]
        confidence[part] = shares.max(axis=1)
        doubt[part] = margin_doubt(shares)
    free, labelled = now.free[at[now.free] >= 0], there[now.labelled[there]]
    first = mixed(seen_of(heard, at), doubt, guess, now.data.counts(), free, labelled)
    return Suggestions(
        now.revision,
        model,
        now.row_ids,
        class_ids,
        confidence,
        usefulness(first, doubt),
        fitted.score,
        heard.trouble(now.removed) or fitted.note,
        time.perf_counter() - began,
        doubt=doubt,
    )
