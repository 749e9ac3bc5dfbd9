"""Fine-tuning of an encoder's upper layers with a pairwise cosine loss.

Every pair of examples in a batch is a training example, which is what makes a handful go far; the idea
is SetFit's (Tunstall, Reimers, Jo, Bates, Korat, Wasserblat and Pereg, 2022), with all pairs at once in
place of sampled ones, and with the lower layers' outputs computed once.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from fsl_desktop.learn.encoders.bert import dropout
from fsl_desktop.learn.encoders.text import embed_packed

C_TUNED = 1.0
"""Inverse penalty of the head on tuned embeddings, whose classes are already far apart."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the upper layers are tuned."""

    steps: int = 30
    layers: int = 4
    learning_rate: float = 2e-4
    weight_decay: float = 0.01
    dropout: float = 0.1
    warm_up: float = 0.1
    """Share of the steps."""
    gradient_norm: float = 1.0
    batch: int = 64
    max_tokens: int = 64
    """Training texts are cut to this; what decides mostly comes early, and a step costs by the token."""

    def rate(self, step: int) -> float:
        """Learning rate of the 0-based ``step``: warm-up, then linearly down to zero."""
        warm = max(1, math.ceil(self.warm_up * self.steps))
        if step < warm:
            return self.learning_rate * (step + 1) / warm
        return self.learning_rate * (self.steps - step) / max(1, self.steps - warm)


def pairwise_cosine_loss(left: Tensor, right: Tensor, same: Tensor, use: Tensor | None = None) -> Tensor:
    """Mean (cos - 1)^2 over pairs of one class plus mean cos^2 over the others.

    ``left`` (n, d) and ``right`` (m, d) are unit vectors, ``same`` (n, m) is true for pairs of one class,
    ``use`` (n, m) leaves pairs out (a row with itself). A kind of pair that does not occur adds nothing.
    """
    cosine = left @ right.T
    alike = same if use is None else same & use
    unlike = ~same if use is None else ~same & use
    total = cosine.new_zeros(())
    if alike.any():
        total = total + (cosine[alike] - 1).square().mean()
    if unlike.any():
        total = total + cosine[unlike].square().mean()
    return total


class Tuner:
    """One copy of the upper layers on its way, one optimiser step at a time.

    ``parts`` are the training texts' hidden states below those layers (class names among them, if they
    take part) and ``labels`` their class indices.
    """

    def __init__(
        self,
        layers: nn.ModuleList,
        parts: Sequence[Tensor],
        labels: NDArray[np.int64],
        recipe: Recipe,
        *,
        pooling: str,
        seed: int,
        bfloat16: bool,
    ) -> None:
        self.layers = layers
        self._parts = parts
        self._labels = labels
        self.recipe = recipe
        self._pooling = pooling
        self._bfloat16 = bfloat16
        self._choice = np.random.default_rng(seed)
        self._drop = dropout(recipe.dropout, torch.Generator().manual_seed(seed)) if recipe.dropout else None
        self._optimizer = torch.optim.AdamW(
            layers.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay, fused=True
        )
        self.steps_done = 0
        self._last: tuple[Tensor, Tensor] | None = None

    def step(self) -> float:
        """One optimiser step; the loss of its batch."""
        chosen = self._batch()
        labels = torch.from_numpy(self._labels[chosen])
        with torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat16):
            vectors = embed_packed(
                self.layers, [self._parts[index] for index in chosen], self._pooling, self._drop
            )
        same = labels[:, None] == labels[None, :]
        self._last = (vectors.detach(), labels)
        loss = pairwise_cosine_loss(vectors, vectors, same, ~torch.eye(len(chosen), dtype=torch.bool))
        if loss.requires_grad:
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self.layers.parameters(), self.recipe.gradient_norm)
            for group in self._optimizer.param_groups:
                group["lr"] = self.recipe.rate(self.steps_done)
            self._optimizer.step()
            self._optimizer.zero_grad()
        self.steps_done += 1
        return float(loss.detach())

    def held_out_loss(self, parts: Sequence[Tensor], labels: NDArray[np.int64]) -> float:
        """The same loss between rows that are not trained on and the last batch: comparable in size."""
        if self._last is None or not len(parts):
            return math.nan
        vectors, known = self._last
        same = torch.from_numpy(labels)[:, None] == known[None, :]
        return float(pairwise_cosine_loss(self.vectors(parts), vectors.float(), same))

    def vectors(self, parts: Sequence[Tensor]) -> Tensor:
        """Unit vectors (n, d) of texts given by their lower hidden states, without dropout or gradient."""
        if not len(parts):
            return torch.zeros(0, self._parts[0].shape[-1])
        with torch.no_grad(), torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat16):
            return torch.cat(
                [
                    embed_packed(self.layers, parts[start : start + 128], self._pooling).float()
                    for start in range(0, len(parts), 128)
                ]
            )

    def _batch(self) -> NDArray[np.int64]:
        """Every row while they fit, else as many of each class as possible."""
        n = len(self._labels)
        if n <= self.recipe.batch:
            return np.arange(n)
        shuffled = self._choice.permutation(n)
        # A row's rank within its class: taking the lowest ranks takes equally from every class.
        rank = np.zeros(n)
        for label in np.unique(self._labels):
            mine = shuffled[self._labels[shuffled] == label]
            rank[mine] = np.arange(len(mine)) + self._choice.random()
        return np.sort(np.argsort(rank, kind="stable")[: self.recipe.batch])
