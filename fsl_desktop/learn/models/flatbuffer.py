"""Reading a FlatBuffers file: tables of numbered fields, vectors and texts, every offset compared with the
file's length. Nothing is trusted: whatever does not fit is a ``ValueError``."""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_MAX_ITEMS = 1_000_000


@dataclass(frozen=True, slots=True)
class Table:
    """The table at ``place`` of ``data``; its fields go by number, as the schema counts them."""

    data: bytes
    place: int

    @classmethod
    def root(cls, data: bytes, mark: bytes) -> Table:
        """The file's first table; ``mark`` is the four letters that say what is in it."""
        if data[4:8] != mark:
            raise ValueError(f"this is no {mark.decode('ascii')} file")
        return cls(data, _follow(data, 0))

    def number(self, field: int, layout: str) -> int | float:
        """A number, ``layout`` as in :mod:`struct`; 0 where the field is left out."""
        at = self._at(field)
        value: int | float = _unpack(self.data, layout, at) if at else 0
        return value

    def table(self, field: int) -> Table | None:
        at = self._at(field)
        return Table(self.data, _follow(self.data, at)) if at else None

    def tables(self, field: int) -> list[Table]:
        """A vector of tables; empty where the field is left out."""
        start, count = self._vector(field, 4)
        places = range(start, start + 4 * count, 4)
        return [Table(self.data, _follow(self.data, place)) for place in places]

    def array(self, field: int, dtype: str) -> NDArray[np.generic]:
        """A vector of numbers (n,), little-endian; empty where the field is left out."""
        start, count = self._vector(field, np.dtype(dtype).itemsize)
        return np.frombuffer(self.data, dtype, count, start)

    def _vector(self, field: int, size: int) -> tuple[int, int]:
        """(where it begins, how many items of ``size`` bytes)"""
        at = self._at(field)
        if not at:
            return 0, 0
        start = _follow(self.data, at)
        count = int(_unpack(self.data, "I", start))
        if count > _MAX_ITEMS * (4 if size == 1 else 1) or start + 4 + count * size > len(self.data):
            raise ValueError(f"a list of {count} items does not fit into the file")
        return start + 4, count

    def _at(self, field: int) -> int:
        """Where the field lies; 0 where it is left out."""
        names = self.place - int(_unpack(self.data, "i", self.place))
        entry = 4 + 2 * field
        if entry + 2 > int(_unpack(self.data, "H", names)):
            return 0
        offset = int(_unpack(self.data, "H", names + entry))
        return self.place + offset if offset else 0


def _follow(data: bytes, place: int) -> int:
    return place + int(_unpack(data, "I", place))


def _unpack(data: bytes, layout: str, place: int) -> int | float:
    if place < 0:
        raise ValueError("an offset points before the file")
    try:
        value: int | float = struct.unpack_from("<" + layout, data, place)[0]
    except struct.error as error:
        raise ValueError("an offset points past the end of the file") from error
    return value
