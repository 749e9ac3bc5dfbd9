"""Fine-tuning of an encoder's upper layers with a pairwise cosine loss.

Every pair of examples in a batch is a training example, which is what makes a handful go far; the idea
is SetFit's (Tunstall, Reimers, Jo, Bates, Korat, Wasserblat and Pereg, 2022), with all pairs at once in
place of sampled ones, and with the lower layers' outputs computed once. Rows that nobody labelled can take
part with soft pseudo-labels: a pair is then alike with the probability that both have one class.
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

    steps: int = 20
    layers: int = 4
    learning_rate: float = 2e-4
    weight_decay: float = 0.01
    dropout: float = 0.1
    warm_up: float = 0.1
    """Share of the steps."""
    gradient_norm: float = 1.0
    batch: int = 32
    """Rows of a step; half of them unlabelled where such rows take part."""
    max_tokens: int = 32
    """Training texts are cut to this; what decides mostly comes early, and a step costs by the token."""

    def rate(self, step: int) -> float:
        """Learning rate of the 0-based ``step``: warm-up, then linearly down to zero."""
        warm = max(1, math.ceil(self.warm_up * self.steps))
        if step < warm:
            return self.learning_rate * (step + 1) / warm
        return self.learning_rate * (self.steps - step) / max(1, self.steps - warm)


def pairwise_cosine_loss(left: Tensor, right: Tensor, alike: Tensor, count: Tensor | None = None) -> Tensor:
    """Mean (cos - 1)^2 over pairs of one class plus mean cos^2 over the others.

    ``left`` (n, d) and ``right`` (m, d) are unit vectors, ``alike`` (n, m) the probability 0..1 that a pair
    is of one class (or whether it is), ``count`` (n, m) how much a pair counts: 0 leaves it out (a row with
    itself). A kind of pair that does not occur adds nothing.
    """
    cosine = left @ right.T
    one = alike.to(cosine.dtype)
    other = 1 - one
    if count is not None:
        one, other = one * count, other * count
    total = cosine.new_zeros(())
    for weight, goal in ((one, 1.0), (other, 0.0)):
        size = float(weight.sum())
        if size > 0:
            # Pairs are counted where they came from; only here the weights go where the vectors are.
            total = total + (weight.to(cosine.device) * (cosine - goal).square()).sum() / size
    return total


def balanced(labels: NDArray[np.int64], most: int, choice: np.random.Generator) -> NDArray[np.int64]:
    """Places of the rows of a batch, ascending: every row while they fit, else as many of each class as
    possible."""
    n = len(labels)
    if n <= most:
        return np.arange(n)
    shuffled = choice.permutation(n)
    # A row's rank within its class: taking the lowest ranks takes equally from every class.
    rank = np.zeros(n)
    for label in np.unique(labels):
        mine = shuffled[labels[shuffled] == label]
        rank[mine] = np.arange(len(mine)) + choice.random()
    return np.sort(np.argsort(rank, kind="stable")[:most])


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """Unlabelled texts that take part: hidden states below the trained layers, soft labels (p, C), and how
    sure those are, (p,)."""

    parts: Sequence[Tensor]
    probabilities: NDArray[np.float64]
    confidence: NDArray[np.float64]


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
        self._optimizer = _optimizer(layers, recipe)
        self._pool: Pool | None = None
        self.steps_done = 0
        """Of the recipe at hand."""
        self.total_steps = 0
        self.first_rate = recipe.learning_rate
        self._last: tuple[Tensor, Tensor] | None = None

    @property
    def refined(self) -> bool:
        """Whether unlabelled rows take part by now."""
        return self._pool is not None

    def refine(self, pool: Pool, recipe: Recipe) -> None:
        """From the next step on half of each batch comes from ``pool``; ``recipe`` begins anew."""
        self._pool = pool
        self.recipe = recipe
        self._optimizer = _optimizer(self.layers, recipe)
        self.steps_done = 0

    def step(self) -> float:
        """One optimiser step; the loss of its batch."""
        half = self.recipe.batch // 2 if self._pool is not None else self.recipe.batch
        chosen = balanced(self._labels, half, self._choice)
        parts = [self._parts[index] for index in chosen]
        labels = torch.from_numpy(self._labels[chosen])
        alike = (labels[:, None] == labels[None, :]).float()
        sure = torch.ones(len(chosen))
        if self._pool is not None:
            guessed = self._guessed(self._pool, self.recipe.batch - half)
            parts += [self._pool.parts[index] for index in guessed]
            soft = torch.from_numpy(self._pool.probabilities[guessed]).float()
            known = torch.nn.functional.one_hot(labels, soft.shape[1]).float()
            classes = torch.cat([known, soft])
            alike = classes @ classes.T
            sure = torch.cat([sure, torch.from_numpy(self._pool.confidence[guessed]).float()])
        with torch.autocast("cpu", torch.bfloat16, enabled=self._bfloat16):
            vectors = embed_packed(self.layers, parts, self._pooling, self._drop)
        self._last = (vectors[: len(chosen)].detach().cpu(), labels)
        count = sure[:, None] * sure[None, :] * (1 - torch.eye(len(parts)))
        loss = pairwise_cosine_loss(vectors, vectors, alike, count)
        if loss.requires_grad:
            loss.backward()  # type: ignore[no-untyped-call]
            torch.nn.utils.clip_grad_norm_(self.layers.parameters(), self.recipe.gradient_norm)
            for group in self._optimizer.param_groups:
                group["lr"] = self.recipe.rate(self.steps_done)
            self._optimizer.step()
            self._optimizer.zero_grad()
        self.steps_done += 1
        self.total_steps += 1
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
                    embed_packed(self.layers, parts[start : start + 128], self._pooling).float().cpu()
                    for start in range(0, len(parts), 128)
                ]
            )

    def _guessed(self, pool: Pool, most: int) -> NDArray[np.int64]:
        """Rows of the pool, surer ones more often, equally from the classes they are guessed to be of."""
        share = pool.confidence / pool.confidence.sum()
        drawn = self._choice.choice(len(share), min(len(share), 6 * most), replace=False, p=share)
        few: NDArray[np.int64] = drawn[balanced(pool.probabilities[drawn].argmax(axis=1), most, self._choice)]
        return few


def _optimizer(layers: nn.ModuleList, recipe: Recipe) -> torch.optim.Optimizer:
    return torch.optim.AdamW(
        layers.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay, fused=True
    )
