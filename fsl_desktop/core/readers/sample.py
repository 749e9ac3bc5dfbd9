"""The first rows of a file: what every guess is made from."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.label_cells import guess_separator, split_cell
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.columns import guess_label, guess_text
from fsl_desktop.core.readers.source import SAMPLE_CHARS, SAMPLE_ROWS, Cancelled, Entry, Source
from fsl_desktop.core.readers.types import ReadOptions


@dataclass(frozen=True, slots=True)
class Sample:
    entries: tuple[Entry, ...]
    cells: tuple[list[str], ...]
    """Of those entries that have no problem."""
    done: int
    complete: bool
    """The file has no more rows than these."""


def take_sample(source: Source, file: Path, cancelled: Cancelled) -> Sample:
    """The first rows, at least one of them sound; :class:`UserError` if the file has none."""
    entries: list[Entry] = []
    size = 0
    complete = True
    for entry in source.entries(cancelled):
        entries.append(entry)
        size += sum(map(len, entry[1])) if isinstance(entry[1], list) else 100
        if len(entries) >= SAMPLE_ROWS or size >= SAMPLE_CHARS:
            complete = False
            break
    cells = tuple(cells for _, cells in entries if isinstance(cells, list))
    if not cells:
        raise _nothing(source, file, entries)
    return Sample(tuple(entries), cells, source.done, complete)


def choose_columns(source: Source, sample: Sample, wishes: ReadOptions) -> tuple[str | None, str | None]:
    """The names of the text column (``None``: none looks like it) and the label column (``None``: none)."""
    label = _named(source, wishes.label_column, "label") if wishes.label_column else None
    text = _named(source, wishes.text_column, "text") if wishes.text_column else None
    if text is None:
        others = [name for name in source.names if name != label]
        places = [source.names.index(name) for name in others]
        rows = (
            [[row[i] if i < len(row) else "" for i in places] for row in sample.cells]
            if label
            else sample.cells
        )
        text = guess_text(others, rows)
    if label is None and wishes.label_column is None:
        label = guess_label(source.names, sample.cells, text)
    if label is not None and label == text:
        raise UserError("{column} cannot be both text and label. Choose another column.", column=label)
    return text, label


def label_values(
    source: Source, sample: Sample, label: str | None, limit: int, separator: str = ""
) -> tuple[str, ...]:
    """Distinct labels in order of appearance, those inside the cells where they are parted."""
    found = (split_cell(cell, separator) or () for cell in _cells_of(source, sample, label))
    return tuple(dict.fromkeys(value for parts in found for value in parts))[:limit]


def separator_of(source: Source, sample: Sample, label: str | None) -> str:
    """What seems to part several labels in one cell; "" for nothing."""
    return guess_separator(_cells_of(source, sample, label))


def _cells_of(source: Source, sample: Sample, label: str | None) -> list[str]:
    if label is None:
        return []
    place = source.names.index(label)
    return [cells[place] for cells in sample.cells if place < len(cells)]


def no_usable_row(file: Path, reason: Message | None) -> UserError:
    """The sentence for a file in which every row has a problem: that of the first."""
    return UserError(
        "{file} has no row that can be used. {reason}",
        file=file.name,
        reason=reason.text if reason is not None else "Choose another file.",
    )


def _nothing(source: Source, file: Path, entries: list[Entry]) -> UserError:
    for _, message in entries:
        if isinstance(message, Message):
            return no_usable_row(file, message)
    if source.header and source.names and source.format in ("csv", "tsv", "xlsx", "parquet"):
        return UserError(
            "{file} has names of columns but no row under them. Add a row with a text.", file=file.name
        )
    return UserError("{file} has no text in it. Choose a file with one text in each row.", file=file.name)


def _named(source: Source, wanted: str, role: str) -> str:
    """The column that the user means; case and blanks around the name do not matter."""
    if wanted in source.names:
        return wanted
    alike = [name for name in source.names if name.casefold() == wanted.strip().casefold()]
    if len(alike) == 1:
        return alike[0]
    shown = ", ".join(source.names[:20]) + (", …" if len(source.names) > 20 else "")
    raise UserError(
        "There is no column called {column}. Choose the {role} column from: {columns}.",
        column=wanted,
        role=role,
        columns=shown,
    )
