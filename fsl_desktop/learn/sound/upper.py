"""The layers of sound encoders that can be tuned: from what is heard below them to one vector per clip."""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from torch import Tensor, nn

from fsl_desktop.learn.encoders.whisper import WhisperEncoder, within
from fsl_desktop.learn.encoders.yamnet import MIDDLE, YAMNet, convolved

BELOW = 3
"""Whisper's layers that stay as they are."""
ABOVE = 2
"""Its layers after those whose outputs are of use at all."""


class UpperPart(nn.Module):
    """The upper layers of one encoder; every weight learns."""

    crop: int
    """Steps of time in some 2 s."""

    def forward(self, lower: Sequence[Tensor]) -> Tensor:
        """What n clips were below, each (steps of time, ...) -> (n, d)."""
        raise NotImplementedError


class YamnetUpper(UpperPart):
    """The convolutions behind the middle one; patches (p, 512, 6, 4) -> the mean embedding, (1024,)."""

    crop = 4

    def __init__(self, encoder: YAMNet) -> None:
        super().__init__()
        self.convolutions = copy.deepcopy(encoder.convolutions[MIDDLE + 1 :]).requires_grad_(True)

    def forward(self, lower: Sequence[Tensor]) -> Tensor:
        above = convolved(self.convolutions, torch.cat(list(lower)).float()).mean(dim=(2, 3))
        return torch.stack([own.mean(0) for own in torch.split(above, [len(own) for own in lower])])


class WhisperUpper(UpperPart):
    """The layers from the fourth on; frames (f, 512) after the third -> the mean over them, (512,)."""

    crop = 100

    def __init__(self, encoder: WhisperEncoder, layers: int = ABOVE) -> None:
        super().__init__()
        self.layers = copy.deepcopy(encoder.layers[BELOW : BELOW + layers]).requires_grad_(True)

    def forward(self, lower: Sequence[Tensor]) -> Tensor:
        lengths = [len(own) for own in lower]
        longest = max(lengths)
        hidden = torch.stack([F.pad(own.float(), (0, 0, 0, longest - len(own))) for own in lower])
        there = within(lengths, longest)
        mask = None if min(lengths) == longest else there[:, None, None]
        for layer in self.layers:
            hidden = layer(hidden, mask)
        counts = torch.tensor(lengths, dtype=hidden.dtype)[:, None]
        return (hidden * there[:, :, None]).sum(dim=1) / counts


class Upper(nn.Module):
    """The upper layers of one or more encoders: unit vectors side by side, each part as long as the others.

    A part's vectors are seen from the middle of the project's, or all clips would be nearly alike.
    """

    def __init__(self, parts: Sequence[UpperPart]) -> None:
        super().__init__()
        self.parts = nn.ModuleList(parts)
        self.middles = nn.ParameterList()

    @property
    def crops(self) -> list[int]:
        return [int(part.crop) for part in self.parts]  # type: ignore[arg-type]

    def centre(self, lower: Sequence[Sequence[Tensor]]) -> None:
        """Take the middle of these clips, as they are heard now, for that of the project."""
        with torch.no_grad():
            found = [part(own).mean(dim=0) for part, own in zip(self.parts, _by_part(lower), strict=True)]
        self.middles = nn.ParameterList(nn.Parameter(one, requires_grad=False) for one in found)

    def forward(self, lower: Sequence[Sequence[Tensor]]) -> Tensor:
        """``lower`` of n clips, each with one tensor per part -> (n, D) of length 1."""
        seen = [
            F.normalize(part(own) - middle, dim=1)
            for part, own, middle in zip(self.parts, _by_part(lower), self.middles, strict=True)
        ]
        out: Tensor = torch.cat(seen, dim=1) / len(seen) ** 0.5
        return out


def _by_part(lower: Sequence[Sequence[Tensor]]) -> list[list[Tensor]]:
    return [list(own) for own in zip(*lower, strict=True)]
