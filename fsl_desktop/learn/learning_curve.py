"""The learning curve from the labels that there are, and a forecast for some more.

The forecast assumes that the error falls with a power of the number of labels. A slope measured on a few
dozen rows is nearly all noise (on six sets its correlation with the true one was 0.1), so it is shrunk
strongly towards what is usual, and the band says how far real gains lay from such forecasts.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.intervals import USUAL_SLOPE, cross_validated
from fsl_desktop.core.learning_curve import CurvePoint, Forecast, LearningCurve, sentence
from fsl_desktop.learn.folds import Fit
from fsl_desktop.learn.heads import Matrix

MORE = 20
_SHARES = (0.25, 0.4, 0.6, 0.8, 1.0)
_SHRINK = 1000
"""Labels with which the measured slope counts half."""
_Z80 = 1.2816
_RELATIVE = 0.6
"""Spread of real gains around forecast ones: in proportion to the forecast,"""
_CHANCE = 0.15
"""by which rows come (a share of the spread of single answers),"""
_FLOOR = 0.003
"""and never less than this."""


def learning_curve(
    vectors: Matrix,
    labels: NDArray[np.int64],
    folds: NDArray[np.int64],
    n_classes: int,
    fit: Fit,
    *,
    more: int = MORE,
    seed: int = 0,
) -> LearningCurve:
    """Accuracy out of fold with growing parts of the training rows, and what ``more`` labels would add.

    ``vectors`` (m, d), ``labels`` (m,) and ``folds`` (repeats, m) as ``repeated_folds`` deals them, at least
    one row held out; ``fit(rows)`` learns from those rows only. It is called five times per fold and repeat:
    where a fit takes long, pass fewer repeats. A part of the training rows takes evenly from the classes.
    """
    n = len(labels)
    shares = [share for share in _SHARES if share == 1.0 or round(share * n) >= 2 * n_classes]
    right = np.zeros(len(shares))
    held = 0
    for repeat, dealt in enumerate(folds):
        for fold in range(int(dealt.max()) + 1):
            out = np.flatnonzero(dealt == fold)
            train = _evenly(np.flatnonzero(dealt != fold), labels, seed + 1000 * repeat + fold)
            held += len(out)
            for place, share in enumerate(shares):
                part = train[: max(2, round(share * len(train)))]
                answers = fit(np.sort(part))(vectors[out]).argmax(axis=1)
                right[place] += np.count_nonzero(answers == labels[out])
    accuracy = right / held
    judged = int(np.count_nonzero((folds >= 0).any(axis=0)))
    points = []
    for share, value in zip(shares, accuracy, strict=True):
        score = cross_validated(float(value), judged)
        points.append(CurvePoint(round(share * n), score.value, score.low, score.high))
    expected = forecast(points, more)
    return LearningCurve(tuple(points), expected, sentence(expected))


def forecast(points: list[CurvePoint], more: int = MORE) -> Forecast:
    """What ``more`` labels add to the accuracy of the last of ``points``, with a band of 80 %."""
    n = points[-1].labels
    # As if one more row had been right and one wrong: no error at all is not believed of few rows.
    errors = np.array([((1 - point.value) * n + 1) / (n + 2) for point in points])
    slope = (USUAL_SLOPE * _SHRINK + _slope(points, errors) * n) / (_SHRINK + n)
    error = float(errors[-1])
    gain = error * (1 - (n / (n + more)) ** max(0.0, slope))
    chance = _CHANCE * float(np.sqrt(error * (1 - error))) * more / (n + more)
    spread = _Z80 * float(np.sqrt((_RELATIVE * gain) ** 2 + chance**2 + _FLOOR**2))
    return Forecast(more, gain, gain - spread, min(1 - points[-1].value, gain + spread))


def _slope(points: list[CurvePoint], errors: NDArray[np.float64]) -> float:
    if len(points) < 3:
        return USUAL_SLOPE
    sizes = np.log([point.labels for point in points])
    return -float(np.polyfit(sizes, np.log(errors), 1)[0])


def _evenly(rows: NDArray[np.int64], labels: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """``rows`` in a random order whose every beginning holds equal parts of each class."""
    generator = np.random.default_rng(seed)
    place = np.zeros(len(rows))
    for label in np.unique(labels[rows]):
        mine = np.flatnonzero(labels[rows] == label)
        place[mine] = (generator.permutation(len(mine)) + generator.random()) / len(mine)
    return rows[np.argsort(place, kind="stable")]
