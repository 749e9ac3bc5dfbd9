"""Encoders whose upper layers were tuned on a project: the frozen ones' blocks, and one more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import nn

from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.sound.augment import Lower
from fsl_desktop.learn.sound.blocks import SoundEncoders
from fsl_desktop.learn.sound.clips import Samples
from fsl_desktop.learn.sound.ears import Cancelled, Ears, Progress, TunableEars
from fsl_desktop.learn.sound.tuning import embedded
from fsl_desktop.learn.sound.upper import Upper

TUNED = "tuned.safetensors"
_MODELS = "models"
_CHUNK = 32
"""Clips whose lower activations are in memory at once: some 20 MB."""


class TunedEars:
    """As :class:`~fsl_desktop.learn.sound.ears.Ears`; the last block is that of the tuned layers. Nothing
    changes after construction, so it may be asked from several threads."""

    def __init__(self, frozen: TunableEars, upper: Upper, tuned: Sequence[str]) -> None:
        """``tuned`` are the models whose layers are in ``upper``, in that order."""
        self.frozen = frozen
        self.models = frozen.models
        self.tuned = tuple(tuned)
        self._upper = upper.eval()

    def blocks(
        self,
        samples: Sequence[Samples],
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> list[Matrix]:
        """The blocks, each (n, d_b), of mono clips at 16 kHz; ``Stopped`` when cancelled."""
        found = self.frozen.blocks(samples, progress=progress, cancelled=cancelled)
        parts = [embedded(self._upper, [])]
        for start in range(0, len(samples), _CHUNK):
            if cancelled is not None and cancelled():
                raise Stopped
            part = samples[start : start + _CHUNK]
            parts.append(self.embed(self.frozen.lower(part, self.tuned, cancelled=cancelled)))
        return [*found, np.concatenate(parts)]

    def embed(self, clips: Sequence[Lower]) -> Matrix:
        """The last block, (n, D), of clips by what is below the tuned layers."""
        return embedded(self._upper, clips)

    def save(self, folder: Path) -> None:
        """Write the encoders as they came, and beside them the layers that learnt."""
        from safetensors.torch import save_file

        self.frozen.save(folder)
        tensors = {name: one.detach().contiguous() for name, one in self._upper.state_dict().items()}
        save_file(tensors, str(folder / TUNED), metadata={_MODELS: " ".join(self.tuned)})


def saved_ears(folder: Path, models: tuple[str, ...]) -> Ears:
    """What ``Ears.save`` wrote. Raises ``UserError``."""
    return with_tuned(SoundEncoders.saved(folder, models), folder)


def with_tuned(frozen: TunableEars, folder: Path) -> Ears:
    """``frozen`` with the tuned layers that were saved in ``folder``, if any. Raises ``UserError``."""
    from safetensors import safe_open

    path = folder / TUNED
    if not path.is_file():
        return frozen
    try:
        with safe_open(str(path), framework="pt") as file:
            tuned = tuple((file.metadata() or {}).get(_MODELS, "").split())
            if not tuned or frozen.tunable(tuned) != tuned:
                raise ValueError(f"tuned: {tuned}")
            # Copies, because a file that stays mapped cannot be deleted on Windows.
            tensors = {name: file.get_tensor(name).clone() for name in file.keys()}  # noqa: SIM118
        upper = frozen.upper(tuned)
        middles = [tensors[f"middles.{place}"] for place in range(len(tuned))]
        upper.middles = nn.ParameterList(nn.Parameter(torch.zeros_like(one), False) for one in middles)
        upper.load_state_dict(tensors)
    except Exception as error:  # safetensors has an exception of its own for a damaged file
        raise UserError(
            "The file {file} of the model is damaged. Train the model again, or copy its folder again.",
            file=TUNED,
            details=f"{folder}: {type(error).__name__}: {error}",
        ) from error
    return TunedEars(frozen, upper, tuned)
