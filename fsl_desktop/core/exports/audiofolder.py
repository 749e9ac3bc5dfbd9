"""A folder of sounds with a table, as ``datasets.load_dataset("audiofolder")`` reads it.

Format: https://huggingface.co/docs/datasets/audio_dataset
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from fsl_desktop.core.audio.archives import safe_part
from fsl_desktop.core.audio.info import RATE
from fsl_desktop.core.audio.sound import read
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.exports.kinds import Written
from fsl_desktop.core.exports.rows import LabelledRow, ProjectRows
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.names import unique_names
from fsl_desktop.core.writers import write_table

_OWN = ("file_name", "label", "status", "recording", "start", "end")
NOT_READ = "Recordings that cannot be read and were left out: {n}. The first one: {why}"


def write_audiofolder(folder: Path, rows: ProjectRows, given: Iterable[LabelledRow]) -> Written:
    """Copy whole recordings, cut parts to WAV (mono, 16 bit), and write ``metadata.csv`` (``metadata.jsonl``
    with lists where a row may have several labels). What cannot be read is left out and told.

    Raises :class:`UserError` and ``OSError``.
    """
    clips = rows.table.clips
    assert clips is not None
    extra = rows.extra_names()
    lost: list[Message] = []
    count = 0

    def table() -> Iterable[list[object]]:
        nonlocal count
        for row in given:
            try:
                clip = clips.at(row.position)
                name = _copied(folder, clip.path, clip.start, clip.end, row.id, clip.file.rate or RATE)
            except UserError as error:
                lost.append(error.message)
                continue
            count += 1
            label: object = None
            if row.labels is not None:
                label = list(row.labels) if rows.several else row.labels[0]
            times = (clip.start, clip.end) if clip.start > 0 or clip.end is not None else (None, None)
            yield [name, label, row.state, clip.file.name, *times, *(row.extra.get(one, "") for one in extra)]

    ending = "jsonl" if rows.several else "csv"
    write_table(folder / f"metadata.{ending}", unique_names([*_OWN, *extra]), table())
    notes = (Message.of(NOT_READ, n=len(lost), why=lost[0].text),) if lost else ()
    return Written(count, notes)


def _copied(folder: Path, path: Path, start: float, end: float | None, row_id: int, rate: int) -> str:
    """The sound of a row in the folder -> its name there."""
    import soundfile

    name = safe_part(path.name)
    if start <= 0 and end is None:
        target = folder / name
        if target.exists():
            target = folder / f"{target.stem} {row_id}{target.suffix}"
        shutil.copyfile(path, target)
        return target.name
    sound = read(path, start, end, rate)
    target = folder / f"{Path(name).stem} {row_id}.wav"
    soundfile.write(target, np.asarray(sound, np.float32), rate, subtype="PCM_16")
    return target.name
