"""The answers of a fitted head for every row of a project."""

from __future__ import annotations

import time

import numpy as np

from fsl_desktop.core.answers import Suggestions
from fsl_desktop.learn.desk import Snapshot
from fsl_desktop.learn.fitted import Fitted
from fsl_desktop.learn.heads import Matrix, softmax
from fsl_desktop.learn.orders.mixed import margin_doubt, mixed, usefulness
from fsl_desktop.learn.unknown import Near

_BLOCK = 16384


def every_row(
    now: Snapshot,
    model: str,
    fitted: Fitted,
    vectors: Matrix,
    seen: Matrix,
    near: Near | None,
    began: float,
) -> Suggestions:
    """``vectors`` (n, d) are all rows of ``now``; ``seen`` (n, k) the same as unit vectors, see
    ``compact``; ``near`` are their nearest in the pool of the model's gauge, if it has one."""
    n = len(now.row_ids)
    guess = np.zeros(n, dtype=np.int64)
    confidence, doubt = np.zeros(n, dtype=np.float32), np.zeros(n, dtype=np.float32)
    gauge = fitted.model.unknown
    unknown = np.zeros(n, dtype=np.float32) if gauge is not None else None
    ids = np.array(fitted.model.class_ids, dtype=np.int32)
    # In blocks, so that 100,000 rows of 500 classes never stand in memory at once.
    for start in range(0, n, _BLOCK):
        block = slice(start, min(n, start + _BLOCK))
        logits = fitted.model.logits(vectors[block])
        if gauge is not None and unknown is not None:
            around = near.part(block) if near is not None else None
            unknown[block] = gauge.score(vectors[block], logits, around)
        probabilities = softmax(logits)
        guess[block] = probabilities.argmax(axis=1)
        confidence[block] = probabilities.max(axis=1)
        doubt[block] = margin_doubt(probabilities)
    first = mixed(seen, doubt, guess, fitted.counts, now.free, np.flatnonzero(now.labelled))
    return Suggestions(
        now.revision,
        model,
        now.row_ids,
        ids[guess],
        confidence,
        usefulness(first, doubt),
        fitted.score,
        fitted.note,
        time.perf_counter() - began,
        unknown=unknown,
        doubt=doubt,
    )
