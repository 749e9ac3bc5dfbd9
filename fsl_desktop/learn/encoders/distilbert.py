"""DistilBERT (Sanh et al. 2019): half of BERT's layers under other names, and no token types."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from fsl_desktop.learn.encoders.packing import Packed
from fsl_desktop.learn.encoders.walk import Drop, attend


class DistilBertWalk:
    path = ("transformer", "layer")

    def __init__(self, model: Any) -> None:
        self._model = model

    def layers(self) -> nn.ModuleList:
        layers: nn.ModuleList = self._model.transformer.layer
        return layers

    def embed(self, ids: Tensor, packed: Packed) -> Tensor:
        table = self._model.embeddings
        places = table.position_embeddings(packed.positions())
        hidden: Tensor = table.LayerNorm(table.word_embeddings(ids) + places)
        return hidden

    def shared(self, packed: Packed) -> None:
        return None

    def layer(self, layer: Any, hidden: Tensor, packed: Packed, shared: Any, drop: Drop | None) -> Tensor:
        block, inner = layer.attention, layer.ffn
        query, key, value = block.q_lin(hidden), block.k_lin(hidden), block.v_lin(hidden)
        attended = block.out_lin(attend(query, key, value, block.attention_head_size, packed))
        hidden = layer.sa_layer_norm((drop(attended) if drop else attended) + hidden)
        outer = inner.lin2(inner.activation(inner.lin1(hidden)))
        out: Tensor = layer.output_layer_norm((drop(outer) if drop else outer) + hidden)
        return out

    def finish(self, hidden: Tensor) -> Tensor:
        return hidden
