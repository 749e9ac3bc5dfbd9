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

from fsl_desktop.learn.heads import NEVER, LinearHead, Matrix
from fsl_desktop.learn.unknown import directions_of

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
        return np.float32(self.length) * directions_of(block - self.middle)


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


@dataclass(frozen=True, slots=True, eq=False)
class Weighing:
    """What was learnt from some of the clips: ``weights`` (B,) of the blocks, ``dual`` (m, C) of the clips
    ``places`` (m,), and the class proportions ``centre`` (C,)."""

    weights: Floats
    dual: Floats
    places: NDArray[np.int64]
    centre: Floats
    known: NDArray[np.bool_]
    """Which classes had a label, (C,)."""


class Clips:
    """All clips of a project and how alike they are, which is worked out once for any number of fits.

    ``blocks`` are those of the labelled clips (n, d_b), ``pool`` of clips without a label (p, d_b); p may be
    0. A *place* counts the labelled clips first.
    """

    def __init__(self, blocks: Sequence[Matrix], pool: Sequence[Matrix]) -> None:
        self.n, self.p = len(blocks[0]), len(pool[0])
        both = [np.concatenate(pair) for pair in zip(blocks, pool, strict=True)]
        self._middles = [block.mean(axis=0).astype(np.float32) for block in both]
        self._rows = [
            directions_of(block - middle) for block, middle in zip(both, self._middles, strict=True)
        ]
        self._grams = [row @ row.T for row in self._rows]

    def fit(
        self,
        rows: NDArray[np.int64],
        labels: NDArray[np.int64],
        n_classes: int,
        *,
        self_trained: bool = True,
    ) -> Weighing:
        """Learn from the labelled clips ``rows`` (m,), which are of the classes ``labels`` (m,).

        ``self_trained``: those without a label are learnt from as well, if they are many enough and every
        class that has labels has two. This takes every clip to be of some class, and does harm where many are
        of none.
        """
        counts = np.bincount(labels, minlength=n_classes)
        single = bool(counts[counts > 0].min() < 2)
        weights = self._weights(rows, labels, n_classes, single=single)
        around = np.arange(self.n, self.n + self.p)
        learns = self_trained and not single and self.p >= LEAST_POOL
        around = around[:MOST_POOL] if learns else around[:0]
        places = np.concatenate([rows, around])
        gram = self._gram(weights, places, places)
        n, learnt = len(rows), len(around)
        target, centre = _targets(labels, n_classes)
        dual = _solve(gram[:n, :n], target, np.full(n, PENALTY))
        for turn in range(1, _ROUNDS + 1) if learnt else ():
            scores = gram[n:, : len(dual)] @ dual + centre
            guessed = _softmax(_SURE * scores)
            share = np.minimum(1.0, 2 * guessed.max(axis=1) * (turn / _ROUNDS) * n / learnt)
            penalty = np.concatenate([np.full(n, PENALTY), PENALTY / share])
            dual = _solve(gram, np.concatenate([target, guessed - centre]), penalty)
        return Weighing(weights, dual, places, centre, counts > 0)

    def logits(self, learnt: Weighing, places: NDArray[np.int64]) -> Matrix:
        """What ``learnt`` says of the clips at ``places`` (k,), (k, C)."""
        scores = self._gram(learnt.weights, places, learnt.places) @ learnt.dual + learnt.centre
        said: Matrix = np.where(learnt.known, SHARPNESS * scores, NEVER).astype(np.float32)
        return said

    def mix(self, learnt: Weighing) -> Mix:
        """The same for clips that are not among these."""
        lengths = np.sqrt(learnt.weights)
        views = tuple(
            View(middle, float(length)) for middle, length in zip(self._middles, lengths, strict=True)
        )
        weights = [
            length * (rows[learnt.places].T.astype(np.float64) @ learnt.dual)
            for rows, length in zip(self._rows, lengths, strict=True)
        ]
        bias = np.where(learnt.known, SHARPNESS * learnt.centre, NEVER)
        # Contiguous, because a saved file knows no other order.
        head = np.ascontiguousarray(SHARPNESS * np.concatenate(weights).T, dtype=np.float32)
        return Mix(views, LinearHead(head, bias.astype(np.float32)))

    def _gram(self, weights: Floats, these: NDArray[np.int64], those: NDArray[np.int64]) -> Floats:
        total = np.zeros((len(these), len(those)))
        for weight, gram in zip(weights, self._grams, strict=True):
            if weight > 0:
                total += weight * gram[np.ix_(these, those)]
        return total

    def _weights(
        self, rows: NDArray[np.int64], labels: NDArray[np.int64], n_classes: int, *, single: bool
    ) -> Floats:
        """What each block counts, (B,), 1 in all."""
        target, centre = _targets(labels, n_classes)
        weights = np.ones(len(self._grams))
        for place, whole in enumerate(self._grams):
            gram = whole[np.ix_(rows, rows)].astype(np.float64)
            if self.p >= _LEAST_ASKED:
                dual = _solve(gram, target, np.full(len(rows), PENALTY))
                scores = np.sort(whole[self.n :, rows] @ dual + centre, axis=1)
                margin = float((scores[:, -1] - scores[:, -2]).mean()) if n_classes > 1 else 1.0
                weights[place] = margin**4 if single else margin**2
            if not single:
                missed = ((left_out(gram, target) - target) ** 2).sum()
                weights[place] *= max(0.0, 1 - float(missed / (target**2).sum())) ** 2
        total = weights.sum()
        # Where no block foretells anything, none is better than another.
        even: Floats = np.full(len(weights), 1 / len(weights))
        return weights / total if total > 1e-12 else even


def fit_mix(
    blocks: Sequence[Matrix],
    labels: NDArray[np.int64],
    pool: Sequence[Matrix],
    n_classes: int,
    *,
    self_trained: bool = True,
) -> Mix:
    """A mix for clips with ``blocks`` (n, d_b) each and class indices ``labels`` (n,), see :class:`Clips`."""
    clips = Clips(blocks, pool)
    return clips.mix(clips.fit(np.arange(clips.n), labels, n_classes, self_trained=self_trained))


def left_out(gram: Floats, target: Floats) -> Floats:
    """What ridge regression says of each row when it has learnt from all others, (n, C); ``gram`` (n, n)."""
    hat = gram @ np.linalg.inv(gram + PENALTY * np.eye(len(gram)))
    own = np.diag(hat)[:, None]
    said: Floats = (hat @ target - own * target) / np.maximum(1 - own, 1e-9)
    return said


def _targets(labels: NDArray[np.int64], n_classes: int) -> tuple[Floats, Floats]:
    """(one-hot labels minus the class proportions (n, C), those proportions (C,))"""
    known: Floats = np.eye(n_classes, dtype=np.float64)[labels]
    centre: Floats = known.mean(axis=0)
    return known - centre, centre


def _solve(gram: Floats, target: Floats, penalty: Floats) -> Floats:
    return np.linalg.solve(gram + np.diag(penalty), target).astype(np.float64, copy=False)


def _softmax(scores: Floats) -> Floats:
    powers: Floats = np.exp(scores - scores.max(axis=1, keepdims=True))
    powers /= powers.sum(axis=1, keepdims=True)
    return powers
