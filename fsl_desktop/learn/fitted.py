"""A head fitted on a project's labels as they were at one revision."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import Score
from fsl_desktop.core.message import Message
from fsl_desktop.learn.calibrate import INSTANT_TEMPERATURE, temperature
from fsl_desktop.learn.card import versions
from fsl_desktop.learn.choice import ENOUGH_SKILL, above_chance
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.early import too_early
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.folds import folds_of
from fsl_desktop.learn.heads import LinearHead, Matrix, softmax
from fsl_desktop.learn.methods.instant import C_FROZEN, fit_instant
from fsl_desktop.learn.methods.selftrain import LEAST_POOL, MOST_POOL, as_sure_as, self_train
from fsl_desktop.learn.names import MISLEADING, can_do_without, worse_with
from fsl_desktop.learn.score import accuracy_of
from fsl_desktop.learn.trained import Provenance, TrainedModel, model_name

_FOLDS = 5
_CHEAP = 3000
"""Labelled rows x classes up to which the score is measured again after every label."""
_GROWTH = 1.05
_GROWTH_NAMES = 1.25
"""So many more labels ask anew whether the names help; heads without them are as many more to fit."""
_MOST_SCORED = 1000
_QUICK_POOL = 6000
"""Unlabelled rows x classes that a head learns from in a tenth of a second."""
_MANY_LABELS = 2000
"""With more labelled rows there is nothing that unlabelled ones could add."""
_ROUGHLY = 1e-4
"""Enough for a score: scikit-learn ends there too."""


@dataclass(frozen=True, slots=True, eq=False)
class Judged:
    """What held-out rows said of an instant head: accuracy, what is missing for one, and temperature."""

    score: Score | None = None
    note: Message | None = None
    temperature: float = 1.0
    names_mislead: bool = False
    """The class names are left out, see ``names``."""
    rows: int = 0
    """Labelled rows when it was measured."""
    names_rows: int = 0
    """Labelled rows when the names were judged."""


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
    judged: Judged | None = None
    names: Matrix | None = None
    """What was given as names, also where they are left out."""
    gauged_rows: int = 0
    """Labelled rows when the model's gauge of unknown rows was fitted anew."""


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
    before = None
    if previous is not None and same_classes and _same(previous.names, names):
        before = previous.judged
    used = names
    head = fit_instant(vectors, data.labels, names, data.n_classes, c=c, start=start)
    judged = _judged(data, vectors, names, head, c, before)
    heat = judged.temperature
    if judged.names_mislead:
        used = None
        head = fit_instant(vectors, data.labels, None, data.n_classes, c=c, start=start)
        provenance = replace(provenance, uses_class_names=False)
    if pool is not None and _learns_from_pool(data, judged.score, pool):
        trained = self_train(vectors, data.labels, used, pool, data.n_classes, c=c)
        head, heat = trained, as_sure_as(head, heat, trained, pool)
    model = TrainedModel(
        encoder,
        head,
        tuple(data.class_names),
        tuple(data.class_ids.tolist()),
        heat,
        provenance,
    )
    class_ids = data.class_ids[data.labels]
    score, note, rows = judged.score, judged.note, judged.rows
    return Fitted(model, vectors, data.row_ids, class_ids, counts, score, note, rows, judged, names)


def as_saved(model: TrainedModel, data: TrainingData, vectors: Matrix) -> Fitted:
    """A trained model with its own head and score; ``vectors`` (m, d) are its labelled rows."""
    score = model.summary.accuracy if model.summary else None
    class_ids = data.class_ids[data.labels]
    return Fitted(model, vectors, data.row_ids, class_ids, data.counts(), score, None, len(data.labels))


def instant_provenance(model: str, use_class_names: bool) -> Provenance:
    """What the card of the instant model on the embeddings of ``model`` says."""
    return Provenance(
        base_model=model_name(model),
        preset="instant",
        recipe="logistic regression on frozen embeddings",
        uses_class_names=use_class_names,
        c=C_FROZEN,
        versions=versions(),
    )


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
    return score is None or above_chance(score.value, data.n_classes) >= ENOUGH_SKILL


def _same(one: Matrix | None, other: Matrix | None) -> bool:
    return one is other if one is None or other is None else np.array_equal(one, other)


def _again(data: TrainingData, rows: int, cheap: int, growth: float = _GROWTH) -> bool:
    """Whether what was found with so many labelled ``rows`` is looked at anew."""
    n = len(data.labels)
    return n * data.n_classes <= cheap or not rows / growth < n < rows * growth


def _judged(
    data: TrainingData,
    vectors: Matrix,
    names: Matrix | None,
    full: LinearHead,
    c: float,
    before: Judged | None,
) -> Judged:
    """Cross-validated, and whether the names mislead; what was found ``before`` with the same classes and
    names is kept where measuring is slow and few labels have come."""
    n = len(data.labels)
    optional = names is not None and can_do_without(data.labels, data.n_classes)
    left_out = optional and before is not None and before.names_mislead
    if before is not None and not _again(data, before.rows, _CHEAP):
        return replace(before, names_mislead=left_out)
    if not n:
        alone = Message.of("No labels yet: these suggestions come from the class names alone.")
        return Judged(note=alone, temperature=INSTANT_TEMPERATURE)
    if len(np.unique(data.labels)) < 2:
        return Judged(note=Message.of("It is too early to tell: only one class has labels so far."), rows=n)
    folds, note = folds_of(data, _FOLDS, seed=0)
    if folds is None:
        return Judged(note=note, names_mislead=left_out, rows=n)
    about_names = optional and (before is None or _again(data, before.names_rows, 0, _GROWTH_NAMES))
    used = None if left_out and not about_names else names
    held, probabilities = _held_out(data, vectors, used, full, folds, c)
    labels = data.labels[held]
    if about_names:
        _, plain = _held_out(data, vectors, None, full, folds, c)
        left_out = worse_with(probabilities, plain, labels, left_out=left_out)
        probabilities = plain if left_out else probabilities
    if left_out:
        note = note or MISLEADING
    heat = temperature(np.log(np.maximum(probabilities, 1e-9)), labels)
    names_rows = n if about_names or before is None else before.names_rows
    early = too_early(data.labels, data.groups(), data.class_names)
    score = None if early is not None else accuracy_of(probabilities, labels)
    return Judged(score, note or early, heat, left_out, n, names_rows)


def _held_out(
    data: TrainingData,
    vectors: Matrix,
    names: Matrix | None,
    full: LinearHead,
    folds: NDArray[np.int64],
    c: float,
) -> tuple[NDArray[np.int64], Matrix]:
    """(rows, what models that have not seen them say (h, C))"""
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
    return np.concatenate(held_rows), np.concatenate(parts)
