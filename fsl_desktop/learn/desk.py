"""One open project as the workbench sees it: its rows, their embeddings, and the heads fitted on them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.label_sets import LabelSets
from fsl_desktop.core.labels import UNLABELLED, ClassInfo
from fsl_desktop.core.snapshot import ProjectReader
from fsl_desktop.learn.cache import EmbeddingCache
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.fitted import Fitted
from fsl_desktop.learn.matrix import RowMatrix
from fsl_desktop.learn.several.data import SeveralData

_MOST_MATRICES = 2
"""Encoders whose embeddings stay in memory: 100,000 rows take 150 MB each, and are on disk as well."""


@dataclass(frozen=True, slots=True, eq=False)
class Snapshot:
    """A project's rows at one revision."""

    revision: int
    row_ids: NDArray[np.int64]
    texts: list[str]
    labels: NDArray[np.int32]
    removed: NDArray[np.bool_]
    labelled: NDArray[np.bool_]
    classes: tuple[ClassInfo, ...]
    data: TrainingData
    several: SeveralData | None = None
    """The labelled rows where a row may have several classes; ``data`` is of no use then."""
    sets: LabelSets = field(default_factory=LabelSets)
    """What ``labels`` from ``FIRST_SET`` on stand for."""

    @property
    def free(self) -> NDArray[np.int64]:
        """The rows that nobody has labelled, skipped or removed, ascending."""
        return np.flatnonzero((self.labels == UNLABELLED) & ~self.removed)

    def part(self, places: NDArray[np.int64]) -> Snapshot:
        """The rows at ``places`` (ascending), as if there were no others."""
        ids = self.row_ids[places]
        several = self.several
        return replace(
            self,
            row_ids=ids,
            texts=[self.texts[place] for place in places.tolist()],
            labels=self.labels[places],
            removed=self.removed[places],
            labelled=self.labelled[places],
            data=self.data.part(np.flatnonzero(np.isin(self.data.row_ids, ids))),
            several=several and several.part(np.flatnonzero(np.isin(several.row_ids, ids))),
        )

    def labels_of(self, row_ids: NDArray[np.int64]) -> NDArray[np.int32]:
        """The labels of rows of the project, as it numbers them."""
        found: NDArray[np.int32] = self.labels[np.searchsorted(self.row_ids, row_ids)]
        return found


class Desk:
    """Thread-safe: lanes of the child share it."""

    def __init__(self, folder: Path, cache: EmbeddingCache) -> None:
        self._reader = ProjectReader(folder)
        self._cache = cache
        self._lock = threading.Lock()
        self._matrices: OrderedDict[str, RowMatrix] = OrderedDict()
        self._fitted: dict[tuple[str, bool], Fitted] = {}

    def snapshot(self) -> Snapshot:
        """Take in what changed in the project; copies what a later refresh would change."""
        with self._lock:
            self._reader.refresh()
            table, classes = self._reader.table, tuple(self._reader.classes)
            return Snapshot(
                self._reader.revision,
                table.ids.copy(),
                list(table.texts),
                table.labels.copy(),
                table.removed.copy(),
                table.labelled(),
                classes,
                TrainingData.of_table(table, classes),
                SeveralData.of_table(table, classes) if self._reader.several else None,
                table.sets.copy(),
            )

    def revision(self) -> int:
        """The project's newest revision, without reading what it changed."""
        with self._lock:
            return self._reader.newest_revision()

    def matrix(self, encoder: TextEncoder) -> RowMatrix:
        with self._lock:
            if encoder.fingerprint not in self._matrices:
                self._matrices[encoder.fingerprint] = RowMatrix(encoder, self._cache)
            self._matrices.move_to_end(encoder.fingerprint)
            while len(self._matrices) > _MOST_MATRICES:
                self._matrices.popitem(last=False)
            return self._matrices[encoder.fingerprint]

    def fitted(self, model: str, use_class_names: bool | None = None) -> Fitted | None:
        """The head fitted last for ``model`` (with or without names; None: whichever)."""
        with self._lock:
            for names in (True, False) if use_class_names is None else (use_class_names,):
                found = self._fitted.get((model, names))
                if found is not None:
                    return found
            return None

    def keep(self, model: str, use_class_names: bool, fitted: Fitted) -> None:
        with self._lock:
            self._fitted.pop((model, not use_class_names), None)
            self._fitted[(model, use_class_names)] = fitted

    def forget(self, model: str) -> None:
        with self._lock:
            for names in (True, False):
                self._fitted.pop((model, names), None)
