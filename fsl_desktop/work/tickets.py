"""The requests that have not ended yet, and when each must have stopped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fsl_desktop.work.protocol import Ask, Request, Suggest


@dataclass(slots=True)
class OpenTicket:
    ticket: int
    request: Request
    cancelled_at: float | None = None
    """Monotonic seconds."""
    repeated: bool = False
    """It died with one child already."""


class Tickets:
    """Open tickets in the order they were given out."""

    def __init__(self) -> None:
        self._open: dict[int, OpenTicket] = {}
        self._last = 0

    def add(self, request: Request) -> int:
        self._last += 1
        self._open[self._last] = OpenTicket(self._last, request)
        return self._last

    def get(self, ticket: int) -> OpenTicket | None:
        return self._open.get(ticket)

    def end(self, ticket: int) -> bool:
        """Forget a ticket; False if it had ended before."""
        return self._open.pop(ticket, None) is not None

    def __iter__(self) -> Iterator[OpenTicket]:
        return iter(list(self._open.values()))

    def __len__(self) -> int:
        return len(self._open)

    @property
    def someone_waits(self) -> bool:
        """A person is waiting for an answer or for suggestions."""
        return any(isinstance(entry.request, Ask | Suggest) for entry in self._open.values())

    @property
    def first_cancel(self) -> float | None:
        """When the longest waiting of the cancelled tickets was cancelled."""
        times = [e.cancelled_at for e in self._open.values() if e.cancelled_at is not None]
        return min(times, default=None)

    def repeat(self, entry: OpenTicket) -> bool:
        """Whether a ticket may go to the next child as well: once."""
        repeatable, entry.repeated = not entry.repeated, True
        return repeatable
