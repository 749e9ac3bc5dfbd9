"""Several frozen encoders at once: kernel ridge regression on a weighted sum of their similarities.

No single encoder is best on every kind of sound (one knows birds, another voices), and a handful of labels
is too little to choose one by. So each gives a *block* of numbers per clip, and blocks count by how clearly
a head on each alone decides about the rows that nobody labelled, and how well it foretells labelled rows that
are left out. With one block this is ridge regression. The rows without a label then take part by
self-training. It works on blocks of any kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.heads import LinearHead, Matrix

Floats = NDArray[np.float64]

PENALTY = 0.1
SHARPNESS = 8.0
"""Logits are so many times the ridge scores; their softmax then means nearly what it says."""
LEAST_POOL = 50
"""Rows without a label from which on they are learnt from."""
MOST_POOL = 300
_LEAST_ASKED = 20
"""Rows without a label from which on they have a say in what a block counts."""
_ROUNDS = 6
_SURE = 16.0
"""Sharpness of the pseudo-labels."""


@dataclass(frozen=True, slots=True, eq=False)
class View:
    """How one kind of block is looked at: from the middle of the project's clips, as a direction, so long."""

    middle: Matrix
    """(d,)"""
    length: float
    """The square root of what it counts."""

    def of(self, block: Matrix) -> Matrix:
        """``block`` (n, d) as it enters the head."""
        return np.float32(self.length) * _directions(block - self.middle)


@dataclass(frozen=True, slots=True, eq=False)
class Mix:
    """A head on several blocks; ``views`` in their order."""

    views: tuple[View, ...]
    head: LinearHead

    def vectors(self, blocks: Sequence[Matrix]) -> Matrix:
        """(n, D) what the head sees of clips whose blocks are (n, d_b) each; their inner products are the
        weighted sum of the blocks' cosines."""
        return np.concatenate(
            [view.of(block) for view, block in zip(self.views, blocks, strict=True)], axis=1
        )

    def logits(self, blocks: Sequence[Matrix]) -> Matrix:
        """(n, C)"""
        return self.head.logits(self.vectors(blocks))


def fit_mix(
    blocks: Sequence[Matrix],
    labels: NDArray[np.int64],
    pool: Sequence[Matrix],
    n_classes: int,
    *,
    self_trained: bool = True,
) -> Mix:
    """A mix for clips with ``blocks`` (n, d_b) each and class indices ``labels`` (n,).

    ``pool`` are the blocks (p, d_b) of clips without a label; p may be 0. ``self_trained``: they are learnt
    from as well, if they are many enough and every class that has labels has two: this takes every clip to be
    of some class, and does harm where many are of none.
    """
    n, p = len(labels), len(pool[0])
    both = [np.concatenate(pair) for pair in zip(blocks, pool, strict=True)]
    middles = [block.mean(axis=0) for block in both]
    rows = [_directions(block - middle) for block, middle in zip(both, middles, strict=True)]
    counts = np.bincount(labels, minlength=n_classes)
    single = bool(counts[counts > 0].min() < 2)
    weights = _weights(rows, labels, n_classes, n, single=single)
    learnt = min(p, MOST_POOL) if self_trained and not single and p >= LEAST_POOL else 0
    seen = n + learnt
    views = tuple(
        View(middle.astype(np.float32), float(np.sqrt(weight)))
        for middle, weight in zip(middles, weights, strict=True)
    )
    mixed = np.concatenate(
        [np.float32(view.length) * block[:seen] for view, block in zip(views, rows, strict=True)], axis=1
    ).astype(np.float64)
    target, centre = _targets(labels, n_classes)
    gram = mixed @ mixed.T
    dual = _solve(gram[:n, :n], target, np.full(n, PENALTY))
    for turn in range(1, _ROUNDS + 1) if learnt else ():
        scores = gram[n:, : len(dual)] @ dual + centre
        guessed = _softmax(_SURE * scores)
        share = np.minimum(1.0, 2 * guessed.max(axis=1) * (turn / _ROUNDS) * n / learnt)
        penalty = np.concatenate([np.full(n, PENALTY), PENALTY / share])
        dual = _solve(gram, np.concatenate([target, guessed - centre]), penalty)
    return Mix(views, _head(mixed[: len(dual)].T @ dual, centre, counts > 0))


def left_out(gram: Floats, target: Floats) -> Floats:
    """What ridge regression says of each row when it has learnt from all others, (n, C); ``gram`` (n, n)."""
    hat = gram @ np.linalg.inv(gram + PENALTY * np.eye(len(gram)))
    own = np.diag(hat)[:, None]
    said: Floats = (hat @ target - own * target) / np.maximum(1 - own, 1e-9)
    return said


def _weights(
    rows: list[Matrix], labels: NDArray[np.int64], n_classes: int, n: int, *, single: bool
) -> Floats:
    """What each block counts, (B,), 1 in all."""
    target, centre = _targets(labels, n_classes)
    weights = np.ones(len(rows))
    for place, block in enumerate(rows):
        exact = block.astype(np.float64)
        gram = exact[:n] @ exact[:n].T
        if len(block) - n >= _LEAST_ASKED:
            dual = _solve(gram, target, np.full(n, PENALTY))
            scores = np.sort(exact[n:] @ (exact[:n].T @ dual) + centre, axis=1)
            margin = float((scores[:, -1] - scores[:, -2]).mean()) if n_classes > 1 else 1.0
            weights[place] = margin**4 if single else margin**2
        if not single:
            missed = ((left_out(gram, target) - target) ** 2).sum()
            weights[place] *= max(0.0, 1 - float(missed / (target**2).sum())) ** 2
    total = weights.sum()
    # Where no block foretells anything, none is better than another.
    even: Floats = np.full(len(rows), 1 / len(rows))
    return weights / total if total > 1e-12 else even


def _targets(labels: NDArray[np.int64], n_classes: int) -> tuple[Floats, Floats]:
    """(one-hot labels minus the class proportions (n, C), those proportions (C,))"""
    known: Floats = np.eye(n_classes, dtype=np.float64)[labels]
    centre: Floats = known.mean(axis=0)
    return known - centre, centre


def _solve(gram: Floats, target: Floats, penalty: Floats) -> Floats:
    return np.linalg.solve(gram + np.diag(penalty), target).astype(np.float64, copy=False)


def _head(weights: Floats, centre: Floats, known: NDArray[np.bool_]) -> LinearHead:
    never = -1e4  # as in heads: a class without a label is never said
    bias = np.where(known, SHARPNESS * centre, never)
    return LinearHead((SHARPNESS * weights.T).astype(np.float32), bias.astype(np.float32))


def _directions(rows: Matrix) -> Matrix:
    lengths = np.sqrt((rows * rows).sum(axis=1, keepdims=True))
    found: Matrix = rows / np.maximum(lengths, np.float32(1e-9))
    return found


def _softmax(scores: Floats) -> Floats:
    powers: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
    powers /= powers.sum(axis=1, keepdims=True)
    return powers
