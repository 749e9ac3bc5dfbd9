"""Several frozen encoders at once: kernel ridge regression on a weighted sum of their similarities.

No single encoder is best on every kind of sound (one knows birds, another voices), and a handful of labels
is too little to choose one by. So each gives a *block* of numbers per clip, and blocks count by how clearly
a head on each alone decides about the rows that nobody labelled, and how well it foretells labelled rows that
are left out. With one block this is ridge regression. The rows without a label then take part: by
self-training, or by labels that spread among them where some class has a single one. Scores that stem from no
label, such as those by the names of classes, can take part: as much as they are right about the labelled
rows, and less with every label per class. It works on blocks of any kind.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.choice import above_chance
from fsl_desktop.learn.heads import NEVER, LinearHead, Matrix
from fsl_desktop.learn.methods.kernel_ridge import inverse_of, left_out, self_trained_dual, spread_dual
from fsl_desktop.learn.unknown import directions_of

Floats = NDArray[np.float64]

SHARPNESS = 8.0
"""Logits are so many times the ridge scores; their softmax then means nearly what it says."""
LEAST_POOL = 50
"""Rows without a label from which on they are learnt from."""
MOST_POOL = 300
_LEAST_ASKED = 20
"""Rows without a label from which on they have a say in what a block counts."""
_TRUST = 0.3
"""Of a prior that is always right, with one label per class (gm_instruments there: 56.0 without, 61.9 at 0.25
and at 0.5; home_sounds 98.0, 99.3, 99.6; two sets whose names say nothing: no change)."""


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
    trust: float = 0.0
    """What the prior's scores count, see ``Weighing``; they are to be added to :meth:`logits`."""

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
    ``places`` (m,), and what a clip like no other is given, ``centre`` (C,)."""

    weights: Floats
    dual: Floats
    places: NDArray[np.int64]
    centre: Floats
    known: NDArray[np.bool_]
    """Which classes can be said, because they had a label or the prior knows them, (C,)."""
    trust: float = 0.0
    """What the prior's scores count beside the ridge scores."""


class Clips:
    """All clips of a project and how alike they are, which is worked out once for any number of fits.

    ``blocks`` are those of the labelled clips (n, d_b), ``pool`` of clips without a label (p, d_b); p may be
    0. A *place* counts the labelled clips first.
    """

    def __init__(self, blocks: Sequence[Matrix], pool: Sequence[Matrix], prior: Matrix | None = None) -> None:
        """``prior`` (n + p, C), if any: scores of all clips that stem from no label."""
        self.n, self.p = len(blocks[0]), len(pool[0])
        self._prior = prior
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

        ``self_trained``: those without a label are learnt from as well, if they are many enough. This takes
        every clip to be of some class, and does harm where many are of none.
        """
        counts = np.bincount(labels, minlength=n_classes)
        single = bool(counts[counts > 0].min() < 2)
        weights = self._weights(rows, labels, n_classes, single=single)
        around = np.arange(self.n, self.n + self.p)
        learns = self_trained and self.p >= LEAST_POOL
        around = around[:MOST_POOL] if learns else around[:0]
        target, centre = _targets(labels, n_classes)
        inverse = inverse_of(self._gram(weights, rows, rows))
        dual = inverse @ target
        if learns:
            cross, own = self._gram(weights, rows, around), self._gram(weights, around, around)
            if single:
                whole = np.block([[self._gram(weights, rows, rows), cross], [cross.T, own]])
                dual = spread_dual(whole, target, labels, centre)
            else:
                dual = self_trained_dual(inverse, dual, cross, own, centre)
        trust = self._trust(rows, labels, n_classes)
        known = (counts > 0) | (trust > 0)
        # A class that is known by its name alone starts where the others do on average.
        centre = np.where(counts > 0, centre, centre[counts > 0].mean())
        return Weighing(weights, dual, np.concatenate([rows, around]), centre, known, trust)

    def _trust(self, rows: NDArray[np.int64], labels: NDArray[np.int64], n_classes: int) -> float:
        if self._prior is None or n_classes < 2:
            return 0.0
        right = float((self._prior[rows].argmax(axis=1) == labels).mean())
        return _TRUST * max(0.0, above_chance(right, n_classes)) * n_classes / len(rows)

    def logits(self, learnt: Weighing, places: NDArray[np.int64]) -> Matrix:
        """What ``learnt`` says of the clips at ``places`` (k,), (k, C)."""
        scores = self._gram(learnt.weights, places, learnt.places) @ learnt.dual + learnt.centre
        if learnt.trust > 0 and self._prior is not None:
            scores += learnt.trust * self._prior[places]
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
        return Mix(views, LinearHead(head, bias.astype(np.float32)), SHARPNESS * learnt.trust)

    def _gram(self, weights: Floats, these: NDArray[np.int64], those: NDArray[np.int64]) -> Floats:
        total = np.zeros((len(these), len(those)))
        columns: slice | NDArray[np.int64] = those
        if len(those) and those[-1] - those[0] == len(those) - 1:
            columns = slice(int(those[0]), int(those[-1]) + 1)  # as the pool is: nothing to gather
        for weight, gram in zip(weights, self._grams, strict=True):
            if weight > 0:
                total += weight * gram[these][:, columns]
        return total

    def _weights(
        self, rows: NDArray[np.int64], labels: NDArray[np.int64], n_classes: int, *, single: bool
    ) -> Floats:
        """What each block counts, (B,), 1 in all."""
        target, centre = _targets(labels, n_classes)
        weights = np.ones(len(self._grams))
        for place, whole in enumerate(self._grams):
            mine = whole[rows]
            inverse = inverse_of(mine[:, rows].astype(np.float64))
            dual = inverse @ target
            if self.p >= _LEAST_ASKED:
                scores = np.sort(mine[:, self.n :].T @ dual + centre, axis=1)
                margin = float((scores[:, -1] - scores[:, -2]).mean()) if n_classes > 1 else 1.0
                weights[place] = margin**4 if single else margin**2
            if not single:
                missed = ((left_out(inverse, target) - target) ** 2).sum()
                weights[place] *= max(0.0, 1 - float(missed / (target**2).sum())) ** 2
        total = weights.sum()
        # Where no block foretells anything, none is better than another.
        even: Floats = np.full(len(weights), 1 / len(weights))
        return weights / total if total > 1e-12 else even


def beside(mix: Mix, other: Mix, share: float) -> Mix:
    """One head on the blocks of both: ``other`` has the ``share`` 0..1 of the say, ``mix`` the rest.

    For a block that was tuned on labelled clips: what it would say of those clips says nothing about what it
    is worth, so it takes no part in the weighing.
    """
    part, rest = np.float32(share), np.float32(1 - share)
    weights = np.concatenate([rest * mix.head.weights, part * other.head.weights], axis=1)
    head = LinearHead(weights, rest * mix.head.bias + part * other.head.bias)
    return Mix((*mix.views, *other.views), head, (1 - share) * mix.trust + share * other.trust)


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


def _targets(labels: NDArray[np.int64], n_classes: int) -> tuple[Floats, Floats]:
    """(one-hot labels minus the class proportions (n, C), those proportions (C,))"""
    known: Floats = np.eye(n_classes, dtype=np.float64)[labels]
    centre: Floats = known.mean(axis=0)
    return known - centre, centre
