"""What each frozen encoder makes of a clip: blocks of numbers, pooled over its real frames.

Found by experiment to be of use together: what YAMNet takes a sound for and what it hears below that, the
middle layers of Whisper (speech, words), and the LSTM that knows voices.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

import torch
from torch import Tensor

from fsl_desktop.learn.encoders import whisper
from fsl_desktop.learn.encoders.speaker import SpeakerEncoder
from fsl_desktop.learn.encoders.whisper import WhisperEncoder
from fsl_desktop.learn.encoders.yamnet import PATCH_SAMPLES, YAMNet
from fsl_desktop.learn.sound.upper import BELOW, UpperPart, WhisperUpper, YamnetUpper

QUIET = 10 ** (-35 / 20)
"""35 dB below the loudest frame a clip has not begun yet, or is over."""
_LEVEL = 1.5
"""Centred on a project's clips, Whisper's layer 5 is 1.4 to 1.55 times as long as layer 4 (four sets)."""


class Listener(Protocol):
    """One encoder."""

    @property
    def blocks(self) -> tuple[tuple[str, int], ...]:
        """Name and width of each block that it makes."""

    def hear(self, clips: Sequence[Tensor]) -> list[Tensor]:
        """Clips (samples,) at 16 kHz, none empty -> the blocks, each (n, width)."""


@runtime_checkable
class Tunable(Listener, Protocol):
    """An encoder whose upper layers can be tuned."""

    def lower(self, clips: Sequence[Tensor]) -> list[Tensor]:
        """What is below those layers, for each clip (steps of time, ...)."""

    def upper(self) -> UpperPart:
        """A copy of those layers."""


class YamnetListener:
    """Y: the embedding's mean, deviation and maximum over the patches; Y16: mean and deviation of a middle
    layer over patches, time and frequency. Short clips are repeated until they fill a patch."""

    blocks = (("Y", 3 * 1024), ("Y16", 2 * 512))

    def __init__(self, folder: Path) -> None:
        self.encoder = YAMNet.load(folder)

    def hear(self, clips: Sequence[Tensor]) -> list[Tensor]:
        patches = [self.encoder.patches(_tiled(clip)) for clip in clips]
        counts = [len(own) for own in patches]
        heard = self.encoder(torch.cat(patches))
        top = [
            torch.cat([own.mean(0), own.std(0, correction=0), own.amax(0)])
            for own in heard.embedding.split(counts)
        ]
        middle = [
            torch.cat([own.mean((0, 2, 3)), own.std((0, 2, 3), correction=0)])
            for own in heard.middle.split(counts)
        ]
        return [torch.stack(top), torch.stack(middle)]

    def lower(self, clips: Sequence[Tensor]) -> list[Tensor]:
        patches = [self.encoder.patches(_tiled(clip)) for clip in clips]
        return list(torch.split(self.encoder.middle(torch.cat(patches)), [len(own) for own in patches]))

    def upper(self) -> YamnetUpper:
        return YamnetUpper(self.encoder)


class WhisperListener:
    """W45: the means of layers 4 and 5, at lengths that give both the same say; W2: mean and deviation of
    layer 2; each over the frames between the first and the last that is not quiet."""

    blocks = (("W45", 2 * 512), ("W2", 2 * 512))

    def __init__(self, folder: Path) -> None:
        self.encoder = WhisperEncoder.load(folder)

    def hear(self, clips: Sequence[Tensor]) -> list[Tensor]:
        bands, lengths = self.encoder.listen(clips)
        states = self.encoder(bands, lengths, layers=5)
        upper, lower = [], []
        for index, clip in enumerate(clips):
            first, last = active(clip)
            two, four, five = (states[layer][index, first:last] for layer in (2, 4, 5))
            upper.append(torch.cat([_LEVEL * four.mean(0), five.mean(0)]))
            lower.append(torch.cat([two.mean(0), two.std(0, correction=0)]))
        return [torch.stack(upper), torch.stack(lower)]

    def lower(self, clips: Sequence[Tensor]) -> list[Tensor]:
        bands, lengths = self.encoder.listen(clips)
        states = self.encoder(bands, lengths, layers=BELOW)[BELOW]
        spans = [active(clip) for clip in clips]
        return [own[first:last] for own, (first, last) in zip(states, spans, strict=True)]

    def upper(self) -> WhisperUpper:
        return WhisperUpper(self.encoder)


class SpeakerListener:
    """R: mean and deviation of the LSTM's top layer over the frames."""

    blocks = (("R", 2 * 256),)

    def __init__(self, folder: Path) -> None:
        self.encoder = SpeakerEncoder.load(folder)

    def hear(self, clips: Sequence[Tensor]) -> list[Tensor]:
        bands, lengths = self.encoder.listen(clips)
        states = self.encoder(bands)
        own = [state[:length] for state, length in zip(states, lengths, strict=True)]
        return [torch.stack([torch.cat([one.mean(0), one.std(0, correction=0)]) for one in own])]


LISTENERS: dict[str, Callable[[Path], Listener]] = {
    "yamnet": YamnetListener,
    "whisper-base": WhisperListener,
    "speaker": SpeakerListener,
}
"""By the catalogue's id of their encoder, in the order of their blocks."""


def active(clip: Tensor) -> tuple[int, int]:
    """(first, behind the last) of the clip's frames of 20 ms that is within 35 dB of the loudest."""
    count = max(1, -(-min(len(clip), whisper.MOST) // whisper.FRAME))
    padded = torch.zeros(count * whisper.FRAME)
    padded[: len(clip)] = clip[: len(padded)]
    level = padded.view(count, -1).square().mean(1).sqrt()
    loud = torch.nonzero(level >= QUIET * level.max())
    return int(loud[0]), int(loud[-1]) + 1


def _tiled(clip: Tensor) -> Tensor:
    return clip if len(clip) >= PATCH_SAMPLES else clip.repeat(-(-PATCH_SAMPLES // len(clip)))[:PATCH_SAMPLES]
