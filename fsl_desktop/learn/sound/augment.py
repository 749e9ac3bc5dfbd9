"""Labelled clips in other guises, so that a handful teaches more: in their sound, and in what was heard of
it.

Loudness is no guise: every clip is brought to one peak before it is heard.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from fsl_desktop.learn.encoders.mel import RATE
from fsl_desktop.learn.sound.clips import Samples

Lower = tuple[Tensor, ...]
"""What was heard of one clip below the layers that are tuned: a tensor (steps of time, ...) per encoder."""


@dataclass(frozen=True, slots=True)
class Guises:
    """How much a clip is changed in training; all at 0 leaves it as it is, but for the crop."""

    time: float = 0.2
    """At most this share of the steps of time is silenced, in one run (SpecAugment: Park, Chan, Zhang, Chiu,
    Zoph, Cubuk and Le, 2019; here on what the lower layers make of the spectrogram)."""
    channels: float = 0.1
    """At most this share of the channels is silenced."""
    mixed: float = 0.25
    """Share of the clips into which another one is mixed (mixup: Zhang, Cisse, Dauphin and Lopez-Paz,
    2018)."""
    copies: int = 1
    """Further versions of each labelled clip, heard with noise and from another moment on."""


NONE = Guises(0.0, 0.0, 0.0, 0)
_QUIETEST, _LOUDEST = 15.0, 30.0
"""Decibels by which noise lies below a clip."""
_SHIFT = 0.3
"""Seconds by which a clip begins later, at most; never more than a quarter of it."""
_LEAST, _MOST = 0.6, 0.9
"""What is left of a clip into which another one is mixed."""


def noisy(clip: Samples, chance: np.random.Generator) -> Samples:
    """``clip`` (samples,) from a later moment on and with noise."""
    first = int(chance.integers(0, 1 + min(int(_SHIFT * RATE), len(clip) // 4)))
    later = clip[first:]
    level = float(np.sqrt(np.mean(np.square(later, dtype=np.float64)))) if len(later) else 0.0
    below = 10 ** (-float(chance.uniform(_QUIETEST, _LOUDEST)) / 20)
    changed: Samples = (later + below * level * chance.standard_normal(len(later))).astype(np.float32)
    return changed


def cropped(lower: Lower, crops: Sequence[int], chance: np.random.Generator) -> Lower:
    """At most ``crops`` steps of each encoder's, from the same moment of the clip on."""
    moment = float(chance.random())
    parts = []
    for own, crop in zip(lower, crops, strict=True):
        first = round(moment * max(0, len(own) - crop))
        parts.append(own[first : first + crop].float())
    return tuple(parts)


def masked(lower: Lower, guises: Guises, chance: np.random.Generator) -> Lower:
    """Some steps of time and some channels of each encoder's silenced."""
    parts = []
    for own in lower:
        changed = own.clone()
        length = int(chance.random() * guises.time * len(own))
        first = int(chance.integers(0, len(own) - length + 1))
        changed[first : first + length] = 0
        gone = torch.from_numpy(chance.random(own.shape[1]) < chance.random() * guises.channels)
        changed[:, gone] = 0
        parts.append(changed)
    return tuple(parts)


def mixed(
    clips: Sequence[Lower], classes: Tensor, share: float, chance: np.random.Generator
) -> tuple[list[Lower], Tensor]:
    """(clips of which some have another one mixed into them, their classes, (n, C), in the same measure)."""
    found, known = list(clips), classes.clone()
    for place in np.flatnonzero(chance.random(len(clips)) < share).tolist():
        other = int(chance.integers(len(clips)))
        kept = float(chance.uniform(_LEAST, _MOST))
        found[place] = tuple(
            kept * own + (1 - kept) * _as_long(into, len(own))
            for own, into in zip(clips[place], clips[other], strict=True)
        )
        known[place] = kept * classes[place] + (1 - kept) * classes[other]
    return found, known


def _as_long(own: Tensor, length: int) -> Tensor:
    times = -(-length // len(own))
    return own.repeat(times, *([1] * (own.dim() - 1)))[:length]
