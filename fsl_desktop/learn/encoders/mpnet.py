"""MPNet (Song et al. 2020): BERT with a bias for relative positions that all layers share."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import torch
from torch import Tensor, nn

from fsl_desktop.learn.encoders.packing import Packed
from fsl_desktop.learn.encoders.walk import Drop, attend

Bias = Callable[[int], Tensor]


class MPNetWalk:
    path = ("encoder", "layer")

    def __init__(self, model: Any) -> None:
        self._model = model

    def layers(self) -> nn.ModuleList:
        layers: nn.ModuleList = self._model.encoder.layer
        return layers

    def embed(self, ids: Tensor, packed: Packed) -> Tensor:
        table = self._model.embeddings
        positions = packed.positions() + table.padding_idx + 1
        hidden: Tensor = table.LayerNorm(table.word_embeddings(ids) + table.position_embeddings(positions))
        return hidden

    def shared(self, packed: Packed) -> Bias:
        encoder = self._model.encoder

        @cache
        def bias(length: int) -> Tensor:
            with torch.no_grad():
                found: Tensor = encoder.compute_position_bias(torch.empty(1, length))[0]
            return found

        return bias

    def layer(self, layer: Any, hidden: Tensor, packed: Packed, shared: Bias, drop: Drop | None) -> Tensor:
        block = layer.attention.attn
        query, key, value = block.q(hidden), block.k(hidden), block.v(hidden)
        attended = block.o(attend(query, key, value, block.attention_head_size, packed, shared))
        hidden = layer.attention.LayerNorm((drop(attended) if drop else attended) + hidden)
        outer = layer.output.dense(layer.intermediate.intermediate_act_fn(layer.intermediate.dense(hidden)))
        out: Tensor = layer.output.LayerNorm((drop(outer) if drop else outer) + hidden)
        return out

    def finish(self, hidden: Tensor) -> Tensor:
        return hidden
