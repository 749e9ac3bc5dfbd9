"""Probabilities that mean what they say."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.heads import Matrix

_GRID = np.geomspace(0.05, 20.0, 61)
PRIOR_ROWS = 40
"""With this many held-out rows the measured temperature counts half; with few it is mostly noise."""


def temperature(log_probabilities: Matrix, labels: NDArray[np.int64]) -> float:
    """The temperature that makes held-out answers likeliest (Guo et al. 2017), shrunk towards 1.

    ``log_probabilities`` (n, C) are out-of-fold; any logits do. log T is multiplied by n / (n + 40). With
    no rows: 1.
    """
    n = len(labels)
    if n == 0:
        return 1.0
    logits = log_probabilities.astype(np.float64)
    losses = [_log_loss(logits / t, labels) for t in _GRID]
    best = float(_GRID[int(np.argmin(losses))])
    return float(np.exp(np.log(best) * n / (n + PRIOR_ROWS)))


def _log_loss(logits: NDArray[np.float64], labels: NDArray[np.int64]) -> float:
    top = logits.max(axis=1)
    normaliser = np.log(np.exp(logits - top[:, None]).sum(axis=1)) + top
    return float((normaliser - logits[np.arange(len(labels)), labels]).mean())
