"""A model listens to a long recording: asked for, followed as it goes, and stopped."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from fsl_desktop.core.audio.scanning import LookingThrough, ScanPart, ScanStarted
from fsl_desktop.core.audio.track import Track
from fsl_desktop.core.events import Event, Progress
from fsl_desktop.core.message import Message
from fsl_desktop.ui import speech
from fsl_desktop.ui.session import Session
from fsl_desktop.work.protocol import Scanned, ScanRecording


class LongScan(QObject):
    """One scan at a time; what was answered stays with the child, so a scan that is stopped can go on."""

    progressed = Signal(str, int, int)
    """(words, done, total); total 0 where it is not known."""
    grew = Signal(object)
    """(Track) what was answered so far."""
    finished = Signal(object)  # Scanned
    failed = Signal(object, str)  # Message, details
    stopped = Signal()
    changed = Signal()
    """``running`` is another now."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._ticket: int | None = None
        self._request: ScanRecording | None = None
        self._started: ScanStarted | None = None
        self._parts: list[ScanPart] = []

    @property
    def running(self) -> bool:
        return self._ticket is not None

    def start(self, path: str, model: str, window: float, hop: float) -> None:
        """In the place of what runs."""
        self.close()
        self._request = ScanRecording(str(self._session.project.folder), path, model, window, hop)
        self._ticket = self._session.jobs.submit(
            self._request,
            done=self._on_done,
            told=self._on_told,
            refused=self._on_refused,
            dropped=self._on_dropped,
        )
        self.changed.emit()
        self.progressed.emit(self.tr("The model gets ready…"), 0, 0)

    def cancel(self) -> None:
        """Ask it to stop; ``stopped`` follows, and what was answered until then stays."""
        if self._ticket is not None:
            self.progressed.emit(self.tr("Stopping…"), 0, 0)
            self._session.jobs.cancel(self._ticket)

    def close(self) -> None:
        """Stop what runs, without a word."""
        if self._ticket is not None:
            self._session.jobs.forget(self._ticket)
            self._session.jobs.cancel(self._ticket)
            self._end()

    def _on_told(self, event: Event) -> None:
        if isinstance(event, LookingThrough):
            words = self.tr("Looking through the recording…")
            self.progressed.emit(words, round(1000 * event.share), 1000)
        elif isinstance(event, ScanStarted):
            self._started = event
        elif isinstance(event, ScanPart) and self._started is not None:
            self._parts.append(event)
            words = self.tr("Listening, {done} of {total} windows").format(
                done=f"{event.done:,}", total=f"{event.total:,}"
            )
            left = speech.time_left(event.seconds_left)
            self.progressed.emit(f"{words}, {left}" if left else words, event.done, event.total)
            self.grew.emit(self._track())
        elif isinstance(event, Progress):
            self.progressed.emit(speech.progress_words(event), event.done, event.total)

    def _track(self) -> Track:
        """What there is, in order of time; parts come in order, but for those that were known before."""
        assert self._started is not None
        assert self._request is not None
        places = np.concatenate([part.places for part in self._parts])
        said = np.concatenate([part.probabilities for part in self._parts])
        self._parts = [ScanPart(places, said, self._parts[-1].done, self._parts[-1].total)]
        order = np.argsort(places, kind="stable")
        return Track(
            self._started.class_names,
            self._request.hop,
            self._request.window,
            self._started.seconds,
            places[order],
            said[order],
        )

    def _on_done(self, result: Scanned) -> None:
        self._end()
        self.finished.emit(result)

    def _on_refused(self, message: Message, details: str) -> None:
        self._end()
        self.failed.emit(message, details)

    def _on_dropped(self) -> None:
        self._end()
        self.stopped.emit()

    def _end(self) -> None:
        self._ticket, self._started, self._parts = None, None, []
        self.changed.emit()
