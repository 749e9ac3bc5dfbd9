"""What to label next: rows that the model doubts, that stand for many others, and not always of one class."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.orders.cover import Cover

Positions = NDArray[np.int64]

MOST = 50
"""Rows that are put in order with an eye on each other; by then the labels have changed everything."""
_BALANCE = 0.5
"""A row that seems to be of a class with 1/k of the labels of the commonest counts k ** _BALANCE as much."""


def margin_doubt(shares: Matrix) -> Matrix:
    """1 - the margin between the two likeliest classes (Scheffer, Decomain and Wrobel, 2001), (n,), 0..1.

    ``shares`` (n, C) are probabilities.
    """
    if shares.shape[1] < 2:
        return np.ones(len(shares), np.float32)
    best = np.partition(shares, -2, axis=1)[:, -2:]
    doubt: Matrix = (1.0 - (best[:, 1] - best[:, 0])).astype(np.float32)
    return doubt


def mixed(
    seen: Matrix,
    doubt: Matrix,
    guess: NDArray[np.int64] | None,
    counts: NDArray[np.int64],
    free: Positions,
    labelled: Positions,
    *,
    most: int = MOST,
    seed: int = 0,
) -> Positions:
    """The first ``most`` of the rows ``free`` (f,) to label, (k,), the first first.

    ``seen`` (n, d) are unit vectors of all rows, ``doubt`` (n,) what speaks for asking about each, ``guess``
    (n,) the index of the class that each seems to be of, or None to leave balance aside; ``counts`` (C,) the
    labels of each class; ``labelled`` (m,) the rows that have one. A row is chosen for all the doubtful rows
    that it stands for and no other does: doubt weighs the facility location problem of ``cover``. While there
    are fewer labels than classes, doubt and guess say little, and the order is that of ``diverse``.
    """
    cover = Cover(seen, np.union1d(free, labelled), free, labelled, seed=seed)
    if counts.sum() < len(counts):
        return cover.order(None, most)
    weight = doubt[cover.asked].astype(np.float64)
    if guess is not None and len(counts):
        having = counts + 1.0
        weight *= (having.max() / having[guess[cover.asked]]) ** _BALANCE
    return cover.order(weight.astype(np.float32), most)


def usefulness(first: Positions, doubt: Matrix) -> Matrix:
    """One number per row, (n,), 0..1, in the order of ``first`` (k,), and below it that of ``doubt``."""
    worth: Matrix = (0.5 * np.clip(doubt, 0, 1) * 0.999).astype(np.float32)
    worth[first] = np.linspace(1.0, 0.5, len(first), endpoint=False, dtype=np.float32)
    return worth
