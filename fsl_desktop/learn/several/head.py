"""One yes-or-no question per class: logistic regressions on frozen embeddings, all solved at once."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fsl_desktop.learn.heads import LinearHead, Matrix
from fsl_desktop.learn.logistic import TOLERANCE, descend
from fsl_desktop.learn.name_texts import classes_of_names
from fsl_desktop.learn.several.data import Sets

C_SEVERAL = 10.0
"""Inverse penalty, as for one label: level with 3 and 30 on made-up pairs of four sets."""
_NEVER = -1e4


def fit_several(
    vectors: Matrix,
    sets: Sets,
    names: Matrix | None,
    *,
    c: float = C_SEVERAL,
    start: LinearHead | None = None,
    tolerance: float = TOLERANCE,
) -> LinearHead:
    """A head for embeddings ``vectors`` (n, d) whose rows have the classes ``sets`` (n, C).

    ``names`` (K, d) are the embedded names and descriptions of ``name_examples``, or None; each is an
    example of its own class alone, so before the first label the head answers by likeness to them. The
    rows of a class and the rest weigh the same, however rare it is (King and Zeng, 2001). A class without
    example is never answered.
    """
    n_classes = sets.shape[1]
    if names is not None:
        vectors = np.concatenate([vectors, names])
        named = np.eye(n_classes, dtype=np.bool_)[classes_of_names(len(names), n_classes)]
        sets = np.concatenate([sets, named])
    weights = np.zeros((n_classes, vectors.shape[1]), dtype=np.float32)
    bias = np.full(n_classes, _NEVER, dtype=np.float32)
    counts = sets.sum(axis=0)
    bias[counts == len(sets)] = 0.0 if len(sets) else _NEVER
    present = np.flatnonzero((counts > 0) & (counts < len(sets)))
    if len(present):
        begin = None
        if start is not None and start.known[present].all():
            begin = _double(start.weights[present]), _double(start.bias[present])
        with torch.inference_mode():
            found = _solve(
                _double(vectors),
                _double(sets[:, present]),
                _double(_balance(sets[:, present])),
                c,
                begin,
                tolerance,
            )
        weights[present], bias[present] = found[0].numpy(), found[1].numpy()
    return LinearHead(weights, bias)


def _balance(sets: Sets) -> NDArray[np.float64]:
    """(n, C) weights: both answers of a class add up to half the rows."""
    n = len(sets)
    with_class = sets.sum(axis=0)
    balanced: NDArray[np.float64] = np.where(sets, n / (2 * with_class), n / (2 * (n - with_class)))
    return balanced


def _double(values: NDArray[np.generic]) -> Tensor:
    return torch.from_numpy(np.ascontiguousarray(values)).double()


def _solve(
    vectors: Tensor,
    target: Tensor,
    share: Tensor,
    c: float,
    start: tuple[Tensor, Tensor] | None,
    tolerance: float,
) -> tuple[Tensor, Tensor]:
    """Weights (C, d) and bias (C,) that minimise c * (sum of ``share`` x log loss) + |weights|^2 / 2.

    The classes' problems do not touch each other; solved together they are a few large products of
    matrices. In the rows' own span where there are fewer rows than dimensions, see ``logistic``.
    """
    n, d = vectors.shape
    n_classes = target.shape[1]
    basis = torch.linalg.qr(vectors.T)[0] if n < d else None
    rows = vectors if basis is None else vectors @ basis
    shrink = 1.0 / (c * n)
    sign = 1 - 2 * target

    def loss_and_gradient(flat: Tensor) -> tuple[float, Tensor]:
        point = flat.view(-1, n_classes)
        weights, bias = point[:-1], point[-1]
        wrong = sign * (rows @ weights + bias)
        loss = (share * torch.nn.functional.softplus(wrong)).sum() / n + 0.5 * shrink * weights.square().sum()
        error = share * sign * torch.sigmoid(wrong) / n
        gradient = torch.cat([rows.T @ error + shrink * weights, error.sum(dim=0, keepdim=True)])
        return float(loss), gradient.view(-1)

    point = rows.new_zeros(rows.shape[1] + 1, n_classes)
    if start is not None:
        point[:-1] = start[0].T if basis is None else basis.T @ start[0].T
        point[-1] = start[1]
    point = descend(loss_and_gradient, point.view(-1), tolerance).view(-1, n_classes)
    weights = point[:-1] if basis is None else basis @ point[:-1]
    return weights.T, point[-1]
