"""What a run tells about itself besides its score: calibration, reliability, the learning curve, overfitting.

Everything here works on arrays, so that any recipe can be reported: embeddings by the encoder as it came,
and out-of-fold probabilities of the model that is kept.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.events import RunSummary, Score
from fsl_desktop.core.learning_curve import CurvePoint, LearningCurve, sentence
from fsl_desktop.core.reliability import Reliability, reliability
from fsl_desktop.learn.calibrate import temperature
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.duplicates import near_duplicates
from fsl_desktop.learn.encoders.text import CancelCall
from fsl_desktop.learn.folds import Answerer, Fit, out_of_fold, repeated_folds
from fsl_desktop.learn.heads import LinearHead, Matrix, softmax
from fsl_desktop.learn.learning_curve import forecast, learning_curve
from fsl_desktop.learn.methods.instant import C_FROZEN, fit_instant

FOLDS = 5
_MOST_REPEATS = 10
"""More make a score hardly surer."""
_WORK = 100_000
"""Labelled rows x classes x repeats that are fitted in about a second."""
_MOST_CURVE = 4 * _WORK
"""Rows x classes from which a curve would take longer than it is worth."""
_MOST_COMPARED = 5000
"""Rows that are compared each with each."""
_ROUGHLY = 1e-4
"""Enough for a score: scikit-learn ends there too."""
_SURE = 1e-9

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Labelled:
    """Labelled rows as the encoder sees them that no label has changed."""

    vectors: Matrix
    """(n, d)"""
    labels: Rows
    n_classes: int
    groups: Rows
    """(n,), equal for rows that must not be apart: see ``folds_of``."""
    names: Matrix | None = None
    """(K, d) the embedded names and descriptions of the classes, where they take part."""
    start: LinearHead | None = None
    """The head of all rows: fits that begin there are quicker and end where any others do."""
    seed: int = 0
    c: float = C_FROZEN
    other: Fit | None = None
    """How a model of these rows is fitted where that is not the instant head."""
    most_repeats: int = _MOST_REPEATS
    """Of the folds; fewer where a fit takes longer than the instant head's."""

    def fit(self, rows: Rows) -> Answerer:
        """A model of these rows only."""
        return self.other(rows) if self.other is not None else self.head(rows).logits

    def head(self, rows: Rows) -> LinearHead:
        """The instant head of these rows only."""
        return fit_instant(
            self.vectors[rows],
            self.labels[rows],
            self.names,
            self.n_classes,
            c=self.c,
            start=self.start,
            tolerance=_ROUGHLY,
        )

    @property
    def size(self) -> int:
        return len(self.labels) * self.n_classes

    def folds(self, most_repeats: int | None = None) -> Rows | None:
        """(repeats, n), more repeats where fits are quick; None where nothing can be held out."""
        repeats = int(np.clip(_WORK // max(1, self.size), 1, most_repeats or self.most_repeats))
        return repeated_folds(self.labels, self.groups, self.n_classes, FOLDS, repeats, self.seed)


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Out of fold: each row was answered by a model that had not seen its label."""

    rows: Rows
    """(h,), ascending, indices of labelled rows."""
    probabilities: Matrix
    """(h, C), or (repeats, h, C), before calibration."""

    @property
    def repeats(self) -> Matrix:
        many: Matrix = self.probabilities if self.probabilities.ndim == 3 else self.probabilities[None]
        return many

    def heat(self, labels: Rows, prior: float, times: float = 1.0) -> float:
        """The temperature by these answers to ``labels`` (n,) of all labelled rows, for a model that has the
        temperature ``prior`` as a rule, and needs one ``times`` as high as those who gave the answers."""
        many = self.repeats
        logits = np.log(np.maximum(many, _SURE)).reshape(-1, many.shape[2])
        told = np.tile(labels[self.rows], len(many))
        return temperature(logits, told, prior=prior, rows=len(self.rows), times=times)

    def tempered(self, heat: float) -> Matrix:
        """Calibrated, in the shape that they have."""
        powered: Matrix = np.power(np.maximum(self.probabilities, _SURE), np.float32(1 / heat))
        powered /= powered.sum(axis=-1, keepdims=True)
        return powered

    def reliability(self, labels: Rows, heat: float) -> Reliability:
        """Counted in different rows, however often each was answered."""
        after = self.tempered(heat)
        right = self.probabilities.argmax(axis=-1) == labels[self.rows]
        found = reliability(
            self.probabilities.max(axis=-1).ravel(), after.max(axis=-1).ravel(), right.ravel()
        )
        times = len(self.repeats)
        bins = tuple(replace(one, n=max(1, round(one.n / times))) for one in found.bins)
        return replace(found, bins=bins, n=len(self.rows))


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """What was found out about the model that is kept."""

    temperature: float = 1.0
    answers_temperature: float = 1.0
    """Of those who answered out of fold, who may be less sure than the model that is kept."""
    training_accuracy: float | None = None
    reliability: Reliability | None = None
    curve: LearningCurve | None = None

    def put(self, summary: RunSummary) -> RunSummary:
        """``summary`` with it; nothing is told while it is too early for a score."""
        if summary.accuracy is None:
            return summary
        return replace(summary, reliability=self.reliability, curve=self.curve)


def alike(vectors: Matrix, data: TrainingData) -> Rows:
    """Groups of rows that are nearly the same, (n,); of many rows only those with the same text."""
    if len(vectors) > _MOST_COMPARED:
        return data.groups()
    return near_duplicates(vectors, texts=data.texts, groups=data.groups())


def frozen_answers(labelled: Labelled) -> Answers | None:
    """What instant heads say about rows they have not seen, in several repeats of the folds."""
    folds = labelled.folds()
    if folds is None:
        return None
    rows, logits = out_of_fold(labelled.vectors, folds, labelled.fit)
    return Answers(rows, softmax(logits.reshape(-1, logits.shape[2])).reshape(logits.shape))


def report(
    labelled: Labelled,
    answers: Answers | None,
    *,
    tuned: bool,
    prior: float,
    times: float = 1.0,
    score: Score | None = None,
    training_accuracy: float | None = None,
    cancelled: CancelCall = lambda: False,
) -> Report:
    """Everything about a model with out-of-fold ``answers``; ``tuned`` where it is not the instant head.

    ``prior`` is the usual temperature of such a model, ``times`` see ``Answers.heat``.
    ``score`` is the run's own accuracy, which a forecast for a tuned model starts from. The curve is left
    out when ``cancelled``, and where it would take long.
    """
    if answers is None:
        return Report(prior, prior / times, training_accuracy)
    heat = answers.heat(labelled.labels, prior, times)
    told = answers.reliability(labelled.labels, heat / times)
    curve = None if cancelled() else instant_curve(labelled)
    if curve is not None and tuned and score is not None:
        curve = _for_tuned(curve, score)
    return Report(heat, heat / times, training_accuracy, told, curve)


def instant_curve(labelled: Labelled) -> LearningCurve | None:
    """The instant head's learning curve; None where nothing can be held out or it would take long."""
    if labelled.size > _MOST_CURVE:
        return None
    folds = labelled.folds(most_repeats=min(4, max(1, labelled.most_repeats // 2)))
    if folds is None:
        return None
    return learning_curve(
        labelled.vectors, labelled.labels, folds, labelled.n_classes, labelled.fit, seed=labelled.seed
    )


def share_right(head: LinearHead, vectors: Matrix, labels: Rows) -> float | None:
    """The share of labelled rows that ``head`` itself answers rightly; None without rows."""
    if not len(labels):
        return None
    return float((head.logits(vectors).argmax(axis=1) == labels).mean())


def _for_tuned(curve: LearningCurve, score: Score) -> LearningCurve:
    """To tune a model five times per fold would take minutes, so the instant head's curve stands in; its
    errors are taken to fall with the same power, from the tuned model's own."""
    last = curve.points[-1]
    ratio = (1 - score.value) / (1 - last.value) if last.value < 1 else 1.0
    points = [
        CurvePoint(point.labels, 1 - min(1.0, (1 - point.value) * ratio), point.low, point.high)
        for point in curve.points[:-1]
    ]
    expected = forecast([*points, CurvePoint(last.labels, score.value, score.low, score.high)])
    return replace(curve, forecast=expected, sentence=sentence(expected), stand_in=True)
