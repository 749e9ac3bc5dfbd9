"""Splitting labelled rows so that each is once judged by a model that has not seen it."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.message import Message
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.early import different_rows, lacking, too_early
from fsl_desktop.learn.heads import Matrix

ALWAYS_TRAINING = -1

Answerer = Callable[[Matrix], Matrix]
"""Embeddings (n, d) to logits (n, C)."""
Fit = Callable[[NDArray[np.int64]], Answerer]
"""Indices of rows to learn from, to a model that has seen those only."""


def folds_of(
    data: TrainingData, wanted: int, seed: int, groups: NDArray[np.int64] | None = None
) -> tuple[NDArray[np.int64] | None, Message | None]:
    """(fold of each row (n,), note): stratified, and rows of one group stay together.

    ``groups`` (n,) are those of ``near_duplicates``, or else rows with the same text. Without folds the
    note says what is needed.
    """
    groups = data.groups() if groups is None else groups
    folds = repeated_folds(data.labels, groups, data.n_classes, wanted, 1, seed)
    if folds is None:
        return None, too_early(data.labels, groups, data.class_names)
    return folds[0], None


def repeated_folds(
    labels: NDArray[np.int64],
    groups: NDArray[np.int64],
    n_classes: int,
    wanted: int,
    repeats: int,
    seed: int,
) -> NDArray[np.int64] | None:
    """The fold of each row in each repeat, (repeats, n), at most ``wanted`` folds; None where none can be.

    A class with a single group cannot be held out. If such classes hold more than a twentieth of the rows
    there are no folds; else their rows are in every training part (fold -1). The first repeat is that of
    ``stratified`` with ``seed``.
    """
    different = different_rows(labels, groups, n_classes)
    labelled = different[different > 0]
    if len(lacking(labelled, 2)) or not (labelled > 1).any():
        return None
    k = min(wanted, int(labelled[labelled > 1].min()))
    in_single = different[labels] == 1
    folds = np.stack([stratified(labels, groups, k, seed + 1000 * repeat) for repeat in range(repeats)])
    folds[:, in_single] = ALWAYS_TRAINING
    return folds


def stratified(labels: NDArray[np.int64], groups: NDArray[np.int64], k: int, seed: int) -> NDArray[np.int64]:
    """A fold 0..k-1 for each row: each class is dealt out evenly, a group never apart."""
    generator = np.random.default_rng(seed)
    # A group belongs where its first row does, also if the same text was labelled in two ways.
    _, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
    fold_of_group = np.zeros(len(first), dtype=np.int64)
    offset = 0
    for label in np.unique(labels[first]):
        mine = generator.permutation(np.flatnonzero(labels[first] == label))
        # Going on where the last class ended keeps the folds' sizes alike when classes are small.
        fold_of_group[mine] = (np.arange(len(mine)) + offset) % k
        offset += len(mine)
    return fold_of_group[inverse.ravel()]


def out_of_fold(vectors: Matrix, folds: NDArray[np.int64], fit: Fit) -> tuple[NDArray[np.int64], Matrix]:
    """(rows that are held out, ascending, (h,); their logits (repeats, h, C)), each by a model without them.

    ``vectors`` (n, d), ``folds`` (repeats, n) of :func:`repeated_folds`.
    """
    rows = np.flatnonzero(folds[0] != ALWAYS_TRAINING)
    repeats = []
    for dealt in folds:
        held, parts = [], []
        for fold in range(int(dealt.max()) + 1):
            held.append(np.flatnonzero(dealt == fold))
            parts.append(fit(np.flatnonzero(dealt != fold))(vectors[held[-1]]))
        repeats.append(np.concatenate(parts)[np.argsort(np.concatenate(held))])
    return rows, np.stack(repeats)
