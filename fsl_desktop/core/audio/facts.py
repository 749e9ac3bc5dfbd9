"""What is odd about a decoded clip: silence, clipping, too short, recorded for the telephone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.audio.info import RATE
from fsl_desktop.core.message import Message

SILENT = "This clip is silent. Record it again or leave it out."
QUIET = "This clip is almost silent: its loudest moment is at {level} dB. Check the microphone."
CLIPPED = "This clip was recorded too loud: {percent} % of it is cut off at the top. It can be used."
SHORT = "This clip is only {milliseconds} ms long, which is little to know a sound by."
LOW_RATE = "This clip has {rate} samples per second, so nothing above {limit} Hz can be heard in it."

_QUIET_DB = -60.0
_FULL_SCALE = 0.999
_RUN = 3
"""Samples in a row at full scale: a loud but sound recording touches it, a clipped one stays there."""
_CLIPPED_SHARE = 0.001
_SHORT_SECONDS = 0.1


@dataclass(frozen=True, slots=True)
class ClipFacts:
    seconds: float
    peak: float
    """Largest distance from the middle of the wave, 1 for full scale."""
    clipped_share: float
    """Of the samples, those that stay at full scale; resampling blurs it to a lower bound."""
    source_rate: int
    notes: tuple[Message, ...]


def judge(samples: NDArray[np.float32], source_rate: int = RATE, rate: int = RATE) -> ClipFacts:
    """Facts about a clip (n,) at ``rate`` that was recorded with ``source_rate`` samples per second."""
    seconds = len(samples) / rate
    low, high = (float(samples.min()), float(samples.max())) if len(samples) else (0.0, 0.0)
    peak = (high - low) / 2  # a microphone's constant offset is no sound
    clipped = _clipped_share(samples)
    notes = []
    if peak < 1e-6:
        notes.append(Message.of(SILENT))
    elif (level := 20 * float(np.log10(peak))) < _QUIET_DB:
        notes.append(Message.of(QUIET, level=round(level)))
    if clipped >= _CLIPPED_SHARE:
        notes.append(Message.of(CLIPPED, percent=f"{100 * clipped:.1f}"))
    if seconds < _SHORT_SECONDS:
        notes.append(Message.of(SHORT, milliseconds=max(1, round(1000 * seconds))))
    if source_rate < rate:
        notes.append(Message.of(LOW_RATE, rate=source_rate, limit=source_rate // 2))
    return ClipFacts(seconds, peak, clipped, source_rate, tuple(notes))


def _clipped_share(samples: NDArray[np.float32]) -> float:
    if len(samples) < _RUN:
        return 0.0
    full = np.abs(samples) >= _FULL_SCALE
    runs = full[:-2] & full[1:-1] & full[2:]
    inside = np.zeros(len(samples), bool)
    for shift in range(_RUN):
        inside[shift : shift + len(runs)] |= runs
    return float(inside.mean())
