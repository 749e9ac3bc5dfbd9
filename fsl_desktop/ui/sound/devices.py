"""The seam to loudspeakers and microphones: what a player and a recorder need of them."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
Fill = Callable[[Samples], None]
"""Puts the next samples of one channel (n,) into the array it is given; called on the device's thread."""
Take = Callable[[Samples], None]
"""Is given the next samples of one channel (n,), which are its own; called on the device's thread."""

MICROPHONE_VARIABLE = "FSL_DESKTOP_MICROPHONE"
"""Names a sound file that is heard in the place of a microphone; loudspeakers are then silent. For tests of
the whole program on computers that have neither."""


@dataclass(frozen=True, slots=True)
class InputDevice:
    key: str
    """What ``open_input`` is given; stays the same while the device is plugged in."""
    name: str
    is_default: bool = False


class Stream(Protocol):
    """An open loudspeaker or microphone."""

    @property
    def rate(self) -> int:
        """Samples per second."""

    @property
    def latency(self) -> float:
        """Seconds between a sample in the program and in the air."""

    @property
    def alive(self) -> bool:
        """False once the device has been unplugged or has failed."""

    def close(self) -> None:
        """Stop and give the device back; nothing is called after that. May take some 100 ms."""


class Devices(Protocol):
    """Every method may take some 100 ms, so none is called on the window's own thread. All raise
    :class:`UserError` with the fix where there is no such device or no library for it."""

    def inputs(self) -> list[InputDevice]:
        """Microphones there are now, at least one, the default first."""

    def open_output(self, fill: Fill) -> Stream:
        """Start the default loudspeaker."""

    def open_input(self, key: str | None, take: Take) -> Stream:
        """Start a microphone; ``None`` is the default one."""


def devices_here() -> Devices:
    """Those of this computer, or a file in their place (see ``MICROPHONE_VARIABLE``)."""
    from fsl_desktop.ui.sound.file_devices import FileDevices
    from fsl_desktop.ui.sound.port_audio import PortAudioDevices

    named = os.environ.get(MICROPHONE_VARIABLE, "")
    return FileDevices(Path(named)) if named else PortAudioDevices()
