"""When a project's models can tell that a row fits none of the classes, and how that stays quick."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.choice import HeldOutAnswers
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.fitted import Fitted
from fsl_desktop.learn.folds import Answerer
from fsl_desktop.learn.heads import LinearHead, Matrix
from fsl_desktop.learn.methods.selftrain import as_sure_as
from fsl_desktop.learn.report import Answers, Labelled
from fsl_desktop.learn.trained import TrainedModel
from fsl_desktop.learn.unknown import (
    CALLED_UNKNOWN,
    MOST_POOL,
    UnknownGauge,
    directions_of,
    fit_unknown,
    gauge_from,
)

LEAST_ROWS = 20
"""Labelled rows that can be held out. One in twenty known rows is to be called unknown, and fewer rows than
that cannot show where such a limit lies."""
_GROWTH = 1.25
"""So many times as many labels, or as few, until a gauge is fitted anew: that takes as long as the score."""
_MANY_ROWS = 5_000
_FEW_POOL = 500
"""Unlabelled rows that are looked at in large tables: comparing each row with 2,000 takes long there."""


def gauge_of(labelled: Labelled, head: LinearHead, heat: float, pool: Matrix) -> UnknownGauge | None:
    """A gauge for the instant model ``head`` with the temperature ``heat``; None where the ``labelled`` rows
    are too few. ``pool`` (p, d) are unlabelled rows, drawn by chance."""
    folds = labelled.folds(most_repeats=1)
    if folds is None or np.count_nonzero(folds[0] >= 0) < LEAST_ROWS:
        return None
    plain = labelled.head(np.arange(len(labelled.labels)))
    labelled = replace(labelled, start=plain)
    # A head that learnt from unlabelled rows too is surer than those of the folds, which is for calibration
    # to take away: both are judged as sure as they are right.
    plain_heat = as_sure_as(head, heat, plain, pool) if len(pool) else heat

    def calibrated(rows: NDArray[np.int64]) -> Answerer:
        return _scaled(labelled.head(rows), plain_heat)

    return fit_unknown(
        labelled.vectors,
        labelled.labels,
        folds[0],
        labelled.n_classes,
        _scaled(head, heat),
        calibrated,
        pool,
    )


def gauge_of_tuned(
    model: TrainedModel,
    vectors: Matrix,
    labels: NDArray[np.int64],
    held: HeldOutAnswers,
    heat: float,
    around: Matrix | None,
) -> UnknownGauge | None:
    """A gauge for a tuned and calibrated ``model``; ``vectors`` (n, d) are the labelled rows as it sees them.

    They lie nearer to each other than others, so what is usual is learnt from ``held``, rows seen by the
    folds' models, whose temperature is ``heat``. Those have learnt from fewer rows, and find too little
    strange: by unlabelled rows that lie ``around`` (p, d) the limit comes down until one in twenty of them is
    unknown.
    """
    if held.distance is None or len(held.rows) < LEAST_ROWS:
        return None
    told = Answers(held.rows, held.probabilities).tempered(heat)
    parts = np.stack([1 - told.max(axis=1), held.distance], axis=1)
    gauge = gauge_from(vectors, labels, parts, told.argmax(axis=1), told.shape[1])
    if around is None or len(around) < LEAST_ROWS:
        return gauge
    beyond = float(np.quantile(gauge.beyond(around, model.logits(around)), 1 - CALLED_UNKNOWN))
    return replace(gauge, thresholds=gauge.thresholds + min(0.0, beyond))


def _scaled(head: LinearHead, heat: float) -> Answerer:
    return lambda vectors: head.logits(vectors) / np.float32(heat)


def with_gauge(fitted: Fitted, data: TrainingData, pool: Matrix, previous: Fitted | None) -> Fitted:
    """``fitted`` on ``data``, whose model can tell which rows fit none of the classes, if there are labels
    enough. While few labels have come, the gauge is that of ``previous`` with the rows of now: what is far
    from them is strange, but how far is usual stays.

    ``pool`` (p, d) are unlabelled rows.
    """
    model = fitted.model
    before = previous.model if previous is not None else None
    if before is not None and before.unknown is not None and before.class_ids == model.class_ids:
        assert previous is not None
        if 1 / _GROWTH < len(data.labels) / max(1, previous.gauged_rows) < _GROWTH:
            now = replace(before.unknown, rows=directions_of(fitted.vectors), labels=data.labels)
            return replace(_with(fitted, now), gauged_rows=previous.gauged_rows)
    labelled = Labelled(
        fitted.vectors,
        data.labels,
        data.n_classes,
        data.groups(),
        fitted.names if model.provenance.uses_class_names else None,
        model.head,
        c=model.provenance.c,
    )
    gauge = gauge_of(labelled, model.head, model.temperature, pool)
    return replace(_with(fitted, gauge), gauged_rows=len(data.labels))


def with_gauge_of_run(fitted: Fitted, trained: TrainedModel) -> Fitted:
    """A run's encoder with a newer head: what was strange to the model ``trained`` still is, while the
    classes are the same. Rows it has learnt from cannot be held out from it any more."""
    if fitted.model.class_ids != trained.class_ids:
        return fitted
    return _with(fitted, trained.unknown)


def _with(fitted: Fitted, gauge: UnknownGauge | None) -> Fitted:
    return replace(fitted, model=replace(fitted.model, unknown=gauge))


def pool_of(free: NDArray[np.int64], n: int, seed: int = 0) -> NDArray[np.int64]:
    """Some of the unlabelled rows ``free`` (f,), drawn by chance, for a table of ``n`` rows."""
    most = MOST_POOL if n <= _MANY_ROWS else _FEW_POOL
    chosen: NDArray[np.int64] = np.random.default_rng(seed).permutation(free)[:most]
    return chosen
