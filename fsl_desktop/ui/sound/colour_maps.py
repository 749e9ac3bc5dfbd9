"""From quiet to loud in colours: all rise in lightness all the way, so that they read in grey as well."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray


class ColourMap(StrEnum):
    VIRIDIS = "viridis"
    MAGMA = "magma"
    INK = "ink"
    """Black on white, as on paper."""


_STOPS = {
    # Every ninth part of the maps of the same names by Smith and van der Walt (2015).
    ColourMap.VIRIDIS: "440154 482878 3E4989 31688E 26828E 1F9E89 35B779 6DCD59 B4DE2C FDE725",
    ColourMap.MAGMA: "000004 180F3D 440F76 721F81 9E2F7F CD4071 F1605D FD9668 FECA8D FCFDBF",
    ColourMap.INK: "FFFFFF E4E7EB C3C8CF A0A7B1 7D8592 5C6572 424A56 2C333D 1A1F27 05070A",
}


@lru_cache(maxsize=8)
def table(colours: ColourMap) -> NDArray[np.uint32]:
    """256 opaque colours (0xAARRGGBB) from quiet to loud."""
    stops = np.array([[int(stop[i : i + 2], 16) for i in (0, 2, 4)] for stop in _STOPS[colours].split()])
    places = np.linspace(0, len(stops) - 1, 256)
    red, green, blue = (np.interp(places, np.arange(len(stops)), stops[:, k]).round() for k in range(3))
    packed = 0xFF000000 + red.astype(np.int64) * 65536 + green.astype(np.int64) * 256 + blue.astype(np.int64)
    return packed.astype(np.uint32)


def ground(colours: ColourMap) -> str:
    """The colour of silence."""
    return f"#{int(table(colours)[0]) & 0xFFFFFF:06X}"
