"""A table whose rows name sound files: CSV, TSV, JSON Lines, XLSX or Parquet."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from pathlib import Path

from fsl_desktop.core.audio.columns import FILE_NAMES, TableOptions, guess_columns, seconds_of
from fsl_desktop.core.audio.found import Found, FoundClip, FoundProblem, Progress
from fsl_desktop.core.audio.lookup import Lookup
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.formats.label_studio import file_named, sound_regions
from fsl_desktop.core.formats.spans import REGIONS
from fsl_desktop.core.label_cells import as_label
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.files import reading_failed
from fsl_desktop.core.readers.opening import open_source
from fsl_desktop.core.readers.rows import RowMaker
from fsl_desktop.core.readers.sample import Sample, take_sample
from fsl_desktop.core.readers.source import NO_TEXT, Cancelled, Source, stop_if
from fsl_desktop.core.readers.types import ReadRow

NO_FILE = "Row {row} names no file. Fill it in or remove it."
BAD_TIME = "Row {row} has a time that is no number of seconds: {cell}. Correct it or empty it."
BAD_SPAN = "Row {row}: the end of the clip is not after its start. Correct its times."
_EVERY = 500


def table_columns(path: Path, options: TableOptions | None = None) -> tuple[TableOptions, tuple[str, ...]]:
    """How a table would be read and the names of all its columns, for a person to choose from.

    ``file`` is "" where no column names sounds. Raises :class:`UserError` for what is no table.
    """
    wishes = options or TableOptions()
    try:
        with closing(_open(path, wishes)) as source:
            return guess_columns(source, take_sample(source, path, _never), wishes), tuple(source.names)
    except OSError as error:
        raise reading_failed(path, error) from error


def from_table(
    path: Path,
    options: TableOptions | None = None,
    *,
    inside: Path | None = None,
    search: Path | None = None,
    progress: Progress = lambda share: None,
    cancelled: Cancelled = lambda: False,
) -> Found:
    """The clips that a table names, relative to its own folder; bad rows are problems and the others go on.

    Files that are not there are looked for under ``search`` (the table's folder). With ``inside`` nothing out
    of that folder is taken.
    Raises :class:`UserError` where no column names sounds or the file is no table, and ``Stopped``.
    """
    wishes = options or TableOptions()
    try:
        with closing(_open(path, wishes)) as source:
            sample = take_sample(source, path, cancelled)
            columns = _settled(path, source, sample, guess_columns(source, sample, wishes))
            return _clips(path, source, columns, Lookup(path.parent, inside, search), progress, cancelled)
    except OSError as error:
        raise reading_failed(path, error) from error


def _never() -> bool:
    return False


def _open(path: Path, options: TableOptions) -> Source:
    """The table, with its first row as names where one of them is a name for files."""
    source = open_source(path, options.reading)
    if source.header or options.reading.header is not None:
        return source
    try:
        first = take_sample(source, path, _never).cells[0]
        if not any(cell.strip().casefold() in FILE_NAMES for cell in first):
            return source
    except BaseException:
        source.close()
        raise
    source.close()
    return open_source(path, replace(options.reading, header=True))


def _settled(path: Path, source: Source, sample: Sample, columns: TableOptions) -> TableOptions:
    if not columns.file:
        raise UserError(
            "{file} has no column with the names of sound files. "
            "Call that column 'file' and write one name in each row.",
            file=path.name,
        )
    for name in (columns.file, columns.label, columns.start, columns.end):
        if name and name not in source.names:
            raise UserError(
                "There is no column called {column} in {file}. Choose one of: {columns}.",
                column=name,
                file=path.name,
                columns=", ".join(source.names[:20]),
            )
    place = source.names.index(columns.file)
    if any(place < len(cells) and cells[place].startswith('{"bytes"') for cells in sample.cells[:20]):
        raise UserError(
            "{file} holds the sounds themselves instead of the names of files. Save each as a file first.",
            file=path.name,
        )
    return columns


def _clips(
    path: Path,
    source: Source,
    columns: TableOptions,
    lookup: Lookup,
    progress: Progress,
    cancelled: Cancelled,
) -> Found:
    clips: list[FoundClip] = []
    problems: list[FoundProblem] = []
    maker = RowMaker(source, columns.file or "", columns.label or None, columns.reading.label_separator)
    for count, entry in enumerate(source.entries(cancelled)):
        if count % _EVERY == 0:
            stop_if(cancelled)
            progress(min(1.0, source.done / max(1, source.total)))
        made = maker.make(entry)
        if isinstance(made, ReadRow):
            found = _clip(entry[0], made, columns, lookup)
        else:
            empty = made.message.template == NO_TEXT
            found = Message.of(NO_FILE, row=made.row) if empty else made.message
        if isinstance(found, Message):
            problems.append(FoundProblem(path, entry[0], found))
        else:
            clips += _parts(found, columns.reading.label_separator)
    progress(1.0)
    return Found(tuple(clips), tuple(problems), tuple(source.notes))


def _clip(row: int, made: ReadRow, columns: TableOptions, lookup: Lookup) -> FoundClip | Message:
    extra = dict(made.extra)
    times: list[float | None] = []
    for name in (columns.start, columns.end):
        cell = extra.pop(name, "").strip() if name else ""
        seconds = seconds_of(cell) if cell else None
        if cell and seconds is None:
            return Message.of(BAD_TIME, row=row, cell=cell[:100])
        times.append(seconds)
    start, end = times
    if end is not None and end <= (start or 0.0):
        return Message.of(BAD_SPAN, row=row)
    file = lookup.find(file_named(made.text), row)
    return file if isinstance(file, Message) else FoundClip(file, made.label, start, end, extra, row)


def _parts(clip: FoundClip, separator: str) -> list[FoundClip]:
    """A row of Label Studio's whose recording has labelled regions is as many rows; and itself one more only
    where the whole recording has a label too."""
    regions = sound_regions(clip.extra.get(REGIONS, "")) if clip.start is clip.end is None else []
    if not regions:
        return [clip]
    extra = {name: cell for name, cell in clip.extra.items() if name != REGIONS}
    parts = [
        replace(
            clip,
            label=as_label(one.labels) if separator else one.labels[0],
            start=one.start,
            end=one.end,
            extra=extra,
        )
        for one in regions
    ]
    return [replace(clip, extra=extra), *parts] if clip.label is not None else parts
