"""Texts of different lengths side by side without padding.

The tokens of a batch stand in one long row, shortest text first. Every matrix product then works on
real tokens only; attention runs once per distinct length, on views, with no mask. Padding costs a
third of the time on mixed rows, and a text's vector does not depend on its neighbours.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fsl_desktop.learn.encoders.pooling import pool_states


@dataclass(frozen=True, slots=True)
class Packed:
    """Where each text of a packed batch lies."""

    order: tuple[int, ...]
    """The batch's texts, shortest first (stable)."""
    groups: tuple[tuple[int, int, int], ...]
    """(first token, token after the last, length) of each run of equally long texts."""

    @classmethod
    def of(cls, lengths: Sequence[int]) -> Packed:
        order = sorted(range(len(lengths)), key=lengths.__getitem__)
        groups: list[tuple[int, int, int]] = []
        start = end = 0
        for place, index in enumerate(order):
            length = lengths[index]
            end += length
            if place + 1 == len(order) or lengths[order[place + 1]] != length:
                groups.append((start, end, length))
                start = end
        return cls(tuple(order), tuple(groups))

    def positions(self) -> Tensor:
        """Each token's place within its text, (tokens,)."""
        return torch.cat([torch.arange(n).repeat((end - start) // n) for start, end, n in self.groups])

    def concatenate(self, parts: Sequence[Tensor]) -> Tensor:
        """The texts' tensors (length, d), given in batch order, as one packed tensor (tokens, d)."""
        return torch.cat([parts[index] for index in self.order])

    def split(self, hidden: Tensor) -> list[Tensor]:
        """The inverse of :meth:`concatenate`: one (length, d) view per text, in batch order."""
        sizes = [n for start, end, n in self.groups for _ in range((end - start) // n)]
        parts: list[Tensor] = [hidden] * len(self.order)
        for index, part in zip(self.order, torch.split(hidden, sizes), strict=True):
            parts[index] = part
        return parts

    def pool(self, hidden: Tensor, pooling: str = "mean") -> Tensor:
        """One L2-normalised float32 vector per text, (texts, d), in batch order."""
        width = hidden.shape[-1]
        views = [hidden[start:end].view(-1, n, width) for start, end, n in self.groups]
        rows = [pool_states(view, pooling) for view in views]
        pooled = torch.nn.functional.normalize(torch.cat(rows), dim=-1)
        back = torch.empty(len(self.order), dtype=torch.long)
        back[list(self.order)] = torch.arange(len(self.order))
        return pooled[back]


def batches(lengths: NDArray[np.int64], max_tokens: int) -> Iterator[NDArray[np.int64]]:
    """Indices of texts in batches of at most ``max_tokens`` tokens (one text at least), shortest first."""
    order = np.argsort(lengths, kind="stable")
    start, tokens = 0, 0
    for place, length in enumerate(lengths[order]):
        if tokens + int(length) > max_tokens and place > start:
            yield order[start:place]
            start, tokens = place, 0
        tokens += int(length)
    if start < len(order):
        yield order[start:]
