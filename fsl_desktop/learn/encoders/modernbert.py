"""ModernBERT (Warner et al. 2024): rotary positions, gated blocks, near attention in most layers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from fsl_desktop.learn.encoders.packing import Packed
from fsl_desktop.learn.encoders.walk import Drop, attend

NEAR = "sliding_attention"


@dataclass(frozen=True, slots=True)
class _Shared:
    rotary: dict[str, tuple[Tensor, Tensor]]
    """Cosine and sine of each token's turn, (tokens, 1, head width), by the kind of layer."""
    near: Callable[[int], Tensor | None]
    """What a token must not look at in layers of near attention, by length."""


class ModernBertWalk:
    path = ("layers",)

    def __init__(self, model: Any) -> None:
        self._model = model

    def layers(self) -> nn.ModuleList:
        layers: nn.ModuleList = self._model.layers
        return layers

    def embed(self, ids: Tensor, packed: Packed) -> Tensor:
        hidden: Tensor = self._model.embeddings.norm(self._model.embeddings.tok_embeddings(ids))
        return hidden

    def shared(self, packed: Packed) -> _Shared:
        positions = packed.positions()[None]
        rotary = {}
        with torch.no_grad(), torch.autocast("cpu", enabled=False):
            for kind in set(self._model.config.layer_types):
                turn = self._model.rotary_emb(torch.empty(0), positions, kind)
                rotary[kind] = (turn[0][0][:, None], turn[1][0][:, None])
        window = int(self._model.config.sliding_window)

        @cache
        def near(length: int) -> Tensor | None:
            if length <= window + 1:
                return None
            places = torch.arange(length)
            far = (places[:, None] - places[None, :]).abs() > window
            return torch.zeros(1, length, length).masked_fill_(far[None], float("-inf"))

        return _Shared(rotary, near)

    def layer(self, layer: Any, hidden: Tensor, packed: Packed, shared: _Shared, drop: Drop | None) -> Tensor:
        block = layer.attn
        parts = block.Wqkv(layer.attn_norm(hidden)).view(len(hidden), 3, -1, block.head_dim)
        query, key, value = parts.unbind(1)
        turn = shared.rotary[layer.attention_type]
        query, key = _turned(query, *turn), _turned(key, *turn)
        near = shared.near if layer.attention_type == NEAR else None
        flat = [part.reshape(len(hidden), -1) for part in (query, key, value)]
        attended = block.Wo(attend(flat[0], flat[1], flat[2], block.head_dim, packed, near))
        hidden = hidden + (drop(attended) if drop else attended)
        inner, gate = layer.mlp.Wi(layer.mlp_norm(hidden)).chunk(2, dim=-1)
        outer = layer.mlp.Wo(layer.mlp.act(inner) * gate)
        return hidden + (drop(outer) if drop else outer)

    def finish(self, hidden: Tensor) -> Tensor:
        norm, exact = self._model.final_norm, hidden.float()
        # It belongs to the model, which stays on the processor; the layers may not.
        weight = norm.weight.detach().to(exact.device)
        bias = norm.bias.detach().to(exact.device) if norm.bias is not None else None
        return nn.functional.layer_norm(exact, norm.normalized_shape, weight, bias, norm.eps)


def _turned(states: Tensor, cosine: Tensor, sine: Tensor) -> Tensor:
    """Rotary positions (Su et al. 2021) on (tokens, heads, width)."""
    exact, cosine, sine = states.float(), cosine.to(states.device), sine.to(states.device)
    first, second = exact.chunk(2, dim=-1)
    turned = exact * cosine + torch.cat((-second, first), dim=-1) * sine
    return turned.to(states.dtype)
