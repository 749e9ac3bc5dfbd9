"""Encoders of families that :mod:`families` does not know, through their own forward pass, padded."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F  # noqa: N812 - the field's own name for it

from fsl_desktop.learn.encoders.pooling import pool_states


def encode_padded(model: Any, ids: Sequence[Sequence[int]], pooling: str) -> Tensor:
    """L2-normalised vectors (texts, d), float32, of token ids of any lengths."""
    width = max(len(row) for row in ids)
    device = next(model.parameters()).device
    pad = model.config.pad_token_id or 0
    tokens = torch.tensor([[*row, *([pad] * (width - len(row)))] for row in ids], device=device)
    mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in ids], device=device)
    hidden = model(input_ids=tokens, attention_mask=mask).last_hidden_state
    if pooling == "mean":
        weights = mask.unsqueeze(-1).float()
        return F.normalize((hidden.float() * weights).sum(1) / weights.sum(1), dim=-1)
    rows = [
        pool_states(states[None, : len(row)], pooling)[0] for states, row in zip(hidden, ids, strict=True)
    ]
    return F.normalize(torch.stack(rows), dim=-1)
