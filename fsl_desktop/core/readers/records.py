"""Rows out of lines with delimiters and quotation marks, going on after every broken one."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from typing import Protocol

from fsl_desktop.core.readers.dialect import NOTHING, Dialect
from fsl_desktop.core.readers.lines import LineTooLongError
from fsl_desktop.core.readers.source import MAX_RECORD, Entry, problem, too_long

UNCLOSED = "Row {row} has a quotation mark that is not closed. Close it or remove it."
FIELDS = (
    "Row {row} has {found} instead of {expected} fields. "
    "Put a text that contains the separator into quotation marks."
)
FEW_FIELDS = "Row {row} has {found} instead of {expected} fields. Add what is missing or remove it."

_MAX_SWALLOWS = 20
"""Unclosed quotation marks that may run on to the limit before that limit is lowered."""
_LOW_LIMIT = 20_000


class Lines(Protocol):
    """Lines with their ends and the number, from 1, of the one last given."""

    number: int

    def __next__(self) -> str: ...


class _Feed:
    """Hands lines to ``csv.reader``, remembers those of the present row and can give them again."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._again: deque[tuple[int, str]] = deque()
        self.taken: list[tuple[int, str]] = []
        self._size = 0
        self.limit = MAX_RECORD

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if self._again:
            number, line = self._again.popleft()
        else:
            line = next(self._lines)
            number = self._lines.number
        self.taken.append((number, line))
        self._size += len(line)
        if self._size > self.limit and len(self.taken) > 1:
            raise _RunsOnError
        return line

    @property
    def number(self) -> int:
        """Of the line last read from the file."""
        return self._lines.number

    def start_row(self) -> None:
        self.taken = []
        self._size = 0

    def give_back(self, lines: Sequence[tuple[int, str]]) -> None:
        self._again.extendleft(reversed(lines))


class _RunsOnError(Exception):
    """A row that is longer than any row should be."""


class _ListLines:
    def __init__(self, lines: Sequence[str]) -> None:
        self._lines = iter(lines)
        self.number = 0

    def __next__(self) -> str:
        self.number += 1
        return next(self._lines)


class RecordParser:
    """Iterates over the rows as (line the row starts on, cells or what is wrong), empty lines left out.

    ``width`` is the number of fields that a row must have, ``None`` to take any; ``short`` is a smaller
    number that will do too. ``taken`` holds the lines of the row last given. A quotation mark that is
    never closed costs its own row and no other: the lines after it are read anew.
    """

    def __init__(self, lines: Lines, dialect: Dialect, width: int | None, short: int | None = None) -> None:
        csv.field_size_limit(max(csv.field_size_limit(), 2 * MAX_RECORD))
        self._dialect = dialect
        self._width = width
        self._short = short
        self._feed = _Feed(lines)
        self._reader = _reader(self._feed, dialect, strict=True)
        self._swallows = 0

    @property
    def taken(self) -> list[tuple[int, str]]:
        return self._feed.taken

    def __iter__(self) -> Iterator[Entry]:
        feed = self._feed
        while True:
            feed.start_row()
            try:
                cells = next(self._reader)
            except StopIteration:
                return
            except LineTooLongError:
                if feed.taken:
                    yield self._recover()
                yield too_long(feed.number)
            except csv.Error:
                yield self._recover()
            except _RunsOnError:
                yield self._runs_on()
            else:
                if len(feed.taken) > 1:
                    cells = [cell.replace("\r\n", "\n").replace("\r", "\n") for cell in cells]
                entry = self._fit(feed.taken[0][0], cells)
                if entry is not None:
                    yield entry

    def _fit(self, row: int, cells: list[str]) -> Entry | None:
        """The row in the width of the table; ``None`` if there is nothing in it."""
        width = self._width
        if not any(cell.strip() for cell in cells):
            return None
        if width is None or len(cells) == width or len(cells) == self._short:
            return row, cells
        if len(cells) > width and not any(cell.strip() for cell in cells[width:]):
            return row, cells[:width]  # spreadsheets fill rows up with delimiters
        template = FIELDS if len(cells) > width else FEW_FIELDS
        return problem(row, template, found=len(cells), expected=width)

    def _recover(self) -> Entry:
        """Make what can be made of a row with stray quotation marks, and read the lines after it anew."""
        feed = self._feed
        if len(feed.taken) > 100:
            self._swallowed()
        if len(feed.taken) > 1 and not self._are_rows([line for _, line in feed.taken]):
            cells = _read_one([line for _, line in feed.taken], self._dialect)
            if cells is not None and len(cells) == self._width:
                return feed.taken[0][0], cells
        row, line = feed.taken[0]
        feed.give_back(feed.taken[1:])
        feed.taken = feed.taken[:1]
        closed = line.count('"') % 2 == 0
        cells = _read_one([line], self._dialect) if closed else None
        if cells is not None and self._width in (None, len(cells)):
            return row, cells
        literal = line.rstrip("\r\n").split(self._dialect.delimiter or NOTHING)
        if len(literal) == self._width:
            return row, literal  # the mark is part of the text, e.g. of inches
        if cells is not None and self._width is not None:
            template = FIELDS if len(cells) > self._width else FEW_FIELDS
            return problem(row, template, found=len(cells), expected=self._width)
        return problem(row, UNCLOSED)

    def _runs_on(self) -> Entry:
        """A row of millions of characters: a mark that is never closed, or really one huge cell?"""
        feed = self._feed
        lines = [line for _, line in feed.taken]
        if feed.limit < MAX_RECORD or self._are_rows(lines[1:-1]):
            return self._recover()
        row = feed.taken[0][0]
        marks = sum(line.count('"') for line in lines)
        del lines
        while marks % 2:
            feed.start_row()
            try:
                marks += next(feed).count('"')
            except LineTooLongError:
                continue
            except StopIteration:
                break
        return too_long(row)

    def _are_rows(self, lines: Sequence[str]) -> bool:
        """Do most lines hold as many fields as a row, each for itself?"""
        if self._width is None or self._width == 1:
            return True
        delimiter = self._dialect.delimiter
        complete = sum(line.count(delimiter) == self._width - 1 for line in lines)
        return complete * 2 > len(lines)

    def _swallowed(self) -> None:
        self._swallows += 1
        if self._swallows >= _MAX_SWALLOWS:
            # Each costs a pass over millions of characters; a file full of them must still end.
            self._feed.limit = _LOW_LIMIT


def parse_sample(lines: Sequence[str], dialect: Dialect) -> tuple[list[list[str]], int]:
    """The rows of some lines read in one dialect, and the number of lines that do not fit it."""
    rows: list[list[str]] = []
    bad = 0
    for _, cells in RecordParser(_ListLines(lines), dialect, None):
        if not isinstance(cells, list):
            bad += 1
        elif any(cell.strip() for cell in cells):
            rows.append(cells)
    return rows, bad


def _read_one(lines: Sequence[str], dialect: Dialect) -> list[str] | None:
    """The lines as one row, forgiving what follows a closing mark; ``None`` if they are not one row."""
    try:
        rows = list(_reader(iter(lines), dialect, strict=False))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def _reader(lines: Iterator[str], dialect: Dialect, *, strict: bool) -> Iterator[list[str]]:
    return csv.reader(
        lines,
        delimiter=dialect.delimiter or NOTHING,
        quoting=csv.QUOTE_MINIMAL if dialect.quotes else csv.QUOTE_NONE,
        escapechar="\\" if dialect.backslash else None,
        skipinitialspace=dialect.blanks,
        strict=strict,
    )
