"""A sample of a table's unlabelled rows, and how near every row lies to it; both outlast a label."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.strange import pool_of
from fsl_desktop.learn.unknown import Near, directions_of

_STALE = 0.05
"""Share of the pool that may have been labelled or removed since: fewer change nothing that is seen."""


class Surroundings:
    """Not thread-safe; belongs to one matrix of embeddings and is thrown away with its texts."""

    def __init__(self) -> None:
        self._places: NDArray[np.int64] | None = None
        self._rows = 0
        self._pool: Matrix | None = None
        self._near: Near | None = None
        self._near_of: Matrix | None = None

    def pool(self, vectors: Matrix, free: NDArray[np.int64]) -> Matrix:
        """(p, d) directions of some of the rows ``free`` (f,), the same object as long as it will do."""
        if self._pool is None or self._places is None or self._rows != len(vectors):
            stale = True
        else:
            gone = len(self._places) - np.count_nonzero(np.isin(self._places, free))
            stale = bool(gone > _STALE * len(self._places))
        if stale:
            self._places, self._rows = pool_of(free, len(vectors)), len(vectors)
            self._pool = directions_of(vectors[self._places])
        assert self._pool is not None
        return self._pool

    def near(self, vectors: Matrix, pool: Matrix) -> Near | None:
        """Each row's nearest of ``pool``, computed once for the same object; None where it is empty."""
        if not len(pool):
            return None
        if self._near is None or self._near_of is not pool or len(self._near.nearness) != len(vectors):
            self._near, self._near_of = Near.of(vectors, pool), pool
        return self._near
