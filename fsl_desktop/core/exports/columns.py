"""What every table of a project's rows has: the label, what people said instead, and the further columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import repeat
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.exports.rows import STATES, Extras, LabelNames
from fsl_desktop.core.label_cells import several_cell
from fsl_desktop.core.label_sets import LabelSets
from fsl_desktop.core.labels import ClassInfo


class RowColumns:
    """The cells of a project's rows for a table.

    ``label_names`` is ``label``, with ``status`` where a row was skipped or is unsure; ``extra_names`` are
    the columns of the files that the rows came from.
    """

    def __init__(
        self,
        folder: Path,
        row_ids: NDArray[np.int64],
        labels: NDArray[np.int32],
        classes: Sequence[ClassInfo],
        sets: LabelSets,
        *,
        several: bool,
        as_lists: bool,
    ) -> None:
        """``row_ids`` and ``labels`` (n,) are those of the rows that are written. ``UserError``."""
        self._ids, self._labels, self._folder = row_ids, labels, folder
        self._names = LabelNames(classes, sets)
        self._several, self._as_lists = several, as_lists
        told = bool(np.isin(labels, list(STATES)).any())
        self.label_names = ["label", "status"] if told else ["label"]
        with Extras(folder) as extras:
            self.extra_names = extras.names()

    def cells(self) -> Iterator[tuple[list[object], list[object]]]:
        """For each row the cells of ``label_names`` and those of ``extra_names``."""
        with Extras(self._folder) as extras:
            further = extras.of(self._ids) if self.extra_names else repeat({})
            for value, extra in zip(self._labels.tolist(), further, strict=False):
                said = [self._label(value), STATES.get(value, "")][: len(self.label_names)]
                yield said, [extra.get(name, "") for name in self.extra_names]

    def _label(self, value: int) -> object:
        names = self._names.of(value)
        if self._several and value > 0:
            return several_cell(names, self._as_lists)
        return names[0] if names else ""
