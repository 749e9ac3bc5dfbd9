"""Training runs of a project: starting, following, stopping, keeping."""

from __future__ import annotations

import contextlib
import json
from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from fsl_desktop.core import events
from fsl_desktop.core.config import TrainConfig
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import Event, RunSummary
from fsl_desktop.core.message import Message
from fsl_desktop.core.runs import RunRecord
from fsl_desktop.core.serial import from_plain
from fsl_desktop.ui.session import Session
from fsl_desktop.work.protocol import Train

# Events are read back by name; nothing else in the file is ever constructed.
_KINDS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        events.Started,
        events.Progress,
        events.StepEnd,
        events.EpochEnd,
        events.Evaluated,
        events.Finished,
        events.Cancelled,
        events.Failure,
    )
}
# A run of some thousand steps writes less than this.
_MAX_EVENT_FILE = 32 * 1024 * 1024


class Trainer(QObject):
    """One run at a time; its events go out as they come and are kept so that a page can draw them later."""

    started = Signal(str)
    event = Signal(str, object)
    ended = Signal(str)
    runs_changed = Signal()
    active_changed = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.running: str | None = None
        self.stopping = False
        self._ticket: int | None = None
        self._histories: dict[str, list[Event]] = {}
        self._unsaved: dict[str, RunRecord] = {}

    @property
    def active(self) -> str | None:
        """The run whose model answers, or ``None`` for the instant model."""
        run_id = self.session.project.meta("active_run")
        return run_id if run_id and any(run.id == run_id for run in self.runs()) else None

    def set_active(self, run_id: str | None) -> None:
        try:
            self.session.project.set_meta("active_run", run_id or "")
        except UserError as error:
            self.session.failed.emit(error.message, error.details)
        self.active_changed.emit()

    def runs(self) -> tuple[RunRecord, ...]:
        """Every run of the project, newest first."""
        known = {run.id: run for run in self.session.project.runs()}
        known |= {run_id: record for run_id, record in self._unsaved.items() if run_id in known}
        return tuple(sorted(known.values(), key=lambda run: run.id, reverse=True))

    def run(self, run_id: str) -> RunRecord | None:
        return next((run for run in self.runs() if run.id == run_id), None)

    def start(self, config: TrainConfig) -> str | None:
        """Begin a run on the labels as they are now; ``None`` where one is running or it cannot start."""
        if self.running is not None:
            return None
        project = self.session.project
        self._save_rest()
        try:
            run_id = project.new_run_id()
            created = datetime.now(UTC).isoformat(timespec="seconds")
            project.add_run(RunRecord(id=run_id, created=created, config=config, state="running"))
        except UserError as error:
            self.session.failed.emit(error.message, error.details)
            return None
        self.running = run_id
        self.stopping = False
        self._histories[run_id] = []
        self._ticket = self.session.jobs.submit(
            Train(str(project.folder), run_id, config),
            done=self._on_done,
            told=self._on_told,
            refused=self._on_refused,
            dropped=self._on_dropped,
        )
        self.started.emit(run_id)
        self.runs_changed.emit()
        return run_id

    def stop(self) -> None:
        """Ask the run to stop; what it has learnt so far is kept where it is usable."""
        if self._ticket is not None:
            self.stopping = True
            self.session.jobs.cancel(self._ticket)

    def remove(self, run_id: str) -> None:
        """Delete a run and its model."""
        if run_id == self.running:
            return
        was_active = self.active == run_id
        try:
            self.session.project.remove_run(run_id)
        except UserError as error:
            self.session.failed.emit(error.message, error.details)
            return
        self._histories.pop(run_id, None)
        self._unsaved.pop(run_id, None)
        self.runs_changed.emit()
        if was_active:
            self.set_active(None)

    def history(self, run_id: str) -> tuple[Event, ...]:
        """The run's events: as they came, or read back from its folder."""
        if run_id not in self._histories:
            self._histories[run_id] = self._read_events(run_id)
        return tuple(self._histories[run_id])

    def _save_rest(self) -> None:
        """Records that found a full disk."""
        for run_id, record in list(self._unsaved.items()):
            with contextlib.suppress(UserError):
                self.session.project.update_run(record)
                del self._unsaved[run_id]

    def close(self) -> None:
        self._save_rest()
        if self._ticket is not None:
            self.session.jobs.forget(self._ticket)
            self.session.jobs.cancel(self._ticket)
            self._ticket = None

    def _read_events(self, run_id: str) -> list[Event]:
        path = self.session.project.run_folder(run_id) / "events.jsonl"
        found: list[Event] = []
        try:
            if path.stat().st_size > _MAX_EVENT_FILE:
                return found
            lines = path.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return found
        for line in lines:
            try:
                plain = json.loads(line)
                kind = _KINDS[plain.pop("event")]
                found.append(from_plain(kind, plain))
            except (ValueError, KeyError, AttributeError, TypeError):
                continue  # a line cut off by a crash; the others still draw the curve
        return found

    def _on_told(self, event: Event) -> None:
        if self.running is None:
            return
        self._histories[self.running].append(event)
        self.event.emit(self.running, event)

    def _on_done(self, summary: RunSummary | None) -> None:
        if summary is None:
            self._end("cancelled", None, None)
        else:
            self._end("cancelled" if summary.cancelled else "finished", summary, None)

    def _on_refused(self, message: Message, details: str) -> None:
        run_id = self.running
        failure = events.Failure(message, details)
        if run_id is not None:
            self._histories[run_id].append(failure)
            self.event.emit(run_id, failure)
        self._end("failed", None, message)
        self.session.failed.emit(message, details)

    def _on_dropped(self) -> None:
        run_id = self.running
        if run_id is not None and not any(
            isinstance(event, events.Cancelled) for event in self._histories[run_id]
        ):
            self._on_told(events.Cancelled())
        self._end("cancelled", None, None)

    def _end(self, state: str, summary: RunSummary | None, message: Message | None) -> None:
        run_id, self.running, self._ticket, self.stopping = self.running, None, None, False
        if run_id is None:
            return
        record = self.run(run_id)
        if record is not None:
            record = replace(record, state=state, summary=summary, message=message)
            try:
                self.session.project.update_run(record)
            except UserError as error:
                # Shown as it is all the same; written when there is room, or found again at the opening.
                self._unsaved[run_id] = record
                self.session.failed.emit(error.message, error.details)
        if summary is not None:
            self.set_active(run_id)
        self.ended.emit(run_id)
        self.runs_changed.emit()
