"""Weights out of ``model.safetensors`` for the modules that are ours."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor

from fsl_desktop.learn.models.loading import WEIGHTS, unreadable


def read_weights(folder: Path, shapes: Mapping[str, torch.Size], prefix: str = "") -> dict[str, Tensor]:
    """Name -> float32 copy of each tensor in ``shapes``, which the file calls ``prefix`` + name.

    Copies, because a file that stays mapped cannot be deleted on Windows. Raises ``UserError`` for a file
    that is missing or damaged, or lacks one of them in that shape.
    """
    from safetensors import safe_open

    found: dict[str, Tensor] = {}
    try:
        with safe_open(str(folder / WEIGHTS), framework="pt") as file:
            present = set(file.keys())
            for name, shape in shapes.items():
                if prefix + name not in present:
                    raise ValueError(f"{prefix + name} is missing")
                tensor = file.get_tensor(prefix + name)
                if tensor.shape != shape:
                    raise ValueError(f"{prefix + name} is {tuple(tensor.shape)}, not {tuple(shape)}")
                found[name] = tensor.to(torch.float32, copy=True)
    except Exception as error:
        # safetensors and the system each have their own exceptions for a damaged file.
        raise unreadable(folder, error) from error
    return found
