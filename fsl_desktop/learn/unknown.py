"""How little a row fits any of the classes: for what nobody thought of when the classes were named.

Two things make a row strange: the head cannot decide (1 - its highest probability, Hendrycks and Gimpel,
2017), and the labelled rows of the class that it chooses are far away. Rows that nobody labelled help: what
is new comes several times, so a row is judged together with its neighbours among them, as long as it has
near ones. All of it works on embeddings of any kind.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
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

    def score(self, vectors: Matrix, logits: Matrix) -> Matrix:
        """How little each row fits, (n,), 0..1; from 0.5 on it is unknown.

        ``vectors`` (n, d) are embeddings like those it was fitted on, ``logits`` (n, C) of the model whose
        answers are shown.
        """
        out = np.zeros(len(vectors), dtype=np.float32)
        for start in range(0, len(vectors), _BLOCK):
            part = slice(start, start + _BLOCK)
            strange = self._strange(_directions(vectors[part]), logits[part])
            beyond = (strange - self.thresholds[logits[part].argmax(axis=1)]) / self.width
            out[part] = 1 / (1 + np.exp(-np.clip(beyond, -30, 30)))
        return out

    def _strange(self, directions: Matrix, logits: Matrix) -> Floats:
        alone = _standard(_parts(directions, logits, self.rows, self.labels), self.scale)
        if not len(self.pool):
            return alone
        nearest, nearness = _neighbours(directions, self.pool)
        return _with_neighbours(alone, self.pool_strange[nearest].mean(axis=1), nearness, self.scale)

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
        if not fits or not inside or gauge.scale.shape != (3, 2) or gauge.width.shape != (1,):
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
    one row held out). ``answer`` is the kept model, ``fit(rows)`` one that has seen those rows only. ``pool``
    (p, d): unlabelled rows, drawn by chance from all there are; the first 2,000 are used.
    """
    directions = _directions(vectors)
    around = np.zeros((0, vectors.shape[1]), np.float32) if pool is None else _directions(pool[:MOST_POOL])
    raw_pool = pool[:MOST_POOL] if pool is not None else around
    held, parts, chosen, near_parts, nearness = [], [], [], [], []
    for fold in range(int(folds.max()) + 1):
        train, out = np.flatnonzero(folds != fold), np.flatnonzero(folds == fold)
        judge = fit(train)
        logits = judge(vectors[out])
        held.append(out)
        chosen.append(logits.argmax(axis=1))
        parts.append(_parts(directions[out], logits, directions[train], labels[train]))
        if len(around):
            # Judged by the same fold, or else the neighbours would know the label of the held-out row.
            pool_parts = _parts(around, judge(raw_pool), directions[train], labels[train])
            nearest, near = _neighbours(directions[out], around)
            near_parts.append(pool_parts[nearest].mean(axis=1))
            nearness.append(near)
    known = np.concatenate(parts)
    near = np.concatenate(nearness) if nearness else np.zeros(1)
    centres = [*known.mean(axis=0), near.mean()]
    scale = np.stack([centres, np.maximum([*known.std(axis=0), near.std()], 1e-6)], axis=1)
    strange = _standard(known, scale)
    pool_strange = np.zeros(0)
    if len(around):
        strange = _with_neighbours(strange, _standard(np.concatenate(near_parts), scale), near, scale)
        pool_strange = _standard(_parts(around, answer(raw_pool), directions, labels), scale)
    limit, middle = np.quantile(strange, [1 - called_unknown, 0.5])
    thresholds = np.full(n_classes, limit)
    called = np.concatenate(chosen)
    for place in np.unique(called):
        mine = strange[called == place]
        # With few rows a class's middle is known far better than its rare ends, so those are moved along.
        thresholds[place] += len(mine) / (len(mine) + _SHRINK) * (np.median(mine) - middle)
    # The middle known row gets the score ``called_unknown``.
    width = max((limit - middle) / np.log(1 / called_unknown - 1), 1e-6)
    return UnknownGauge(directions, labels, around, pool_strange, scale, thresholds, np.array([width]))


def _directions(vectors: Matrix) -> Matrix:
    length = np.linalg.norm(vectors, axis=1, keepdims=True)
    out: Matrix = (vectors / np.maximum(length, 1e-9)).astype(np.float32)
    return out


def _parts(directions: Matrix, logits: Matrix, rows: Matrix, labels: NDArray[np.int64]) -> Floats:
    """(n, 2): indecision, and distance from the two nearest labelled rows of the class that is chosen."""
    parts = np.ones((len(directions), 2))
    parts[:, 0] = 1 - softmax(logits).max(axis=1)
    chosen = logits.argmax(axis=1)
    for place in np.unique(chosen):
        mine, own = np.flatnonzero(chosen == place), np.flatnonzero(labels == place)
        if len(own):
            cosines = directions[mine] @ rows[own].T
            nearest = np.partition(cosines, len(own) - min(2, len(own)), axis=1)[:, -2:]
            parts[mine, 1] = 1 - nearest.mean(axis=1)
    return parts


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
