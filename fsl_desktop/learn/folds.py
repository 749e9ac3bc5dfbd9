"""Splitting labelled rows so that each is once judged by a model that has not seen it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.message import Message
from fsl_desktop.learn.data import TrainingData

ALWAYS_TRAINING = -1
_FEW = 0.05


def folds_of(data: TrainingData, wanted: int, seed: int) -> tuple[NDArray[np.int64] | None, Message | None]:
    """(fold of each row (n,), note): stratified, and rows with the same text stay together.

    A class with a single text cannot be held out. If such classes hold more than a twentieth of the rows
    it is too early to tell how good the model is: no folds, and a note that says what is needed. Else
    their rows are in every training part (fold -1).
    """
    groups = data.groups()
    texts_per_class = np.array([len(np.unique(groups[data.labels == c])) for c in range(data.n_classes)])
    single = (texts_per_class == 1).nonzero()[0]
    in_single = np.isin(data.labels, single)
    if in_single.sum() > _FEW * len(groups):
        return None, _too_early(data, single)
    smallest = int(texts_per_class[texts_per_class > 1].min())
    k = min(wanted, max(2, smallest))
    folds = stratified(data.labels, groups, k, seed)
    folds[in_single] = ALWAYS_TRAINING
    return folds, None


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


def _too_early(data: TrainingData, single: NDArray[np.int64]) -> Message:
    if len(single) == 1:
        return Message.of(
            "It is too early to tell how good the model is: {name} has one labelled row only. Label another.",
            name=data.class_names[int(single[0])],
        )
    return Message.of(
        "It is too early to tell how good the model is: {n} classes have only one labelled row."
        " Label at least two rows of each class.",
        n=len(single),
    )
