"""How little a row fits any of the classes: for what nobody thought of when the classes were named.

Two things make a row strange: the head cannot decide (1 - its highest probability, Hendrycks and Gimpel,
2017), and the labelled rows of the class that it chooses are far away. Rows that nobody labelled help: what
is new comes several times, so a row is judged together with its neighbours among them, as long as it has
near ones. All of it works on embeddings of any kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace

import numpy as np
import torch
from numpy.typing import NDArray

from fsl_desktop.learn.folds import Answerer, Fit
from fsl_desktop.learn.heads import Matrix, softmax

Floats = NDArray[np.float64]

CALLED_UNKNOWN = 0.05
"""Share of the rows of known classes that is called unknown."""
MOST_POOL = 2000
_NEIGHBOURS = 10
_PULL = 3.0
"""How much more the neighbours count than the row itself, where they are as near as usual."""
_SHRINK = 20
"""A class's own threshold counts half with so many rows called it."""
_BLOCK = 2048


@dataclass(frozen=True, slots=True, eq=False)
class Near:
    """The nearest rows of a pool for each of n rows. Labels do not change it, so it can be kept."""

    nearest: NDArray[np.int64]
    """(n, k) indices into the pool"""
    nearness: Floats
    """(n,) mean cosine"""

    @classmethod
    def of(cls, vectors: Matrix, pool: Matrix) -> Near:
        """``vectors`` (n, d); ``pool`` (p, d) directions as a gauge keeps them, p > 0."""
        k = min(_NEIGHBOURS, len(pool))
        nearest, nearness = np.zeros((len(vectors), k), np.int64), np.zeros(len(vectors))
        for start in range(0, len(vectors), _BLOCK):
            part = slice(start, start + _BLOCK)
            nearest[part], nearness[part] = _neighbours(directions_of(vectors[part]), pool)
        return cls(nearest, nearness)

    def part(self, rows: slice) -> Near:
        return Near(self.nearest[rows], self.nearness[rows])


@dataclass(frozen=True, slots=True, eq=False)
class UnknownGauge:
    """What strange means in one project. All fields are arrays, so that it can be saved with the model."""

    rows: Matrix
    """(m, d) directions of the labelled rows."""
    labels: NDArray[np.int64]
    pool: Matrix
    """(p, d) directions of unlabelled rows; p may be 0."""
    pool_strange: Floats
    scale: Floats
    """(3, 2): mean and deviation of indecision, of distance and of nearness to the pool among known rows."""
    thresholds: Floats
    """(C,) strangeness from which a row that is called so is unknown."""
    width: Floats
    """(1,) so much below the threshold a row fits well."""

    def score(self, vectors: Matrix, logits: Matrix, near: Near | None = None) -> Matrix:
        """How little each row fits, (n,), 0..1; from 0.5 on it is unknown.

        ``vectors`` (n, d) are embeddings like those it was fitted on, ``logits`` (n, C) of the model whose
        answers are shown, scaled as in fitting. ``near`` are those of ``vectors`` in its own ``pool``, where
        they are known.
        """
        out = np.zeros(len(vectors), dtype=np.float32)
        for start in range(0, len(vectors), _BLOCK):
            part = slice(start, start + _BLOCK)
            beyond = self.beyond(vectors[part], logits[part], near.part(part) if near else None) / self.width
            out[part] = 1 / (1 + np.exp(-np.clip(beyond, -30, 30)))
        return out

    def beyond(self, vectors: Matrix, logits: Matrix, near: Near | None = None) -> Floats:
        """How far each row is beyond its class's threshold, (n,); below 0 it fits."""
        strange = self._strange(directions_of(vectors), logits, near)
        strange -= self.thresholds[logits.argmax(axis=1)]
        return strange

    def _strange(self, directions: Matrix, logits: Matrix, near: Near | None) -> Floats:
        alone = _standard(_parts(directions, logits, self.rows, self.labels), self.scale)
        if not len(self.pool):
            return alone
        near = near or Near.of(directions, self.pool)
        around = self.pool_strange[near.nearest].mean(axis=1)
        return _with_neighbours(alone, around, near.nearness, self.scale)

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """Everything there is to save."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, NDArray[np.generic]]) -> UnknownGauge:
        """From what :meth:`arrays` gave; raises ``ValueError`` where something is missing or does not fit."""
        missing = [field.name for field in fields(cls) if field.name not in arrays]
        if missing:
            raise ValueError(f"missing {missing}")
        gauge = cls(
            arrays["rows"].astype(np.float32),
            arrays["labels"].astype(np.int64),
            arrays["pool"].astype(np.float32),
            arrays["pool_strange"].astype(np.float64),
            arrays["scale"].astype(np.float64),
            arrays["thresholds"].astype(np.float64),
            arrays["width"].astype(np.float64),
        )
        m, d = gauge.rows.shape
        fits = gauge.labels.shape == (m,) and gauge.pool.shape == (len(gauge.pool_strange), d)
        inside = not m or (gauge.labels.min() >= 0 and gauge.labels.max() < len(gauge.thresholds))
        whole = gauge.scale.shape == (3, 2) and gauge.width.shape == (1,) and gauge.width[0] > 0
        finite = all(np.isfinite(value).all() for value in gauge.arrays().values())
        if not fits or not inside or not whole or not finite:
            raise ValueError("the arrays do not fit together")
        return gauge


def fit_unknown(
    vectors: Matrix,
    labels: NDArray[np.int64],
    folds: NDArray[np.int64],
    n_classes: int,
    answer: Answerer,
    fit: Fit,
    pool: Matrix | None = None,
    called_unknown: float = CALLED_UNKNOWN,
) -> UnknownGauge:
    """A gauge by which ``called_unknown`` of the rows of known classes are unknown.

    ``vectors`` (m, d) with class indices ``labels`` (m,) and ``folds`` (m,) of ``repeated_folds`` (at least
    one row held out). ``answer`` is the kept model, ``fit(rows)`` one that has seen those rows only; best is
    that their logits are calibrated. ``pool``
    (p, d): unlabelled rows, drawn by chance from all there are; the first 2,000 are used.
    """
    directions = directions_of(vectors)
    raw_pool = np.zeros((0, vectors.shape[1]), np.float32) if pool is None else pool
    raw_pool = raw_pool if len(raw_pool) <= MOST_POOL else raw_pool[:MOST_POOL]
    around = directions_of(raw_pool)
    held, parts, chosen, near_parts, nearness = [], [], [], [], []
    close = Near.of(directions, around) if len(around) else None
    for fold in range(int(folds.max()) + 1):
        train, out = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        judge = fit(train)
        logits = judge(vectors[out])
        held.append(out)
        chosen.append(logits.argmax(axis=1))
        parts.append(_parts(directions[out], logits, directions[train], labels[train]))
        if close is not None:
            # Judged by the same fold, or else the neighbours would know the label of the held-out row.
            pool_parts = _parts(around, judge(raw_pool), directions[train], labels[train])
            near_parts.append(pool_parts[close.nearest[out]].mean(axis=1))
            nearness.append(close.nearness[out])
    known, called = np.concatenate(parts), np.concatenate(chosen)
    if not nearness:
        return gauge_from(vectors, labels, known, called, n_classes, None, called_unknown)
    near = np.concatenate(nearness)
    gauge = gauge_from(vectors, labels, known, called, n_classes, near, called_unknown)
    strange = _with_neighbours(
        _standard(known, gauge.scale), _standard(np.concatenate(near_parts), gauge.scale), near, gauge.scale
    )
    pool_strange = _standard(_parts(around, answer(raw_pool), directions, labels), gauge.scale)
    thresholds, width = _limits(strange, called, n_classes, called_unknown)
    return replace(gauge, pool=around, pool_strange=pool_strange, thresholds=thresholds, width=width)


def gauge_from(
    vectors: Matrix,
    labels: NDArray[np.int64],
    known: Floats,
    called: NDArray[np.int64],
    n_classes: int,
    nearness: Floats | None = None,
    called_unknown: float = CALLED_UNKNOWN,
) -> UnknownGauge:
    """A gauge without a pool, from held-out rows: ``known`` (h, 2) their indecision and distance,
    ``called`` (h,) their answers."""
    near = np.zeros(1) if nearness is None else nearness
    centres = [*known.mean(axis=0), near.mean()]
    scale = np.stack([centres, np.maximum([*known.std(axis=0), near.std()], 1e-6)], axis=1)
    thresholds, width = _limits(_standard(known, scale), called, n_classes, called_unknown)
    none = np.zeros((0, vectors.shape[1]), np.float32)
    return UnknownGauge(directions_of(vectors), labels, none, np.zeros(0), scale, thresholds, width)


def _limits(
    strange: Floats, called: NDArray[np.int64], n_classes: int, called_unknown: float
) -> tuple[Floats, Floats]:
    """(thresholds (C,), width (1,)) of held-out rows of known classes."""
    limit, middle = np.quantile(strange, [1 - called_unknown, 0.5])
    thresholds = np.full(n_classes, limit)
    for place in np.unique(called):
        mine = strange[called == place]
        # With few rows a class's middle is known far better than its rare ends, so those are moved along.
        thresholds[place] += len(mine) / (len(mine) + _SHRINK) * (np.median(mine) - middle)
    # The middle known row gets the score ``called_unknown``.
    return thresholds, np.array([max((limit - middle) / np.log(1 / called_unknown - 1), 1e-6)])


def own_distance(
    vectors: Matrix, chosen: NDArray[np.int64], rows: Matrix, labels: NDArray[np.int64]
) -> Floats:
    """(n,) how far ``vectors`` (n, d) are from the two nearest of ``rows`` (m, d) that have the label which
    is ``chosen`` (n,) for each; 1 where none has."""
    return _own_distance(directions_of(vectors), chosen, directions_of(rows), labels)


def directions_of(vectors: Matrix) -> Matrix:
    """``vectors`` (n, d), each with the length 1; the same object where they are so already."""
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    if vectors.dtype == np.float32 and len(vectors) and np.abs(length - 1).max() < 1e-5:
        return vectors
    out: Matrix = (vectors / np.maximum(length, 1e-9)).astype(np.float32)
    return out


def _parts(directions: Matrix, logits: Matrix, rows: Matrix, labels: NDArray[np.int64]) -> Floats:
    """(n, 2): indecision, and distance from the two nearest labelled rows of the class that is chosen."""
    chosen = logits.argmax(axis=1)
    indecision = 1 - softmax(logits).max(axis=1)
    return np.stack([indecision, _own_distance(directions, chosen, rows, labels)], axis=1)


def _own_distance(
    directions: Matrix, chosen: NDArray[np.int64], rows: Matrix, labels: NDArray[np.int64]
) -> Floats:
    # Torch, because numpy's own threads spin against a training that runs beside.
    ours, theirs = torch.from_numpy(directions), torch.from_numpy(rows)
    by_class = {int(place): torch.from_numpy(np.flatnonzero(labels == place)) for place in np.unique(chosen)}
    distance = np.ones(len(directions))
    with torch.inference_mode():
        for place, own in by_class.items():
            mine = np.flatnonzero(chosen == place)
            if len(own):
                cosines = ours[torch.from_numpy(mine)] @ theirs[own].T
                distance[mine] = 1 - cosines.topk(min(2, len(own)), dim=1).values.mean(dim=1).numpy()
    return distance


def _neighbours(directions: Matrix, pool: Matrix) -> tuple[NDArray[np.int64], Floats]:
    """The nearest rows of the pool, (n, k), and how near they are on average, (n,)."""
    k = min(_NEIGHBOURS, len(pool))
    cosines = directions @ pool.T
    nearest = np.argpartition(cosines, len(pool) - k, axis=1)[:, -k:]
    nearness: Floats = np.take_along_axis(cosines, nearest, axis=1).mean(axis=1, dtype=np.float64)
    return nearest, nearness


def _standard(parts: Floats, scale: Floats) -> Floats:
    out: Floats = ((parts - scale[:2, 0]) / scale[:2, 1]).sum(axis=1)
    return out


def _with_neighbours(alone: Floats, around: Floats, nearness: Floats, scale: Floats) -> Floats:
    """Neighbours that are further away than usual say less: a lone stranger's neighbours are no strangers."""
    usual = (nearness - scale[2, 0]) / scale[2, 1]
    pull = _PULL * np.clip(1 + usual / 2, 0, 1)
    out: Floats = (alone + pull * around) / (1 + pull)
    return out
