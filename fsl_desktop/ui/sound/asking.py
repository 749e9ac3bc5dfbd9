"""Questions about one recording: at once, why so a little later, and again and again while it is made."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from fsl_desktop.core.answers import Answer
from fsl_desktop.core.message import Message
from fsl_desktop.work.protocol import Part

if TYPE_CHECKING:
    from fsl_desktop.ui.suggester import Suggester

LIVE_MS = 250
LIVE_SECONDS = 3.0
"""Of a take that goes on the end is asked about: all of a long one would take too long."""
_LEAST_SECONDS = 0.2
WHY_AFTER_MS = 300
"""Whoever goes through a list of files quickly need not have it all explained."""


class SoundAsker(QObject):
    """``answered`` and ``refused`` are about the part that was asked about last; what was overtaken is not
    told. ``heard`` is the answer to what has been recorded so far, in a take that goes on."""

    answered = Signal(object)  # Answer
    explained = Signal(object)  # Answer
    refused = Signal(object, str)  # Message, details
    heard = Signal(object)  # Answer

    def __init__(
        self, suggester: Suggester, model: Callable[[], str | None], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._suggester, self._model = suggester, model
        self._turn = 0
        self._part: Part | None = None
        self._listening = False
        """A question about a take is on its way."""
        self._since = QElapsedTimer()
        self._why = QTimer(self)
        self._why.setSingleShot(True)
        self._why.setInterval(WHY_AFTER_MS)
        self._why.timeout.connect(self._ask_why)

    def ask(self, part: Part) -> None:
        self.forget()
        self._part = part
        turn = self._turn
        self._suggester.ask_sound(
            part,
            lambda answers: self._on_answers(turn, answers),
            refused=lambda message, details: self._on_refused(turn, message, details),
            model=self._model(),
        )

    def listen(self, take: Path, seconds: float) -> None:
        """``seconds`` of a take are there; asks where the last answer came and was long enough ago."""
        if self._listening or seconds < _LEAST_SECONDS:
            return
        if self._since.isValid() and self._since.elapsed() < LIVE_MS:
            return
        if self._part is not None:
            self.forget()
        self._since.start()
        self._listening = True
        turn = self._turn
        self._suggester.ask_sound(
            Part(str(take), max(0.0, seconds - LIVE_SECONDS), seconds),
            lambda answers: self._on_heard(turn, answers),
            # A take that breaks off says so itself.
            refused=lambda message, details: self._on_heard(turn, ()),
            dropped=lambda: self._on_heard(turn, ()),
            model=self._model(),
        )

    def forget(self) -> None:
        """Nothing that was asked is wanted any more."""
        self._turn += 1
        self._part = None
        self._listening = False
        self._why.stop()

    def _on_answers(self, turn: int, answers: tuple[Answer, ...]) -> None:
        if turn == self._turn and answers:
            self.answered.emit(answers[0])
            self._why.start()

    def _on_refused(self, turn: int, message: Message, details: str) -> None:
        if turn == self._turn:
            self.refused.emit(message, details)

    def _on_heard(self, turn: int, answers: tuple[Answer, ...]) -> None:
        if turn != self._turn:
            return
        self._listening = False
        if answers:
            self.heard.emit(answers[0])

    def _ask_why(self) -> None:
        part, turn = self._part, self._turn
        if part is None:
            return

        def told(answers: tuple[Answer, ...]) -> None:
            if turn == self._turn and answers:
                self.explained.emit(answers[0])

        # Without the parts that decided the answer stands all the same.
        self._suggester.ask_sound(
            part, told, refused=lambda message, details: None, model=self._model(), explain=True
        )
