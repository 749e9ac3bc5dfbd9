"""When nobody can tell yet how good a model is, and what is needed until somebody can."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.message import Message

LEAST_PER_CLASS = 3
"""Different labelled rows of each class from which on a score is told."""
_FEW = 0.05


def different_rows(labels: NDArray[np.int64], groups: NDArray[np.int64], n_classes: int) -> NDArray[np.int64]:
    """How many rows of each class differ from each other, (C,): rows of one group count once."""
    pairs = np.unique(np.stack([labels, groups]), axis=1)
    return np.bincount(pairs[0], minlength=n_classes).astype(np.int64)


def lacking(different: NDArray[np.int64], least: int) -> NDArray[np.int64]:
    """The classes with fewer than ``least`` different rows, where that matters; else none.

    A twentieth of the rows may be of such classes: one odd row among many takes no score away.
    """
    few = np.flatnonzero(different < least)
    held_by_few = np.maximum(different[few], 1).sum()
    return few if held_by_few > _FEW * max(1, different.sum()) else few[:0]


def too_early(
    labels: NDArray[np.int64], groups: NDArray[np.int64], class_names: Sequence[str]
) -> Message | None:
    """Why there can be no score yet and what to label, or None where there can be one.

    ``labels`` (n,) are indices into ``class_names``, ``groups`` (n,) equal for rows that are the same.
    """
    different = different_rows(labels, groups, len(class_names))
    few = lacking(different, LEAST_PER_CLASS)
    if not len(few):
        return None
    if len(few) > 1:
        return Message.of(
            "It is too early to tell how good the model is: {n} classes have fewer than {need} different"
            " labelled rows. Label at least {need} rows of each class.",
            n=len(few),
            need=LEAST_PER_CLASS,
        )
    have = int(different[few[0]])
    rows = int(np.count_nonzero(labels == few[0]))
    if rows > have:
        return Message.of(
            "It is too early to tell how good the model is: the {rows} labelled rows of {name} are almost the"
            " same. Label others, {need} different ones at least.",
            name=class_names[int(few[0])],
            rows=rows,
            need=LEAST_PER_CLASS,
        )
    return Message.of(
        "It is too early to tell how good the model is: {name} has {have} labelled rows. Label {more} more.",
        name=class_names[int(few[0])],
        have=have,
        more=LEAST_PER_CLASS - have,
    )
