"""Folds in which every class has its share of rows, where a row may have several classes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.message import Message
from fsl_desktop.learn.several.data import Sets, SeveralData


def folds_of_sets(
    data: SeveralData, groups: NDArray[np.int64], wanted: int, seed: int
) -> tuple[NDArray[np.int64] | None, Message | None]:
    """(fold of each row (n,), note); rows of one of ``groups`` (n,) stay together.

    Where no class has two texts to hold one of out, it is too early to tell how good the model is: no
    folds, and a note that says what is needed.
    """
    texts = np.array([len(np.unique(groups[column])) for column in data.sets.T])
    n_groups = len(np.unique(groups))
    if not (texts > 1).any() or n_groups < 4:
        return None, Message.of(
            "It is too early to tell how good the model is. Label at least two rows of each class."
        )
    smallest = int(texts[texts > 1].min())
    folds = iterative(data.sets, groups, min(wanted, max(2, smallest), n_groups), seed)
    single = np.flatnonzero(texts == 1)
    if not len(single):
        return folds, None
    names = ", ".join(data.class_names[place] for place in single[:5])
    return folds, Message.of(
        "Classes with one labelled row only cannot be judged yet: {names}. Label another row of each.",
        names=names + (", …" if len(single) > 5 else ""),
    )


def iterative(sets: Sets, groups: NDArray[np.int64], k: int, seed: int) -> NDArray[np.int64]:
    """A fold 0..k-1 for each row: iterative stratification (Sechidis, Tsoumakas and Vlahavas, 2011).

    The rarest class that is left is dealt out first, each row to the fold that lacks the class most; so
    a rare class is not lost among rows that were placed for the sake of a common one.
    """
    generator = np.random.default_rng(seed)
    _, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
    one = sets[first]
    n = len(one)
    # "Of no class" is dealt out like a class.
    left = np.concatenate([one, ~one.any(axis=1, keepdims=True)], axis=1)
    fold_of = np.full(n, -1, np.int64)
    lacks = np.tile(left.sum(axis=0) / k, (k, 1))
    room = np.full(k, n / k)
    open_rows = np.ones(n, np.bool_)
    while open_rows.any():
        counts = left[open_rows].sum(axis=0)
        rarest = int(np.where(counts > 0, counts, n + 1).argmin())
        for row in generator.permutation(np.flatnonzero(open_rows & left[:, rarest])).tolist():
            best = np.lexsort((generator.random(k), -room, -lacks[:, rarest]))[0]
            fold_of[row] = best
            lacks[best] -= left[row]
            room[best] -= 1
            open_rows[row] = False
    folds: NDArray[np.int64] = fold_of[inverse.ravel()]
    return folds
