"""Sound devices for tests: a loudspeaker that is asked by hand, a microphone that is spoken into by hand."""

from __future__ import annotations

import numpy as np

from fsl_desktop.core.errors import UserError
from fsl_desktop.ui.sound.devices import Fill, InputDevice, Samples, Take


class HandStream:
    """An open device that does nothing by itself; ``alive`` is set to False to pull its plug."""

    latency = 0.0

    def __init__(self, rate: int) -> None:
        self.rate = rate
        self.alive = True
        self.closed = False

    def close(self) -> None:
        self.alive, self.closed = False, True


class HandDevices:
    """``pull`` is the loudspeaker asking, ``speak`` the microphone hearing; ``refuse`` is raised."""

    def __init__(self, rate: int = 16_000) -> None:
        self.rate = rate
        self.refuse: UserError | None = None
        self.outputs: list[HandStream] = []
        self.microphones: list[HandStream] = []
        self.fill: Fill | None = None
        self.take: Take | None = None

    def inputs(self) -> list[InputDevice]:
        if self.refuse is not None:
            raise self.refuse
        return [InputDevice("1", "Desk microphone", True), InputDevice("2", "Headset")]

    def open_output(self, fill: Fill) -> HandStream:
        if self.refuse is not None:
            raise self.refuse
        self.fill = fill
        self.outputs.append(HandStream(self.rate))
        return self.outputs[-1]

    def open_input(self, key: str | None, take: Take) -> HandStream:
        if self.refuse is not None:
            raise self.refuse
        self.take = take
        self.microphones.append(HandStream(self.rate))
        return self.microphones[-1]

    def pull(self, samples: int) -> Samples:
        """What comes out of the loudspeaker next."""
        assert self.fill is not None
        out = np.full(samples, np.nan, np.float32)
        self.fill(out)
        return out

    def speak(self, samples: Samples) -> None:
        assert self.take is not None
        self.take(samples.astype(np.float32))
