"""Long texts in parts that a model can read: nothing is cut off."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Windows:
    """What is read instead of the texts: each text as it is, or in several parts."""

    ids: list[list[int]]
    owner: NDArray[np.int64]
    """Which text each window belongs to, ascending."""
    weight: NDArray[np.float32]
    """How many tokens of the text are in each window."""

    @classmethod
    def of(cls, texts: Sequence[Sequence[int]], head: int, tail: int, prefix: int, limit: int) -> Windows:
        """Split the texts whose ids are longer than ``limit``.

        Every window begins with the text's first ``head + prefix`` ids (special tokens, then the model's
        prefix) and ends with its last ``tail``; between them the text is shared out as evenly as possible,
        because a window of three words would be read without any context.
        """
        ids: list[list[int]] = []
        owner: list[int] = []
        weight: list[int] = []
        for place, row in enumerate(texts):
            windows = [list(row)] if len(row) <= limit else _split(row, head + prefix, tail, limit)
            frame = head + prefix + tail
            ids += windows
            owner += [place] * len(windows)
            weight += [max(1, len(window) - frame) for window in windows]
        return cls(ids, np.array(owner, dtype=np.int64), np.array(weight, dtype=np.float32))

    def pool(self, vectors: NDArray[np.float32], n: int) -> NDArray[np.float32]:
        """One unit vector (n, d) per text from unit vectors of the windows, weighted by their tokens."""
        if len(self.ids) == n:
            return vectors
        out = np.zeros((n, vectors.shape[1]), dtype=np.float32)
        np.add.at(out, self.owner, vectors * self.weight[:, None])
        norms = np.linalg.norm(out, axis=1, keepdims=True)
        pooled: NDArray[np.float32] = out / np.maximum(norms, 1e-12)
        whole = np.bincount(self.owner, minlength=n)[self.owner] == 1
        pooled[self.owner[whole]] = vectors[whole]  # to the last bit what it is beside short texts only
        return pooled


def _split(row: Sequence[int], first: int, tail: int, limit: int) -> list[list[int]]:
    begin, middle, end = row[:first], row[first : len(row) - tail], row[len(row) - tail :]
    room = max(1, limit - first - tail)
    count = -(-len(middle) // room)
    cuts = [place * len(middle) // count for place in range(count + 1)]
    return [[*begin, *middle[a:b], *end] for a, b in pairwise(cuts)]
