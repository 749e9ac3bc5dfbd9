"""Scores of classifications, each with its uncertainty where that is what people are shown.

Everywhere ``true`` and ``predicted`` are 1-d sequences of class ids, of equal length (``ValueError``
otherwise), one per row that the model had not seen. With no rows a proportion is 0, its interval 0 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fsl_desktop.core.events import Score

Z95 = 1.959963984540054
"""Standard normal quantile of a two-sided 95 % interval."""


def confusion(true: ArrayLike, predicted: ArrayLike, class_ids: Sequence[int]) -> NDArray[np.int64]:
    """Counts (C, C): row i, column j is how many rows of class ``class_ids[i]`` were called ``class_ids[j]``.

    Rows whose true or predicted class is not among ``class_ids`` are left out.
    """
    rows, columns = _pair(true, predicted)
    ids = np.asarray(class_ids, dtype=np.int64)
    if len(np.unique(ids)) != len(ids):
        raise ValueError("class_ids has duplicates")
    if ids.size == 0 or rows.size == 0:
        return np.zeros((ids.size, ids.size), dtype=np.int64)
    i, known_i = _index(rows, ids)
    j, known_j = _index(columns, ids)
    known = known_i & known_j
    flat = np.bincount(i[known] * ids.size + j[known], minlength=ids.size**2)
    return flat.reshape(ids.size, ids.size).astype(np.int64)


def accuracy(true: ArrayLike, predicted: ArrayLike) -> float:
    """Share of rows that were called what they are."""
    rows, columns = _pair(true, predicted)
    return float(np.mean(rows == columns)) if rows.size else 0.0


def macro_f1(true: ArrayLike, predicted: ArrayLike, class_ids: Sequence[int] | None = None) -> float:
    """Mean of the classes' F1, each class counting the same.

    Over the classes that occur in either argument, or over ``class_ids``. A class that is never
    predicted rightly has F1 0.
    """
    rows, columns = _pair(true, predicted)
    present = np.union1d(rows, columns)
    ids = present if class_ids is None else np.asarray(class_ids, dtype=np.int64)
    if ids.size == 0 or rows.size == 0:
        return 0.0
    # Rows outside class_ids still spoil precision and recall of those inside, so count over all.
    everyone = np.union1d(present, ids)
    matrix = confusion(rows, columns, everyone.tolist())
    f1 = _f1(np.diag(matrix), matrix.sum(axis=1), matrix.sum(axis=0))
    return float(f1[np.searchsorted(everyone, ids)].mean())


def mcc(true: ArrayLike, predicted: ArrayLike) -> float:
    """Matthews correlation, -1..1, in the multi-class form of Gorodkin (2004).

    0 where it is not defined: everything is of one class, or everything was called one class.
    """
    rows, columns = _pair(true, predicted)
    if rows.size == 0:
        return 0.0
    ids = np.union1d(rows, columns)
    # Floats: the products of counts pass 2**63 at some ten thousand rows of many classes.
    matrix = confusion(rows, columns, ids.tolist()).astype(np.float64)
    n = matrix.sum()
    support = matrix.sum(axis=1)
    called = matrix.sum(axis=0)
    covariance = np.trace(matrix) * n - support @ called
    spread = (n**2 - support @ support) * (n**2 - called @ called)
    return float(covariance / np.sqrt(spread)) if spread > 0 else 0.0


def wilson(successes: float, n: float) -> Score:
    """A proportion with its 95 % score interval (Wilson, 1927), which stays honest for few rows.

    Parts of a row may be counted, as means over repeats are.
    """
    if not 0 <= successes <= n * (1 + 1e-9):
        raise ValueError(f"{successes} of {n}")
    if n == 0:
        return Score(0.0, 0.0, 1.0, 0)
    share = min(1.0, successes / n)
    scale = 1.0 + Z95**2 / n
    centre = (share + Z95**2 / (2 * n)) / scale
    half = Z95 / scale * float(np.sqrt(share * (1 - share) / n + Z95**2 / (4 * n * n)))
    # Rounding must not put the ends of 0 of n and n of n past the value itself.
    low, high = min(share, max(0.0, centre - half)), max(share, min(1.0, centre + half))
    return Score(share, low, high, round(n))


def _f1(
    right: NDArray[np.int64], support: NDArray[np.int64], called: NDArray[np.int64]
) -> NDArray[np.float64]:
    total = support + called
    scores: NDArray[np.float64] = np.zeros(total.shape, dtype=np.float64)
    np.divide(2.0 * right, total, out=scores, where=total > 0)
    return scores


def _pair(true: ArrayLike, predicted: ArrayLike) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    rows = np.asarray(true, dtype=np.int64)
    columns = np.asarray(predicted, dtype=np.int64)
    if rows.ndim != 1 or rows.shape != columns.shape:
        raise ValueError(f"true has shape {rows.shape}, predicted {columns.shape}")
    return rows, columns


def _index(values: NDArray[np.int64], ids: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Position of each value in ``ids`` (of any order), and whether it is there at all."""
    order = np.argsort(ids)
    place = np.minimum(np.searchsorted(ids, values, sorter=order), ids.size - 1)
    position = order[place]
    return position.astype(np.int64), ids[position] == values
