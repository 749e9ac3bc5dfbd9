"""Preview and reading: the same steps for every kind of file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.columns import describe
from fsl_desktop.core.readers.files import reading_failed
from fsl_desktop.core.readers.opening import open_source
from fsl_desktop.core.readers.rows import RowMaker
from fsl_desktop.core.readers.sample import (
    Sample,
    choose_columns,
    label_values,
    no_usable_row,
    separator_of,
    take_sample,
)
from fsl_desktop.core.readers.source import CHUNK_ROWS, Cancelled, Source, stop_if
from fsl_desktop.core.readers.types import Preview, ReadChunk, ReadOptions, ReadRow, RowProblem

_SHOWN_ROWS = 50
_SHOWN_CELL = 500
_SHOWN_VALUES = 500
_CHUNK_CHARS = 4_000_000


def preview(path: str | os.PathLike[str], options: ReadOptions | None = None) -> Preview:
    """The first rows of a file and how it would be read; every guess can be overridden by ``options``.

    Where no column looks like texts, ``text_column`` of the result is "" and a note asks to choose one.
    Raises :class:`UserError` if there is nothing to show.
    """
    wishes = options or ReadOptions()
    file = Path(path)
    with closing(open_source(file, wishes)) as source:
        try:
            sample = take_sample(source, file, lambda: False)
        except OSError as error:
            raise reading_failed(file, error) from error
        text, label = choose_columns(source, sample, wishes)
        return Preview(
            path=str(path),
            format=source.format,
            options=ReadOptions(
                encoding=source.encoding,
                delimiter=source.delimiter,
                header=source.header,
                sheet=source.sheet,
                text_column=text or "",
                label_column=label or "",
                label_separator=wishes.label_separator,
            ),
            columns=describe(source.names, sample.cells),
            rows=tuple(_shown(cells, len(source.names)) for cells in sample.cells[:_SHOWN_ROWS]),
            estimated_rows=source.estimate_rows(len(sample.entries), sample.done, sample.complete),
            sheets=source.sheets,
            label_values=label_values(source, sample, label, _SHOWN_VALUES, wishes.label_separator),
            separator_guess=separator_of(source, sample, label),
            problems=_problems(source, sample, text, label, wishes.label_separator),
            notes=(*source.notes, *_notes(source, sample, text)),
        )


def read(
    path: str | os.PathLike[str],
    options: ReadOptions | None = None,
    *,
    cancelled: Cancelled = lambda: False,
) -> Iterator[ReadChunk]:
    """The rows of a file in chunks of some 2,000, with those that could not be used beside them.

    Memory does not grow with the file. Raises, at the first chunk or later, :class:`UserError` (no such
    file or column, damaged, changed meanwhile, not one usable row) or :class:`Stopped`.
    """
    wishes = options or ReadOptions()
    file = Path(path)
    try:
        with closing(open_source(file, wishes)) as source:
            before = _stamp(file)
            maker = _plan(source, file, wishes, cancelled)
            usable = 0
            first: RowProblem | None = None
            for chunk in _chunks(source, maker, cancelled):
                if _stamp(file) != before:
                    raise UserError(
                        "{file} was changed while it was read. Wait until it is saved, then add it again.",
                        file=file.name,
                    )
                usable += len(chunk.rows)
                first = first or next(iter(chunk.problems), None)
                yield chunk
            if usable == 0:
                raise no_usable_row(file, first.message if first else None)
    except OSError as error:
        raise reading_failed(file, error) from error


def _plan(source: Source, file: Path, wishes: ReadOptions, cancelled: Cancelled) -> RowMaker:
    sample = take_sample(source, file, cancelled)
    text, label = choose_columns(source, sample, wishes)
    if text is None:
        raise UserError(
            "No column of {file} has words in it. Choose the column with the texts.", file=file.name
        )
    return RowMaker(source, text, label, wishes.label_separator)


def _chunks(source: Source, maker: RowMaker, cancelled: Cancelled) -> Iterator[ReadChunk]:
    rows: list[ReadRow] = []
    problems: list[RowProblem] = []
    size = 0
    for entry in source.entries(cancelled):
        made = maker.make(entry)
        if isinstance(made, ReadRow):
            rows.append(made)
            size += len(made.text)
        else:
            problems.append(made)
        if len(rows) + len(problems) >= CHUNK_ROWS or size > _CHUNK_CHARS:
            stop_if(cancelled)
            done = source.done
            yield ReadChunk(rows, problems, min(done, source.total), source.total)
            rows, problems, size = [], [], 0
    stop_if(cancelled)
    yield ReadChunk(rows, problems, source.total, source.total)


def _stamp(file: Path) -> tuple[int, int, int]:
    """What shows that a file was written to or replaced."""
    status = file.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns


def _shown(cells: list[str], width: int) -> tuple[str, ...]:
    return tuple(cell[:_SHOWN_CELL] for cell in cells) + ("",) * (width - len(cells))


def _problems(
    source: Source, sample: Sample, text: str | None, label: str | None, separator: str
) -> tuple[RowProblem, ...]:
    if text is None:
        return ()
    maker = RowMaker(source, text, label, separator)
    made = map(maker.make, sample.entries)
    return tuple(row for row in made if isinstance(row, RowProblem))


def _notes(source: Source, sample: Sample, text: str | None) -> list[Message]:
    if text is None:
        return [Message.of("No column has words in it. Choose the column with the texts.")]
    place = source.names.index(text)
    texts = [cells[place] for cells in sample.cells if place < len(cells) and cells[place].strip()]
    twice = len(texts) - len(set(texts))
    if not twice:
        return []
    if sample.complete:
        return [Message.of("Texts that are there more than once: {n}. They are kept.", n=twice)]
    template = "Texts that are there more than once: {n} in the first {total} rows. They are kept."
    return [Message.of(template, n=twice, total=len(texts))]
