"""Do the class names help? Judged on labelled rows that a model has not seen, with and without them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.message import Message
from fsl_desktop.learn.folds import out_of_fold
from fsl_desktop.learn.heads import Matrix, softmax
from fsl_desktop.learn.methods.instant import C_FROZEN
from fsl_desktop.learn.report import Labelled

MISLEADING = Message.of(
    "The class names are left out: they mislead the model about rows that it has not seen. "
    "Say in plain words what belongs to each class to have them back."
)
_BEYOND_NOISE = 1.64
"""One-sided 95 %. On five sets with 2 to 8 labels per class: names that stand beside the wrong classes were
noticed in 60 % of draws (where they cost 2 to 24 points), true names were never given up."""
_LEAST_ROWS = 4


def names_help(
    vectors: Matrix,
    labels: NDArray[np.int64],
    names: Matrix,
    n_classes: int,
    folds: NDArray[np.int64],
    *,
    c: float = C_FROZEN,
    left_out: bool = False,
) -> bool:
    """Whether names should take part, by instant heads on embeddings ``vectors`` (n, d) of the rows.

    ``names`` (K, d) are those of ``name_examples``; ``folds`` (n,) say which fold holds a row out. False only
    where the names make held-out answers worse beyond noise; with ``left_out``, the verdict before, as long
    as they make them worse at all. True where a class has no labelled row, for its name is all there is.
    """
    if not can_do_without(labels, n_classes):
        return True
    dealt = folds[None]
    rows = Labelled(vectors, labels, n_classes, np.arange(len(labels)), names, c=c)
    held, said = out_of_fold(vectors, dealt, rows.fit)
    _, plain = out_of_fold(vectors, dealt, replace(rows, names=None).fit)
    worse = worse_with(softmax(said[0]), softmax(plain[0]), labels[held], left_out=left_out)
    return not worse


def can_do_without(labels: NDArray[np.int64], n_classes: int) -> bool:
    """Whether every class has a labelled row; else a head without names could not answer with all."""
    return bool(np.bincount(labels, minlength=n_classes).all())


def worse_with(
    with_names: Matrix, without: Matrix, labels: NDArray[np.int64], *, left_out: bool = False
) -> bool:
    """Whether held-out probabilities (h, C) with names are worse than those without, beyond noise.

    Paired by row, by the logarithm of the true class's probability: it tells the two apart where both give
    the same answers. ``left_out`` as in :func:`names_help`.
    """
    if len(labels) < _LEAST_ROWS:
        return left_out
    rows = np.arange(len(labels))
    loss = np.log(np.maximum(without[rows, labels], 1e-9)) - np.log(
        np.maximum(with_names[rows, labels], 1e-9)
    )
    error = float(loss.std(ddof=1)) / math.sqrt(len(loss))
    return float(loss.mean()) > (0.0 if left_out else _BEYOND_NOISE * error)
