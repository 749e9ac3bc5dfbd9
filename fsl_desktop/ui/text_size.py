"""The size of all text: larger and smaller by key, as in a browser."""

from __future__ import annotations

from dataclasses import replace

from fsl_desktop.core.settings import Settings

TEXT_SIZES = (0.9, 1.0, 1.15, 1.3, 1.5)


def nearest_size(scale: float) -> int:
    """The place in ``TEXT_SIZES`` that is nearest to a scale."""
    return min(range(len(TEXT_SIZES)), key=lambda place: abs(TEXT_SIZES[place] - scale))


def resized(settings: Settings, steps: int) -> Settings:
    """The settings with text so many steps larger, as far as it goes; 0: as it was at first."""
    place = TEXT_SIZES.index(1.0) if steps == 0 else nearest_size(settings.font_scale) + steps
    return replace(settings, font_scale=TEXT_SIZES[min(max(place, 0), len(TEXT_SIZES) - 1)])
