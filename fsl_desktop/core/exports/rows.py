"""The rows of a project with everything that is known of them, for those who write files."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core import store
from fsl_desktop.core.label_sets import LabelSets
from fsl_desktop.core.labels import SKIPPED, UNSURE, ClassInfo
from fsl_desktop.core.reading import Reading
from fsl_desktop.core.snapshot import ProjectReader

_BLOCK = 2000
STATES = {SKIPPED: "skipped", UNSURE: "unsure"}


@dataclass(frozen=True, slots=True)
class LabelledRow:
    id: int
    position: int
    """In the table."""
    text: str
    labels: tuple[str, ...] | None
    """Names of classes in their order; ``None`` without a label, ``()`` where no class applies."""
    state: str = ""
    """"skipped" or "unsure"."""
    extra: dict[str, str] = field(default_factory=dict)
    """The other columns of the file that the row came from."""


class Extras:
    """The further columns of rows, as their files had them."""

    def __init__(self, folder: Path) -> None:
        """``UserError`` where the project cannot be read."""
        with store.explained():
            self._reading = Reading(Path(folder) / store.DB_NAME)

    def __enter__(self) -> Extras:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self._reading.close()

    def names(self) -> list[str]:
        """Every name of a further column, in the order in which they were first met."""
        with store.explained():
            found = self._reading.db.execute(
                "SELECT e.key FROM rows r, json_each(r.extra) e WHERE r.extra IS NOT NULL"
                " AND json_valid(r.extra) GROUP BY e.key ORDER BY min(r.id), min(e.id)"
            ).fetchall()
        return [str(name) for (name,) in found]

    def of(self, row_ids: NDArray[np.int64]) -> Iterator[dict[str, str]]:
        """The further columns of each row (ascending ids), ``{}`` where there are none."""
        for start in range(0, len(row_ids), _BLOCK):
            block = row_ids[start : start + _BLOCK].tolist()
            with store.explained():
                found = dict(
                    self._reading.db.execute(
                        "SELECT id, extra FROM rows WHERE id BETWEEN ? AND ? AND extra IS NOT NULL",
                        (block[0], block[-1]),
                    ).fetchall()
                )
            yield from (_cells(found.get(row_id)) for row_id in block)


class LabelNames:
    """What the labels of a project mean, as names of classes in their order."""

    def __init__(self, classes: Sequence[ClassInfo], sets: LabelSets) -> None:
        self._names = {info.id: info.name for info in classes}
        self._sets = sets
        self._known: dict[int, tuple[str, ...]] = {}

    def of(self, value: int) -> tuple[str, ...]:
        """None for UNLABELLED and the like, and for the set of no class."""
        if value not in self._known:
            members = set(self._sets.members(value))
            self._known[value] = tuple(name for one, name in self._names.items() if one in members)
        return self._known[value]


class ProjectRows:
    """A project's rows at one moment, without those that were removed."""

    def __init__(self, folder: Path) -> None:
        """``UserError`` where the project cannot be read."""
        self.folder = Path(folder)
        with ProjectReader(self.folder) as reader:
            reader.refresh()
            self.table, self.several = reader.table, reader.several
            self.classes = tuple(reader.classes)
        self.places = np.flatnonzero(~self.table.removed)

    def __len__(self) -> int:
        return len(self.places)

    @property
    def class_names(self) -> list[str]:
        return [info.name for info in self.classes]

    def __iter__(self) -> Iterator[LabelledRow]:
        table = self.table
        names = LabelNames(self.classes, table.sets)
        ids = table.ids[self.places]
        with Extras(self.folder) as extras:
            for place, row_id, extra in zip(self.places.tolist(), ids.tolist(), extras.of(ids), strict=True):
                value = int(table.labels[place])
                labels = names.of(value) if value > 0 else None
                yield LabelledRow(row_id, place, table.texts[place], labels, STATES.get(value, ""), extra)

    def extra_names(self) -> list[str]:
        with Extras(self.folder) as extras:
            return extras.names()


def _cells(source: str | None) -> dict[str, str]:
    if source is None:
        return {}
    with contextlib.suppress(ValueError, RecursionError, sqlite3.Error):
        found = json.loads(source)
        if isinstance(found, dict):
            return {str(name): cell if isinstance(cell, str) else str(cell) for name, cell in found.items()}
    return {}
