"""Is the model there? And fetching it, after the click that allows the network."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from fsl_desktop.core.events import Event, Progress
from fsl_desktop.core.message import Message
from fsl_desktop.ui.jobs import Jobs
from fsl_desktop.work.protocol import CheckModel, InstallModel, ModelStatus


class ModelSetup(QObject):
    """Asks the child about one model of the catalogue and has it installed."""

    checked = Signal(object)  # ModelStatus
    progress = Signal(object)  # Progress
    installed = Signal()
    failed = Signal(object, str)  # Message, details
    cancelled = Signal()

    def __init__(self, jobs: Jobs, model: str = "minilm", parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.model = model
        self.ready: bool | None = None
        self._ticket: int | None = None

    def use(self, model: str) -> None:
        """Be about this model from now on; what is known of the other one does not hold for it."""
        if model != self.model:
            self.model, self.ready = model, None

    def check(self) -> None:
        self._jobs.submit(CheckModel(self.model), done=self._on_checked)

    def install(self, path: str = "") -> None:
        """From the network, or from the file or folder ``path`` that the user picked."""
        if self._ticket is not None:
            return
        self._ticket = self._jobs.submit(
            InstallModel(self.model, path),
            done=self._on_installed,
            told=self._on_told,
            refused=self._on_refused,
            dropped=self._on_dropped,
        )

    def cancel(self) -> None:
        if self._ticket is not None:
            self._jobs.cancel(self._ticket)

    def _on_checked(self, status: ModelStatus) -> None:
        if status.model != self.model:
            return  # another project has been opened, or another model chosen
        self.ready = status.installed and status.problem is None
        self.checked.emit(status)

    def _on_told(self, event: Event) -> None:
        if isinstance(event, Progress):
            self.progress.emit(event)

    def _on_installed(self, status: ModelStatus) -> None:
        self._ticket = None
        self._on_checked(status)
        if self.ready:
            self.installed.emit()

    def _on_refused(self, message: Message, details: str) -> None:
        self._ticket = None
        self.failed.emit(message, details)

    def _on_dropped(self) -> None:
        self._ticket = None
        self.cancelled.emit()
