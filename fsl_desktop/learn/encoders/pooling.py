"""From the states of a text's tokens to its one vector."""

from __future__ import annotations

import torch
from torch import Tensor

POOLINGS = ("mean", "cls", "max", "weightedmean", "lasttoken")


def pool_states(states: Tensor, pooling: str) -> Tensor:
    """(texts, length, d) of equally long texts -> (texts, d), float32, not normalised.

    ``mean`` over all tokens; ``cls`` the first; ``max`` of each number; ``weightedmean`` with later tokens
    counting more (Muennighoff 2022); ``lasttoken`` the last.
    """
    if pooling == "cls":
        return states[:, 0].float()
    if pooling == "lasttoken":
        return states[:, -1].float()
    exact = states.float()
    if pooling == "max":
        return exact.amax(1)
    if pooling == "weightedmean":
        weights = torch.arange(1, states.shape[1] + 1, dtype=torch.float32, device=states.device)
        return torch.einsum("nld,l->nd", exact, weights / weights.sum())
    return exact.mean(1)
