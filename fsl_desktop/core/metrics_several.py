"""Scores where a row may have several classes. ``true`` and ``predicted`` are bool, (n, C)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.events import ClassScore, Score
from fsl_desktop.core.metrics import wilson

Sets = NDArray[np.bool_]


def subset_accuracy(true: Sets, predicted: Sets) -> Score:
    """Share of rows whose set is exactly right, with its Wilson interval."""
    _same(true, predicted)
    return wilson(int((true == predicted).all(axis=1).sum()), len(true))


def micro_f1(true: Sets, predicted: Sets) -> float:
    """F1 over all answers together; 1 where there was nothing to say and nothing was said."""
    _same(true, predicted)
    total = int(true.sum()) + int(predicted.sum())
    return 2 * int((true & predicted).sum()) / total if total else 1.0


def macro_f1(true: Sets, predicted: Sets) -> float:
    """Mean of the classes' F1 over the classes that occur in either; 0 where none does."""
    _same(true, predicted)
    hits = (true & predicted).sum(axis=0, dtype=np.float64)
    total = true.sum(axis=0, dtype=np.float64) + predicted.sum(axis=0)
    return float(_macro(hits[None], total[None])[0])


def per_class(true: Sets, predicted: Sets, class_ids: Sequence[int]) -> tuple[ClassScore, ...]:
    """Precision, recall (with its Wilson interval) and F1 of every class, in the order of ``class_ids``."""
    _same(true, predicted)
    scores = []
    for place, class_id in enumerate(class_ids):
        hits = int((true[:, place] & predicted[:, place]).sum())
        support, called = int(true[:, place].sum()), int(predicted[:, place].sum())
        recall = wilson(hits, support)
        scores.append(
            ClassScore(
                class_id=int(class_id),
                precision=hits / called if called else 0.0,
                recall=recall.value,
                f1=2 * hits / (support + called) if support + called else 0.0,
                support=support,
                recall_low=recall.low,
                recall_high=recall.high,
            )
        )
    return tuple(scores)


def bootstrap_f1(true: Sets, predicted: Sets, seed: int = 0, *, resamples: int = 1000) -> tuple[Score, Score]:
    """Macro- and micro-F1 with 95 % percentile intervals (Efron, 1979) over rows drawn anew.

    The same seed gives the same intervals. Where all rows are right the lower end is that of the
    accuracy's Wilson interval: drawing anew would show no doubt at all.
    """
    n = len(true)
    macro, micro = macro_f1(true, predicted), micro_f1(true, predicted)
    if n == 0:
        return Score(0.0, 0.0, 1.0, 0), Score(0.0, 0.0, 1.0, 0)
    bound = subset_accuracy(true, predicted)
    if bound.value == 1.0:
        return Score(macro, min(macro, bound.low), 1.0, n), Score(micro, min(micro, bound.low), 1.0, n)
    # How often each row is drawn: two products of (resamples, n) with (n, C) instead of n * resamples rows.
    draws = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), size=resamples).astype(np.float64)
    hits = draws @ (true & predicted)
    total = draws @ (true.astype(np.float64) + predicted)
    sums = total.sum(axis=1)
    micros = np.divide(2 * hits.sum(axis=1), sums, out=np.ones(resamples), where=sums > 0)
    return _interval(macro, _macro(hits, total), n), _interval(micro, micros, n)


def _macro(hits: NDArray[np.float64], total: NDArray[np.float64]) -> NDArray[np.float64]:
    """(m, C) hits and supports-plus-calls -> (m,) means over the classes that occur."""
    occurs = total > 0
    f1 = np.divide(2.0 * hits, total, out=np.zeros(total.shape), where=occurs)
    mean: NDArray[np.float64] = f1.sum(axis=1) / np.maximum(occurs.sum(axis=1), 1)
    return mean


def _interval(value: float, values: NDArray[np.float64], n: int) -> Score:
    low, high = np.percentile(values, [2.5, 97.5])
    return Score(value, min(value, float(low)), max(value, float(high)), n)


def _same(true: Sets, predicted: Sets) -> None:
    if true.ndim != 2 or true.shape != predicted.shape:
        raise ValueError(f"true has shape {true.shape}, predicted {predicted.shape}")
