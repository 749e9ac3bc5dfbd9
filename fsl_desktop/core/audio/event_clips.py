"""Files of what is to be heard when (Audacity, Raven, Praat, ELAN) as labelled parts of recordings."""

from __future__ import annotations

import os
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path, PurePath

from fsl_desktop.core.audio.detections import Detection
from fsl_desktop.core.audio.event_files.files import Format, format_of, read_events
from fsl_desktop.core.audio.found import Found, FoundClip, FoundProblem
from fsl_desktop.core.audio.kinds import EVENT_ENDINGS, is_sound_name
from fsl_desktop.core.audio.lookup import Lookup, folded
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


class Beside:
    """The recordings of one folder, for the files of events that lie beside them; looked for once."""

    def __init__(
        self, folder: Path, *, sounds: Iterable[Path] | None = None, inside: Path | None = None
    ) -> None:
        """``sounds`` where they are known already. With ``inside`` nothing out of that folder is found."""
        self._folder, self._sounds = folder, sounds
        self._lookup = Lookup(folder, inside)

    @cached_property
    def _by_name(self) -> dict[str, Path]:
        found: dict[str, Path] = {}
        for sound in _sounds_in(self._folder) if self._sounds is None else self._sounds:
            found.setdefault(folded(sound.stem), sound)
            found[folded(sound.name)] = sound
        return found

    def named_as(self, path: Path) -> Path | None:
        """The recording that a file of events is named after: ``a.wav`` has ``a.txt``, ``a.wav.txt`` or
        ``a.Table.1.selections.txt``."""
        stem = folded(path.name)
        while "." in stem:
            stem = stem.rpartition(".")[0]
            if stem in self._by_name:
                return self._by_name[stem]
        return None

    def recording(self, name: str, row: int, path: Path) -> Path | None:
        """What an event in ``path`` calls ``name``, else the recording that ``path`` is named after."""
        if name:
            found = self._lookup.find(PurePath(name.replace("\\", "/")).name, row)
            if isinstance(found, Path):
                return found
        return self.named_as(path)


def events_format(path: Path, near: Beside) -> Format | None:
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
        return found if ending in _TABLES and near.named_as(path) else None
    return found


def from_events(path: Path, format: Format, near: Beside) -> Found:
    """Each event as a labelled part of its recording: the one that it names, or else the one that is called
    as the file is and lies beside it. Raises :class:`UserError` for a damaged file."""
    files: dict[str, Path | None] = {}
    clips: list[FoundClip] = []
    problems: list[FoundProblem] = []
    moments = 0
    for number, event in enumerate(read_events(path, format), start=1):
        if event.file not in files:
            files[event.file] = near.recording(event.file, number, path)
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
    sounds: dict[Path, list[Path]] = {}
    for parts in tree.sounds:
        path = tree.root.joinpath(*parts)
        sounds.setdefault(path.parent, []).append(path)
    near: dict[Path, Beside] = {}
    used: list[Found] = []
    texts = [parts for parts in tree.tables if Path(parts[-1]).suffix.lower() in _TEXTS | _TABLES]
    for parts in (*tree.events, *texts):
        stop_if(cancelled)
        path = tree.root.joinpath(*parts)
        folder = path.parent
        if folder not in near:
            near[folder] = Beside(folder, sounds=sounds.get(folder, ()), inside=inside)
        may_be = path.suffix.lower() in EVENT_ENDINGS or near[folder].named_as(path) is not None
        format = events_format(path, near[folder]) if may_be else None
        if format is None:
            continue
        try:
            used.append(from_events(path, format, near[folder]))
        except UserError as error:
            used.append(Found(problems=(FoundProblem(path, None, error.message),)))
    found = Found(
        tuple(clip for one in used for clip in one.clips),
        tuple(problem for one in used for problem in one.problems),
        tuple(note for one in used for note in one.notes),
    )
    return found, frozenset(clip.path for clip in found.clips), len(used)


def _sounds_in(folder: Path) -> list[Path]:
    try:
        return [folder / name for name in sorted(os.listdir(folder)) if is_sound_name(name)]
    except OSError:
        return []


def _further(event: Detection) -> dict[str, str]:
    cells = {"confidence": event.confidence, "low": event.low, "high": event.high}
    return {name: f"{value:g}" for name, value in cells.items() if value is not None}
