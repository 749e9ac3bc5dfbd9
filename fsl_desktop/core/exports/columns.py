"""What every table of a project's rows has: the label, what people said instead, and the further columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.exports.rows import STATES, Extras
from fsl_desktop.core.label_cells import several_cell
from fsl_desktop.core.label_sets import LabelSets
from fsl_desktop.core.labels import ClassInfo

_BLOCK = 2000


class RowColumns:
    """The cells of a project's rows for a table. ``folder`` None: without further columns.

    ``label_names`` is ``label``, with ``status`` where a row was skipped or is unsure; ``extra_names`` are
    the columns of the files that the rows came from.
    """

    def __init__(
        self,
        folder: Path | None,
        row_ids: NDArray[np.int64],
        labels: NDArray[np.int32],
        classes: Sequence[ClassInfo],
        sets: LabelSets,
        *,
        several: bool,
        as_lists: bool,
    ) -> None:
        """``row_ids`` and ``labels`` (n,) are those of the rows that are written. ``UserError``."""
        self._ids, self._labels, self._sets = row_ids, labels, sets
        self._names = {info.id: info.name for info in classes}
        self._several, self._as_lists, self._folder = several, as_lists, folder
        told = bool(np.isin(labels, list(STATES)).any())
        self.label_names = ["label", "status"] if told else ["label"]
        self.extra_names: list[str] = []
        if folder is not None:
            with Extras(folder) as extras:
                self.extra_names = extras.names()

    def cells(self) -> Iterator[tuple[list[object], list[object]]]:
        """For each row the cells of ``label_names`` and those of ``extra_names``."""
        for start in range(0, len(self._ids), _BLOCK):
            ids = self._ids[start : start + _BLOCK].tolist()
            extras: list[dict[str, str]] = [{}] * len(ids)
            if self.extra_names and self._folder is not None:
                with Extras(self._folder) as further:
                    extras = further.of(ids)
            values = self._labels[start : start + _BLOCK].tolist()
            for value, extra in zip(values, extras, strict=True):
                said: list[object] = [self._label(value)]
                if len(self.label_names) > 1:
                    said.append(STATES.get(value, ""))
                yield said, [extra.get(name, "") for name in self.extra_names]

    def _label(self, value: int) -> object:
        if not self._several or value <= 0:
            return self._names.get(value, "")
        members = set(self._sets.members(value))
        names = [name for class_id, name in self._names.items() if class_id in members]
        return several_cell(names, self._as_lists)
