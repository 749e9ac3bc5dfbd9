"""One door to all formats: a project's labels as files of another program."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TextIO

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.exports.audiofolder import write_audiofolder
from fsl_desktop.core.exports.datasets import write_dataset
from fsl_desktop.core.exports.kinds import EVENTS, FACTS, Kind, Written, check_fits
from fsl_desktop.core.exports.recordings import write_recordings, write_sound_tasks
from fsl_desktop.core.exports.rows import LabelledRow, ProjectRows
from fsl_desktop.core.formats import conll, doccano, label_studio, prodigy
from fsl_desktop.core.formats.cells import list_in
from fsl_desktop.core.formats.spans import with_spans
from fsl_desktop.core.label_cells import as_label
from fsl_desktop.core.message import Message
from fsl_desktop.core.writers import watched
from fsl_desktop.core.writers_target import new_folder, replacing

NO_LABELS = "There is no labelled row to write. Label some rows first."
WORDS_ALONE = (
    "The file keeps the words of a text and not its line ends, so these rows lost theirs: {n}. "
    "Choose another format to keep them."
)


def export_labels(
    project: Path,
    kind: Kind,
    path: Path,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Written:
    """Write the labels of the project in the folder ``project`` to ``path``, a file or a new folder as
    ``FACTS`` says; ``progress(done, total)`` counts rows.

    An old file is replaced when the new one is complete; a folder must not be there, or be empty. Raises
    :class:`UserError` (no such project, no fitting format, nothing labelled, full disk) and ``Stopped``;
    then nothing is left behind.
    """
    rows = ProjectRows(project)
    check_fits(kind, rows.table.clips is not None)
    if kind in EVENTS and not (rows.table.labels[rows.places] > 0).any():
        raise UserError(NO_LABELS)

    given = watched(rows, len(rows), progress, cancelled)
    if FACTS[kind].ending:
        with replacing(path) as temporary:
            return _write_file(kind, temporary, rows, given)
    with new_folder(path) as folder:
        if kind is Kind.DATASETS:
            return write_dataset(folder, rows, given)
        if kind is Kind.AUDIOFOLDER:
            return write_audiofolder(folder, rows, given)
        return write_recordings(folder, kind, rows, given)


def _write_file(kind: Kind, path: Path, rows: ProjectRows, given: Iterable[LabelledRow]) -> Written:
    if kind is Kind.LABEL_STUDIO and rows.table.clips is not None:
        return write_sound_tasks(path, rows, given)
    with open(path, "w", encoding="utf-8", errors="replace", newline="\n") as file:
        if kind is Kind.CONLL:
            return Written(len(rows), _write_conll(file, given))
        if kind is Kind.LABEL_STUDIO:
            tasks = (label_studio.task_of(row, "text", row.text, rows.several) for row in given)
            for place, task in enumerate(tasks):
                file.write(("[\n" if place == 0 else ",\n") + json.dumps(task, ensure_ascii=False))
            file.write("\n]\n" if len(rows) else "[]\n")
            return Written(len(rows))
        names = rows.class_names
        for row in given:
            doccanos = kind is Kind.DOCCANO
            record = doccano.record_of(row) if doccanos else prodigy.record_of(row, names, rows.several)
            file.write(json.dumps(record, ensure_ascii=False) + "\n")
        return Written(len(rows))


def _write_conll(file: TextIO, given: Iterable[LabelledRow]) -> tuple[Message, ...]:
    broken = 0
    for row in given:
        spans, further = with_spans(row.extra, row.text)
        tokens = [one for one in list_in(further.pop("tokens", "")) if isinstance(one, str)]
        about = {name: cell for name, cell in further.items() if cell and name != conll.TEXT}
        if row.labels is not None:
            about["label"] = as_label(row.labels)
        if row.state:
            about["status"] = row.state
        broken += "\n" in row.text or "\r" in row.text
        lines = conll.lines_of(row.text, spans, about, tokens)
        file.write("".join(f"{line}\n" for line in lines))
    return (Message.of(WORDS_ALONE, n=broken),) if broken else ()
