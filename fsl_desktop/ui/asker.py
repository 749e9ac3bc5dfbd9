"""Questions about texts that change while one types: one outstanding, and only the newest asked next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from fsl_desktop.core.answers import Answer
from fsl_desktop.core.message import Message

if TYPE_CHECKING:
    from fsl_desktop.ui.suggester import Suggester


@dataclass(frozen=True, slots=True)
class Inquiry:
    """Some texts, and which model is to answer; ``skip_row`` is the row that a text itself is."""

    texts: tuple[str, ...]
    model: str
    explain: bool = False
    skip_row: int | None = None


class Asker(QObject):
    """``answered`` comes at most once per inquiry, and never for texts that were overtaken."""

    answered = Signal(object, object)  # Inquiry, tuple[Answer, ...]
    failed = Signal(object, str)  # Message, details
    waiting = Signal()
    """An answer takes longer than people notice."""

    def __init__(
        self, suggester: Suggester, delay_ms: int = 60, slow_ms: int = 600, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._suggester = suggester
        self._wanted: Inquiry | None = None
        self._asked: Inquiry | None = None
        self._timer = QTimer(self, singleShot=True, interval=delay_ms)
        self._timer.timeout.connect(self._send)
        self._slow = QTimer(self, singleShot=True, interval=slow_ms)
        self._slow.timeout.connect(self.waiting)

    def ask(self, inquiry: Inquiry) -> None:
        """Ask this soon, unless something newer comes before."""
        self._wanted = inquiry
        self._timer.start()

    def forget(self) -> None:
        """Nothing is wanted any more; an answer on its way is not told."""
        self._wanted = None
        self._timer.stop()
        self._slow.stop()
        if self._asked is not None:
            # Still outstanding, but no longer anybody's.
            self._asked = Inquiry((), self._asked.model)

    def _send(self) -> None:
        if self._wanted is None or self._asked is not None:
            return
        asked = self._asked = self._wanted
        self._wanted = None
        self._slow.start()
        self._suggester.ask(
            asked.texts,
            self._on_done,
            explain=asked.explain,
            skip_row=asked.skip_row,
            refused=self._on_refused,
            dropped=self._on_dropped,
            model=asked.model,
        )

    def _on_done(self, answers: tuple[Answer, ...]) -> None:
        asked = self._end()
        # An older text's answer would flicker; the same text asked again (for its words) would not.
        fresh = self._wanted is None or asked is None or self._wanted.texts == asked.texts
        if asked is not None and asked.texts and len(answers) == len(asked.texts) and fresh:
            self.answered.emit(asked, tuple(answers))
        self._send_next()

    def _on_refused(self, message: Message, details: str) -> None:
        asked = self._end()
        if asked is not None and asked.texts:
            self.failed.emit(message, details)
        self._send_next()

    def _on_dropped(self) -> None:
        self._end()
        self._send_next()

    def _end(self) -> Inquiry | None:
        asked, self._asked = self._asked, None
        self._slow.stop()
        return asked

    def _send_next(self) -> None:
        if self._wanted is not None and not self._timer.isActive():
            self._send()
