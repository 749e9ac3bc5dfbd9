"""A trained model listens to a recording of many hours, window by window."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.audio.content import content_hash
from fsl_desktop.core.audio.info import HEARD_SECONDS
from fsl_desktop.core.audio.parts import read_parts
from fsl_desktop.core.audio.scanning import (
    HOP,
    SHORTEST_HOP,
    SHORTEST_WINDOW,
    WINDOW,
    LookingThrough,
    ScanFinished,
    ScanPart,
    ScanStarted,
)
from fsl_desktop.core.audio.sound import probe
from fsl_desktop.core.audio.track import Probabilities, Track
from fsl_desktop.core.audio.windows import Windows, cutting
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import Event
from fsl_desktop.core.message import Message
from fsl_desktop.learn.sound.clips import Samples
from fsl_desktop.learn.sound.ears import Cancelled
from fsl_desktop.learn.sound.scan_model import Listener, fingerprint
from fsl_desktop.learn.sound.scan_store import ScanStore

_AT_ONCE = 32
"""Windows in memory at a time, at most 10 MB, and heard before what they are is kept."""


def scan(
    model: Listener,
    path: Path,
    window: float = WINDOW,
    hop: float = HOP,
    *,
    skip_silence: bool = True,
    keep: Path | None = None,
    cancelled: Cancelled = lambda: False,
) -> Iterator[Event]:
    """``LookingThrough`` some times, ``ScanStarted``, ``ScanPart`` after every few windows, ``ScanFinished``.

    Windows of ``window`` seconds begin every ``hop`` seconds. Memory does not grow with the recording, but
    for the answers. ``skip_silence``: windows in which nothing stands out from the recording's background are
    not heard. With a folder ``keep`` answers are written there as they come, under what they depend on (the
    recording's content, the model, the windows), and a later scan begins with those. Raises ``Stopped``
    within a second of ``cancelled()`` turning true, and :class:`UserError`.

    Overlapping windows are heard one by one. They could share little: every window is brought to a loudness
    of its own before it is heard, and most of the time goes to the Transformer, which sees a window as a
    whole.
    """
    check_windows(window, hop)
    cutter = cutting(path, window, window - hop, skip_silence=skip_silence, cancelled=cancelled)
    windows = yield from _looking(cutter)
    places = np.array([round(start / hop) for start, _ in windows.spans], np.int64)
    about = {
        "content": content_hash(path),
        "model": fingerprint(model),
        "window": window,
        "hop": hop,
        "skip": skip_silence,
    }
    # A header that promises more than is there is no news to who decodes the file.
    notes = [note for note in probe(path).notes if note not in windows.notes] + list(windows.notes)
    with ScanStore(keep, about, len(model.class_names)) as store:
        answers = _Answers(*store.known(), places)
        waiting = np.flatnonzero(~np.isin(places, answers.places()))
        total = len(places)
        done = before = total - len(waiting)
        yield ScanStarted(windows.seconds, total, windows.skipped, done, tuple(model.class_names))
        if done:
            yield ScanPart(*answers.parts[0], done, total)
        began = time.monotonic()
        spans = [windows.spans[place] for place in waiting.tolist()]
        for heard, samples in _blocks(path, spans, notes, cancelled):
            said = model.heard(samples, cancelled=cancelled).probabilities
            at = places[waiting[heard]]
            store.add(at, said)
            answers.parts.append((at, said))
            done += len(at)
            left = (time.monotonic() - began) / (done - before) * (total - done)
            yield ScanPart(at, said, done, total, left)
    at, said = answers.whole()
    if total and not done:  # it went away meanwhile
        raise UserError.of(notes[-1])
    yield ScanFinished(Track(model.class_names, hop, window, windows.seconds, at, said), tuple(notes))


def check_windows(window: float, hop: float) -> None:
    """``UserError`` for lengths that cannot be."""
    if not SHORTEST_WINDOW <= window <= HEARD_SECONDS:
        raise UserError(
            "A window of {window} seconds cannot be heard. Choose one from {least} to {most} seconds.",
            window=f"{window:g}",
            least=f"{SHORTEST_WINDOW:g}",
            most=f"{HEARD_SECONDS:g}",
        )
    if not SHORTEST_HOP <= hop <= window:
        raise UserError(
            "Windows cannot begin every {hop} seconds. Choose from {least} to {most} seconds, the length of"
            " a window.",
            hop=f"{hop:g}",
            least=f"{SHORTEST_HOP:g}",
            most=f"{window:g}",
        )


class _Answers:
    """Those that are known and those that come."""

    def __init__(
        self, known: NDArray[np.int64], probabilities: Probabilities, wanted: NDArray[np.int64]
    ) -> None:
        inside = np.isin(known, wanted)
        self.parts = [(known[inside], probabilities[inside])]

    def places(self) -> NDArray[np.int64]:
        return np.concatenate([places for places, _ in self.parts])

    def whole(self) -> tuple[NDArray[np.int64], Probabilities]:
        """In order of time."""
        places = self.places()
        order = np.argsort(places)
        return places[order], np.concatenate([said for _, said in self.parts])[order].astype(np.float32)


def _looking(cutter: Generator[float, None, Windows]) -> Generator[Event, None, Windows]:
    while True:
        try:
            yield LookingThrough(next(cutter))
        except StopIteration as end:
            windows: Windows = end.value
            return windows


def _blocks(
    path: Path, spans: Sequence[tuple[float, float]], notes: list[Message], cancelled: Cancelled
) -> Iterator[tuple[list[int], list[Samples]]]:
    """Some windows at a time, (places in ``spans``, samples). What cannot be read is told in the notes once:
    the file breaks off there."""
    heard: list[int] = []
    samples: list[Samples] = []
    told = False
    for place, found in read_parts(path, spans, cancelled=cancelled):
        if isinstance(found, UserError):
            if not told:
                notes.append(found.message)
            told = True
            continue
        heard.append(place)
        samples.append(found)
        if len(heard) == _AT_ONCE:
            yield heard, samples
            heard, samples = [], []
    if heard:
        yield heard, samples
