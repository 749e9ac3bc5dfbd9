"""Single recordings and marked parts of recordings that become rows, one step to undo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from fsl_desktop.core.audio.content import content_hash
from fsl_desktop.core.audio.sound import probe
from fsl_desktop.core.audio.trouble import nothing_there, wrong_span
from fsl_desktop.core.batches import BatchWriter, ClipRow
from fsl_desktop.core.clip_names import clip_name, times
from fsl_desktop.core.clip_table import ClipTable, SoundFile
from fsl_desktop.core.commands import AddBatch, Change
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.label_cells import as_label
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow
from fsl_desktop.core.sound_places import recorded, remember_places

BY_HAND = ""
"""The source of batches that come from no import; ``Project.sources`` leaves them out."""


@dataclass(frozen=True, slots=True)
class NewClip:
    """A recording, or its part from ``start`` to ``end`` (seconds; None: to its end), with its label."""

    path: Path
    start: float = 0.0
    end: float | None = None
    class_ids: tuple[int, ...] = ()
    """One class, or several where the project allows that; none: without a label."""
    name: str = ""
    """What the table calls the file; "" takes what it is called already, or its own name."""


def add_clips(project: Project, clips: Sequence[NewClip]) -> Change:
    """Append rows; like an import's, they are read by ``load_rows``. Undo takes all of them back.

    The files count as chosen by this user. Raises ``UserError`` (no sound, nothing at ``start``, no project
    of recordings, cannot be written); nothing is added then.
    """
    table = project.table.clips
    if table is None or not clips:
        raise UserError("This project is not one of recordings. Make one from sound files first.")
    rows: list[ClipRow] = []
    names: dict[str, int] = {}
    looked_at: dict[Path, SoundFile] = {}
    for clip in clips:
        if clip.path not in looked_at:
            looked_at[clip.path] = _file(project, table, clip.path)
        rows.append(_row(project, table, looked_at[clip.path], clip))
        names |= {info.name: info.id for info in project.classes if info.id in clip.class_ids}
    outside = [path for path, file in looked_at.items() if Path(file.path).is_absolute()]
    remember_places(outside)
    writer = BatchWriter(project.folder, BY_HAND)
    try:
        writer.add_clips(rows)
        batch = writer.finish([])
    except BaseException:
        writer.discard()
        raise
    return project.do(AddBatch(batch, tuple(names.items())))


def _row(project: Project, table: ClipTable, file: SoundFile, clip: NewClip) -> ClipRow:
    if clip.start < 0 or (clip.end is not None and not clip.end > clip.start):
        raise wrong_span(clip.path)
    if file.seconds and clip.start >= file.seconds:
        raise nothing_there(clip.path, clip.start)
    chosen = [info.name for info in project.classes if info.id in clip.class_ids]
    label = as_label(chosen) if chosen else None
    text = clip_name(clip.name or _called(project, table, file) or clip.path.name, clip.start, clip.end)
    return ClipRow(ReadRow(text, label), file, clip.start, clip.end)


def _file(project: Project, table: ClipTable, path: Path) -> SoundFile:
    """What is known of it; a new file is looked at first."""
    written = recorded(project.folder, path)
    for file in table.files.values():
        if file.path == written and file.content:
            return file
    info = probe(path)
    return SoundFile(0, written, content_hash(path), info.seconds, info.rate, info.channels)


def _called(project: Project, table: ClipTable, file: SoundFile) -> str:
    """What the table calls the file in the first of its rows, without times."""
    places = table.rows_of([file.id]).tolist() if file.id else []
    if not places:
        return ""
    first = int(places[0])
    clip = table.at(first)
    text = project.table.texts[first]
    return text.removesuffix(times(clip.start, clip.end))
