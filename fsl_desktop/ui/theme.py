"""Every colour of the window, in one place, and the holder that tells widgets when they change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from PySide6.QtCore import QObject, Signal

#: Keys of the Label page that are not labels: S skips, U is unsure, Z undoes.
RESERVED_KEYS = "RSUZ"
_LETTERS = "".join(chr(code) for code in range(ord("A"), ord("Z") + 1) if chr(code) not in RESERVED_KEYS)


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as ``#RRGGBB``. ``class_colours`` repeat past their end; the mark tells the classes apart."""

    name: str
    window: str
    surface: str
    raised: str
    line: str
    text: str
    muted: str
    accent: str
    accent_tint: str
    on_accent: str
    good: str
    warning: str
    danger: str
    class_colours: tuple[str, ...]

    @property
    def is_dark(self) -> bool:
        return luminance(self.window) < luminance(self.text)


LIGHT = Theme(
    name="light",
    window="#F4F6F8",
    surface="#FFFFFF",
    raised="#FAFBFC",
    line="#E2E6EB",
    text="#1A1F27",
    muted="#626C7A",
    accent="#3355D1",
    accent_tint="#E8EDFD",
    on_accent="#FFFFFF",
    good="#1B7F45",
    warning="#9A5800",
    danger="#C0322B",
    # Okabe and Ito (2008), with a darker yellow that shows on white.
    class_colours=("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#B8860B", "#56B4E9"),
)

DARK = Theme(
    name="dark",
    window="#12151A",
    surface="#1A1E25",
    raised="#20252D",
    line="#2D343F",
    text="#E8EBF0",
    muted="#98A2B1",
    accent="#8FA5FF",
    accent_tint="#262F4D",
    on_accent="#12151A",
    good="#5CCB8B",
    warning="#F0B35A",
    danger="#FF8A80",
    class_colours=("#6CB8E8", "#F28E4B", "#4CC9A0", "#E3A0C6", "#E0C050", "#9AD4F5"),
)


def theme_for(setting: str, system_dark: bool) -> Theme:
    """The theme of a setting ("system", "light" or "dark"); anything else follows the system."""
    if setting == "light":
        return LIGHT
    if setting == "dark":
        return DARK
    return DARK if system_dark else LIGHT


def class_colour(theme: Theme, position: int) -> str:
    """The colour of the class at a position (0 and up)."""
    return theme.class_colours[position % len(theme.class_colours)]


def class_key(position: int) -> str:
    """The key that labels with the class at a position: 1 to 9, then letters; "" where no key is left."""
    if position < 0:
        return ""
    if position < 9:
        return str(position + 1)
    return _LETTERS[position - 9] if position - 9 < len(_LETTERS) else ""


def class_mark(position: int) -> str:
    """What stands in a chip's square: the key, and past the keys the class's number."""
    return class_key(position) or str(position + 1)


def position_of_key(key: str) -> int | None:
    """The class position that a key stands for, or None."""
    if len(key) != 1:
        return None
    if key in "123456789":
        return int(key) - 1
    found = _LETTERS.find(key.upper())
    return 9 + found if found >= 0 else None


@lru_cache(maxsize=256)
def mark_colours(theme: Theme, colour: str) -> tuple[str, str]:
    """Fill and ink of a chip's square, at 4.5:1 or better.

    The ink is the same for all colours of a theme (white on light, near black on dark) because mixed inks
    look like a state; a colour is darkened a little for it, and only the palest gets the other ink.
    """
    ink = "#0E1116" if theme.is_dark else "#FFFFFF"
    if contrast(colour, ink) < 2.6:
        return colour, "#0E1116" if luminance(colour) > 0.18 else "#FFFFFF"
    return distinct(colour, ink, 4.5), ink


@lru_cache(maxsize=256)
def distinct(colour: str, ground: str, ratio: float) -> str:
    """The colour, moved away from ``ground`` just so far that they contrast by ``ratio``."""
    toward = "#000000" if luminance(ground) > 0.18 else "#FFFFFF"
    moved, step = colour, 0.0
    while contrast(moved, ground) < ratio and step < 1.0:
        step += 0.02
        moved = blend(colour, toward, step)
    return moved


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


@lru_cache(maxsize=1024)
def blend(a: str, b: str, t: float) -> str:
    """The colour at share ``t`` (0..1) of the way from ``a`` to ``b``."""
    mixed = (round(x + (y - x) * t) for x, y in zip(_channels(a), _channels(b), strict=True))
    return "#" + "".join(f"{value:02X}" for value in mixed)


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2.1, 0 (black) to 1 (white)."""
    linear = [
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (channel / 255 for channel in _channels(colour))
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(a: str, b: str) -> float:
    """Contrast ratio after WCAG 2.1: 1 (none) to 21 (black on white)."""
    lighter, darker = sorted((luminance(a), luminance(b)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


class ThemeHolder(QObject):
    """The theme that is on; widgets that paint themselves listen to ``changed``."""

    changed = Signal(object)

    def __init__(self, theme: Theme = LIGHT, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._theme = theme

    @property
    def theme(self) -> Theme:
        return self._theme

    def set(self, theme: Theme) -> None:
        if theme != self._theme:
            self._theme = theme
            self.changed.emit(theme)
