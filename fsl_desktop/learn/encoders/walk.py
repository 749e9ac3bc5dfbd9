"""What every family of transformers has to offer so that its layers run packed and can be trained.

Weights stay in the modules that ``transformers`` loaded, so that saving gives back the same layout; only
the way through them is ours, because theirs needs padding and knows no split into lower and upper layers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - the field's own name for it

from fsl_desktop.learn.encoders.packing import Packed

Drop = Callable[[Tensor], Tensor]


class Walk(Protocol):
    """The way through one loaded model. Nothing in it is trained but the layers themselves."""

    @property
    def path(self) -> tuple[str, ...]:
        """Names of the attributes that lead from the model to its list of layers."""

    def layers(self) -> nn.ModuleList:
        """All layers, lowest first."""

    def embed(self, ids: Tensor, packed: Packed) -> Tensor:
        """What goes into the first layer, (tokens, d), of packed ids (tokens,)."""

    def shared(self, packed: Packed) -> Any:
        """What all layers of one batch have in common, such as a bias for relative positions."""

    def layer(self, layer: Any, hidden: Tensor, packed: Packed, shared: Any, drop: Drop | None) -> Tensor:
        """One layer; ``drop`` acts on each block's output, not on attention."""

    def finish(self, hidden: Tensor) -> Tensor:
        """What is left to do after the last layer."""


class Upper(nn.ModuleList):
    """Upper layers together with the way through them."""

    def __init__(self, layers: Iterable[nn.Module] = (), walk: Walk | None = None) -> None:
        super().__init__(layers)
        self.walk = walk

    def __deepcopy__(self, memo: dict[int, Any]) -> Upper:
        import copy

        return Upper([copy.deepcopy(layer, memo) for layer in self], self.walk)


def run(
    walk: Walk, layers: Iterable[Any], hidden: Tensor, packed: Packed, drop: Drop | None = None
) -> Tensor:
    """``hidden`` (tokens, d) through ``layers``, without :meth:`Walk.finish`."""
    shared = walk.shared(packed)
    for layer in layers:
        hidden = walk.layer(layer, hidden, packed, shared, drop)
    return hidden


def attend(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    width: int,
    packed: Packed,
    bias: Callable[[int], Tensor | None] | None = None,
) -> Tensor:
    """Attention within each text; all (tokens, d), heads are ``width`` wide.

    ``bias(length)`` is added to the scores of texts so long, (heads or 1, length, length).
    """
    parts = []
    for start, end, length in packed.groups:
        shape = ((end - start) // length, length, -1, width)
        heads = [part[start:end].view(shape).transpose(1, 2) for part in (query, key, value)]
        extra = bias(length) if bias is not None else None
        if extra is not None:
            extra = extra.to(heads[0])
        attended = F.scaled_dot_product_attention(heads[0], heads[1], heads[2], attn_mask=extra)
        parts.append(attended.transpose(1, 2).reshape(end - start, -1))
    return parts[0] if len(parts) == 1 else torch.cat(parts)


def dropout(rate: float, generator: torch.Generator) -> Drop:
    """Inverted dropout with its own random numbers, so that nothing else can disturb a seeded run."""
    keep = 1.0 - rate

    def drop(hidden: Tensor) -> Tensor:
        mask = torch.empty(hidden.shape, dtype=hidden.dtype).bernoulli_(keep, generator=generator)
        return hidden * mask.div_(keep).to(hidden.device)

    return drop
