"""The window's way to the child process: requests out, answers in, and a new child when one dies."""

from __future__ import annotations

import logging
import time
import weakref
from collections.abc import Callable
from enum import StrEnum

from PySide6.QtCore import QObject, QTimer, Signal

from fsl_desktop.core.message import Message
from fsl_desktop.work import sentences
from fsl_desktop.work.failures import explain
from fsl_desktop.work.grace import Grace
from fsl_desktop.work.jobs import ChildOptions
from fsl_desktop.work.leftovers import sweep
from fsl_desktop.work.process import ChildProcess
from fsl_desktop.work.protocol import (
    LANES,
    Ask,
    Cancel,
    Dropped,
    FromChild,
    Lane,
    Ready,
    Refused,
    Reply,
    Request,
    Suggest,
    Told,
)
from fsl_desktop.work.tickets import Tickets

log = logging.getLogger(__name__)

# How long one round of reading may keep the window.
BUDGET_SECONDS = 0.008
FAST_POLL_MS = 10
MAX_FAILED_STARTS = 3


class RunnerState(StrEnum):
    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    STOPPED = "stopped"


class Runner(QObject):
    """Owns the child process. Every signal is emitted from the event loop, never inside a call.

    A ticket ends with exactly one of ``replied``, ``refused`` and ``dropped``. Requests may be
    submitted before the child is ready; they wait. When the child dies, ``said`` has one sentence,
    open questions go to the next child once, everything else is refused.
    """

    told = Signal(int, object)  # ticket, Event
    replied = Signal(int, object)  # ticket, Result
    refused = Signal(int, object, str)  # ticket, Message, details
    dropped = Signal(int)
    state_changed = Signal(object)  # RunnerState
    said = Signal(object)  # Message

    def __init__(
        self,
        parent: QObject | None = None,
        *,
        poll_ms: int = 50,
        options: ChildOptions | None = None,
        grace: Grace | None = None,
    ) -> None:
        super().__init__(parent)
        self.state = RunnerState.STARTING
        self.ready: Ready | None = None
        self._poll_ms = poll_ms
        self._options = options or ChildOptions()
        self._grace = grace or Grace()
        self._tickets = Tickets()
        self._child: ChildProcess | None = None
        self._started_at = 0.0
        self._ready_at = 0.0
        self._start_at: float | None = None
        self._failed_starts: list[float] = []
        self._cause: Message | None = None
        self._ended_by_us = False
        self._closed = False
        self._finalizer: weakref.finalize[[], Runner] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(poll_ms)
        self._timer.timeout.connect(self._tick)

    @property
    def pid(self) -> int | None:
        """Process id of the child, ``None`` between two children."""
        return self._child.pid if self._child is not None else None

    def start(self) -> None:
        """Start the child, also after ``STOPPED``; returns at once, ``READY`` follows."""
        if self._closed or self._child is not None or self._start_at is not None:
            return
        self._failed_starts.clear()
        self._start_at = time.monotonic()
        self._timer.start()
        self._later(self._tick)
        if self.state is RunnerState.STOPPED:
            self._later(lambda: self._enter(RunnerState.STARTING))

    def submit(self, request: Request) -> int:
        """Send a request; the ticket that its answers will carry."""
        ticket = self._tickets.add(request)
        if self.state is RunnerState.STOPPED:
            message = sentences.not_startable(MAX_FAILED_STARTS, self._cause)
            self._later(lambda: self._refuse(ticket, message))
        elif self._child is not None:
            self._child.send(ticket, request)
        self._set_pace()
        return ticket

    def cancel(self, ticket: int) -> None:
        """Ask a job to stop; what does not listen is ended by force and the child started again."""
        entry = self._tickets.get(ticket)
        if entry is None or entry.cancelled_at is not None:
            return
        entry.cancelled_at = time.monotonic()
        if self._child is not None:
            self._child.send(0, Cancel(ticket))
        else:
            self._later(lambda: self._drop(ticket))  # no child has it

    def close(self) -> None:
        """End the child, within about 2 s; no signal follows and nothing is left running."""
        self._closed = True
        self._timer.stop()
        self._start_at = None
        child, self._child = self._child, None
        if child is not None:
            child.close(self._grace.close)
            for entry in self._tickets:
                sweep(entry.request)
        self._forget_finalizer()

    def _tick(self) -> None:
        now = time.monotonic()
        if self._start_at is not None and now >= self._start_at:
            self._spawn()
        self._receive(now + BUDGET_SECONDS)
        child = self._child
        if child is None:
            return
        if child.ended and not child.inbox:
            # Its pipe is closed, so it is dead or useless; wait here for neither.
            if child.exit_code is None:
                child.kill()
            else:
                self._bury(child)
        elif child.exit_code is None:
            self._check_patience(child, now)
        self._set_pace()

    def _spawn(self) -> None:
        self._start_at = None
        self._started_at = time.monotonic()
        self._ended_by_us = False
        try:
            child = ChildProcess(self._options)
        except (OSError, MemoryError, RuntimeError) as error:
            self._cause, details = explain(error)
            log.error("the child could not be started: %s", details)
            self._failed_start()
            return
        self._child = child
        self._finalizer = weakref.finalize(self, child.close, self._grace.close)
        for entry in self._tickets:
            child.send(entry.ticket, entry.request)
            if entry.cancelled_at is not None:
                child.send(0, Cancel(entry.ticket))

    def _receive(self, until: float) -> None:
        # Slots may close the runner or open a dialog whose loop comes back here: look anew each time.
        while (child := self._child) is not None and child.inbox and time.monotonic() < until:
            message = child.inbox.popleft()
            if not child.stale(message):
                self._dispatch(message)

    def _dispatch(self, message: FromChild) -> None:
        match message:
            case Ready():
                self.ready = message
                self._ready_at = time.monotonic()
                self._failed_starts.clear()
                self._cause = None
                self._enter(RunnerState.READY)
            case Told(ticket, event):
                if self._tickets.get(ticket) is not None:
                    self.told.emit(ticket, event)
            case Reply(ticket, result):
                if self._tickets.end(ticket):
                    self.replied.emit(ticket, result)
            case Refused(0, sentence, _):
                self._cause = sentence
            case Refused(ticket, sentence, details):
                self._refuse(ticket, sentence, details)
            case Dropped(ticket):
                self._drop(ticket)

    def _check_patience(self, child: ChildProcess, now: float) -> None:
        if self.state is not RunnerState.READY:
            # While torch is being imported nothing can be expected to listen.
            if now - self._started_at > self._grace.start:
                child.kill()
            return
        asked = self._tickets.first_cancel
        if asked is None:
            return
        waited = now - max(asked, self._ready_at)
        if waited > self._grace.kill:
            child.kill()
        elif waited > self._grace.terminate:
            child.terminate()
        else:
            return
        self._ended_by_us = True

    def _bury(self, child: ChildProcess) -> None:
        """The child has died: say so, end or keep its tickets, and have the next one started."""
        log.warning("the child ended with exit code %s", child.exit_code)
        stuck, was_ready = self._ended_by_us, self.state is RunnerState.READY
        self._child = None
        self._forget_finalizer()
        child.close(0.0)
        if not was_ready:
            self._failed_start()
            return
        entries = list(self._tickets)
        for entry in entries:
            sweep(entry.request)
        busy = [entry.request for entry in entries if entry.cancelled_at is None]
        self._start_at = time.monotonic()
        self._enter(RunnerState.RESTARTING)
        self.said.emit(sentences.STUCK if stuck else sentences.died(busy))
        for entry in entries:
            if entry.cancelled_at is not None:
                self._drop(entry.ticket)
            elif not (isinstance(entry.request, Ask | Suggest) and self._tickets.repeat(entry)):
                self._refuse(entry.ticket, sentences.refused(entry.request, stuck))

    def _failed_start(self) -> None:
        now = time.monotonic()
        self._failed_starts = [t for t in self._failed_starts if now - t < self._grace.window] + [now]
        if len(self._failed_starts) < MAX_FAILED_STARTS:
            self._start_at = now + self._grace.retry
            self._enter(RunnerState.RESTARTING)
            for entry in self._tickets:
                # Files are read before the child is ready, so one of them may be what kills it.
                if LANES.get(type(entry.request)) is Lane.FILES and not self._tickets.repeat(entry):
                    self._refuse(entry.ticket, sentences.refused(entry.request, stuck=False))
            return
        message = sentences.not_startable(len(self._failed_starts), self._cause)
        self._timer.stop()
        self._enter(RunnerState.STOPPED)
        self.said.emit(message)
        for entry in self._tickets:
            self._refuse(entry.ticket, message)

    def _enter(self, state: RunnerState) -> None:
        if state is not self.state and not self._closed:
            self.state = state
            if state is not RunnerState.READY:
                self.ready = None
            self.state_changed.emit(state)

    def _refuse(self, ticket: int, message: Message, details: str = "") -> None:
        if self._tickets.end(ticket) and not self._closed:
            self.refused.emit(ticket, message, details)

    def _drop(self, ticket: int) -> None:
        if self._tickets.end(ticket) and not self._closed:
            self.dropped.emit(ticket)

    def _set_pace(self) -> None:
        hurry = self._tickets.someone_waits or (self._child is not None and len(self._child.inbox) > 0)
        pace = min(FAST_POLL_MS, self._poll_ms) if hurry else self._poll_ms
        if self._timer.interval() != pace:
            self._timer.setInterval(pace)

    def _forget_finalizer(self) -> None:
        if self._finalizer is not None:
            self._finalizer.detach()
            self._finalizer = None

    def _later(self, action: Callable[[], None]) -> None:
        QTimer.singleShot(0, self, action)
