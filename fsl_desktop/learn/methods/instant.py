"""The instant model: a head on frozen embeddings, with the class names as further examples.

A name is one example of its class, so before the first label the head answers by likeness to the names
(zero-shot), and their weight falls by itself as labels come.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.heads import LinearHead, Matrix, fit_logistic
from fsl_desktop.learn.logistic import TOLERANCE
from fsl_desktop.learn.name_texts import classes_of_names

C_FROZEN = 10.0
"""Inverse penalty for frozen embeddings: level with or better than 1, 3 and 30 on five sets."""


def fit_instant(
    vectors: Matrix,
    labels: NDArray[np.int64],
    names: Matrix | None,
    n_classes: int,
    *,
    c: float = C_FROZEN,
    start: LinearHead | None = None,
    tolerance: float = TOLERANCE,
) -> LinearHead:
    """A head for embeddings ``vectors`` (n, d) with class indices ``labels`` (n,).

    ``names`` (K, d) are the embedded names and descriptions of ``name_examples``, or None to do without.
    """
    if names is not None:
        vectors = np.concatenate([vectors, names])
        labels = np.concatenate([labels, classes_of_names(len(names), n_classes)])
    return fit_logistic(vectors, labels, n_classes, c, start, tolerance)
