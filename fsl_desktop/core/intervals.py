"""95 % intervals for scores that were estimated by cross-validation.

What is told is how good the model that was trained on all labels will be on new rows. The interval is
Wilson's (1927) with ``EVIDENCE`` of the rows: folds share their training rows, the kept model has seen more
of them, and the rows people label are not dealt like those still to come. That share was chosen because it
covers: docs/decisions/0004.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fsl_desktop.core.events import ClassScore, Score
from fsl_desktop.core.metrics import confusion, wilson

EVIDENCE = 0.8
"""How much of a row a row held out in cross-validation counts for."""

Counts = NDArray[np.float64]


def cross_validated(share: float, n: int) -> Score:
    """The interval of an accuracy (or another mean over rows, 0..1) measured out of fold on ``n`` rows."""
    bounds = wilson(share * n * EVIDENCE, n * EVIDENCE)
    return Score(share, bounds.low, bounds.high, n)


def mean_confusion(true: ArrayLike, predicted: ArrayLike, class_ids: Sequence[int]) -> Counts:
    """Mean over repeats of the confusion counts (C, C): ``true`` (n,), ``predicted`` (n,) or (repeats, n)."""
    answers = np.atleast_2d(np.asarray(predicted, dtype=np.int64))
    total: Counts = np.sum([confusion(true, one, class_ids) for one in answers], axis=0, dtype=np.float64)
    return total / len(answers)


def macro_f1(matrix: Counts) -> Score:
    """Mean F1 of the classes that occur, with its interval; ``matrix`` is that of ``mean_confusion``.

    Taken for a proportion of the rows. Resampling the rows instead (Efron, 1979) covered in 85 % only.
    """
    support, called = matrix.sum(axis=1), matrix.sum(axis=0)
    occurs = support + called > 0
    n = round(float(support.sum()))
    if not occurs.any():
        return cross_validated(0.0, 0)
    f1 = 2 * np.diag(matrix)[occurs] / (support + called)[occurs]
    return cross_validated(float(f1.mean()), n)


def per_class(matrix: Counts, class_ids: Sequence[int]) -> tuple[ClassScore, ...]:
    """Precision, recall and F1 of every class, recall and F1 with their intervals.

    F1 is 2 J / (1 + J) of the Jaccard share J = hits / (rows that are of the class or were called so),
    which is a proportion; so its interval is that of J, carried over.
    """
    scores = []
    for place, class_id in enumerate(class_ids):
        hits = float(matrix[place, place])
        support, called = float(matrix[place].sum()), float(matrix[:, place].sum())
        either = support + called - hits
        recall = wilson(hits * EVIDENCE, support * EVIDENCE)
        jaccard = wilson(hits * EVIDENCE, either * EVIDENCE)
        scores.append(
            ClassScore(
                class_id=int(class_id),
                precision=hits / called if called else 0.0,
                recall=recall.value,
                f1=_f1(jaccard.value),
                support=round(support),
                recall_low=recall.low,
                recall_high=recall.high,
                f1_low=_f1(jaccard.low),
                f1_high=_f1(jaccard.high),
            )
        )
    return tuple(scores)


def _f1(jaccard: float) -> float:
    return 2 * jaccard / (1 + jaccard)
