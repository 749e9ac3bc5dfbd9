"""A runner without a child process: tests say what comes back, and when."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from fsl_desktop.core.events import Event
from fsl_desktop.core.message import Message
from fsl_desktop.work.protocol import Request


class FakeRunner(QObject):
    told = Signal(int, object)
    replied = Signal(int, object)
    refused = Signal(int, object, str)
    dropped = Signal(int)
    state_changed = Signal(object)
    said = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.requests: list[tuple[int, Request]] = []
        self.cancelled: list[int] = []
        self.closed = False
        self.ready = None

    def start(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True

    def submit(self, request: Request) -> int:
        ticket = len(self.requests) + 1
        self.requests.append((ticket, request))
        return ticket

    def cancel(self, ticket: int) -> None:
        self.cancelled.append(ticket)

    def reply(self, ticket: int, result: object) -> None:
        self.replied.emit(ticket, result)

    def tell(self, ticket: int, event: Event) -> None:
        self.told.emit(ticket, event)

    def refuse(self, ticket: int, message: Message, details: str = "") -> None:
        self.refused.emit(ticket, message, details)

    def drop(self, ticket: int) -> None:
        self.dropped.emit(ticket)

    def die(self) -> None:
        """The child died: open requests are refused with the sentence that the real runner has."""
        message = Message.of("Training stopped because the model's process ended. Start it again.")
        self.said.emit(message)

    def last(self, kind: type[Request]) -> tuple[int, Request]:
        """The newest request of a kind, with its ticket."""
        return next((t, r) for t, r in reversed(self.requests) if isinstance(r, kind))
