"""Rows with several labels as the window shows them: chips, words, and which filters they pass."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from fsl_desktop.core.label_sets import LabelSets
from fsl_desktop.core.labels import FIRST_SET, ClassInfo

SEVERAL = -2
"""In place of a class's position: there are several, ask for the chips."""
Mask = NDArray[np.bool_]
NOWHERE = -1000
_CLOSE = 10_000


class ChipOf(NamedTuple):
    name: str
    position: int


def chips_of(classes: Mapping[int, ClassInfo], sets: LabelSets, value: int) -> tuple[ChipOf, ...]:
    """The classes of a label, in their order of display."""
    found = [info for member in sets.members(value) if (info := classes.get(member)) is not None]
    return tuple(ChipOf(info.name, info.position) for info in sorted(found, key=lambda info: info.position))


def words_of(classes: Mapping[int, ClassInfo], sets: LabelSets, value: int) -> str:
    """The same in words; a set without classes is "none of them"."""
    chips = chips_of(classes, sets, value)
    if not chips and value >= FIRST_SET:
        return QCoreApplication.translate("LabelSets", "none of them")
    return ", ".join(chip.name for chip in chips)


def with_class(labels: NDArray[np.generic], sets: LabelSets | None, class_id: int) -> Mask:
    """Which labels (n,) have the class in them?"""
    mask = np.asarray(labels == class_id)
    numbers = sets.having(class_id) if sets else []
    return mask | np.isin(labels, numbers) if numbers else mask


def differ(
    labels: NDArray[np.generic],
    sets: LabelSets | None,
    said: NDArray[np.generic],
    said_sets: LabelSets | None,
) -> Mask:
    """Where two columns of labels (n,) do not mean the same; each has a numbering of its own, or None where
    it has no numbers of sets."""
    if sets is None and said_sets is None:
        return np.asarray(labels != said)
    sets, said_sets = sets or LabelSets(), said_sets or LabelSets()
    numbers, where = _distinct(said)
    # A number that nothing in the other column can have, for sets that it does not know.
    same = [
        NOWHERE if (found := sets.find(said_sets.members(n))) is None else found for n in numbers.tolist()
    ]
    return np.asarray(np.array(same, np.int64)[where] != labels)


def ranks(labels: NDArray[np.generic], sets: LabelSets | None, rank: Mapping[int, int]) -> NDArray[np.int64]:
    """Where labels (n,) stand in the order of classes: a set with its first class, after that class alone;
    then "none of them", no label, skipped, unsure."""
    values, where = _distinct(labels)
    last = 2 * len(rank) + 1
    places = []
    for value in values.tolist():
        if value in rank:
            places.append(2 * rank[value])
        elif value >= FIRST_SET and sets is not None:
            members = [rank[member] for member in sets.members(value) if member in rank]
            places.append(2 * min(members) + 1 if members else last - 1)
        else:
            places.append(last - min(value, 0))
    return np.array(places, np.int64)[where]


def _distinct(labels: NDArray[np.generic]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """As ``np.unique`` with its inverse, at a tenth of its time where the numbers are close together."""
    low, high = (int(labels.min()), int(labels.max())) if len(labels) else (0, 0)
    if high - low > _CLOSE:
        values, where = np.unique(labels, return_inverse=True)
        return values.astype(np.int64), where.ravel()
    shifted = labels.astype(np.int64) - low
    there = np.bincount(shifted, minlength=1) > 0
    return np.flatnonzero(there) + low, (np.cumsum(there) - 1)[shifted]
