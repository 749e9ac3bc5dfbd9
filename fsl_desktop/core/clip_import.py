"""Recordings on their way into a project: found, looked at, cut or copied if asked for, one batch of rows."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fsl_desktop.core.audio.archives import is_archive
from fsl_desktop.core.audio.columns import TableOptions
from fsl_desktop.core.audio.content import content_hash
from fsl_desktop.core.audio.found import Found, FoundClip
from fsl_desktop.core.audio.info import HEARD_SECONDS
from fsl_desktop.core.audio.sound import probe
from fsl_desktop.core.audio.sources import ENDS_BEFORE, find
from fsl_desktop.core.audio.windows import cut
from fsl_desktop.core.batches import MAX_PROBLEMS, BatchWriter, ClipRow
from fsl_desktop.core.clip_copies import Copies
from fsl_desktop.core.clip_names import clip_name
from fsl_desktop.core.clip_table import SoundFile
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.label_cells import parts_of
from fsl_desktop.core.labels import MAX_CLASSES
from fsl_desktop.core.message import Message
from fsl_desktop.core.plan import storable
from fsl_desktop.core.readers.source import Cancelled, stop_if
from fsl_desktop.core.readers.types import ReadRow, RowProblem
from fsl_desktop.core.sound_places import recorded, remember_places

Spans = Sequence[tuple[float, float | None]]

_SLICE = 200
_STEPS = 1000
_FINDING = 0.1
"""Share of the time that looking for files takes, for the progress."""

TOO_MANY = "There are more than {n} different labels. Choose another label column, or none."
STRANGE_NAME = "The name of {file} has characters that cannot be written down. Give the file another name."
SILENT = "{file} is silent from beginning to end, so no part of it was taken."
LONG = (
    "Recordings longer than {seconds} seconds: {n}. Only their beginning is listened to. "
    "Import them cut into windows to use all of them."
)


@dataclass(frozen=True, slots=True)
class Cut:
    """Recordings that are longer than ``length`` become windows. All in seconds."""

    length: float = HEARD_SECONDS
    overlap: float = 0.0
    skip_silence: bool = True


@dataclass(frozen=True, slots=True)
class SoundOptions:
    columns: TableOptions = field(default_factory=TableOptions)
    copy: bool = False
    """Copy the files into the project's folder; else they stay where they are."""
    cut: Cut | None = None


@dataclass(frozen=True, slots=True)
class ImportedSounds:
    """A finished batch, for ``AddBatch``."""

    batch: int
    n_rows: int
    n_labelled: int
    labels: tuple[str, ...]
    """Different labels, in order of appearance."""
    problems: tuple[RowProblem, ...]
    """At most 1,000; ``row`` is 0 where it is about a file and not about a row of a table."""
    n_problems: int
    notes: tuple[Message, ...]


def import_sounds(
    project: Path,
    given: Sequence[str | os.PathLike[str]],
    options: SoundOptions,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Cancelled = lambda: False,
) -> ImportedSounds:
    """Read files, folders, tables and zips into one new batch of ``project``, not visible yet.

    What cannot be used is a problem and the others go on. The places they lie in are remembered as chosen by
    this user. After an exception nothing is left behind. Raises ``UserError`` where nothing at all can be
    used or something cannot be written, and ``Stopped``.
    """
    if not given:
        raise UserError("Nothing was chosen. Choose sound files or a folder with recordings.")
    paths = [Path(os.path.abspath(one)) for one in given]
    copies = Copies(project)
    writer: BatchWriter | None = None
    try:
        progress(0, _STEPS)
        share = 0.5 if any(map(is_archive, paths)) else _FINDING
        found = find(
            paths,
            options.columns,
            unpack_to=copies.unpack_to,
            progress=lambda part: progress(int(_STEPS * share * part), _STEPS),
            cancelled=cancelled,
        )
        writer = BatchWriter(project, paths[0].name if len(paths) == 1 else paths[0].parent.name)
        job = _Job(project, names_of(found, paths, copies.unpack_to), options, copies, cancelled)
        rows: list[ClipRow] = []
        for count, clip in enumerate(found.clips):
            stop_if(cancelled)
            rows += job.rows(clip)
            if len(rows) >= _SLICE:
                writer.add_clips(rows)
                rows = []
            done = share + (1 - share) * (count + 1) / len(found.clips)
            progress(int(_STEPS * done), _STEPS)
        writer.add_clips(rows)
        stop_if(cancelled)
        if not job.n_rows:
            raise UserError.of(job.problems[0].message)
        remember_places(_places(found, paths, project))
        about = [RowProblem(one.row or 0, one.message) for one in found.problems]
        problems = [*about, *job.problems]
        batch = writer.finish(problems)
    except BaseException:
        if writer is not None:
            writer.discard()
        copies.discard()
        raise
    notes = found.notes
    if job.n_long:
        notes = (*notes, Message.of(LONG, seconds=int(HEARD_SECONDS), n=job.n_long))
    return ImportedSounds(
        batch,
        job.n_rows,
        job.n_labelled,
        tuple(job.labels),
        tuple(problems[:MAX_PROBLEMS]),
        len(problems),
        notes,
    )


def names_of(found: Found, given: Sequence[Path], unpacked: Path | None) -> dict[Path, str]:
    """What the table calls each file: its path below what was given, with the folder's name in front where
    several were given; different files have different names wherever their paths allow it."""
    roots = [path if path.is_dir() else path.parent for path in given if not is_archive(path)]
    several = len(given) > 1
    found_names: dict[Path, str] = {}
    for clip in found.clips:
        if clip.path not in found_names:
            found_names[clip.path] = _below(clip.path, roots, unpacked, several)
    counts = Counter(found_names.values())
    return {
        path: f"{path.parent.name}/{name}" if counts[name] > 1 and "/" not in name else name
        for path, name in found_names.items()
    }


def _below(path: Path, roots: Sequence[Path], unpacked: Path | None, several: bool) -> str:
    if unpacked is not None and path.is_relative_to(unpacked):
        parts = path.relative_to(unpacked).parts
        return "/".join(parts if several else parts[1:])
    for root in roots:
        if path.is_relative_to(root):
            name = path.relative_to(root).as_posix()
            return f"{root.name}/{name}" if several and "/" in name else name
    return path.name


def _places(found: Found, given: Sequence[Path], project: Path) -> list[Path]:
    """What the user chose: the folders, and where the files are that tables or the user name one by one."""
    folders = [path for path in given if path.is_dir()]
    parents = dict.fromkeys(clip.path.parent for clip in found.clips)
    others = [
        parent
        for parent in parents
        if not any(parent.is_relative_to(folder) for folder in (*folders, project))
    ]
    return [*folders, *others]


class _Job:
    """Makes rows of clips; each file is looked at once."""

    def __init__(
        self,
        project: Path,
        names: dict[Path, str],
        options: SoundOptions,
        copies: Copies,
        cancelled: Cancelled,
    ) -> None:
        self._project, self._names, self._options = project, names, options
        self._copies, self._cancelled = copies, cancelled
        self._files: dict[Path, SoundFile | Message] = {}
        self.problems: list[RowProblem] = []
        self.labels: dict[str, None] = {}
        self.n_rows = self.n_labelled = self.n_long = 0

    def rows(self, clip: FoundClip) -> list[ClipRow]:
        try:
            file = self._file(clip.path)
            spans = self._spans(clip, file)
        except UserError as error:
            self.problems.append(RowProblem(clip.row or 0, error.message))
            return []
        made = [self._row(clip, file, start, end) for start, end in spans]
        self.n_rows += len(made)
        if clip.label:
            self.n_labelled += len(made)
            # As the project stores it, or AddBatch would not find its rows again.
            apart = bool(self._options.columns.reading.label_separator)
            parts = parts_of(clip.label) if apart else (clip.label,)
            self.labels |= dict.fromkeys(map(storable, parts))
            if len(self.labels) > MAX_CLASSES:
                raise UserError(TOO_MANY, n=MAX_CLASSES)
        return made

    def _row(self, clip: FoundClip, file: SoundFile, start: float, end: float | None) -> ClipRow:
        self.n_long += (file.seconds if end is None else end) - start > HEARD_SECONDS
        name = clip_name(self._names[clip.path], start, end)
        return ClipRow(ReadRow(name, clip.label, dict(clip.extra)), file, start, end)

    def _file(self, path: Path) -> SoundFile:
        if path not in self._files:
            try:
                self._files[path] = self._looked_at(path)
            except UserError as error:
                # A disk that is full is no matter of this one file.
                if error.message.template.startswith("The disk is full"):
                    raise
                self._files[path] = error.message
        known = self._files[path]
        if isinstance(known, Message):
            raise UserError.of(known)
        return known

    def _looked_at(self, path: Path) -> SoundFile:
        if storable(str(path)) != str(path):
            raise UserError(STRANGE_NAME, file=storable(path.name))
        info = probe(path)
        content = content_hash(path)
        kept = (
            self._copies.take(path, self._names[path], content, self._cancelled)
            if self._options.copy
            else path
        )
        return SoundFile(0, recorded(self._project, kept), content, info.seconds, info.rate, info.channels)

    def _spans(self, clip: FoundClip, file: SoundFile) -> Spans:
        start, end, wish = clip.start or 0.0, clip.end, self._options.cut
        if start and file.seconds and start >= file.seconds:
            raise UserError(
                ENDS_BEFORE, file=clip.path.name, seconds=f"{file.seconds:.2f}", start=f"{start:.2f}"
            )
        if wish is None or start or end is not None or 0 < file.seconds <= wish.length:
            return [(start, end)]
        windows = cut(
            clip.path, wish.length, wish.overlap, skip_silence=wish.skip_silence, cancelled=self._cancelled
        )
        if not windows.spans:
            raise UserError(SILENT, file=clip.path.name)
        return windows.spans if windows.seconds > wish.length else [(0.0, None)]
