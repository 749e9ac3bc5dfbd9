"""What is done with the events of a recording: rows are made of them, files written, others compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog

from fsl_desktop.core.audio.event_files.files import ENDINGS, Format
from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.ui import speech
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.sound.long_events import EventPanel, format_words
from fsl_desktop.ui.sound.long_files import Compared, EventFiles, score_words
from fsl_desktop.ui.sound.long_rows import make_rows
from fsl_desktop.ui.sound.timeline import Timeline


class EventDeeds(QObject):
    """Does what the panel asks for, with the events that the timeline shows."""

    said = Signal(str, str)
    """(sentence, details) how it went."""

    def __init__(
        self, session: Session, panel: EventPanel, timeline: Timeline, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session, self._panel, self._timeline = session, panel, timeline
        self._path: Path | None = None
        self._seconds = 0.0
        self._ids: dict[str, int] = {}
        """The classes of the scan by the names that they had then."""
        self._labels: bytes | None = None
        """Those that its model has learnt from."""
        self.files = EventFiles(self)
        panel.rows_asked.connect(self.make_rows)
        panel.export_asked.connect(self.export)
        panel.compare_asked.connect(self.compare)
        timeline.detectionsChanged.connect(self._on_detections)
        self.files.written.connect(self._on_written)
        self.files.compared.connect(self._on_compared)
        self.files.failed.connect(lambda message: self.said.emit(speech.say(message), ""))

    def set_recording(self, path: Path, seconds: float) -> None:
        if path != self._path:
            self.files.forget()
            self._ids, self._labels = {}, None
        self._path, self._seconds = path, seconds

    def begin(self) -> None:
        """A scan begins: its classes and labels are those that there are now."""
        self._ids = {info.name: info.id for info in self._session.classes}
        self._labels = self._now()

    @property
    def begun(self) -> bool:
        return self._labels is not None

    @property
    def outdated(self) -> bool:
        """Were labels changed since the scan began?"""
        return self._labels is not None and self._labels != self._now()

    def classes(self, names: Sequence[str]) -> list[ClassInfo]:
        """Those of a track, with the places that they have in the project; behind them what is gone."""
        known = {info.id: info for info in self._session.classes}
        return [
            replace(known.get(self._ids.get(name, 0), ClassInfo(0, name, place)), name=name)
            for place, name in enumerate(names)
        ]

    def close(self) -> None:
        self.files.close()

    def make_rows(self, labelled: bool) -> None:
        """Of the chosen events where there are several, else of all that are shown."""
        if self._path is None:
            return
        ids = self._ids if labelled else None
        made = make_rows(self._session, self._path, self._panel.list.chosen(), ids)
        if made is None:
            return
        added, doubles = made
        words = [self.tr("{rows} added. Undo takes them out again.").format(rows=speech.rows(added))]
        if not added:
            words = [self.tr("Nothing was added.")]
        if doubles:
            words.append(self.tr("{n} were rows already.").format(n=doubles))
        self.said.emit(" ".join(words), "")

    def export(self, kind: Format) -> None:
        if self._path is None:
            return
        words, ending = format_words(self._panel)[kind].rstrip("…"), ENDINGS[kind]
        proposed = f"{self._path.stem}{ending}"
        path, _ = QFileDialog.getSaveFileName(self._panel, words, proposed, f"{words} (*{ending})")
        if path:
            self.files.write(path, kind, self._timeline.detections(), self._seconds, self._path)

    def compare(self) -> None:
        caption = self.tr("Choose a file of events")
        kinds = f"{self.tr('Events')} (*.txt *.csv *.tsv *.TextGrid);;{self.tr('All files')} (*)"
        path, _ = QFileDialog.getOpenFileName(self._panel, caption, "", kinds)
        if path:
            self.files.compare_with(path, self._timeline.detections())

    def _on_detections(self) -> None:
        if self.files.reference:
            self.files.compare_again(self._timeline.detections())

    def _now(self) -> bytes:
        table = self._session.table
        return table.labels.tobytes() + table.removed.tobytes()

    def _on_written(self, path: str) -> None:
        self.said.emit(self.tr("Saved {file}.").format(file=Path(path).name), path)

    def _on_compared(self, found: Compared) -> None:
        self.said.emit(*score_words(found))
