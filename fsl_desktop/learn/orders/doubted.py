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
    """How much speaks against each label, (n,), 0..1: what its class lacks of all probability.

    ``labels`` (n,) are class indices, ``shares`` (n, C) probabilities by models that have not seen them. This
    is self-confidence (Northcutt, Jiang and Chuang, 2021; Kuan and Mueller, 2022); margins, log odds and
    thresholds per class found fewer planted errors: docs/decisions/0008.
    """
    own: NDArray[np.float64] = shares[np.arange(len(labels)), labels].astype(np.float64)
    return 1.0 - own


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
    # How many there are is another question than which come first.
    return Doubted(np.argsort(-doubt, kind="stable"), int(np.count_nonzero(wrong)))
