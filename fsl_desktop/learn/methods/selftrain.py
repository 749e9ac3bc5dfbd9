"""What the unlabelled rows know: a head that also learns from its own, doubtful, answers to them.

Self-training with soft pseudo-labels (Lee, 2013; Xie, Luong, Hovy and Le, 2020), whose class proportions are
moved half-way to the expected ones (distribution alignment: Berthelot, Carlini, Cubuk, Kurakin, Sohn, Zhang
and Raffel, 2020). It works on embeddings of any kind.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.heads import LinearHead, Matrix, SoftRows, fit_logistic, softmax
from fsl_desktop.learn.logistic import TOLERANCE
from fsl_desktop.learn.name_texts import classes_of_names

LEAST_POOL = 50
"""With fewer unlabelled rows there is too little to learn from them."""
MOST_POOL = 500
"""Unlabelled rows that a head learns from."""
_ROUNDS = 3
_SHARPER = 0.5
"""Temperature of the pseudo-labels."""
_ALIGN = 0.5
"""How far the class proportions are moved to the expected ones; all the way harms where they are unequal,
not at all lets the largest class grow with every round."""
_ROUGHLY = 1e-4


def self_train(
    vectors: Matrix,
    labels: NDArray[np.int64],
    names: Matrix | None,
    pool: Matrix,
    n_classes: int,
    *,
    c: float,
) -> LinearHead:
    """A head for ``vectors`` (n, d) with class indices ``labels`` (n,), ``names`` (K, d) of
    ``name_examples`` or None, and unlabelled ``pool`` (p, d), which together count as much as all the others.

    Embeddings are looked at from the middle of the pool; the head that is returned takes them as they are.
    """
    middle: Matrix = pool.mean(axis=0)
    around, rows = pool - middle, vectors - middle
    expected = expected_shares(labels, n_classes, names is not None)
    if names is not None:
        rows = np.concatenate([rows, names - middle])
        labels = np.concatenate([labels, classes_of_names(len(names), n_classes)])
    head = fit_logistic(rows, labels, n_classes, c, tolerance=_ROUGHLY)
    if np.count_nonzero(head.known) > 1:
        for turn in range(_ROUNDS):
            guessed, weight = pseudo_labels(softmax(head.logits(around)), expected)
            soft = SoftRows(around, guessed, weight * (len(rows) / weight.sum()))
            tolerance = TOLERANCE if turn == _ROUNDS - 1 else _ROUGHLY
            head = fit_logistic(rows, labels, n_classes, c, head, tolerance, soft)
    bias = np.where(head.known, head.bias - head.weights @ middle, head.bias).astype(np.float32)
    return LinearHead(head.weights, bias)


def as_sure_as(plain: LinearHead, heat: float, trained: LinearHead, pool: Matrix) -> float:
    """The temperature at which ``trained`` is on average as sure of ``pool`` (p, d) as ``plain`` at ``heat``.

    A self-trained head believes its own guesses, and is far too sure by itself.
    """
    goal = softmax(plain.logits(pool), heat).max(axis=1).mean()
    logits = trained.logits(pool)
    low, high = np.log(0.05), np.log(50.0)
    for _ in range(16):
        middle = (low + high) / 2
        if softmax(logits, float(np.exp(middle))).max(axis=1).mean() > goal:
            low = middle
        else:
            high = middle
    return float(np.exp((low + high) / 2))


def pseudo_labels(
    probabilities: Matrix, expected: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Soft labels (p, C) from answers (p, C), sharpened and aligned, and the confidence of each row (p,).

    ``expected`` (C,) are the class proportions to move half-way to.
    """
    found = probabilities.mean(axis=0, dtype=np.float64)
    aligned = probabilities * (expected / np.maximum(found, 1e-9)) ** _ALIGN
    aligned /= aligned.sum(axis=1, keepdims=True)
    sharp = aligned ** (1 / _SHARPER)
    sharp /= sharp.sum(axis=1, keepdims=True)
    return sharp, aligned.max(axis=1)


def expected_shares(labels: NDArray[np.int64], n_classes: int, with_names: bool) -> NDArray[np.float64]:
    """The class proportions among labelled rows (n,), with a name counting as a row, (C,)."""
    counts = np.bincount(labels, minlength=n_classes) + (1.0 if with_names else 0.0)
    shares: NDArray[np.float64] = counts / counts.sum()
    return shares
