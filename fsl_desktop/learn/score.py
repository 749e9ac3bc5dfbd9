"""What out-of-fold answers say about a model, in numbers and in words.

Answers are probabilities (m, C), or (repeats, m, C) where the folds were dealt several times.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core import intervals, metrics
from fsl_desktop.core.events import HeldOut, RunSummary, Score
from fsl_desktop.core.message import Message
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.early import too_early
from fsl_desktop.learn.heads import Matrix

_FEW_ROWS = 30
_GAP = 0.1
"""So much more must be right of the learnt rows than of others, beyond what chance explains."""


def accuracy_of(probabilities: Matrix, labels: NDArray[np.int64], learnt: float = intervals.LEARNT) -> Score:
    """Accuracy of held-out answers with its 95 % interval; ``labels`` (m,).

    ``learnt`` is the share of the labels that the folds' models have seen: 1 - 1 / folds.
    """
    right = probabilities.argmax(axis=-1) == labels
    return intervals.cross_validated(float(right.mean()) if len(labels) else 0.0, len(labels), learnt)


def scored(
    summary: RunSummary,
    data: TrainingData,
    rows: NDArray[np.int64],
    probabilities: Matrix,
    seed: int = 0,
    *,
    groups: NDArray[np.int64] | None = None,
    training_accuracy: float | None = None,
    learnt: float = intervals.LEARNT,
) -> RunSummary:
    """``summary`` with everything that follows from out-of-fold ``probabilities`` of ``rows`` (m,).

    With fewer than three different rows of a class it gets a note that says what is needed, and no
    score. ``groups`` (n,) are those of the folds. ``training_accuracy`` is the share of the labelled rows
    that the kept model itself answers rightly; it lets overfitting be told. ``learnt`` as in
    :func:`accuracy_of`. ``seed`` is not used any more.
    """
    early = too_early(data.labels, data.groups() if groups is None else groups, data.class_names)
    if early is not None:
        known = early in summary.notes
        return summary if known else replace(summary, notes=(*summary.notes, early))
    repeats = probabilities if probabilities.ndim == 3 else probabilities[None]
    true = data.class_ids[data.labels[rows]]
    answers = data.class_ids[repeats.argmax(axis=2)]
    ids = data.class_ids.tolist()
    matrix = intervals.mean_confusion(true, answers, ids)
    # Rows are looked at one by one as the first repeat answered them: each by one model that had not seen it.
    predicted = answers[0]
    held_out = HeldOut(
        tuple(data.row_ids[rows].tolist()),
        tuple(true.tolist()),
        tuple(predicted.tolist()),
        tuple(np.round(repeats[0].max(axis=1).astype(float), 4).tolist()),
    )
    score = accuracy_of(repeats, data.labels[rows], learnt)
    return replace(
        summary,
        accuracy=score,
        macro_f1=intervals.macro_f1(matrix, learnt),
        mcc=float(np.mean([metrics.mcc(true, one) for one in answers])),
        per_class=intervals.per_class(matrix, ids, learnt),
        held_out=held_out,
        notes=(*summary.notes, *_notes(data, true, predicted, score, training_accuracy)),
    )


def _notes(
    data: TrainingData,
    true: NDArray[np.int64],
    predicted: NDArray[np.int64],
    score: Score,
    training_accuracy: float | None,
) -> list[Message]:
    matrix = metrics.confusion(true, predicted, data.class_ids.tolist())
    notes = [
        _few_rows(len(true)),
        _unjudged(data, matrix),
        overfitting(score, training_accuracy),
        _weakest(data, matrix),
        _confused(data, matrix),
    ]
    return [note for note in notes if note is not None]


def _few_rows(n: int) -> Message | None:
    if n >= _FEW_ROWS:
        return None
    return Message.of("The score rests on {n} rows only; it becomes surer with every label.", n=n)


def _unjudged(data: TrainingData, matrix: NDArray[np.int64]) -> Message | None:
    """Classes of which no row could be held out: the score says nothing about them."""
    missing = np.flatnonzero(matrix.sum(axis=1) == 0)
    if not len(missing):
        return None
    if len(missing) == 1:
        return Message.of(
            "The score says nothing about {name}, which has too few labels. Label three rows of it.",
            name=data.class_names[int(missing[0])],
        )
    return Message.of(
        "The score says nothing about {n} classes that have too few labels. Label three rows of each.",
        n=len(missing),
    )


def overfitting(score: Score, training_accuracy: float | None) -> Message | None:
    """A sentence where the model does much better on the rows it learnt from than on others."""
    if training_accuracy is None or training_accuracy - score.high < _GAP:
        return None
    return Message.of(
        "The model has learnt its labelled rows by heart ({learnt} % of them right) but gets only about"
        " {new} % of new rows right. More labels help here; longer training does not.",
        learnt=round(100 * training_accuracy),
        new=round(100 * score.value),
    )


def _weakest(data: TrainingData, matrix: NDArray[np.int64]) -> Message | None:
    support = matrix.sum(axis=1)
    recall = np.divide(np.diag(matrix), support, out=np.ones(len(support)), where=support > 0)
    weakest = int(recall.argmin())
    if support[weakest] < 3 or recall[weakest] >= 0.5:
        return None
    return Message.of(
        "{name} is the weakest class: {right} of {n} rows were recognised. Label more of it.",
        name=data.class_names[weakest],
        right=int(matrix[weakest, weakest]),
        n=int(support[weakest]),
    )


def _confused(data: TrainingData, matrix: NDArray[np.int64]) -> Message | None:
    mixed = matrix + matrix.T
    np.fill_diagonal(mixed, 0)
    if not mixed.size:
        return None
    one, other = sorted(int(place) for place in np.unravel_index(int(mixed.argmax()), mixed.shape))
    # Of the rows of these two classes, not of all: with fifty classes a bad pair is a small share of all.
    if mixed[one, other] < max(3, 0.2 * (matrix[one].sum() + matrix[other].sum())):
        return None
    return Message.of(
        "{one} and {other} are often confused ({n} rows). Check their labels, or label more of both.",
        one=data.class_names[one],
        other=data.class_names[other],
        n=int(mixed[one, other]),
    )
