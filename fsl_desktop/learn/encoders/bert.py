"""The forward pass of BERT-like encoders over packed tokens (Devlin et al. 2019; Liu et al. 2019).

Weights stay in the modules that ``transformers`` loaded, so that saving gives back the same layout; only
the way through them is ours, because theirs needs padding.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812 - the field's own name for it

from fsl_desktop.learn.encoders.packing import Packed

FAMILIES = frozenset({"bert", "roberta", "xlm-roberta", "camembert"})
"""Model types whose layers are built as BERT's: query, key, value, two residual blocks, LayerNorm last."""


Drop = Callable[[Tensor], Tensor]


def dropout(rate: float, generator: torch.Generator) -> Drop:
    """Inverted dropout with its own random numbers, so that nothing else can disturb a seeded run."""
    keep = 1.0 - rate

    def drop(hidden: Tensor) -> Tensor:
        mask = torch.empty_like(hidden).bernoulli_(keep, generator=generator)
        return hidden * mask.div_(keep)

    return drop


def embed_tokens(model: Any, ids: Tensor, packed: Packed) -> Tensor:
    """Token, type and position embeddings of packed ids, (tokens, d)."""
    table = model.embeddings
    positions = packed.positions()
    if model.config.model_type != "bert":
        positions = positions + model.config.pad_token_id + 1  # RoBERTa counts from there
    summed = table.word_embeddings(ids) + table.token_type_embeddings.weight[0]
    hidden: Tensor = table.LayerNorm(summed + table.position_embeddings(positions))
    return hidden


def run_layers(layers: nn.ModuleList, hidden: Tensor, packed: Packed, drop: Drop | None = None) -> Tensor:
    """``hidden`` (tokens, d) through ``layers``; ``drop`` acts on each block's output, not on attention."""
    for layer in layers:
        hidden = _layer(layer, hidden, packed, drop)
    return hidden


def _layer(layer: Any, hidden: Tensor, packed: Packed, drop: Drop | None) -> Tensor:
    attended = layer.attention.output.dense(_attention(layer.attention.self, hidden, packed))
    hidden = layer.attention.output.LayerNorm((drop(attended) if drop else attended) + hidden)
    inner = layer.intermediate.intermediate_act_fn(layer.intermediate.dense(hidden))
    outer = layer.output.dense(inner)
    out: Tensor = layer.output.LayerNorm((drop(outer) if drop else outer) + hidden)
    return out


def _attention(block: Any, hidden: Tensor, packed: Packed) -> Tensor:
    query, key, value = block.query(hidden), block.key(hidden), block.value(hidden)
    width = block.attention_head_size
    parts = []
    for start, end, length in packed.groups:
        shape = ((end - start) // length, length, -1, width)
        heads = [part[start:end].view(shape).transpose(1, 2) for part in (query, key, value)]
        attended = F.scaled_dot_product_attention(heads[0], heads[1], heads[2])
        parts.append(attended.transpose(1, 2).reshape(end - start, -1))
    return parts[0] if len(parts) == 1 else torch.cat(parts)
