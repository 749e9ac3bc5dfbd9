"""Rows that stand for many others, one by one: each for those that the ones before do not stand for."""

from __future__ import annotations

import heapq

import numpy as np
import torch
from numpy.typing import NDArray

from fsl_desktop.learn.heads import Matrix

Positions = NDArray[np.int64]

REACH = 0.6
"""How far a row stands for others: for one at a cosine of 1 - REACH by 1/e."""
_ASKED, _OFFERED = 1500, 3000
"""Rows that are to be stood for, and rows that may stand for them: samples of all."""


class Cover:
    """The rows of a project as a facility location problem, whose greedy order is within 1 - 1/e of the best
    (Nemhauser, Wolsey and Fisher, 1978; for choosing what to label: Wei, Iyer and Bilmes, 2015)."""

    def __init__(
        self,
        seen: Matrix,
        every: Positions,
        free: Positions,
        labelled: Positions,
        *,
        reach: float = REACH,
        seed: int = 0,
    ) -> None:
        """``seen`` (n, d) unit vectors; the rows ``free`` (f,) may be chosen, to stand for ``every`` (e,);
        ``labelled`` (m,) are chosen already."""
        self.asked = _some(every, _ASKED, seed)
        self.offered = _some(free, _OFFERED, seed + 1)
        asked = seen[self.asked]
        self._stands = likeness(asked, seen[self.offered], reach)
        self._already = np.zeros(len(asked), np.float32)
        if len(labelled):
            self._already = likeness(asked, seen[labelled], reach).max(axis=1)

    def order(self, weight: Matrix | None, most: int) -> Positions:
        """Up to ``most`` of the offered rows, (k,); ``weight`` (a,) is what each of ``asked`` counts."""
        counts = np.ones(len(self.asked), np.float32) if weight is None else weight.astype(np.float32)
        return self.offered[np.array(_greedy(self._stands, counts, self._already, most), np.int64)]


def likeness(one: Matrix, other: Matrix, reach: float) -> Matrix:
    """(a, b), 0..1: how well rows ``other`` (b, d) stand for rows ``one`` (a, d), all of unit length."""
    with torch.inference_mode():
        cosine = torch.from_numpy(one) @ torch.from_numpy(other).T
        found: Matrix = cosine.sub_(1).div_(reach).exp_().numpy()
    return found


def _greedy(stands: Matrix, weight: Matrix, already: Matrix, most: int) -> list[int]:
    """Lazily (Minoux, 1978): what a row adds only falls, so few have to be looked at again."""
    now = already.copy()
    gains = weight @ np.maximum(stands - now[:, None], 0)
    waiting = [(-float(gain), place) for place, gain in enumerate(gains)]
    heapq.heapify(waiting)
    # Column by column it is read, so columns have to lie together.
    columns = np.ascontiguousarray(stands.T)
    chosen: list[int] = []
    while waiting and len(chosen) < most:
        _, place = heapq.heappop(waiting)
        gain = float(weight @ np.maximum(columns[place] - now, 0))
        if waiting and -gain > waiting[0][0]:
            heapq.heappush(waiting, (-gain, place))
            continue
        chosen.append(place)
        np.maximum(now, columns[place], out=now)
    return chosen


def _some(rows: Positions, most: int, seed: int) -> Positions:
    if len(rows) <= most:
        return rows
    return np.sort(np.random.default_rng(seed).choice(rows, most, replace=False))
