"""Excel workbooks, one sheet at a time, as they show on the screen."""

from __future__ import annotations

import datetime
import re
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.columns import looks_like_header, rows_above_header
from fsl_desktop.core.readers.files import open_binary
from fsl_desktop.core.readers.names import unique_names
from fsl_desktop.core.readers.source import ABOVE_TABLE, Cancelled, Entry, damaged, problem, stop_if
from fsl_desktop.core.readers.xlsx_archive import Merged, check_archive, sheet_facts

_ERRORS = frozenset(["#N/A", "#REF!", "#DIV/0!", "#VALUE!", "#NAME?", "#NULL!", "#NUM!", "#GETTING_DATA"])
_CODED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_MAX_ROWS = 1_048_576
_SAMPLE = 200


class ExcelFile:
    """An open workbook; formulas count as the value that was last calculated for them."""

    format = "xlsx"
    encoding = ""
    delimiter = ""

    def __init__(self, path: Path, sheet: str | None, header: bool | None) -> None:
        self.path = path
        self.notes: list[Message] = []
        self._row = 0
        check_archive(path)
        # A file and not its name: openpyxl refuses names that do not end in .xlsx.
        self._file = open_binary(path)
        try:
            self._book = _open(path, self._file)
            self._choose(sheet)
            self._plan(header)
        except BaseException:
            self.close()
            raise

    def _choose(self, wanted: str | None) -> None:
        sheets = self._book.worksheets
        visible = [sheet.title for sheet in sheets if sheet.sheet_state == "visible"]
        self.sheets = tuple(visible or [sheet.title for sheet in sheets])
        if not sheets:
            raise UserError("{file} has no sheet with cells. Choose another file.", file=self.path.name)
        if wanted and wanted not in self._book.sheetnames:
            raise UserError(
                "{file} has no sheet called {sheet}. Choose one of: {sheets}.",
                file=self.path.name,
                sheet=wanted,
                sheets=", ".join(self.sheets),
            )
        if len(visible) < len(sheets) and visible:
            self.notes.append(Message.of("Hidden sheets are passed over."))
        candidates = [wanted] if wanted else list(self.sheets)
        for self.sheet in candidates:
            if wanted or self._has_cells(self.sheet):
                break
        else:
            self.sheet = candidates[0]
        if len(self.sheets) > 1 and not wanted:
            self.notes.append(
                Message.of(
                    "The file has {n} sheets, this is {sheet}. Each can be added by itself.",
                    n=len(self.sheets),
                    sheet=self.sheet,
                )
            )

    def _has_cells(self, title: str) -> bool:
        self.sheet = title
        return next(self._rows(lambda: False, ()), None) is not None

    def _plan(self, header: bool | None) -> None:
        sheet = self._book[self.sheet]
        facts = sheet_facts(self.path, sheet)
        self._merged = facts.merged
        # Not what the sheet announces: that may be 1, or the last row Excel has.
        self.total = max(facts.rows, 1)
        if facts.merged:
            self.notes.append(Message.of("Merged cells: every row of them gets their value."))
        if facts.formulas:
            self.notes.append(Message.of("Formulas are read as the values that were last calculated."))
        first: list[list[str]] = []
        for _, cells in self._rows(lambda: False, self._merged):
            first.append(cells)
            if len(first) >= _SAMPLE:
                break
        width = max(map(len, first), default=1)
        padded = [cells + [""] * (width - len(cells)) for cells in first]
        self._above = 0 if header is False else rows_above_header(padded)
        padded = padded[self._above :]
        self.header = looks_like_header(padded) if header is None else header
        self.names = unique_names(padded[0] if self.header and padded else [""] * width)

    def entries(self, cancelled: Cancelled) -> Iterator[Entry]:
        rows = self._rows(cancelled, self._merged)
        for position, (row, cells) in enumerate(rows):
            if position < self._above:
                yield problem(row, ABOVE_TABLE)
                continue
            if position == self._above and self.header:
                continue
            while len(self.names) < len(cells):
                self.names = unique_names([*self.names, ""])  # a cell far to the right of the others
            yield row, cells + [""] * (len(self.names) - len(cells))

    def _rows(self, cancelled: Cancelled, merged: Sequence[Merged]) -> Iterator[tuple[int, list[str]]]:
        """Rows with something in them, and their numbers on the sheet."""
        sheet = self._book[self.sheet]
        # Programs announce wrong sizes: A1 for a whole table, or the last cell of Excel for a small one.
        sheet.reset_dimensions()
        fill = _Filler(merged)
        rows = sheet.iter_rows(values_only=True)
        self._row = 0
        while self._row < _MAX_ROWS:
            if self._row % 200 == 0:
                stop_if(cancelled)
            try:
                values = next(rows, None)
            except Exception as error:  # whatever the library stumbles over in a damaged sheet
                damaged(self.path.name, "Excel", error)
            if values is None:
                return
            self._row += 1
            cells = fill(self._row, [as_text(value) for value in values])
            while cells and not cells[-1].strip():
                cells.pop()
            if cells:
                yield self._row, cells

    @property
    def done(self) -> int:
        self.total = max(self.total, self._row)
        return self._row

    def estimate_rows(self, entries: int, done: int, complete: bool) -> int:
        return entries if complete else max(entries, self.total - (1 if self.header else 0))

    def close(self) -> None:
        self._file.close()


class _Filler:
    """Gives every cell of a merged range the value of its first cell."""

    def __init__(self, merged: Sequence[Merged]) -> None:
        self._waiting = sorted(merged, key=lambda area: area.top, reverse=True)
        self._active: list[tuple[Merged, str]] = []

    def __call__(self, row: int, cells: list[str]) -> list[str]:
        while self._waiting and self._waiting[-1].top <= row:
            area = self._waiting.pop()
            value = cells[area.left - 1] if area.left <= len(cells) else ""
            if area.top == row and value:
                self._active.append((area, value))
        if self._active:
            self._active = [(area, value) for area, value in self._active if area.bottom >= row]
            for area, value in self._active:
                cells.extend([""] * (area.right - len(cells)))
                cells[area.left - 1 : area.right] = [value] * (area.right - area.left + 1)
        return cells


def _open(path: Path, file: BinaryIO) -> Any:
    # Its warnings (no default style, unknown extensions) are about looks, which do not matter here.
    warnings.filterwarnings("ignore", module="openpyxl")
    from openpyxl import load_workbook

    try:
        return load_workbook(file, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # KeyError, ParseError, ValueError, BadZipFile: all mean the same here
        damaged(path.name, "Excel", error)


def as_text(value: object) -> str:
    """A cell as people read it: 3 and not 3.0, days without midnight."""
    if value is None:
        return ""
    if isinstance(value, str):
        if value[:1] == "#" and value in _ERRORS:
            return ""
        text = value.replace("\r\n", "\n")
        return _CODED.sub(_decode, text) if "_x" in text else text
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        return (
            value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "seconds")
        )
    return str(value)


def _decode(match: re.Match[str]) -> str:
    """Excel writes signs that XML cannot hold as _x000D_; none of those is worth keeping but a line end."""
    char = chr(int(match.group(1), 16))
    if char in "\t\n" or char.isprintable():
        return char
    return ""
