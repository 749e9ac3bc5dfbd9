"""Labels that may be wrong: what models say of rows whose label they have not seen."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.heads import Matrix

Positions = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Doubted:
    """All rows that could be judged, the likeliest error first."""

    order: Positions
    """(h,)"""
    marked: int
    """So many of them are taken for errors."""


def label_doubt(labels: NDArray[np.int64], shares: Matrix) -> NDArray[np.float64]:
    """How much speaks against each label, (n,): the log odds of the likeliest other class against it.

    ``labels`` (n,) are class indices, ``shares`` (n, C) probabilities by models that have not seen them.
    """
    rows = np.arange(len(labels))
    log = np.log(np.maximum(shares.astype(np.float64), 1e-12))
    own = log[rows, labels]
    others = log.copy()
    others[rows, labels] = -np.inf
    doubt: NDArray[np.float64] = (others.max(axis=1) if shares.shape[1] > 1 else np.zeros(len(labels))) - own
    return doubt


def likely_errors(labels: NDArray[np.int64], shares: Matrix) -> NDArray[np.bool_]:
    """Which labels are taken for wrong, (n,): some other class is as sure as it usually is of its own rows,
    and surer than the label's (confident learning: Northcutt, Jiang and Chuang, 2021)."""
    n, n_classes = shares.shape
    usual = np.array(
        [shares[labels == k, k].mean() if (labels == k).any() else np.inf for k in range(n_classes)]
    )
    confident = np.where(shares >= usual, shares, -1.0)
    said = confident.argmax(axis=1)
    own = shares[np.arange(n), labels]
    wrong: NDArray[np.bool_] = (confident.max(axis=1) > own) & (said != labels)
    return wrong


def doubted(labels: NDArray[np.int64], shares: Matrix) -> Doubted:
    """Rows with class indices ``labels`` (n,) by how much ``shares`` (n, C) speak against these."""
    doubt, wrong = label_doubt(labels, shares), likely_errors(labels, shares)
    order = np.lexsort((-doubt, ~wrong))
    return Doubted(order.astype(np.int64), int(np.count_nonzero(wrong)))
