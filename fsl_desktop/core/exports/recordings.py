"""Labelled parts of recordings as files of what is to be heard when, and as tasks of Label Studio."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from fsl_desktop.core.audio.archives import safe_part
from fsl_desktop.core.audio.detections import Detection
from fsl_desktop.core.audio.event_files.files import ENDINGS, Format, write_events
from fsl_desktop.core.clip_table import SoundFile
from fsl_desktop.core.exports.kinds import Kind, Written
from fsl_desktop.core.exports.rows import LabelledRow, ProjectRows
from fsl_desktop.core.formats.label_studio import sound_task
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.names import first_free

NO_CLIP = "It is not known which recording {n} rows are; they are left out."
NOT_LABELLED = "The format has no place for rows without a label; left out: {n}."
NO_TIMES = "How long the recording is is not known for {n} rows; they are left out."


@dataclass(slots=True)
class Recording:
    """A recording and those of its parts that are rows: (row, start, end, whole)."""

    file: SoundFile
    parts: list[tuple[LabelledRow, float, float, bool]] = field(default_factory=list)


def by_recording(rows: ProjectRows, given: Iterable[LabelledRow]) -> tuple[list[Recording], list[Message]]:
    """Rows by the file that they are parts of, files in the order of their first row."""
    clips = rows.table.clips
    assert clips is not None
    found: dict[int, Recording] = {}
    lost = endless = 0
    for row in given:
        file_id, start, end = clips.span(row.position)
        file = clips.files.get(file_id)
        if file is None:
            lost += 1
            continue
        last = file.seconds if end is None else end
        if last <= start:
            endless += 1
            continue
        whole = end is None and start <= 0
        found.setdefault(file_id, Recording(file)).parts.append((row, start, last, whole))
    notes = [Message.of(NO_CLIP, n=lost)] if lost else []
    return list(found.values()), notes + ([Message.of(NO_TIMES, n=endless)] if endless else [])


def write_recordings(folder: Path, kind: Kind, rows: ProjectRows, given: Iterable[LabelledRow]) -> Written:
    """A file of events per recording with labels, called as the recording is; a row with several labels is
    an event for each. Raises :class:`UserError`."""
    format = Format(kind.value)
    found, notes = by_recording(rows, given)
    taken: set[str] = set()  # in lower case: some systems do not tell A from a
    count = left = 0
    for one in found:
        labelled = [part for part in one.parts if part[0].labels]
        left += len(one.parts) - len(labelled)
        if not labelled:
            continue
        count += len(labelled)
        events = [Detection(start, end, name) for row, start, end, _ in labelled for name in row.labels or ()]
        stem = Path(safe_part(one.file.name)).stem
        name = first_free(stem, "{name} {number}", lambda name: name.casefold() in taken)
        taken.add(name.casefold())
        write_events(folder / f"{name}{ENDINGS[format]}", format, events, one.file.seconds, one.file.name)
    return Written(count, (*notes, *_left_out(left)))


def write_sound_tasks(path: Path, rows: ProjectRows, given: Iterable[LabelledRow]) -> Written:
    """A task of Label Studio per recording. ``OSError``."""
    recordings, notes = by_recording(rows, given)
    count = left = 0
    tasks = []
    for number, one in enumerate(recordings, start=1):
        tasks.append(sound_task(number, one.file.name, one.file.seconds, one.parts, rows.several))
        count += len(one.parts)
        left += sum(row.labels is None and not whole for row, _, _, whole in one.parts)
    path.write_text(
        json.dumps(tasks, ensure_ascii=False, indent=1), encoding="utf-8", errors="replace", newline="\n"
    )
    return Written(count - left, (*notes, *_left_out(left)))


def _left_out(rows: int) -> list[Message]:
    return [Message.of(NOT_LABELLED, n=rows)] if rows else []
