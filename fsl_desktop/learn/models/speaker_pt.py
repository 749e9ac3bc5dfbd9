"""The speaker encoder of Resemblyzer (Jemine 2019, after Wan et al. 2018) out of its training checkpoint.

The checkpoint is a torch file. It is read by the unpickler that knows tensors and plain containers alone, so
that nothing in it can be run, and most of it (the optimiser's state) is left out.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from fsl_desktop.learn.models.safetensors_file import write_arrays

_LAYERS = 3
_WANTED = (
    *(
        f"lstm.{kind}_{side}_l{layer}"
        for layer in range(_LAYERS)
        for kind in ("weight", "bias")
        for side in ("ih", "hh")
    ),
    "linear.weight",
    "linear.bias",
)


def convert(carrier: Path, folder: Path, step: Callable[[float], None]) -> None:
    """Write ``config.json`` and ``model.safetensors`` (float32) into ``folder``.

    ``step`` is told the share that is done and may raise to stop. ``ValueError`` for a file of another kind.
    """
    try:
        found: Any = torch.load(carrier, map_location="cpu", weights_only=True)
        arrays = {name: _array(found["model_state"][name]) for name in _WANTED}
    except Exception as error:
        # The unpickler, the zip reader and torch each have their own exceptions for a damaged file.
        raise ValueError(f"no checkpoint of a speaker encoder: {error}") from error
    step(0.2)
    config = {
        "architectures": ["SpeakerEncoder"],
        "model_type": "fsl_speaker",
        "num_mel_bins": arrays["lstm.weight_ih_l0"].shape[1],
        "hidden_size": arrays["lstm.weight_hh_l0"].shape[1],
        "num_hidden_layers": _LAYERS,
    }
    with (folder / "config.json").open("w", encoding="utf-8", newline="\n") as file:
        file.write(json.dumps(config, indent=1) + "\n")
    write_arrays(folder / "model.safetensors", arrays, lambda share: step(0.2 + 0.8 * share))


def _array(tensor: torch.Tensor) -> NDArray[np.generic]:
    array: NDArray[np.generic] = tensor.detach().to(torch.float32).contiguous().numpy()
    return array
