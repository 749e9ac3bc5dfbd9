"""Whether a model's probabilities mean what they say: of the rows it was 80 % sure of, were 80 % right?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

BINS = 15
"""As the calibration error is told everywhere."""
DRAWN = 5
"""Bins in a picture made of a few dozen rows."""


@dataclass(frozen=True, slots=True)
class ReliabilityBin:
    """``n`` rows with a confidence from ``low`` to ``high``: how sure the model was, how many were right."""

    low: float
    high: float
    confidence: float
    right: float
    n: int


@dataclass(frozen=True, slots=True)
class Reliability:
    """Bins that hold rows, ascending, after calibration; the expected calibration error before and after.

    Both errors come from the out-of-fold answers that the temperature was chosen on. With few rows they
    are more than what new rows will show, since a bin with one row is always far off.
    """

    bins: tuple[ReliabilityBin, ...]
    ece_before: float
    ece_after: float
    n: int


def reliability(before: ArrayLike, after: ArrayLike, right: ArrayLike, *, bins: int = DRAWN) -> Reliability:
    """From the confidences (n,) before and after calibration and whether the answers were right (n,)."""
    sure, hits = np.asarray(after, dtype=np.float64), np.asarray(right, dtype=np.float64)
    which = _bin_of(sure, bins)
    found = []
    for place in np.unique(which):
        inside = which == place
        found.append(
            ReliabilityBin(
                low=float(place) / bins,
                high=float(place + 1) / bins,
                confidence=float(sure[inside].mean()),
                right=float(hits[inside].mean()),
                n=int(np.count_nonzero(inside)),
            )
        )
    return Reliability(
        tuple(found), calibration_error(before, right), calibration_error(after, right), len(sure)
    )


def calibration_error(confidence: ArrayLike, right: ArrayLike, *, bins: int = BINS) -> float:
    """Expected calibration error (Naeini, Cooper and Hauskrecht, 2015) in bins of equal width."""
    sure, hits = np.asarray(confidence, dtype=np.float64), np.asarray(right, dtype=np.float64)
    if sure.shape != hits.shape or sure.ndim != 1:
        raise ValueError(f"confidence has shape {sure.shape}, right {hits.shape}")
    if not sure.size:
        return 0.0
    gaps = np.bincount(_bin_of(sure, bins), weights=sure - hits, minlength=bins)
    return float(np.abs(gaps).sum() / sure.size)


def _bin_of(confidence: NDArray[np.float64], bins: int) -> NDArray[np.int64]:
    return np.clip((confidence * bins).astype(np.int64), 0, bins - 1)
