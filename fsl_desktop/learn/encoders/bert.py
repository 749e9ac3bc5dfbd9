"""BERT (Devlin et al. 2019) and those built alike: RoBERTa (Liu et al. 2019), XLM-R, CamemBERT."""

from __future__ import annotations

from typing import Any

from torch import Tensor, nn

from fsl_desktop.learn.encoders.packing import Packed
from fsl_desktop.learn.encoders.walk import Drop, attend, dropout

__all__ = ["BertWalk", "dropout"]


class BertWalk:
    path = ("encoder", "layer")

    def __init__(self, model: Any) -> None:
        self._model = model
        # RoBERTa counts positions from there.
        self._first = 0 if model.config.model_type == "bert" else model.config.pad_token_id + 1

    def layers(self) -> nn.ModuleList:
        layers: nn.ModuleList = self._model.encoder.layer
        return layers

    def embed(self, ids: Tensor, packed: Packed) -> Tensor:
        table = self._model.embeddings
        summed = table.word_embeddings(ids) + table.token_type_embeddings.weight[0]
        positions = packed.positions() + self._first
        hidden: Tensor = table.LayerNorm(summed + table.position_embeddings(positions))
        return hidden

    def shared(self, packed: Packed) -> None:
        return None

    def layer(self, layer: Any, hidden: Tensor, packed: Packed, shared: Any, drop: Drop | None) -> Tensor:
        block = layer.attention.self
        query, key, value = block.query(hidden), block.key(hidden), block.value(hidden)
        attended = layer.attention.output.dense(attend(query, key, value, block.attention_head_size, packed))
        hidden = layer.attention.output.LayerNorm((drop(attended) if drop else attended) + hidden)
        outer = layer.output.dense(layer.intermediate.intermediate_act_fn(layer.intermediate.dense(hidden)))
        out: Tensor = layer.output.LayerNorm((drop(outer) if drop else outer) + hidden)
        return out

    def finish(self, hidden: Tensor) -> Tensor:
        return hidden
