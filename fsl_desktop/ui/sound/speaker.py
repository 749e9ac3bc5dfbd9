"""A thread that keeps a loudspeaker supplied, so that neither decoding nor a slow device stops the window."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.message import Message
from fsl_desktop.ui.sound.devices import Devices, Samples, Stream
from fsl_desktop.ui.sound.pieces import Request, pieces

log = logging.getLogger(__name__)

_AHEAD = 0.4
"""Seconds that are decoded before they are due."""
_IDLE = 3.0
"""Seconds after the last sound until the device is given back; the next row usually comes before."""
_DEAF = 1.0
"""A device that asks for nothing for so long has been unplugged."""
LOST = "The loudspeaker was unplugged or has stopped. Connect it, then press Play again."
FAULT = "The sound could not be played. Try again; the log has the details."


@dataclass(frozen=True, slots=True)
class Heard:
    """What comes out of the loudspeaker just now."""

    place: float
    """Seconds in the file."""
    playing: bool
    starting: bool = False
    """Asked for, and not to be heard yet."""
    failure: Message | None = None


class Speaker:
    """``ask`` and ``heard`` return at once and may be called from any thread."""

    def __init__(self, devices: Devices) -> None:
        self._devices = devices
        self._lock = threading.Condition()
        self._thread: threading.Thread | None = None
        self._stream: Stream | None = None
        self._closing = False
        self._gain = 1.0
        self._turn = 0
        """Counts requests: what was made for an older one is thrown away."""
        self._request: Request | None = None
        self._blocks: deque[tuple[float, float, Samples]] = deque()
        self._all_given = False
        self._anchor: tuple[float, float] | None = None
        """(place in the file, monotonic time) of the first sample of the newest block that was taken."""
        self._reached = 0.0
        self._asked_at = 0.0
        self._failure: Message | None = None

    def ask(self, request: Request | None) -> None:
        """Play this instead of what is played; ``None`` is silence."""
        with self._lock:
            self._turn += 1
            self._request, self._failure = request, None
            self._blocks.clear()
            self._all_given, self._anchor = False, None
            if request is not None and not self._closing and self._thread is None:
                self._thread = threading.Thread(target=self._run, name="loudspeaker", daemon=True)
                self._thread.start()
            self._lock.notify_all()

    def set_gain(self, factor: float) -> None:
        self._gain = factor

    def heard(self) -> Heard:
        with self._lock:
            request = self._request
            if request is None:
                return Heard(0.0, False, failure=self._failure)
            if self._anchor is None:
                return Heard(request.start, True, starting=True)
            place, since = self._anchor
            late = self._stream.latency if self._stream is not None else 0.0
            now = place + (time.monotonic() - since - late) * request.speed
            if self._all_given and not self._blocks and now >= self._reached:
                self._request = None
                return Heard(self._reached, False)
            return Heard(min(max(now, request.first if request.loop else request.start), self._reached), True)

    def close(self) -> None:
        """Silence, and the device given back; waits for a moment."""
        with self._lock:
            self._closing = True
            self._turn += 1
            self._request = None
            self._blocks.clear()
            self._lock.notify_all()
            thread = self._thread
        if thread is not None:
            thread.join(2.0)

    def fill(self, out: Samples) -> None:
        """What the device calls for its next samples (n,)."""
        with self._lock:
            filled = 0
            if self._blocks:
                self._anchor = (self._blocks[0][0], time.monotonic())
            while filled < len(out) and self._blocks:
                place, step, samples = self._blocks[0]
                take = min(len(samples), len(out) - filled)
                out[filled : filled + take] = samples[:take]
                filled += take
                self._reached = place + take * step
                if take == len(samples):
                    self._blocks.popleft()
                else:
                    self._blocks[0] = (self._reached, step, samples[take:])
            self._asked_at = time.monotonic()
            self._lock.notify_all()
        out[filled:] = 0
        if filled:
            np.clip(out * np.float32(self._gain), -1.0, 1.0, out=out)

    def _run(self) -> None:
        while True:
            while (waiting := self._wait()) is not None:
                self._try(*waiting)
            self._release()
            with self._lock:
                # Asked for while the device was given back? Then this thread goes on.
                if self._closing or self._request is None or self._all_given:
                    self._thread = None
                    return

    def _try(self, turn: int, request: Request) -> None:
        try:
            self._serve(turn, request)
        except Stopped:
            pass
        except UserError as error:
            self._fail(turn, error.message)
        except Exception:
            log.exception("playing %s", request.path)
            self._fail(turn, Message.of(FAULT))

    def _wait(self) -> tuple[int, Request] | None:
        """The next request that is not served yet; ``None`` when the thread is no longer needed."""
        with self._lock:
            served = self._turn if self._all_given else -1
            until = time.monotonic() + _IDLE
            while not self._closing:
                if self._request is not None and self._turn != served:
                    return self._turn, self._request
                if self._request is not None:
                    until = time.monotonic() + _IDLE  # its end is still to be heard
                if time.monotonic() >= until:
                    break
                self._lock.wait(0.25)
            return None

    def _serve(self, turn: int, request: Request) -> None:
        stream = self._opened()
        for piece in pieces(request, stream.rate, lambda: self._turn != turn):
            self._put(turn, piece, stream)
        with self._lock:
            if self._turn == turn:
                self._all_given = True

    def _opened(self) -> Stream:
        if self._stream is not None and not self._stream.alive:
            self._release()
        if self._stream is None:
            self._stream = self._devices.open_output(self.fill)
            self._asked_at = time.monotonic()
        return self._stream

    def _put(self, turn: int, piece: tuple[float, float, Samples], stream: Stream) -> None:
        def room() -> bool:
            return sum(len(block[2]) for block in self._blocks) < _AHEAD * stream.rate

        with self._lock:
            self._wait_for(room, turn, stream)
            self._blocks.append(piece)

    def _wait_for(self, ready: Callable[[], bool], turn: int, stream: Stream) -> None:
        """With the lock held. Raises ``Stopped`` for a newer request, :class:`UserError` without a device."""
        while True:
            if self._turn != turn or self._closing:
                raise Stopped
            if ready():
                return
            self._lock.wait(0.25)
            if not stream.alive or time.monotonic() - self._asked_at > _DEAF + stream.latency:
                raise UserError(LOST)

    def _fail(self, turn: int, message: Message) -> None:
        with self._lock:
            if self._turn == turn:
                self._turn += 1
                self._request, self._failure = None, message
                self._blocks.clear()
        self._release()

    def _release(self) -> None:
        stream, self._stream = self._stream, None
        if stream is not None:
            with suppress(Exception):  # a device that is gone may say so again
                stream.close()
