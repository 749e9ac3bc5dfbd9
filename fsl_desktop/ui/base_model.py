"""Which pretrained model reads a project's rows: chosen by their language, kept with the project."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from fsl_desktop.core.catalogue import AUDIO, ENGLISH, SOUNDS, TEXT, Catalogue, Recommendation
from fsl_desktop.core.commands import Change
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.language import LanguageVote, sampled
from fsl_desktop.ui import reading_words
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.suggester import INSTANT

SLICE_MS = 4
KEY, OFFERED = "model", "model_offered"
"""Where the project remembers its model, and for which language another one was offered."""


class BaseModel(QObject):
    """``changed``: another model reads the rows. ``told``: their language is known, or known anew.

    ``offered``: the rows have come to need another model than the one that reads them; said once for each
    language.
    """

    changed = Signal()
    told = Signal()
    offered = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.catalogue = Catalogue.load()
        self.model = session.project.meta(KEY) or INSTANT
        if session.of_sounds:
            self.model = SOUNDS
        elif self.model not in [entry.id for entry in self.catalogue.of(TEXT)]:
            self.model = INSTANT  # it was removed from the catalogue, and something has to read the rows
        self.language: str | None = None
        """``None`` until it was looked at."""
        self.share = 0.0
        self._vote = LanguageVote()
        self._waiting: list[int] = []
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._slice)
        session.loaded.connect(self.look)
        session.changed.connect(self._on_changed)
        if not session.loading and len(session.table):
            self.look()

    @property
    def advised(self) -> Recommendation | None:
        """The model for the rows' language; ``None`` until that is known."""
        return None if self.language is None else self.catalogue.recommend(self.language, self.share)

    @property
    def name(self) -> str:
        if self._session.of_sounds:
            return self.tr("The encoders for sounds")
        return reading_words.model_name(self.model, self.catalogue)

    @property
    def size(self) -> int:
        """Bytes of what reads or hears the rows."""
        sounds = self._session.of_sounds
        entries = self.catalogue.of(AUDIO) if sounds else (self.catalogue.entry(self.model),)
        return sum(file.size for entry in entries for file in entry.files)

    @property
    def better(self) -> Recommendation | None:
        """Another model that should read the rows, because the one that does cannot."""
        advised = self.advised
        return advised if advised and self.model == ENGLISH != advised.model else None

    def words(self) -> tuple[str, str]:
        """(what language the rows are in, which model reads them and why)"""
        if self._session.of_sounds:
            names = ", ".join(entry.name for entry in self.catalogue.of(AUDIO))
            said = self.tr("{names} listen together; what each of them counts is decided by your recordings.")
            return "", said.format(names=names)
        advised = self.advised
        if advised is None or self.language is None:
            return "", ""
        reader = reading_words.reader_words(self.model, advised, self.language, self.catalogue)
        return reading_words.language_words(self.language, self.share), reader

    def choices(self) -> list[tuple[str, str, bool]]:
        """(id, name, is it here) of the models that can be chosen: those installed, the present one, and the
        one advised."""
        wanted = {self.model, self.advised.model if self.advised else self.model}
        return reading_words.choices(self.catalogue, wanted)

    def installed(self) -> tuple[tuple[str, str], ...]:
        """(id, name) of the models that a run can start from."""
        if self._session.of_sounds:
            return ((SOUNDS, self.name),)
        return tuple((model, name) for model, name, here in self.choices() if here or model == self.model)

    def choose(self, model: str) -> None:
        """Let another model read the rows, and remember it; told and left as it was where it cannot be."""
        if model == self.model:
            return
        try:
            self._session.project.set_meta(KEY, model)
        except UserError as error:
            self._session.failed.emit(error.message, error.details)
            self.told.emit()  # whoever shows the choice goes back
            return
        self.model = model
        self.changed.emit()

    def look(self) -> None:
        """See which language the rows are in now."""
        if self._session.loading or self._session.of_sounds:
            return
        table = self._session.table
        self._vote = LanguageVote()
        self._waiting = [row for row in sampled(len(table)) if not table.removed[row]][::-1]
        self._timer.start()

    def close(self) -> None:
        self._timer.stop()

    def _on_changed(self, change: Change) -> None:
        # Rows that an edit brings are read first, and that ends with ``loaded``.
        if change.kind == "rows":
            self.look()

    def _slice(self) -> None:
        clock = QElapsedTimer()
        clock.start()
        texts = self._session.table.texts
        while self._waiting and clock.elapsed() < SLICE_MS:
            self._vote.add(texts[self._waiting.pop()])
        if self._waiting:
            return
        self._timer.stop()
        self.language, self.share = self._vote.result()
        self.told.emit()
        self._offer()

    def _offer(self) -> None:
        project, language = self._session.project, self.language or ""
        if self.better is None or project.read_only or project.meta(OFFERED) == language:
            return
        try:
            project.set_meta(OFFERED, language)
        except UserError:
            return  # a full disk is told elsewhere; the offer stands on the Data page
        self.offered.emit()
