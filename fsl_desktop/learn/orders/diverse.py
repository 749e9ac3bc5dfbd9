"""Where to begin: typical rows that differ from each other and from what has a label already.

In the spirit of TypiClust (Hacohen, Dekel and Weinshall, 2022), which takes the most typical row of each
cluster: here the next row is the one that stands best for those that nobody stands for yet (see ``cover``),
so there is no number of clusters to choose, and every beginning of the order is a good one.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.orders.cover import Cover

Positions = NDArray[np.int64]

MOST = 300
"""Rows that are put in order; who has labelled so many has other questions by then."""


def diverse(
    seen: Matrix, free: Positions, labelled: Positions, *, most: int = MOST, seed: int = 0
) -> Positions:
    """Up to ``most`` of the rows ``free`` (f,), the first first, (k,).

    ``seen`` (n, d) are unit vectors of all rows, ``labelled`` (m,) those that stand for their like already.
    """
    everything = np.union1d(free, labelled)
    return Cover(seen, everything, free, labelled, seed=seed).order(None, most)
