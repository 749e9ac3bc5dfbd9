"""How a person likes to see and hear clips: kept by whoever owns the view."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from fsl_desktop.core.audio.spectrogram import Scale
from fsl_desktop.ui.sound.colour_maps import ColourMap
from fsl_desktop.ui.sound.player import SPEEDS
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

    def plain(self) -> dict[str, str | float | bool]:
        """As words and numbers, for the settings of the program."""
        look = asdict(self.look)
        kept = {f.name: getattr(self, f.name) for f in fields(self) if f.name != "look"} | look
        return {name: str(value) if name in _WORDS else value for name, value in kept.items()}

    @classmethod
    def from_plain(cls, plain: Mapping[str, object]) -> ViewSettings:
        """What :meth:`plain` gave. Never raises: a value that is not offered counts as not chosen."""
        good: dict[str, Any] = {}
        for name, choices in _CHOICES.items():
            value = plain.get(name)
            known = [
                choice
                for choice in choices
                if choice == value and isinstance(value, bool) == (choices == _YES)
            ]
            if known:
                good[name] = known[0]
        look = Look(**{name: good.pop(name) for name in tuple(good) if name in _LOOK})
        return cls(look=look, **good)


_YES = (False, True)
_WORDS = ("scale", "colours")
_LOOK = tuple(f.name for f in fields(Look))
_CHOICES: dict[str, tuple[Any, ...]] = {
    "speed": SPEEDS,
    "gain": GAINS,
    "loop": _YES,
    "play_when_shown": _YES,
    "scale": tuple(Scale),
    "colours": tuple(ColourMap),
    "top_hertz": TOPS,
    "brighter": BRIGHTER,
}
