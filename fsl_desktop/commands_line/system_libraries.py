"""Libraries of the Linux system that Qt and sound need and that no Python package brings.

``python -m fsl_desktop.commands_line.system_libraries`` prints the Debian packages that are missing;
with ``--tests``, those of the programs that only the test in a real window needs.
"""

from __future__ import annotations

import ctypes
import shutil
import sys

WINDOW = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
    "libdbus-1.so.3": "libdbus-1-3",
    "libfontconfig.so.1": "libfontconfig1",
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-image.so.0": "libxcb-image0",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-randr.so.0": "libxcb-randr0",
    "libxcb-render-util.so.0": "libxcb-render-util0",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxcb-xinerama.so.0": "libxcb-xinerama0",
}
SOUND = {"libportaudio.so.2": "libportaudio2"}

# Programs, not libraries; nobody but the tests uses them.
TEST_PROGRAMS = {"Xvfb": "xvfb", "xdotool": "xdotool"}


def missing(libraries: dict[str, str]) -> list[str]:
    """Debian packages of those that cannot be loaded; on other systems Qt brings everything itself."""
    if not sys.platform.startswith("linux"):
        return []
    return [package for name, package in libraries.items() if not _loads(name)]


def missing_programs(programs: dict[str, str]) -> list[str]:
    """Debian packages of the programs that are not on the path."""
    if not sys.platform.startswith("linux"):
        return []
    return [package for name, package in programs.items() if shutil.which(name) is None]


def install_line(packages: list[str]) -> str:
    """The one line to run on Debian and Ubuntu."""
    return "sudo apt-get install -y --no-install-recommends " + " ".join(packages)


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    print(" ".join(missing_programs(TEST_PROGRAMS) if "--tests" in sys.argv else missing(WINDOW)))
