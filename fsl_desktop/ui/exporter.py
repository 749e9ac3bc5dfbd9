"""Taking results away: the table or a model, written by the child."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from fsl_desktop.core.events import Event, Progress
from fsl_desktop.core.message import Message
from fsl_desktop.ui.suggester import Suggester
from fsl_desktop.work.protocol import Exported, ExportModel, ExportTable, Request


class Exporter(QObject):
    """One export at a time, with progress and cancel."""

    started = Signal(str)  # "table" or "model"
    progress = Signal(object)  # Progress
    done = Signal(str)  # path
    failed = Signal(object, str)  # Message, details
    cancelled = Signal()

    def __init__(self, suggester: Suggester, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._suggester = suggester
        self._ticket: int | None = None

    def export_table(self, path: str, kind: str) -> None:
        """Write every row with its label and, where there are classes, what the model says."""
        session = self._suggester.session
        folder = str(session.project.folder)
        predictions = bool(session.classes)
        self._start("table", ExportTable(folder, path, self._suggester.model, predictions))

    def export_model(self, path: str, run_id: str) -> None:
        """Copy the model of a run ("" for the instant one) into a new folder."""
        session = self._suggester.session
        folder = str(session.project.folder)
        # The instant model is the base model with a head, whatever the suggestions come from now.
        self._start("model", ExportModel(folder, path, run_id or None))

    def cancel(self) -> None:
        if self._ticket is not None:
            self._suggester.session.jobs.cancel(self._ticket)

    def close(self) -> None:
        if self._ticket is not None:
            self._suggester.session.jobs.forget(self._ticket)
            self.cancel()
            self._ticket = None

    def _start(self, kind: str, request: Request) -> None:
        if self._ticket is not None:
            return
        self.started.emit(kind)
        self._ticket = self._suggester.session.jobs.submit(
            request,
            done=self._on_done,
            told=self._on_told,
            refused=self._on_refused,
            dropped=self._on_dropped,
        )

    def _on_told(self, event: Event) -> None:
        if isinstance(event, Progress):
            self.progress.emit(event)

    def _on_done(self, result: Exported) -> None:
        self._ticket = None
        self.done.emit(result.path)

    def _on_refused(self, message: Message, details: str) -> None:
        self._ticket = None
        self.failed.emit(message, details)

    def _on_dropped(self) -> None:
        self._ticket = None
        self.cancelled.emit()
