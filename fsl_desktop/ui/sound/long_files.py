"""Files with events: what was found goes out to other programs, what others heard comes in to compare."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject, Signal

from fsl_desktop.core.audio.detections import Detection
from fsl_desktop.core.audio.event_files.files import ENDINGS, Format, read_events, write_events
from fsl_desktop.core.audio.event_scores import EventScores, by_collars, by_intersection
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.readers.source import Cancelled
from fsl_desktop.ui import speech
from fsl_desktop.ui.sound.lane import Give, Lane


def _tr(text: str) -> str:
    return QCoreApplication.translate("EventFiles", text)


@dataclass(frozen=True, slots=True)
class Compared:
    """How what is shown agrees with a file of events."""

    file: str
    overlap: EventScores
    """By intersection: half of an event found is found."""
    borders: EventScores
    """By collars: beginning and end have to fit."""


class EventFiles(QObject):
    """Writes and reads beside the window's thread; one thing of a kind at a time."""

    written = Signal(str)  # path
    compared = Signal(object)  # Compared
    failed = Signal(object)  # Message

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._out = Lane("events to a file", self)
        self._in = Lane("comparing events", self)
        self._reference: tuple[str, list[Detection]] | None = None

    def write(
        self, target: str, format: Format, events: Sequence[Detection], seconds: float, recording: Path
    ) -> None:
        """Write ``events`` of a recording of ``seconds``; ``written`` follows, or ``failed``."""
        path = Path(with_ending(target, format))

        def work(give: Give, cancelled: Cancelled) -> None:
            if path.exists() and recording.exists() and os.path.samefile(path, recording):
                raise UserError(
                    "{file} is the recording itself. Choose another name for the events.", file=path.name
                )
            write_events(path, format, events, seconds, recording.name)
            give(str(path))

        self._out.do(work, self.written.emit, self.failed.emit)

    @property
    def reference(self) -> str:
        """The name of the file that is compared with; "" for none."""
        return "" if self._reference is None else self._reference[0]

    def compare_with(self, path: str, events: Sequence[Detection]) -> None:
        """Read a file of events and compare; ``compared`` follows, or ``failed``."""

        def work(give: Give, cancelled: Cancelled) -> None:
            truth = read_events(Path(path))
            if not truth:
                raise UserError(
                    "{file} has no events in it. Choose another file to compare with.", file=Path(path).name
                )
            reference = Path(path).name, truth
            give((reference, _compared(reference, events)))

        self._in.do(work, self._on_read, self.failed.emit)

    def compare_again(self, events: Sequence[Detection]) -> None:
        """With the same file; nothing where there is none."""
        reference = self._reference
        if reference is not None:
            self._in.do(
                lambda give, cancelled: give(_compared(reference, events)),
                self.compared.emit,
                self.failed.emit,
            )

    def _on_read(self, found: tuple[tuple[str, list[Detection]], Compared]) -> None:
        self._reference = found[0]
        self.compared.emit(found[1])

    def forget(self) -> None:
        """Another recording: the file was about the one before."""
        self._in.clear()
        self._reference = None

    def close(self) -> None:
        for lane in (self._in, self._out):
            lane.close()


def with_ending(path: str, format: Format) -> str:
    """``path`` as a program that reads ``format`` expects it."""
    ending = ENDINGS[format]
    short = ending.rpartition(".")[2]
    return path if path.lower().endswith(f".{short.lower()}") else path + ending


def score_words(one: Compared) -> tuple[str, str]:
    """A sentence, and lines for each class."""
    overall = one.overlap.overall
    sentence = _tr(
        "Compared with {file}: {found} of {events} events found, {false} false; F1 {f1}, or {exact} where"
        " beginning and end have to fit within 0.2 s."
    ).format(
        file=one.file,
        found=overall.found,
        events=overall.events,
        false=overall.false,
        f1=speech.percent(overall.f1),
        exact=speech.percent(one.borders.overall.f1),
    )
    lines = [
        _tr("{name}: {found} of {events} found, {false} false, F1 {f1}").format(
            name=name,
            found=score.found,
            events=score.events,
            false=score.false,
            f1=speech.percent(score.f1),
        )
        for name, score in one.overlap.per_class
    ]
    return sentence, "\n".join(lines)


def _compared(reference: tuple[str, list[Detection]], events: Sequence[Detection]) -> Compared:
    name, truth = reference
    return Compared(name, by_intersection(truth, events), by_collars(truth, events))
