"""Rows as directions from their middle, in as many numbers as tell them apart."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray

from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.unknown import directions_of

WIDTH = 128
_SAMPLE = 1024
_BLOCK = 4096
_STEADY = 1e-9


def compact(vectors: NDArray[np.floating], widths: Sequence[int] | None = None, seed: int = 0) -> Matrix:
    """Embeddings (n, d) of any kind as unit vectors (n, min(d, 128)) around their middle.

    Wider ones are seen along the main directions of a random sample (PCA): a recording's blocks have
    thousands of numbers, and who asks which rows are alike asks for every pair. ``widths`` are those of
    blocks that stand side by side in ``vectors`` and count alike.
    """
    n, d = vectors.shape
    rows: NDArray[np.int64] = np.arange(n)
    if n > _SAMPLE:
        rows = np.sort(np.random.default_rng(seed).choice(n, _SAMPLE, replace=False))
    sample = _alike(vectors[rows], widths)
    middle = sample.mean(axis=0) if n > 2 else np.zeros(d, np.float32)
    axes = _axes(sample - middle) if d > WIDTH and n else np.eye(d, dtype=np.float32)
    seen = np.empty((n, axes.shape[1]), np.float32)
    for start in range(0, n, _BLOCK):
        block = slice(start, start + _BLOCK)
        seen[block] = (_alike(vectors[block], widths) - middle) @ axes
    return directions_of(seen)


def _alike(vectors: NDArray[np.floating], widths: Sequence[int] | None) -> Matrix:
    rows: Matrix = vectors.astype(np.float32)
    if widths is None:
        return rows
    parts = np.split(rows, np.cumsum(widths)[:-1], axis=1)
    return np.concatenate([directions_of(part) for part in parts], axis=1)


def _axes(centred: Matrix) -> Matrix:
    """(d, k): the k <= 128 main directions of (m, d), by the smaller of its two Gram matrices."""
    rows = torch.from_numpy(centred).double()
    few = len(rows) < rows.shape[1]
    with torch.inference_mode():
        values, vectors = torch.linalg.eigh(rows @ rows.T if few else rows.T @ rows)
        main = torch.argsort(values, descending=True)[:WIDTH]
        main = main[values[main] > _STEADY * values.max().clamp(min=_STEADY)]
        axes = rows.T @ (vectors[:, main] / values[main].sqrt()) if few else vectors[:, main]
        return np.ascontiguousarray(axes.float().numpy())
