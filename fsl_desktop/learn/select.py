"""Which rows are most worth labelling next."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray

from fsl_desktop.learn.heads import Matrix

SAMPLE = 512
_NEIGHBOURS = 20
_BLOCK = 8192


def typicality(vectors: Matrix, seed: int = 0) -> Matrix:
    """How typical each row is, (n,), 0..1: its mean cosine to its nearest neighbours.

    After TypiClust (Hacohen, Dekel and Weinshall, 2022): with few labels typical rows teach most. Density
    is measured on a random sample of rows, so that 100,000 rows take well under a second.
    """
    n = len(vectors)
    if n == 0:
        return np.zeros(0, dtype=np.float32)
    sample = vectors[np.random.default_rng(seed).choice(n, min(n, SAMPLE), replace=False)]
    k = min(_NEIGHBOURS, len(sample))
    density = np.empty(n, dtype=np.float32)
    for start in range(0, n, _BLOCK):
        with torch.inference_mode():
            cosine = torch.from_numpy(vectors[start : start + _BLOCK]) @ torch.from_numpy(sample).T
            density[start : start + _BLOCK] = cosine.topk(k, sorted=False).values.mean(dim=1).numpy()
    return _ranked(density)


def usefulness(probabilities: Matrix, typical: Matrix | None) -> Matrix:
    """Worth of a label per row, (n,), 0..1, higher is better.

    The smaller the margin between the two likeliest classes, the more a label tells. While there are few
    labels, pass ``typical``: then typical rows come first, and the margin only decides among alike.
    """
    if probabilities.shape[1] < 2:
        margin = np.zeros(len(probabilities), dtype=np.float32)
    else:
        best = np.partition(probabilities, -2, axis=1)[:, -2:]
        margin = best[:, 1] - best[:, 0]
    if typical is None:
        return (1.0 - margin).astype(np.float32)
    return (0.75 * typical + 0.25 * (1.0 - margin)).astype(np.float32)


def few_labels(counts: NDArray[np.int64]) -> bool:
    """Whether the labels are too few for margins to mean something: under two per class on average."""
    return bool(counts.sum() < 2 * len(counts))


def _ranked(values: Matrix) -> Matrix:
    ranks = np.empty(len(values), dtype=np.float32)
    ranks[np.argsort(values, kind="stable")] = np.linspace(0, 1, len(values), dtype=np.float32)
    return ranks
