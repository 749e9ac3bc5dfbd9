"""What is known about a recording before it is decoded."""

from __future__ import annotations

from dataclasses import dataclass

from fsl_desktop.core.message import Message

RATE = 16_000
"""Samples per second of everything that models hear and windows draw."""
HEARD_SECONDS = 5.0
"""What models hear of a clip; longer recordings are cut into windows before."""


@dataclass(frozen=True, slots=True)
class SoundInfo:
    """A recording as it lies on the disk; ``frames`` counts its own samples per channel."""

    seconds: float
    rate: int
    """Samples per second in the file."""
    channels: int
    format: str
    """WAV, FLAC, MP3 ...; the name of the container for what ffmpeg reads."""
    subtype: str
    """PCM_16, FLOAT, VORBIS ...; the name of the codec for what ffmpeg reads."""
    bits: int
    """Of one sample; 0 where samples are not stored one by one (MP3, Vorbis, Opus)."""
    frames: int
    decoder: str = "soundfile"
    """Or ``ffmpeg``."""
    notes: tuple[Message, ...] = ()
    """What the user should know although the sound can be read."""
