"""An export that the child writes: one at a time, with progress and cancel."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from fsl_desktop.core.events import Event, Progress
from fsl_desktop.core.message import Message
from fsl_desktop.ui.session import Session
from fsl_desktop.work.protocol import Exported, Request


class ExportJob(QObject):
    started = Signal(str)  # what is written: "table", "model" or "labels"
    progress = Signal(object)  # Progress
    done = Signal(str, object)  # path, what the format could not hold: tuple[Message, ...]
    failed = Signal(object, str)  # Message, details
    cancelled = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = session.jobs
        self._ticket: int | None = None

    @property
    def running(self) -> bool:
        return self._ticket is not None

    def start(self, what: str, request: Request) -> None:
        """Nothing happens while another one is written."""
        if self.running:
            return
        self.started.emit(what)
        self._ticket = self._jobs.submit(
            request,
            done=self._on_done,
            told=self._on_told,
            refused=self._on_refused,
            dropped=self._on_dropped,
        )

    def cancel(self) -> None:
        if self._ticket is not None:
            self._jobs.cancel(self._ticket)

    def close(self) -> None:
        """Cancel, and hear no more of it."""
        if self._ticket is not None:
            self._jobs.forget(self._ticket)
            self.cancel()
            self._ticket = None

    def _on_told(self, event: Event) -> None:
        if isinstance(event, Progress):
            self.progress.emit(event)

    def _on_done(self, result: Exported) -> None:
        self._ticket = None
        self.done.emit(result.path, result.notes)

    def _on_refused(self, message: Message, details: str) -> None:
        self._ticket = None
        self.failed.emit(message, details)

    def _on_dropped(self) -> None:
        self._ticket = None
        self.cancelled.emit()
