"""A head fitted on a project's labels as they were at one revision."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import Score
from fsl_desktop.core.message import Message
from fsl_desktop.learn.calibrate import temperature
from fsl_desktop.learn.choice import ENOUGH_SKILL
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.folds import folds_of
from fsl_desktop.learn.heads import LinearHead, Matrix, softmax
from fsl_desktop.learn.methods.instant import fit_instant
from fsl_desktop.learn.methods.selftrain import LEAST_POOL, MOST_POOL, as_sure_as, self_train
from fsl_desktop.learn.score import accuracy_of
from fsl_desktop.learn.trained import Provenance, TrainedModel

_FOLDS = 5
_CHEAP = 3000
"""Labelled rows x classes up to which the score is measured again after every label."""
_GROWTH = 1.05
_MOST_SCORED = 1000
_QUICK_POOL = 6000
"""Unlabelled rows x classes that a head learns from in a tenth of a second."""
_MANY_LABELS = 2000
"""With more labelled rows there is nothing that unlabelled ones could add."""
_ROUGHLY = 1e-4
"""Enough for a score: scikit-learn ends there too."""


@dataclass(frozen=True, slots=True, eq=False)
class Fitted:
    """Immutable, so an answer may use one while the next is being fitted."""

    model: TrainedModel
    vectors: Matrix
    """(m, d) embeddings of the labelled rows."""
    row_ids: NDArray[np.int64]
    labelled_class_ids: NDArray[np.int64]
    counts: NDArray[np.int64]
    """Labelled rows per class, (C,)."""
    score: Score | None
    note: Message | None
    scored_rows: int


def fit_project(
    data: TrainingData,
    vectors: Matrix,
    names: Matrix | None,
    encoder: TextEncoder,
    provenance: Provenance,
    previous: Fitted | None,
    pool: Matrix | None = None,
) -> Fitted:
    """Fit a head on ``data`` with its embeddings ``vectors`` (m, d) by ``encoder``.

    ``names`` (K, d) are the embedded ``name_examples`` or None. ``previous`` saves time: its head is where
    the search begins, and its score is kept where measuring is slow and few labels have come. ``pool``
    (p, d) are unlabelled rows, which take part where they are enough and the head is good enough. Raises
    ``UserError`` where there are not two classes to choose from.
    """
    counts = data.counts()
    missing = too_little(data, names is not None)
    if missing is not None:
        raise UserError.of(missing)
    c = provenance.c
    same_classes = previous is not None and previous.model.class_ids == tuple(data.class_ids.tolist())
    start = previous.model.head if previous is not None and same_classes else None
    head = fit_instant(vectors, data.labels, names, data.n_classes, c=c, start=start)
    if previous is not None and same_classes and not _score_again(data, previous):
        score, note = previous.score, previous.note
        heat, rows = previous.model.temperature, previous.scored_rows
    else:
        score, note, heat = _cross_validated(data, vectors, names, head, c)
        rows = len(data.labels)
    if pool is not None and _learns_from_pool(data, score, pool):
        trained = self_train(vectors, data.labels, names, pool, data.n_classes, c=c)
        head, heat = trained, as_sure_as(head, heat, trained, pool)
    model = TrainedModel(
        encoder,
        head,
        tuple(data.class_names),
        tuple(data.class_ids.tolist()),
        heat,
        provenance,
    )
    return Fitted(model, vectors, data.row_ids, data.class_ids[data.labels], counts, score, note, rows)


def as_saved(model: TrainedModel, data: TrainingData, vectors: Matrix) -> Fitted:
    """A trained model with its own head and score; ``vectors`` (m, d) are its labelled rows."""
    score = model.summary.accuracy if model.summary else None
    class_ids = data.class_ids[data.labels]
    return Fitted(model, vectors, data.row_ids, class_ids, data.counts(), score, None, len(data.labels))


def too_little(data: TrainingData, use_class_names: bool) -> Message | None:
    """What is missing before a head can choose between two classes; None where nothing is."""
    if data.n_classes < 2:
        return Message.of("There is nothing to tell apart yet. Add at least two classes.")
    if not use_class_names and np.count_nonzero(data.counts()) < 2:
        return Message.of("Label at least one row of two classes, or let the class names take part.")
    return None


def pool_rows(free: NDArray[np.int64], n_classes: int) -> NDArray[np.int64]:
    """Which of the unlabelled rows ``free`` (f,) take part after every label: as many as are quick, the same
    ones as long as they stay unlabelled."""
    order = np.random.default_rng(0).permutation(int(free.max()) + 1 if len(free) else 0)
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    most = min(MOST_POOL, _QUICK_POOL // max(1, n_classes))
    few: NDArray[np.int64] = np.sort(free[np.argsort(place[free], kind="stable")[:most]])
    return few


def _learns_from_pool(data: TrainingData, score: Score | None, pool: Matrix) -> bool:
    n = len(data.labels)
    if len(pool) < LEAST_POOL or not data.n_classes <= n <= _MANY_LABELS:
        return False
    return score is None or (score.value - 1 / data.n_classes) / (1 - 1 / data.n_classes) >= ENOUGH_SKILL


def _score_again(data: TrainingData, previous: Fitted) -> bool:
    n = len(data.labels)
    if n * data.n_classes <= _CHEAP:
        return True
    return not previous.scored_rows / _GROWTH < n < previous.scored_rows * _GROWTH


def _cross_validated(
    data: TrainingData, vectors: Matrix, names: Matrix | None, full: LinearHead, c: float
) -> tuple[Score | None, Message | None, float]:
    """(accuracy, what is missing for one, temperature)"""
    if not len(data.labels):
        return None, Message.of("No labels yet: these suggestions come from the class names alone."), 1.0
    if len(np.unique(data.labels)) < 2:
        return None, Message.of("It is too early to tell: only one class has labels so far."), 1.0
    folds, note = folds_of(data, _FOLDS, seed=0)
    if folds is None:
        return None, note, 1.0
    held_rows, parts = [], []
    for fold in range(int(folds.max()) + 1):
        train, held = folds != fold, np.flatnonzero(folds == fold)[: _MOST_SCORED // _FOLDS]
        # Begun from the head of all rows, which saves most of the time: the optimum is one and the same
        # from wherever the search begins, so nothing of the held-out labels is left in it.
        head = fit_instant(
            vectors[train], data.labels[train], names, data.n_classes, c=c, start=full, tolerance=_ROUGHLY
        )
        parts.append(softmax(head.logits(vectors[held])))
        held_rows.append(held)
    labels = data.labels[np.concatenate(held_rows)]
    probabilities = np.concatenate(parts)
    heat = temperature(np.log(np.maximum(probabilities, 1e-9)), labels)
    return accuracy_of(probabilities, labels), note, heat
