"""Labels spread from row to row: each row without one takes what the rows most like it have."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_NEIGHBOURS = 10
_WIDTH = 0.1
"""So much less alike, a neighbour counts a third."""
_SPREAD = 0.8
"""How much of what a row is given comes from its neighbours rather than from its own label."""


def propagated(alike: Floats, labels: NDArray[np.int64], n_classes: int) -> Floats:
    """What class the rows without a label are of, (p, C), 1 in each row that a label has reached, else 0.

    ``alike`` (m + p, m + p) are the rows' similarities, at most 1, those with ``labels`` (m,) first. Zhou et
    al., Learning with Local and Global Consistency, NIPS 2003, on the graph of nearest neighbours.
    """
    total, m = len(alike), len(labels)
    links = _links(alike)
    degree = np.maximum(links.sum(axis=1), 1e-12) ** -0.5
    step = np.eye(total) - _SPREAD * degree[:, None] * links * degree
    known = np.zeros((total, n_classes))
    known[np.arange(m), labels] = 1.0
    # Symmetric, and positive definite because no eigenvalue of the scaled links is over 1.
    factor = torch.linalg.cholesky(torch.from_numpy(step))
    reached: Floats = torch.cholesky_solve(torch.from_numpy(known), factor).numpy()[m:]
    reached = np.maximum(reached, 0.0)
    sums = reached.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(reached, sums, out=np.zeros_like(reached), where=sums > 1e-9)
    return shares


def _links(alike: Floats) -> Floats:
    """Each row is linked with its nearest ones, and they with it, (N, N)."""
    total = len(alike)
    others = alike.copy()
    np.fill_diagonal(others, -np.inf)
    count = min(_NEIGHBOURS, total - 1)
    nearest = np.argpartition(-others, count - 1, axis=1)[:, :count]
    rows = np.arange(total)[:, None]
    links = np.zeros_like(others)
    links[rows, nearest] = np.exp((others[rows, nearest] - 1) / _WIDTH)
    both: Floats = np.maximum(links, links.T)
    return both
