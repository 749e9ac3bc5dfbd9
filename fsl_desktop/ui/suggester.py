"""The instant model's suggestions, kept in step with the labels."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from fsl_desktop.core.answers import Answer, EarlySuggestions, Suggestions
from fsl_desktop.core.commands import Change
from fsl_desktop.core.config import TrainConfig
from fsl_desktop.core.events import Event, Phase, Progress, Score
from fsl_desktop.core.label_sets import LabelSets
from fsl_desktop.core.labels import FIRST_SET, UNLABELLED
from fsl_desktop.core.message import Message
from fsl_desktop.core.runs import MODEL_UNUSABLE
from fsl_desktop.ui.session import Session
from fsl_desktop.work.protocol import Ask, AskSounds, Part, Suggest

# Several labels set in one breath ask once.
DEBOUNCE_MS = 25
INSTANT = TrainConfig().model
"""What answers where no run does: a head on this model's embeddings."""


class Suggester(QObject):
    """Holds, per table position, the likeliest class, how sure the model is, and what to label next."""

    updated = Signal()
    progress = Signal(object)  # Progress | None
    refused = Signal()
    """The model could not answer; why was told."""
    run_lost = Signal()
    """The model of the run that answered cannot be read any more; the instant model takes its place."""

    def __init__(self, session: Session, model: str = INSTANT, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.model = self.instant = model
        self.score: Score | None = None
        self.note: Message | None = None
        self.revision = -1
        self.enabled = True
        self.use_class_names = True
        self.use_unlabelled = True
        self.class_ids: NDArray[np.int32] = np.zeros(0, np.int32)
        self.confidence: NDArray[np.float32] = np.zeros(0, np.float32)
        self.usefulness: NDArray[np.float32] = np.zeros(0, np.float32)
        self.doubt: NDArray[np.float32] = np.zeros(0, np.float32)
        """1 - the margin between the two likeliest classes, 0..1."""
        self.unknown: NDArray[np.float32] = np.zeros(0, np.float32)
        """How little each row fits any class, 0..1; 0 where nobody can tell."""
        self.long: frozenset[int] = frozenset()
        """Table positions of rows that are longer than the model reads at once."""
        self.sets = LabelSets()
        """What ``class_ids`` from ``FIRST_SET`` on stand for; not the project's numbers."""
        self._ticket: int | None = None
        self._asks: set[int] = set()
        """Questions that may still be answered."""
        self._asked = ""
        self._lost: set[str] = set()
        self._again = False
        self._closed = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(DEBOUNCE_MS)
        self._timer.timeout.connect(self._send)
        session.changed.connect(self._on_changed)
        session.loaded.connect(self._on_loaded)

    @property
    def busy(self) -> bool:
        return self._ticket is not None

    def refresh(self) -> None:
        """Ask for new suggestions soon; asking again before they come costs nothing."""
        if not self._closed and self.enabled:
            self._timer.start()

    def use(self, *, class_names: bool, unlabelled: bool) -> None:
        """What takes part beside the labels; suggestions follow."""
        if (class_names, unlabelled) != (self.use_class_names, self.use_unlabelled):
            self.use_class_names, self.use_unlabelled = class_names, unlabelled
            self.refresh()

    def set_model(self, model: str) -> None:
        """A model of the catalogue, a model folder, or ``run:<run id>``; suggestions follow."""
        if model in self._lost:
            model = self.instant
        if model != self.model:
            self.model = model
            self.refresh()

    def set_instant(self, model: str) -> None:
        """The model on whose embeddings a head answers where no run does."""
        was, self.instant = self.instant, model
        if self.model == was:
            self.set_model(model)

    def ask(
        self,
        texts: tuple[str, ...],
        done: Callable[[tuple[Answer, ...]], None],
        *,
        explain: bool = False,
        skip_row: int | None = None,
        refused: Callable[[Message, str], None] | None = None,
        dropped: Callable[[], None] | None = None,
        model: str | None = None,
    ) -> int:
        """What does the model say to these texts? ``done`` gets one answer per text."""
        folder = str(self.session.project.folder)
        request: Ask | AskSounds = Ask(folder, texts, model or self.model, explain, skip_row)
        if self.session.of_sounds:
            # A row is asked about by its number: its text is but the name of a recording.
            rows = () if skip_row is None else (skip_row,)
            request = AskSounds(folder, row_ids=rows, model=model or self.model)
        ticket = self.session.jobs.submit(request, done=done, refused=refused, dropped=dropped)
        self._asks = {*self._asks.intersection(self.session.jobs.open_tickets), ticket}
        return ticket

    def ask_sound(
        self,
        part: Part,
        done: Callable[[tuple[Answer, ...]], None],
        *,
        refused: Callable[[Message, str], None] | None = None,
        dropped: Callable[[], None] | None = None,
        model: str | None = None,
        explain: bool = False,
    ) -> int:
        """What does the model say to this recording? ``done`` gets one answer."""
        folder = str(self.session.project.folder)
        request = AskSounds(folder, (part,), model=model or self.model, explain=explain)
        ticket = self.session.jobs.submit(request, done=done, refused=refused, dropped=dropped)
        self._asks = {*self._asks.intersection(self.session.jobs.open_tickets), ticket}
        return ticket

    def close(self) -> None:
        self._closed = True
        self._timer.stop()
        for ticket in self._asks:
            # Whoever asked goes with the project; the answer would come to nobody.
            self.session.jobs.forget(ticket)
        if self._ticket is not None:
            self.session.jobs.forget(self._ticket)
            self.session.jobs.cancel(self._ticket)
            self._ticket = None

    def _on_changed(self, change: Change) -> None:
        if change.kind != "project" and not self.session.loading:
            self.refresh()

    def _on_loaded(self) -> None:
        # While rows are read the arrays are shorter than the table, and whoever looks into them knows.
        self._grow(len(self.session.table))
        self.refresh()

    def _grow(self, n: int) -> None:
        missing = n - len(self.class_ids)
        if missing > 0:
            self.class_ids = np.concatenate([self.class_ids, np.zeros(missing, np.int32)])
            self.confidence = np.concatenate([self.confidence, np.zeros(missing, np.float32)])
            self.usefulness = np.concatenate([self.usefulness, np.zeros(missing, np.float32)])
            self.doubt = np.concatenate([self.doubt, np.zeros(missing, np.float32)])
            self.unknown = np.concatenate([self.unknown, np.zeros(missing, np.float32)])

    def _send(self) -> None:
        if self._closed or not self.session.classes or not len(self.session.table):
            self._clear()
            return
        if self._ticket is not None:
            self._again = True
            return
        self._again = False
        project = self.session.project
        self._asked = self.model
        self._ticket = self.session.jobs.submit(
            Suggest(
                str(project.folder),
                project.revision,
                self.model,
                self.use_class_names,
                self.use_unlabelled,
            ),
            done=self._on_done,
            told=self._on_told,
            refused=self._on_refused,
            dropped=self._on_dropped,
        )
        if self.revision < 0:
            # The first answer waits for the model to be loaded, which takes some seconds.
            self.progress.emit(Progress(Phase.LOADING, 0, 0))

    def _clear(self) -> None:
        self.class_ids[:] = 0
        self.confidence[:] = 0
        self.unknown[:] = 0
        self.score = None
        self.updated.emit()

    def _on_told(self, event: Event) -> None:
        if isinstance(event, Progress):
            self.progress.emit(event)
        elif isinstance(event, EarlySuggestions):
            self._take(event.suggestions)

    def _on_done(self, result: Suggestions) -> None:
        self._ended()
        self._take(result)

    def _take(self, result: Suggestions) -> None:
        if self._closed:
            return
        self._grow(len(self.session.table))
        ids = self.session.table.ids
        self.sets = LabelSets()
        for place, members in enumerate(result.sets):
            self.sets.put(FIRST_SET + place, members)
        # Rows that this answer is not about must not keep numbers of the old sets.
        self.class_ids[self.class_ids >= FIRST_SET] = UNLABELLED
        nothing = np.zeros(len(result.row_ids), np.float32)
        unknown = nothing if result.unknown is None else result.unknown
        doubt = nothing if result.doubt is None else result.doubt
        if len(ids) == len(result.row_ids) and np.array_equal(ids, result.row_ids):
            self.class_ids = np.array(result.class_ids, np.int32)
            self.confidence = np.array(result.confidence, np.float32)
            self.usefulness = np.array(result.usefulness, np.float32)
            self.doubt = np.array(doubt, np.float32)
            self.unknown = np.array(unknown, np.float32)
        elif len(ids):
            where = np.searchsorted(ids, result.row_ids).clip(0, len(ids) - 1)
            known = ids[where] == result.row_ids
            where = where[known]
            self.class_ids[where] = result.class_ids[known]
            self.confidence[where] = result.confidence[known]
            self.usefulness[where] = result.usefulness[known]
            self.doubt[where] = doubt[known]
            self.unknown[where] = unknown[known]
        if result.long is not None:
            places = ids.searchsorted(result.row_ids[result.long])
            self.long = frozenset(int(place) for place in places)
        self.score, self.note, self.revision = result.accuracy, result.note, result.revision
        self.updated.emit()

    def _on_refused(self, message: Message, details: str) -> None:
        self._ended()
        self.session.failed.emit(message, details)
        if message.template == MODEL_UNUSABLE:
            # Once is enough: it would be refused after every label, and there would be no suggestions.
            self._lost.add(self._asked)
            self.set_model(self.model)
            self.run_lost.emit()
        else:
            self.refused.emit()

    def _on_dropped(self) -> None:
        self._ended()

    def _ended(self) -> None:
        self._ticket = None
        self.progress.emit(None)
        if self._again:
            self.refresh()
