"""Files of what is to be heard when (Audacity, Raven, Praat, ELAN) as labelled parts of recordings."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePath

from fsl_desktop.core.audio.detections import Detection
from fsl_desktop.core.audio.event_files.files import Format, format_of, read_events
from fsl_desktop.core.audio.found import Found, FoundClip, FoundProblem
from fsl_desktop.core.audio.kinds import EVENT_ENDINGS, is_sound_name
from fsl_desktop.core.audio.lookup import Lookup
from fsl_desktop.core.audio.trees import Tree
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.label_cells import clean_label
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.rows import MAX_LABEL
from fsl_desktop.core.readers.source import Cancelled, stop_if

_TEXTS = frozenset([".txt", ".tsv", ".tab"])
_TABLES = frozenset([".csv"])
NO_RECORDING = (
    "The recording that {file} is about is not beside it. Put it into the same folder, under the same name."
)
MOMENTS = "Marks in {file} that have no length and are no parts of a recording: {n}."
LONG = "Event {row} of {file} has a label of {length} characters. Shorten it."


def events_format(path: Path) -> Format | None:
    """What kind of events a file holds; ``None`` for any other file, as far as its name and content tell.

    A CSV counts where a recording of the same name lies beside it.
    """
    ending = path.suffix.lower()
    if ending in EVENT_ENDINGS:
        return Format.ELAN if ending == ".eaf" else Format.TEXTGRID
    if ending not in _TEXTS | _TABLES:
        return None
    try:
        found = format_of(path)
    except UserError:
        return None
    if found is Format.CSV:
        return found if ending in _TABLES and beside(path, _sounds_in(path.parent)) else None
    return found


def from_events(path: Path, format: Format, *, inside: Path | None = None) -> Found:
    """Each event as a labelled part of its recording: the one that it names, or else the one that is called
    as the file is and lies beside it. With ``inside`` nothing out of that folder is found. Raises
    :class:`UserError` for a damaged file."""
    lookup = Lookup(path.parent, inside)
    near = beside(path, _sounds_in(path.parent))
    files: dict[str, Path | None] = {}
    clips: list[FoundClip] = []
    problems: list[FoundProblem] = []
    moments = 0
    for number, event in enumerate(read_events(path, format), start=1):
        if event.file not in files:
            files[event.file] = _recording(event.file, number, lookup, near)
            if files[event.file] is None:
                problems.append(FoundProblem(path, None, Message.of(NO_RECORDING, file=path.name)))
        recording = files[event.file]
        if recording is None:
            continue
        if event.end <= event.start:
            moments += 1
        elif len(event.label) > MAX_LABEL:
            told = Message.of(LONG, row=number, file=path.name, length=len(event.label))
            problems.append(FoundProblem(path, number, told))
        else:
            label = clean_label(event.label)
            clips.append(FoundClip(recording, label, event.start, event.end, _further(event), number))
    notes = (Message.of(MOMENTS, file=path.name, n=moments),) if moments else ()
    return Found(tuple(clips), tuple(problems), notes)


def in_tree(tree: Tree, inside: Path | None, cancelled: Cancelled) -> tuple[Found, frozenset[Path], int]:
    """The events in a folder's files that are named after a recording beside them -> the parts, the
    recordings that have some, and how many files were used. Damaged files are problems."""
    found, used = Found(), 0
    sounds: dict[Path, list[Path]] = {}
    for parts in tree.sounds:
        path = tree.root.joinpath(*parts)
        sounds.setdefault(path.parent, []).append(path)
    texts = [parts for parts in tree.tables if Path(parts[-1]).suffix.lower() in _TEXTS | _TABLES]
    for parts in (*tree.events, *texts):
        stop_if(cancelled)
        path = tree.root.joinpath(*parts)
        sure = path.suffix.lower() in EVENT_ENDINGS
        if not sure and beside(path, sounds.get(path.parent, ())) is None:
            continue
        format = events_format(path)
        if format is None:
            continue
        try:
            one = from_events(path, format, inside=inside)
        except UserError as error:
            one = Found(problems=(FoundProblem(path, None, error.message),))
        used += 1
        found = found.and_(one)
    return found, frozenset(clip.path for clip in found.clips), used


def beside(path: Path, sounds: Iterable[Path]) -> Path | None:
    """Which of the recordings a file of events is named after: ``a.wav`` has ``a.txt``, ``a.wav.txt`` or
    ``a.Table.1.selections.txt``."""
    by_stem: dict[str, Path] = {}
    for sound in sounds:
        by_stem.setdefault(_folded(sound.stem), sound)
        by_stem[_folded(sound.name)] = sound
    stem = _folded(path.name)
    while "." in stem:
        stem = stem.rpartition(".")[0]
        if stem in by_stem:
            return by_stem[stem]
    return None


def _recording(name: str, row: int, lookup: Lookup, near: Path | None) -> Path | None:
    if name:
        found = lookup.find(PurePath(name.replace("\\", "/")).name, row)
        if isinstance(found, Path):
            return found
    return near


def _sounds_in(folder: Path) -> list[Path]:
    try:
        return [folder / name for name in sorted(os.listdir(folder)) if is_sound_name(name)]
    except OSError:
        return []


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _further(event: Detection) -> dict[str, str]:
    cells = {"confidence": event.confidence, "low": event.low, "high": event.high}
    return {name: f"{value:g}" for name, value in cells.items() if value is not None}
