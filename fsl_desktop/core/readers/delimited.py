"""CSV and its relatives: comma, semicolon, tab, pipe, or one column."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.readers.columns import looks_like_header, rows_above_header
from fsl_desktop.core.readers.dialect import excel_hint
from fsl_desktop.core.readers.lines import LineTooLongError, TextFile
from fsl_desktop.core.readers.names import unique_names
from fsl_desktop.core.readers.records import RecordParser, parse_sample
from fsl_desktop.core.readers.sniff import sniff
from fsl_desktop.core.readers.source import ABOVE_TABLE, NAMES_AGAIN, Cancelled, Entry, problem

_SAMPLE_CHARS = 200_000
_SAMPLE_LINES = 1_000


class DelimitedFile(TextFile):
    """An open table in plain text."""

    sheet = ""
    sheets: tuple[str, ...] = ()

    def __init__(
        self, path: Path, encoding: str | None, delimiter: str | None, header: bool | None, ending: str
    ) -> None:
        super().__init__(path, encoding)
        try:
            self._open(delimiter, header, ending)
        except BaseException:
            self.close()
            raise

    def _open(self, delimiter: str | None, header: bool | None, ending: str) -> None:
        # "" is what a preview says of a table with one column.
        if delimiter is not None and (len(delimiter) > 1 or delimiter in ('"', "\r", "\n")):
            raise UserError("{delimiter} cannot separate columns. Choose one sign.", delimiter=delimiter)
        lines = self._first_lines()
        hint = excel_hint(lines[0]) if lines else None
        self._skip = 1 if hint else 0
        lines = lines[self._skip :]
        self._dialect, usual = sniff(lines, ending=ending, delimiter=hint if delimiter is None else delimiter)
        self.delimiter = self._dialect.delimiter
        self.format = "tsv" if self.delimiter == "\t" else "csv"
        rows, _ = parse_sample(lines, self._dialect)
        self._above = 0 if header is False else rows_above_header(rows)
        rows = rows[self._above :]
        self.header = looks_like_header(rows) if header is None else header
        self._plan_columns(rows, usual)

    def _first_lines(self) -> list[str]:
        reader = self.lines(lambda: False)
        lines: list[str] = []
        size = 0
        while size < _SAMPLE_CHARS and len(lines) < _SAMPLE_LINES:
            try:
                line = next(reader)
            except LineTooLongError:
                continue
            except StopIteration:
                break
            lines.append(line)
            size += len(line)
        return lines

    def _plan_columns(self, rows: list[list[str]], usual: int) -> None:
        """Settle how wide a row is, where header and rows do not agree."""
        self._short: int | None = None
        if not self.header or not rows:
            self.names = unique_names([""] * max(usual, 1))
            return
        names, body = rows[0], rows[1:]
        if usual < len(names) and not any(name.strip() for name in names[usual:]):
            names = names[:usual]  # a delimiter at the end of the header
        elif usual < len(names):
            self._short = usual  # the last columns are left out where there is nothing in them
        elif usual == len(names) + 1 and all(row[0].strip().isdecimal() for row in body if len(row) == usual):
            names = ["", *names]  # R writes row numbers without a name for their column
        self.names = unique_names(names)

    def entries(self, cancelled: Cancelled) -> Iterator[Entry]:
        reader = self.lines(cancelled)
        for _ in range(self._skip):
            next(reader, None)
        parser = RecordParser(reader, self._dialect, len(self.names), self._short)
        header: list[str] | None = None
        for position, entry in enumerate(parser):
            row, cells = entry
            if position < self._above:
                yield problem(row, ABOVE_TABLE)
                continue
            if position == self._above and self.header:
                header = cells if isinstance(cells, list) else None
                continue
            if cells == header:
                yield problem(row, NAMES_AGAIN)  # files were put together
                continue
            fault = None
            for _, line in parser.taken:
                fault = fault or self.fault(row, line)
            yield fault or entry
