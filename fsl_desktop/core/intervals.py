"""95 % intervals for scores that were estimated by cross-validation.

What is told is how good the model that was trained on all labels will be on new rows. The interval is
Wilson's (1927), with two corrections. Only ``EVIDENCE`` of the rows count, since folds share their training
rows and the rows that people label are not dealt like those still to come. And its upper end makes room for
what the kept model has learnt from the labels that those of the folds had not seen; the lower end does
not count on it. Both were chosen on other draws than those that ``make bench-trust`` reports:
docs/decisions/0004.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fsl_desktop.core.events import ClassScore, Score
from fsl_desktop.core.metrics import confusion, wilson

EVIDENCE = 0.85
"""How much of a row a row held out in cross-validation counts for."""
LEARNT = 0.8
"""Share of the labels that the models of five folds have seen."""
USUAL_SLOPE = 0.22
"""Of the number of labels, the power with which the error falls: median over six sets, 4 to 16 per class."""

Counts = NDArray[np.float64]


def cross_validated(share: float, n: float, learnt: float = LEARNT) -> Score:
    """The interval of an accuracy (or another share of rows, 0..1) measured out of fold on ``n`` rows.

    ``learnt`` is the share of the labels that the folds' models have seen: 1 - 1 / folds. The value told
    is ``share`` itself. Means over repeats may hold parts of rows.
    """
    rows = n * EVIDENCE
    hoped = 1 - (1 - share) * learnt**USUAL_SLOPE
    return Score(share, wilson(share * rows, rows).low, wilson(hoped * rows, rows).high, round(n))


def mean_confusion(true: ArrayLike, predicted: ArrayLike, class_ids: Sequence[int]) -> Counts:
    """Mean over repeats of the confusion counts (C, C): ``true`` (n,), ``predicted`` (n,) or (repeats, n)."""
    answers = np.atleast_2d(np.asarray(predicted, dtype=np.int64))
    total: Counts = np.sum([confusion(true, one, class_ids) for one in answers], axis=0, dtype=np.float64)
    return total / len(answers)


def macro_f1(matrix: Counts, learnt: float = LEARNT) -> Score:
    """Mean F1 of the classes that occur, with its interval; ``matrix`` is that of ``mean_confusion``.

    Taken for a proportion of the rows. Resampling the rows instead (Efron, 1979) covered in 85 % only.
    ``learnt`` as in :func:`cross_validated`.
    """
    support, called = matrix.sum(axis=1), matrix.sum(axis=0)
    occurs = support + called > 0
    n = round(float(support.sum()))
    if not occurs.any():
        return cross_validated(0.0, 0)
    f1 = 2 * np.diag(matrix)[occurs] / (support + called)[occurs]
    return cross_validated(float(f1.mean()), n, learnt)


def per_class(matrix: Counts, class_ids: Sequence[int], learnt: float = LEARNT) -> tuple[ClassScore, ...]:
    """Precision, recall and F1 of every class, recall and F1 with their intervals.

    F1 is 2 J / (1 + J) of the Jaccard share J = hits / (rows that are of the class or were called so),
    which is a proportion; so its interval is that of J, carried over. ``learnt`` as in
    :func:`cross_validated`.
    """
    scores = []
    for place, class_id in enumerate(class_ids):
        hits = float(matrix[place, place])
        support, called = float(matrix[place].sum()), float(matrix[:, place].sum())
        either = support + called - hits
        recall = cross_validated(hits / support if support else 0.0, support, learnt)
        jaccard = cross_validated(hits / either if either else 0.0, either, learnt)
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
