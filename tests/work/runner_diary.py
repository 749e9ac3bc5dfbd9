"""What a runner said, in order, and waiting for it."""

from __future__ import annotations

from typing import Any

from fsl_desktop.core.events import Event
from fsl_desktop.core.message import Message
from fsl_desktop.work.runner import Runner, RunnerState

PATIENCE_MS = 20_000


class Diary:
    def __init__(self, runner: Runner, qtbot: Any) -> None:
        self._runner = runner
        self._qtbot = qtbot
        self.events: dict[int, list[Event]] = {}
        self.ends: dict[int, tuple[str, Any]] = {}
        """By ticket, in the order in which they ended."""
        self.details: dict[int, str] = {}
        self.states: list[RunnerState] = []
        self.said: list[Message] = []
        runner.told.connect(lambda ticket, event: self.events.setdefault(ticket, []).append(event))
        runner.replied.connect(lambda ticket, result: self._end(ticket, "replied", result))
        runner.refused.connect(self._refused)
        runner.dropped.connect(lambda ticket: self._end(ticket, "dropped", None))
        runner.state_changed.connect(self.states.append)
        runner.said.connect(self.said.append)

    def end(self, ticket: int) -> tuple[str, Any]:
        """Wait until the ticket has ended: how, and its result or Message."""
        self._qtbot.waitUntil(lambda: ticket in self.ends, timeout=PATIENCE_MS)
        return self.ends[ticket]

    def begun(self, ticket: int) -> None:
        """Wait until the ticket has told something."""
        self._qtbot.waitUntil(lambda: ticket in self.events, timeout=PATIENCE_MS)

    def becomes(self, state: RunnerState, after: RunnerState | None = None) -> None:
        """Wait until ``state`` was entered (again, once ``after`` had been)."""

        def entered() -> bool:
            start = self.states.index(after) if after in self.states else len(self.states)
            return state in self.states[start if after is not None else 0 :]

        self._qtbot.waitUntil(entered, timeout=PATIENCE_MS)

    def _refused(self, ticket: int, message: Message, details: str) -> None:
        self.details[ticket] = details
        self._end(ticket, "refused", message)

    def _end(self, ticket: int, how: str, what: Any) -> None:
        assert ticket not in self.ends, "a ticket ends once"
        self.ends[ticket] = (how, what)
