"""Labels that may be wrong where a row may have several: what models say that have not seen them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.encoders.text import CancelCall
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.orders.doubted import Doubted
from fsl_desktop.learn.several.data import SeveralData
from fsl_desktop.learn.several.fit import MOST_JUDGED, judged
from fsl_desktop.learn.several.head import C_SEVERAL, fit_several

_SURE = 0.8
"""So likely must the other answer be: with many classes some answer of every row is doubtful."""


def doubted_sets(
    data: SeveralData, vectors: Matrix, names: Matrix | None, cancelled: CancelCall
) -> tuple[NDArray[np.int64], Doubted] | None:
    """(rows that could be judged (h,), what is doubted among them); ``vectors`` (n, d) are those of ``data``.

    A row is as doubtful as the least likely of its answers, one for each class. None where nothing can be
    held out; ``Stopped`` when cancelled.
    """
    if len(data.sets) < 2 or not data.n_classes:
        return None
    rows = np.arange(len(data.sets))
    if len(rows) > MOST_JUDGED:
        few = data.sample(MOST_JUDGED)
        rows, data = np.searchsorted(data.row_ids, few.row_ids), few
        vectors = vectors[rows]
    head = fit_several(vectors, data.sets, names, c=C_SEVERAL)
    calibration, out, _ = judged(data, vectors, names, head, 0, cancelled)
    if out is None:
        return None
    shares = calibration.probabilities(out[1])
    against = np.where(data.sets, 1 - shares, shares)
    wrong = (against > _SURE).any(axis=1)
    order = np.lexsort((-against.max(axis=1), ~wrong))
    return rows, Doubted(order.astype(np.int64), int(np.count_nonzero(wrong)))
