"""Work beside the window: one thing at a time per lane, and only the newest that is asked for."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal

from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.source import Cancelled

log = logging.getLogger(__name__)

Give = Callable[[Any], None]
Work = Callable[[Give, Cancelled], None]
"""Runs in a thread; gives results, as many as it likes, and stops early where it is cancelled."""
FAULT = "This sound could not be shown. Try again; the log has the details."


class Lane(QObject):
    """``do`` replaces what waits and cancels what runs. Results are handed over on the lane's own thread,
    those of a replaced work too: a picture that comes late is better than none. ``clear`` drops them."""

    _arrived = Signal(int, object, object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._waiting: tuple[int, int, Work, Give, Give | None] | None = None
        self._turn = 0
        self._age = 0
        self._arrived.connect(self._hand_over, Qt.ConnectionType.QueuedConnection)

    def do(self, work: Work, done: Give, failed: Callable[[Message], None] | None = None) -> None:
        with self._lock:
            self._turn += 1
            self._waiting = (self._turn, self._age, work, done, failed)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
                self._thread.start()

    def clear(self) -> None:
        """Nothing of what was asked for is wanted any more."""
        with self._lock:
            self._turn += 1
            self._age += 1
            self._waiting = None

    def close(self) -> None:
        """``clear``, and wait a moment for what cannot be interrupted."""
        self.clear()
        thread = self._thread
        if thread is not None:
            thread.join(2.0)

    @property
    def busy(self) -> bool:
        return self._thread is not None

    def _run(self) -> None:
        while True:
            with self._lock:
                if self._waiting is None:
                    self._thread = None
                    return
                turn, age, work, done, failed = self._waiting
                self._waiting = None
            try:
                work(lambda value, d=done, a=age: self._tell(a, d, value), lambda t=turn: self._turn != t)
            except Stopped:
                continue
            except UserError as error:
                self._tell(age, failed, error.message)
            except Exception:
                log.exception("%s", self._name)
                self._tell(age, failed, Message.of(FAULT))

    def _tell(self, age: int, called: Give | None, value: Any) -> None:
        if called is None or age != self._age:
            return
        try:
            self._arrived.emit(age, called, value)
        except RuntimeError:  # the widget was closed meanwhile
            log.debug("nobody waits for %s any more", self._name)

    def _hand_over(self, age: int, called: Give, value: Any) -> None:
        if age == self._age:
            called(value)
