"""Rows that are nearly the same and have different labels."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.duplicates import near_duplicates
from fsl_desktop.learn.heads import Matrix

Positions = NDArray[np.int64]

MOST_COMPARED = 20_000
"""Rows that are compared each with each in a few seconds; of more, only those known to be the same."""


def contradictions(
    vectors: Matrix,
    labels: NDArray[np.int64],
    *,
    texts: Sequence[str] | None = None,
    groups: NDArray[np.int64] | None = None,
) -> list[Positions]:
    """Groups of rows that say nearly the same under different labels, as they come in the table.

    ``vectors`` (n, d), ``labels`` (n,) whatever numbers stand for labels; ``texts`` and ``groups`` (n,) as in
    :func:`near_duplicates`.
    """
    if len(labels) > MOST_COMPARED:
        alike = groups if groups is not None else np.arange(len(labels))
    elif len(labels):
        alike = near_duplicates(vectors, texts=texts, groups=groups)
    else:
        return []
    order = np.argsort(alike, kind="stable")
    starts = np.flatnonzero(np.diff(alike[order])) + 1
    found = [rows for rows in np.split(order, starts) if len(np.unique(labels[rows])) > 1]
    return sorted(found, key=lambda rows: int(rows[0]))
