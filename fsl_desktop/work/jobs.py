"""What a handler of the child is given, and what a module of handlers offers."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from fsl_desktop.core.errors import Stopped
from fsl_desktop.core.events import Event
from fsl_desktop.work.protocol import Ready, Request, Result


class Teller(Protocol):
    """Where the events of a job go."""

    def tell(self, ticket: int, event: Event) -> None: ...


class Job:
    """One request on its way through the child."""

    def __init__(self, ticket: int, request: Request, teller: Teller) -> None:
        self.ticket = ticket
        self.request = request
        self._teller = teller
        self._stop = threading.Event()

    def tell(self, event: Event) -> None:
        """Send an event to the window; cheap, and never waits for the pipe."""
        self._teller.tell(self.ticket, event)

    def cancel(self) -> None:
        self._stop.set()

    def cancelled(self) -> bool:
        return self._stop.is_set()

    def check(self) -> None:
        """Raise :class:`Stopped` if the window asked this job to stop."""
        if self._stop.is_set():
            raise Stopped


# Each handler takes the one request type it is listed under; the table cannot say that.
Handler = Callable[[Any, Job], Result]


@dataclass(frozen=True, slots=True)
class Handlers:
    """What ``build()`` of a handler module returns.

    ``prepare`` imports what is needed to say ``Ready``, and ``warm`` what makes the first answers quick;
    they run one after the other in a thread of their own. Requests in ``after_prepare`` wait for both,
    all others are served at once.
    """

    table: Mapping[type[Request], Handler]
    prepare: Callable[[], Ready]
    after_prepare: frozenset[type[Request]] = field(default_factory=frozenset)
    warm: Callable[[], None] = lambda: None


@dataclass(frozen=True, slots=True)
class ChildOptions:
    """What the window tells a new child; strings only, because they cross into another process."""

    handlers: str = "fsl_desktop.work.handlers"
    """A module with ``build() -> Handlers``; tests bring their own."""
    log_folder: str = ""
    """Where ``child.log`` goes; "" is the log folder of the application."""
