"""The rows of a project in memory."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fsl_desktop.core.clip_table import ClipTable
from fsl_desktop.core.label_sets import LabelSets

Ids = NDArray[np.int64]
Positions = NDArray[np.int64]


class ExampleTable:
    """Rows in ascending order of id; a row's position never changes, because rows are only appended
    and a removed row stays with ``removed`` set.

    ``ids`` int64, ``labels`` int32 and ``removed`` bool are views of length n on growing arrays: take
    them anew after :meth:`append`. Only the project writes to them. ``sets`` says what labels from
    ``FIRST_SET`` on mean, in projects where a row may have several. ``clips`` says by position which
    part of which file a row is, in projects of recordings; ``None`` in all others.
    """

    __slots__ = ("_ids", "_labels", "_n", "_removed", "clips", "sets", "texts")

    def __init__(self, clips: ClipTable | None = None) -> None:
        self._n = 0
        self._ids = np.zeros(0, np.int64)
        self._labels = np.zeros(0, np.int32)
        self._removed = np.zeros(0, np.bool_)
        self.texts: list[str] = []
        self.sets = LabelSets()
        self.clips = clips

    def __len__(self) -> int:
        return self._n

    @property
    def ids(self) -> Ids:
        return self._ids[: self._n]

    @property
    def labels(self) -> NDArray[np.int32]:
        """A class id (1 and up) or a set of ``sets``, or UNLABELLED, SKIPPED or UNSURE."""
        return self._labels[: self._n]

    @property
    def removed(self) -> NDArray[np.bool_]:
        return self._removed[: self._n]

    def positions(self, ids: ArrayLike) -> Positions:
        """Where these rows are, in the order asked; ``KeyError`` where one is not in the table."""
        wanted = np.atleast_1d(np.asarray(ids, dtype=np.int64))
        found, known = self._search(wanted)
        if not known.all():
            raise KeyError(int(wanted[~known][0]))
        return found

    def known(self, ids: ArrayLike) -> tuple[NDArray[np.bool_], Positions]:
        """Which of these rows the table holds (mask over ``ids``), and the positions of those."""
        found, known = self._search(np.atleast_1d(np.asarray(ids, dtype=np.int64)))
        return known, found[known]

    def append(
        self, ids: ArrayLike, texts: Sequence[str], labels: ArrayLike, removed: ArrayLike | None = None
    ) -> None:
        """Add rows at the end, amortised O(1) each. ``ValueError`` where ids do not ascend or lengths
        differ; nothing is added then."""
        new_ids = np.atleast_1d(np.asarray(ids, dtype=np.int64))
        new_labels = np.atleast_1d(np.asarray(labels, dtype=np.int32))
        count = len(new_ids)
        flags = np.zeros(count, np.bool_) if removed is None else np.atleast_1d(np.asarray(removed, np.bool_))
        if not count == len(texts) == len(new_labels) == len(flags):
            raise ValueError("ids, texts, labels and removed differ in length")
        if count == 0:
            return
        if (np.diff(new_ids) <= 0).any() or (self._n and new_ids[0] <= self._ids[self._n - 1]):
            raise ValueError("row ids must ascend")
        end = self._n + count
        self._reserve(end)
        self._ids[self._n : end] = new_ids
        self._labels[self._n : end] = new_labels
        self._removed[self._n : end] = flags
        self.texts.extend(texts)
        self._n = end

    def labelled(self) -> NDArray[np.bool_]:
        """Mask of the rows that have a label and were not removed."""
        return (self.labels > 0) & ~self.removed

    def counts(self) -> dict[int, int]:
        """Labelled rows per class id; classes without rows are left out."""
        values, counts = np.unique(self.labels[self.labelled()], return_counts=True)
        found: dict[int, int] = {}
        for value, n in zip(values.tolist(), counts.tolist(), strict=True):
            for class_id in self.sets.members(value):
                found[class_id] = found.get(class_id, 0) + n
        return found

    def having(self, class_id: int) -> NDArray[np.bool_]:
        """Mask of the rows with this class among their labels, removed ones too."""
        mask: NDArray[np.bool_] = self.labels == class_id
        sets = self.sets.having(class_id)
        return mask | np.isin(self.labels, sets) if sets else mask

    def _search(self, ids: Ids) -> tuple[Positions, NDArray[np.bool_]]:
        if self._n == 0:
            return np.zeros(len(ids), np.int64), np.zeros(len(ids), np.bool_)
        found = np.searchsorted(self.ids, ids).clip(0, self._n - 1)
        return found, self._ids[found] == ids

    def _reserve(self, size: int) -> None:
        if size <= len(self._ids):
            return
        capacity = max(size, 2 * len(self._ids), 1024)
        for name in ("_ids", "_labels", "_removed"):
            old = getattr(self, name)
            grown = np.zeros(capacity, old.dtype)
            grown[: self._n] = old[: self._n]
            setattr(self, name, grown)
