"""Recordings of three pitches, and encoders that hear little more than that, for tests of all around them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import soundfile
import torch
from torch import Tensor, nn

from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.sound.augment import Lower
from fsl_desktop.learn.sound.clips import RATE, Clip, Samples
from fsl_desktop.learn.sound.upper import Upper, UpperPart

PITCHES = {"low": 200.0, "middle": 700.0, "high": 2400.0}


class Bands:
    """How loud twelve bands are, on average and how much that changes: a stand-in for encoders."""

    models = ("bands",)

    def blocks(
        self, samples: Sequence[Samples], *, progress: object = None, cancelled: object = None
    ) -> list[Matrix]:
        rows = [self._bands(one) for one in samples]
        return [np.array([bands.mean(0) for bands in rows]), np.array([bands.std(0) for bands in rows])]

    def save(self, folder: Path) -> None:
        (folder / "bands.txt").write_text("twelve", encoding="utf-8")

    @staticmethod
    def _bands(samples: Samples) -> Matrix:
        frames = np.resize(samples, (max(1, len(samples) // 512), 512))
        power = np.abs(np.fft.rfft(frames, axis=1))[:, 1:253]
        found: Matrix = np.log(power.reshape(len(frames), 12, 21).mean(2) + 1e-3).astype(np.float32)
        return found


class Pooled(UpperPart):
    """The mean over the frames, seen through one layer."""

    crop = 10

    def __init__(self) -> None:
        super().__init__()
        self.layer = nn.Linear(12, 8)
        nn.init.normal_(self.layer.weight, std=0.3, generator=torch.Generator().manual_seed(0))
        nn.init.zeros_(self.layer.bias)

    def forward(self, lower: Sequence[Tensor]) -> Tensor:
        out: Tensor = self.layer(torch.stack([own.float().mean(dim=0) for own in lower]))
        return out


class TunableBands(Bands):
    """The same with a layer that can be tuned."""

    def tunable(self, models: Sequence[str] | None = None) -> tuple[str, ...]:
        return tuple(model for model in self.models if models is None or model in models)

    def upper(self, models: Sequence[str]) -> Upper:
        return Upper([Pooled() for _ in models])

    def lower(
        self, samples: Sequence[Samples], models: Sequence[str], *, cancelled: object = None
    ) -> list[Lower]:
        return [tuple(torch.from_numpy(self._bands(one)).half() for _ in models) for one in samples]


def make_recordings(folder: Path, each: int, *, by_folder: bool = False) -> Path:
    """Short clips in noise and of different loudness, ``low 0.wav`` and so on; ``by_folder``: one for each
    pitch."""
    chance = np.random.default_rng(0)
    time = np.arange(RATE // 2) / RATE
    for name, pitch in PITCHES.items():
        place = folder / name if by_folder else folder
        place.mkdir(parents=True, exist_ok=True)
        for number in range(each):
            tone = np.sin(2 * np.pi * pitch * chance.uniform(0.8, 1.25) * time)
            noisy = (tone + chance.normal(size=len(time))) * chance.uniform(0.02, 0.2)
            soundfile.write(place / f"{name} {number}.wav", noisy.astype(np.float32), RATE)
    return folder


def drawn(folder: Path, each: int, first: int = 0) -> tuple[list[Clip], list[str]]:
    """(``each`` clips of every pitch out of ``folder``, by their numbers; what they are)."""
    names = [(name, number) for number in range(first, first + each) for name in PITCHES]
    return [Clip(folder / f"{name} {number}.wav") for name, number in names], [name for name, _ in names]
