"""How a person likes to see and hear clips: kept by whoever owns the view."""

from __future__ import annotations

from dataclasses import dataclass, field

from fsl_desktop.ui.sound.spectrum_picture import Look

GAINS = (-12.0, -6.0, 0.0, 6.0, 12.0, 18.0, 24.0)
BRIGHTER = (-20.0, -10.0, 0.0, 10.0, 20.0)
TOPS = (1_000, 2_000, 4_000, 8_000)


@dataclass(frozen=True, slots=True)
class ViewSettings:
    speed: float = 1.0
    gain: float = 0.0
    """Decibels, for the ear and for the waveform."""
    loop: bool = False
    play_when_shown: bool = False
    look: Look = field(default_factory=Look)
