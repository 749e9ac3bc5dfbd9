"""Requests to the child process, each with the callables that take what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal, SignalInstance

from fsl_desktop.core.events import Event
from fsl_desktop.core.message import Message
from fsl_desktop.work.protocol import Request


class RunnerLike(Protocol):
    """What the window needs of a runner; ``work.runner.Runner`` is the real one."""

    told: SignalInstance
    replied: SignalInstance
    refused: SignalInstance
    dropped: SignalInstance
    said: SignalInstance
    state_changed: SignalInstance

    def submit(self, request: Request) -> int: ...
    def cancel(self, ticket: int) -> None: ...


@dataclass(slots=True)
class _Job:
    done: Callable[[Any], None] | None
    told: Callable[[Event], None] | None
    refused: Callable[[Message, str], None] | None
    dropped: Callable[[], None] | None


class Jobs(QObject):
    """Sends requests and brings each answer to the callables given with it.

    A callable never runs inside ``submit``; a failure that nobody takes goes out as ``failed``.
    """

    failed = Signal(object, str)  # Message, details

    def __init__(self, runner: RunnerLike, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.runner = runner
        self._jobs: dict[int, _Job] = {}
        runner.told.connect(self._on_told)
        runner.replied.connect(self._on_replied)
        runner.refused.connect(self._on_refused)
        runner.dropped.connect(self._on_dropped)

    def submit(
        self,
        request: Request,
        *,
        done: Callable[[Any], None] | None = None,
        told: Callable[[Event], None] | None = None,
        refused: Callable[[Message, str], None] | None = None,
        dropped: Callable[[], None] | None = None,
    ) -> int:
        """Send ``request``; exactly one of ``done``, ``refused`` and ``dropped`` ends it."""
        ticket = self.runner.submit(request)
        self._jobs[ticket] = _Job(done, told, refused, dropped)
        return ticket

    def cancel(self, ticket: int) -> None:
        self.runner.cancel(ticket)

    def forget(self, ticket: int) -> None:
        """Let the job run on, but bring nothing of it any more (its asker is gone)."""
        if ticket in self._jobs:
            self._jobs[ticket] = _Job(None, None, lambda *_: None, None)

    @property
    def open_tickets(self) -> tuple[int, ...]:
        return tuple(self._jobs)

    def _on_told(self, ticket: int, event: Event) -> None:
        job = self._jobs.get(ticket)
        if job and job.told:
            job.told(event)

    def _on_replied(self, ticket: int, result: object) -> None:
        job = self._jobs.pop(ticket, None)
        if job and job.done:
            job.done(result)

    def _on_refused(self, ticket: int, message: Message, details: str) -> None:
        job = self._jobs.pop(ticket, None)
        if job is None:
            return
        if job.refused:
            job.refused(message, details)
        else:
            self.failed.emit(message, details)

    def _on_dropped(self, ticket: int) -> None:
        job = self._jobs.pop(ticket, None)
        if job and job.dropped:
            job.dropped()
