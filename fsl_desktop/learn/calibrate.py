"""Probabilities that mean what they say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.heads import Matrix

PRIOR_ROWS = 40
"""With this many held-out rows the measured temperature counts half; with few it is mostly noise."""
INSTANT_TEMPERATURE = 0.5
"""Where a head on frozen embeddings lies on the average of sets: its penalty makes it too modest."""
FOLDS_OF_TUNED = 1.5
"""Models tuned on the rows of a fold alone are less sure than the one tuned on all: what their answers ask
for is so many times too cold for it."""
_COLDEST, _HOTTEST = 0.05, 20.0


def tuned_temperature(labels_per_class: float) -> float:
    """Where a head on tuned embeddings lies on the average of sets: the fewer rows it has, the less sure of
    anything its penalty leaves it, while the tuning made the classes easy to tell apart."""
    return 0.7 * labels_per_class / (labels_per_class + 1.5)


def temperature(
    log_probabilities: Matrix,
    labels: NDArray[np.int64],
    *,
    prior: float = 1.0,
    rows: int | None = None,
    times: float = 1.0,
) -> float:
    """The temperature that makes held-out answers likeliest (Guo et al. 2017), shrunk towards ``prior``.

    ``log_probabilities`` (n, C) are out-of-fold; any logits do. From repeated folds they may hold a row
    several times: ``rows`` is how many different ones there are (n where it is None). The logarithm of
    the temperature is the mean of the measured one, ``times`` as high, and the prior's, weighted ``rows`` to
    40. With no rows: ``prior``.
    """
    if not len(labels):
        return prior
    n = len(labels) if rows is None else rows
    best = times * _likeliest(log_probabilities.astype(np.float64), labels)
    return float(np.exp((n * np.log(best) + PRIOR_ROWS * np.log(prior)) / (n + PRIOR_ROWS)))


def _likeliest(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    """The log loss is convex in 1/T, so its slope there has one zero, which halving an interval finds."""
    logits = logits - logits.max(axis=1, keepdims=True)
    own = logits[np.arange(len(labels)), labels].mean()
    low, high = np.log(1 / _HOTTEST), np.log(1 / _COLDEST)
    for _ in range(16):
        middle = (low + high) / 2
        weights = np.exp(logits * np.exp(middle))
        expected = (weights * logits).sum(axis=1) / weights.sum(axis=1)
        if expected.mean() < own:
            low = middle
        else:
            high = middle
    return float(np.exp(-(low + high) / 2))
