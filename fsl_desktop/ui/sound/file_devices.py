"""A microphone that hears a file and a loudspeaker that is silent, both in step with the clock."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from fsl_desktop.core.audio.sound import probe, stream
from fsl_desktop.core.errors import UserError
from fsl_desktop.ui.sound.devices import Fill, InputDevice, Samples, Take

_BLOCK = 0.02
"""Seconds that a real device asks for at a time, about."""
_SILENT_RATE = 16_000


class ClockStream:
    """Calls ``step`` with a number of samples once per block until it is closed or ``step`` says no."""

    latency = 0.0

    def __init__(self, rate: int, step: Callable[[int], bool], pace: float) -> None:
        self.rate = rate
        self._step, self._pace = step, pace
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sound clock", daemon=True)
        self._thread.start()

    @property
    def alive(self) -> bool:
        return self._thread.is_alive()

    def close(self) -> None:
        self._ending.set()
        if threading.current_thread() is not self._thread:
            self._thread.join(2.0)

    def _run(self) -> None:
        length = max(1, round(_BLOCK * self.rate))
        due = time.monotonic()
        while not self._ending.is_set() and self._step(length):
            due += _BLOCK / self._pace
            self._ending.wait(max(0.0, due - time.monotonic()))


class FileDevices:
    """``microphone`` is heard once, then silence; ``pace`` 2 is twice as fast as the clock."""

    def __init__(self, microphone: Path | None = None, *, pace: float = 1.0) -> None:
        self._microphone, self._pace = microphone, pace

    def inputs(self) -> list[InputDevice]:
        if self._microphone is None:
            raise UserError("No microphone was found. Connect one, then try again.")
        return [InputDevice("file", self._microphone.name, True)]

    def open_output(self, fill: Fill) -> ClockStream:
        def step(length: int) -> bool:
            fill(np.zeros(length, np.float32))
            return True

        return ClockStream(_SILENT_RATE, step, self._pace)

    def open_input(self, key: str | None, take: Take) -> ClockStream:
        if self._microphone is None:
            raise UserError("No microphone was found. Connect one, then try again.")
        rate = probe(self._microphone).rate
        blocks = stream(self._microphone, rate=rate, block_seconds=_BLOCK)

        def step(length: int) -> bool:
            block: Samples | None = next(blocks, None)
            take(np.zeros(length, np.float32) if block is None else block.astype(np.float32))
            return True

        return ClockStream(rate, step, self._pace)
