"""The window's fonts: Inter, which is shipped, and the system's own for every other script."""

from __future__ import annotations

import logging
from functools import cache

from PySide6.QtGui import QFont, QFontDatabase

from fsl_desktop.core.paths import resources_dir

log = logging.getLogger("fsl_desktop")

FAMILY = "Inter"
#: The two weights of the window: 400 and 600.
FILES = ("Inter-Regular.otf", "Inter-SemiBold.otf")

# What a bare Linux offers when its own default is the very wide DejaVu Sans.
_BETTER_THAN_DEJAVU = ("Noto Sans", "Ubuntu", "Cantarell", "Open Sans", "Liberation Sans")
_DEJAVU = {"DejaVu Sans", "Sans Serif", "Bitstream Vera Sans"}


@cache
def load_fonts() -> bool:
    """Make Inter known to Qt, once a process; False where it cannot be read, and the system's font stays.

    Needs a running application.
    """
    folder = resources_dir() / "fonts"
    numbers = [QFontDatabase.addApplicationFont(str(folder / name)) for name in FILES]
    if -1 in numbers:
        log.warning("Inter could not be loaded from %s", folder)
    return -1 not in numbers


def window_font(px: int, *, bold: bool = False) -> QFont:
    """Inter in ``px`` pixels, 600 where ``bold``; what Inter lacks is taken from the system's font."""
    load_fonts()
    system = QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont)
    families = [FAMILY]
    if system.family() in _DEJAVU:
        installed = set(QFontDatabase.families())
        families += [name for name in _BETTER_THAN_DEJAVU if name in installed][:1]
    font = QFont(system)
    font.setFamilies([*families, system.family()])
    font.setPixelSize(px)
    # Digits of one width: percentages stand under each other, and a number that counts does not shake.
    font.setFeature(QFont.Tag("tnum"), 1)
    if bold:
        font.setWeight(QFont.Weight.DemiBold)
    return font
