"""Numbers for sets of classes, so that a row with several labels still has one number as its label."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fsl_desktop.core.labels import FIRST_SET

Members = tuple[int, ...]
"""Class ids, ascending."""


class LabelSets:
    """Sets of no or of at least two classes by number (``FIRST_SET`` and up); only ever grows."""

    __slots__ = ("_members", "_next", "_numbers")

    def __init__(self) -> None:
        self._members: dict[int, Members] = {}
        self._numbers: dict[Members, int] = {}
        self._next = FIRST_SET

    def __len__(self) -> int:
        return len(self._members)

    def __iter__(self) -> Iterator[tuple[int, Members]]:
        return iter(self._members.items())

    def copy(self) -> LabelSets:
        other = LabelSets()
        other._members, other._numbers, other._next = dict(self._members), dict(self._numbers), self._next
        return other

    @property
    def last(self) -> int:
        """The highest number that was given; ``FIRST_SET - 1`` for none."""
        return self._next - 1

    def members(self, value: int) -> Members:
        """The classes of a label: one for a class id, none for UNLABELLED and the like."""
        if value < FIRST_SET:
            return (value,) if value > 0 else ()
        return self._members.get(value, ())

    def find(self, classes: Iterable[int]) -> int | None:
        """The label that means exactly these classes; ``None`` where that set has no number yet."""
        wanted = tuple(sorted(set(classes)))
        return wanted[0] if len(wanted) == 1 else self._numbers.get(wanted)

    def put(self, number: int, classes: Iterable[int]) -> None:
        """Take a numbering in as it is."""
        wanted = tuple(sorted(set(classes)))
        self._members[number] = wanted
        self._numbers.setdefault(wanted, number)
        self._next = max(self._next, number + 1)

    def having(self, class_id: int) -> list[int]:
        """The numbers of the sets with this class."""
        return [number for number, members in self._members.items() if class_id in members]

    def known(self, value: int, class_ids: set[int]) -> bool:
        """Is it a set that is there, of classes that are there?"""
        members = self._members.get(value)
        return members is not None and class_ids.issuperset(members)

    def matrix(self, labels: ArrayLike, class_ids: Iterable[int]) -> NDArray[np.bool_]:
        """(n, C): has the label (n,) the class?"""
        place = {class_id: column for column, class_id in enumerate(class_ids)}
        values, where = np.unique(np.asarray(labels, np.int64), return_inverse=True)
        found = np.zeros((len(values), len(place)), np.bool_)
        for row, value in enumerate(values.tolist()):
            for class_id in self.members(value):
                if class_id in place:
                    found[row, place[class_id]] = True
        matrix: NDArray[np.bool_] = found[where.ravel()]
        return matrix


class NewSets:
    """The numbering as an edit would leave it: ``made`` is what it adds."""

    def __init__(self, sets: LabelSets) -> None:
        self._sets = sets
        self._made: dict[Members, int] = {}

    def number(self, classes: Iterable[int]) -> int:
        """The label for these classes, a new one where there is none yet."""
        wanted = tuple(sorted(set(classes)))
        found = self._sets.find(wanted)
        if found is None:
            found = self._made.setdefault(wanted, self._sets.last + 1 + len(self._made))
        return found

    @property
    def made(self) -> tuple[tuple[int, Members], ...]:
        return tuple((number, members) for members, number in self._made.items())


def read_sets(db: sqlite3.Connection, sets: LabelSets) -> None:
    """Take in the sets that were added since; a damaged record is passed over."""
    if db.execute("SELECT 1 FROM sqlite_master WHERE name = 'label_sets'").fetchone() is None:
        return  # an older project where nothing can be written, and so not brought up to date either
    found = db.execute("SELECT id, classes FROM label_sets WHERE id > ? ORDER BY id", (sets.last,))
    for number, classes in found:
        members = _members(classes)
        if members is not None:
            sets.put(int(number), members)


def write_sets(db: sqlite3.Connection, made: Iterable[tuple[int, Members]]) -> None:
    db.executemany(
        "INSERT OR IGNORE INTO label_sets VALUES(?, ?)",
        ((number, json.dumps(list(members))) for number, members in made),
    )


def _members(plain: object) -> Members | None:
    try:
        found = json.loads(str(plain))
        return tuple(int(item) for item in found) if isinstance(found, list) else None
    except (ValueError, TypeError, RecursionError):
        return None
