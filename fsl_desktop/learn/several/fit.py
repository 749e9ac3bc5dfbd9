"""The instant model for several labels: a head, its calibration, and what held-out rows say about it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core import metrics_several as metrics
from fsl_desktop.core.errors import Stopped
from fsl_desktop.core.events import RunSummary
from fsl_desktop.core.message import Message
from fsl_desktop.learn.data import normalised
from fsl_desktop.learn.duplicates import near_duplicates
from fsl_desktop.learn.encoders.text import CancelCall
from fsl_desktop.learn.heads import LinearHead, Matrix
from fsl_desktop.learn.several.answer import Deciding
from fsl_desktop.learn.several.calibrate import Calibration, calibrate, uncalibrated
from fsl_desktop.learn.several.data import Sets, SeveralData
from fsl_desktop.learn.several.folds import folds_of_sets
from fsl_desktop.learn.several.head import C_SEVERAL, fit_several

_FOLDS = 5
_ROUGHLY = 1e-4
_LEAST = 3
"""Rows of a class from which its score is told."""
MOST_JUDGED = 2000
"""More rows make a score hardly surer."""


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    head: LinearHead
    """With the calibration's shift in its bias."""
    temperature: float
    deciding: Deciding
    truth: Sets
    """(m, C) of the rows that were held out once; m is 0 where it is too early to tell."""
    said: Sets
    notes: tuple[Message, ...]


def fit_sets(
    data: SeveralData,
    vectors: Matrix,
    names: Matrix | None,
    *,
    seed: int = 0,
    start: LinearHead | None = None,
    kept: Calibration | None = None,
    cancelled: CancelCall = lambda: False,
) -> Outcome:
    """Fit on ``vectors`` (n, d) of the labelled rows and ``names`` (K, d) or None; judge by held-out rows.

    With ``kept``, a calibration of a moment ago, nothing is judged and that is used. ``Stopped`` when
    cancelled.
    """
    head = fit_several(vectors, data.sets, names, c=C_SEVERAL, start=start)
    one = not len(data.sets) or bool(data.sets.any(axis=1).all())
    if kept is None:
        calibration, held, note = judged(data, vectors, names, head, seed, cancelled)
    else:
        calibration, held, note = kept, None, None
    deciding = Deciding(tuple(float(t) for t in calibration.thresholds), one, calibration.shift)
    truth = said = np.zeros((0, data.n_classes), np.bool_)
    if held is not None:
        rows, logits = held
        truth, said = data.sets[rows], deciding.sets(calibration.probabilities(logits))
    notes = (note,) if note is not None else ()
    return Outcome(calibration.built_in(head), calibration.temperature, deciding, truth, said, notes)


def scored(summary: RunSummary, data: SeveralData, outcome: Outcome, seed: int) -> RunSummary:
    """``summary`` with everything that follows from the held-out answers."""
    summary = replace(summary, notes=(*summary.notes, *outcome.notes))
    if not len(outcome.truth) or int(outcome.truth.sum(axis=0).max()) < _LEAST:
        return summary
    macro, micro = metrics.bootstrap_f1(outcome.truth, outcome.said, seed)
    return replace(
        summary,
        accuracy=metrics.subset_accuracy(outcome.truth, outcome.said),
        macro_f1=macro,
        micro_f1=micro,
        per_class=metrics.per_class(outcome.truth, outcome.said, data.class_ids.tolist()),
    )


def judged(
    data: SeveralData,
    vectors: Matrix,
    names: Matrix | None,
    full: LinearHead,
    seed: int,
    cancelled: CancelCall,
) -> tuple[Calibration, tuple[NDArray[np.int64], Matrix] | None, Message | None]:
    """(calibration, rows and held-out logits, what is missing)"""
    if not len(data.sets):
        early = Message.of("No labels yet: these suggestions come from the class names alone.")
        return uncalibrated(data.n_classes), None, early
    if len(data.sets) > MOST_JUDGED:
        few = data.sample(MOST_JUDGED)
        data, vectors = few, vectors[np.searchsorted(data.row_ids, few.row_ids)]
    same = {text: place for place, text in enumerate(dict.fromkeys(map(normalised, data.texts)))}
    exact = np.array([same[normalised(text)] for text in data.texts], dtype=np.int64)
    groups = near_duplicates(vectors, texts=data.texts, groups=exact)
    folds, note = folds_of_sets(data, groups, _FOLDS, seed)
    if folds is None:
        return uncalibrated(data.n_classes), None, note
    logits = np.zeros(data.sets.shape, dtype=np.float32)
    for fold in range(int(folds.max()) + 1):
        if cancelled():
            raise Stopped
        train = folds != fold
        # Begun from the head of all rows: it is only quicker, the optimum does not depend on it.
        head = fit_several(
            vectors[train], data.sets[train], names, c=C_SEVERAL, start=full, tolerance=_ROUGHLY
        )
        logits[~train] = np.maximum(head.logits(vectors[~train]), -60)
    return calibrate(logits, data.sets), (np.arange(len(folds)), logits), note
