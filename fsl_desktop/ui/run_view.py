"""The run that is looked at: the one that learns now, or one of the history."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from fsl_desktop.core.events import Cancelled, Event, Failure, Finished, Phase, Progress, RunSummary, StepEnd
from fsl_desktop.core.message import Message
from fsl_desktop.ui.curve_data import RunCurves

if TYPE_CHECKING:
    from fsl_desktop.core.runs import RunRecord
    from fsl_desktop.ui.trainer import Trainer

# What part of the bar each phase ends at. Checking trains once per fold, so it is the longest.
_SHARES: dict[Phase, tuple[float, float]] = {
    Phase.READING: (0.0, 0.02),
    Phase.LOADING: (0.02, 0.06),
    Phase.ENCODING: (0.06, 0.12),
    Phase.FITTING: (0.12, 0.14),
    Phase.CHECKING: (0.14, 0.70),
    Phase.TUNING: (0.70, 0.94),
    Phase.SCORING: (0.94, 0.96),
    Phase.SAVING: (0.96, 1.0),
}


class RunView(QObject):
    """Follows one run of the trainer. A new run is followed from its start."""

    changed = Signal()
    """Another run, or its state has changed."""
    moved = Signal()
    """The run has told something new; may come many times a second."""

    def __init__(self, trainer: Trainer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.trainer = trainer
        self.run_id: str | None = None
        self.curves = RunCurves()
        self.now: Progress | StepEnd | None = None
        self.done_share = 0.0
        """How far the run is, 0..1; never goes back."""
        self.failure: Failure | None = None
        self.summary: RunSummary | None = None
        self._record: RunRecord | None = None
        trainer.started.connect(self.show_run)
        trainer.event.connect(self._on_event)
        trainer.ended.connect(self._on_ended)
        trainer.runs_changed.connect(self._on_runs_changed)

    @property
    def running(self) -> bool:
        return self.run_id is not None and self.trainer.running == self.run_id

    @property
    def record(self) -> RunRecord | None:
        """The run's record, as of the last change."""
        return self._record

    @property
    def state(self) -> str:
        """ "none", "running", "stopping", "finished", "cancelled", "failed" or "interrupted" """
        if self.running:
            return "stopping" if self.trainer.stopping else "running"
        return self._record.state if self._record is not None else "none"

    @property
    def message(self) -> Message | None:
        """Why the run failed."""
        if self.failure is not None:
            return self.failure.message
        return self._record.message if self._record is not None else None

    def show_run(self, run_id: str | None) -> None:
        """Look at this run from now on; its events so far are read again."""
        self.run_id = run_id
        self.curves = RunCurves()
        self.now, self.failure, self.summary, self.done_share = None, None, None, 0.0
        self._find()
        if run_id is not None:
            for event in self.trainer.history(run_id):
                self._take(event)
        if self._record is not None and self._record.summary is not None:
            self.summary = self._record.summary
        # Its last event may have been lost with a crash.
        self.curves.over = self.curves.over or (run_id is not None and not self.running)
        self.changed.emit()

    def show_newest(self) -> None:
        """Look at the run that learns now, else at the newest of the history."""
        runs = self.trainer.runs()
        self.show_run(self.trainer.running or (runs[0].id if runs else None))

    def _find(self) -> None:
        self._record = next((run for run in self.trainer.runs() if run.id == self.run_id), None)

    def _take(self, event: Event) -> None:
        self.curves.add(event)
        if isinstance(event, (Progress, StepEnd)):
            self.now = event
            self.done_share = max(self.done_share, _share(event))
        elif isinstance(event, Failure):
            self.failure = event
        elif isinstance(event, (Finished, Cancelled)):
            self.summary = event.summary

    def _on_event(self, run_id: str, event: Event) -> None:
        if run_id == self.run_id:
            self._take(event)
            self.moved.emit()

    def _on_ended(self, run_id: str) -> None:
        if run_id == self.run_id:
            self.curves.over = True
            self._find()
            if self._record is not None and self._record.summary is not None:
                self.summary = self._record.summary
            self.changed.emit()

    def _on_runs_changed(self) -> None:
        self._find()
        if self.run_id is not None and self._record is None:
            self.show_newest()
        else:
            self.changed.emit()


def _share(event: Progress | StepEnd) -> float:
    first, last = _SHARES.get(event.phase, (0.0, 0.0))
    if isinstance(event, StepEnd):
        part = event.step / event.steps if event.steps else 1.0
    else:
        part = event.done / event.total if event.total else 0.0
    return first + (last - first) * min(max(part, 0.0), 1.0)
