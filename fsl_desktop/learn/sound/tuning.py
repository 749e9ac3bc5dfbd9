"""Fine-tuning of the upper layers of sound encoders on labelled clips, one optimiser step at a time.

The loss is that of texts, between all pairs of a batch (``methods/pairwise.py``); what the lower layers make
of a clip is worked out once, and changed a little at every step (``augment.py``).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.methods.pairwise import Recipe, balanced, pairwise_cosine_loss
from fsl_desktop.learn.sound.augment import Guises, Lower, cropped, masked, mixed
from fsl_desktop.learn.sound.upper import Upper

_AT_ONCE = 16
"""Clips that are embedded at a time: 5 s of each are some 10 MB in between."""


class SoundTuner:
    """One copy of the upper layers on its way; the same seed goes the same way.

    ``versions`` are the guises in which each labelled clip was heard, itself first; ``labels`` (n,) are class
    indices below ``n_classes``.
    """

    def __init__(
        self,
        upper: Upper,
        versions: Sequence[Sequence[Lower]],
        labels: NDArray[np.int64],
        n_classes: int,
        recipe: Recipe,
        guises: Guises,
        *,
        seed: int,
    ) -> None:
        self.upper = upper.train()
        self.recipe = recipe
        self.steps_done = 0
        self._versions = versions
        self._labels = labels
        self._guises = guises
        self._known = torch.nn.functional.one_hot(torch.from_numpy(labels), n_classes).float()
        self._chance = np.random.default_rng(seed)
        self._optimizer = torch.optim.AdamW(
            [one for one in upper.parameters() if one.requires_grad],
            lr=recipe.learning_rate,
            weight_decay=recipe.weight_decay,
            fused=True,
        )
        self._last: tuple[Tensor, Tensor] | None = None

    def step(self) -> float:
        """One optimiser step; the loss of its batch."""
        chance, recipe = self._chance, self.recipe
        chosen = balanced(self._labels, recipe.batch, chance)
        clips = [
            masked(cropped(self._version(int(place)), self.upper.crops, chance), self._guises, chance)
            for place in chosen
        ]
        clips, known = mixed(clips, self._known[chosen], self._guises.mixed, chance)
        vectors = self.upper(clips)
        self._last = (vectors.detach(), known)
        loss = pairwise_cosine_loss(vectors, vectors, known @ known.T, 1 - torch.eye(len(chosen)))
        for group in self._optimizer.param_groups:
            group["lr"] = recipe.rate(self.steps_done)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self.upper.parameters(), recipe.gradient_norm)
        self._optimizer.step()
        self._optimizer.zero_grad()
        self.steps_done += 1
        return float(loss.detach())

    def held_out_loss(self, clips: Sequence[Lower], places: NDArray[np.int64]) -> float:
        """The same loss between clips of the classes ``places`` (k,), not trained on, and the last batch."""
        if self._last is None or not len(clips):
            return math.nan
        vectors, known = self._last
        heard = [tuple(own[:crop] for own, crop in zip(one, self.upper.crops, strict=True)) for one in clips]
        asked = torch.from_numpy(embedded(self.upper, heard))
        return float(pairwise_cosine_loss(asked, vectors, known.T[torch.from_numpy(places)]))

    def _version(self, place: int) -> Lower:
        there = self._versions[place]
        return there[int(self._chance.integers(len(there)))]


def embedded(upper: Upper, clips: Sequence[Lower]) -> Matrix:
    """Unit vectors (n, D) of whole clips, without gradient, in batches of alike lengths."""
    order = sorted(range(len(clips)), key=lambda place: len(clips[place][-1]))
    found: dict[int, Matrix] = {}
    with torch.no_grad():
        for start in range(0, len(order), _AT_ONCE):
            part = order[start : start + _AT_ONCE]
            found.update(zip(part, upper([clips[one] for one in part]).numpy(), strict=True))
    if not found:
        return np.zeros((0, sum(len(middle) for middle in upper.middles)), np.float32)
    return np.stack([found[place] for place in range(len(clips))])
