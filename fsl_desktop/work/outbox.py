"""Everything the child says leaves through here: one thread writes, in order, and not too often."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

from fsl_desktop.core.events import Event, Progress
from fsl_desktop.core.message import Message
from fsl_desktop.work.protocol import FromChild, Refused, Reply, Told

log = logging.getLogger(__name__)

# So that reading one batch never takes the window long.
MAX_BATCH = 500


class Outbox:
    """Gathers messages and hands them to ``send`` as tuples, in the order they were said.

    Events wait up to ``interval`` seconds for company; everything else leaves at once and takes the
    waiting events along. Of several waiting ``Progress`` of a ticket only the newest is kept; no
    other event is ever lost.
    """

    def __init__(self, send: Callable[[tuple[FromChild, ...]], None], interval: float = 0.05) -> None:
        self._send = send
        self._interval = interval
        self._changed = threading.Condition()
        self._waiting: list[FromChild | None] = []
        self._progress: dict[int, int] = {}
        self._urgent = False
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="outbox", daemon=True)
        self._thread.start()

    def tell(self, ticket: int, event: Event) -> None:
        """Say an event of a job; returns at once."""
        with self._changed:
            if isinstance(event, Progress):
                older = self._progress.get(ticket)
                if older is not None:
                    self._waiting[older] = None
                self._progress[ticket] = len(self._waiting)
            self._waiting.append(Told(ticket, event))
            self._changed.notify()

    def post(self, message: FromChild) -> None:
        """Say something that does not wait."""
        with self._changed:
            self._waiting.append(message)
            self._urgent = True
            self._changed.notify()

    def close(self, timeout: float) -> None:
        """Send what is waiting, then stop; gives up after ``timeout`` seconds."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        self._thread.join(timeout)

    def _run(self) -> None:
        last = -self._interval
        while True:
            with self._changed:
                while not self._waiting and not self._closed:
                    self._changed.wait()
                if not self._waiting:
                    return
                while not self._urgent and not self._closed:
                    left = last + self._interval - time.monotonic()
                    if left <= 0:
                        break
                    self._changed.wait(left)
                batch = [message for message in self._waiting if message is not None]
                self._waiting, self._progress, self._urgent = [], {}, False
            last = time.monotonic()
            try:
                for start in range(0, len(batch), MAX_BATCH):
                    self._write(tuple(batch[start : start + MAX_BATCH]))
            except OSError:
                return  # the window is gone; the thread that reads notices too

    def _write(self, batch: tuple[FromChild, ...]) -> None:
        try:
            self._send(batch)
        except OSError:
            raise
        except Exception:
            # Nothing was written: pickling comes first. Find the message that cannot be sent.
            log.exception("a message could not be sent")
            if len(batch) > 1:
                for message in batch:
                    self._write((message,))
            elif isinstance(batch[0], Reply):
                sentence = Message.of("The result could not be handed over. Please try again.")
                self._send((Refused(batch[0].ticket, sentence),))
