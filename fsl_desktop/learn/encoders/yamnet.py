"""YAMNet (Plakal and Ellis 2020): what kind of sound is this? 1.9 million clips taught it 521 classes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from torch import Tensor, nn

from fsl_desktop.core.errors import UserError
from fsl_desktop.learn.encoders import mel
from fsl_desktop.learn.models.loading import read_json
from fsl_desktop.learn.models.weights import read_weights

PATCH, PATCH_HOP, BANDS = 96, 48, 64
"""Frames of 10 ms that are heard at once, frames from one patch to the next, mel bands."""
PATCH_SAMPLES = (PATCH - 1) * mel.HOP + mel.WINDOW
_FFT = 512
_FLOOR = 0.001
MIDDLE = 16
"""The convolution (counted from 0) whose 512 channels are of use beside the embedding."""
# Output channels and stride of each pair of a depthwise and a pointwise convolution.
_PAIRS = (
    (64, 1), (128, 2), (128, 1), (256, 2), (256, 1), (512, 2), (512, 1),
    (512, 1), (512, 1), (512, 1), (512, 1), (1024, 2), (1024, 1),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Heard:
    """What the network makes of n patches."""

    middle: Tensor
    """(n, 512, 6, 4): after convolution 16; time before frequency."""
    embedding: Tensor
    """(n, 1024): the average before the classifier."""
    logits: Tensor
    """(n, 521); a sigmoid makes probabilities of them, several classes may be there at once."""


class YAMNet(nn.Module):
    """Plain convolutions with batch norm folded in; every weight can be trained, the mel bands cannot."""

    mel: Tensor

    def __init__(self, names: list[str]) -> None:
        super().__init__()
        self.names = names
        self.convolutions = nn.ModuleList(_convolutions())
        self.classifier = nn.Linear(1024, len(names))
        self.register_buffer("mel", torch.zeros(BANDS, _FFT // 2 + 1))

    @classmethod
    def load(cls, folder: Path) -> YAMNet:
        """The network in ``folder``, in evaluation mode, float32; ``UserError`` where it cannot be read."""
        named = read_json(folder / "config.json").get("id2label")
        if not isinstance(named, dict) or not all(str(place) in named for place in range(len(named))):
            raise UserError(
                "The file {file} of the model is damaged. Install the model again.",
                file="config.json",
                details=f"{folder}: id2label",
            )
        model = cls([str(named[str(place)]) for place in range(len(named))])
        model.load_state_dict(read_weights(folder, {k: v.shape for k, v in model.state_dict().items()}))
        return model.eval()

    def patches(self, samples: Tensor) -> Tensor:
        """(samples,) at 16 kHz, at least 15,600 of them -> log mel patches (n, 96, 64), half overlapping; the
        last one ends with the last whole frame, so that nothing is left out."""
        spectrum = torch.fft.rfft(mel.frames(samples), n=_FFT).abs()
        bands = torch.log(spectrum @ self.mel.T + _FLOOR)
        last = len(bands) - PATCH
        starts = [*range(0, last, PATCH_HOP), last]
        return torch.stack([bands[start : start + PATCH] for start in starts])

    def forward(self, patches: Tensor) -> Heard:
        """(n, 96, 64) -> :class:`Heard`."""
        middle = self.middle(patches)
        embedding = convolved(self.convolutions[MIDDLE + 1 :], middle).mean(dim=(2, 3))
        return Heard(middle, embedding, self.classifier(embedding))

    def middle(self, patches: Tensor) -> Tensor:
        """The lower half alone: (n, 96, 64) -> (n, 512, 6, 4)."""
        return convolved(self.convolutions[: MIDDLE + 1], patches[:, None])


def convolved(convolutions: Iterable[nn.Module], hidden: Tensor) -> Tensor:
    """Some of the network's convolutions in turn, (n, channels, time, frequency)."""
    for convolution in convolutions:
        if convolution.stride == (2, 2):
            hidden = F.pad(hidden, (0, 1, 0, 1))  # as TensorFlow's "same" does with even sizes
        hidden = F.relu6(convolution(hidden), inplace=True)
    return hidden


def _convolutions() -> Iterator[nn.Conv2d]:
    yield nn.Conv2d(1, 32, 3, stride=2)
    channels = 32
    for wider, stride in _PAIRS:
        padding = 1 if stride == 1 else 0
        yield nn.Conv2d(channels, channels, 3, stride=stride, padding=padding, groups=channels)
        yield nn.Conv2d(channels, wider, 1)
        channels = wider
