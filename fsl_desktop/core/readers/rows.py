"""From the cells of a row to its text, its label and the rest."""

from __future__ import annotations

from fsl_desktop.core.label_cells import as_label, split_cell
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.lines import SURROGATE
from fsl_desktop.core.readers.source import (
    BROKEN_CHARACTERS,
    MAX_TEXT,
    NO_TEXT,
    NUL_BYTES,
    Entry,
    Source,
    problem,
    too_long,
)
from fsl_desktop.core.readers.types import ReadRow, RowProblem

MAX_LABEL = 200
LONG_LABEL = "Row {row} has a label of {length} characters. Shorten it, or choose another label column."


class RowMaker:
    """Makes rows of one source, whose columns ``text`` and ``label`` (or ``None``) are settled.

    With a ``separator`` a row's label is what ``label_cells.as_label`` makes of the labels in its cell.
    """

    def __init__(self, source: Source, text: str, label: str | None, separator: str = "") -> None:
        self._separator = separator
        self._names = source
        self._text = source.names.index(text)
        self._text_name = text
        self._label = source.names.index(label) if label is not None else None
        self._label_name = label

    def make(self, entry: Entry) -> ReadRow | RowProblem:
        """The row, or what is wrong with it."""
        row, cells = entry
        if isinstance(cells, Message):
            return RowProblem(row, cells)
        text = cells[self._text] if self._text < len(cells) else ""
        if not text or text.isspace():
            return _refuse(problem(row, NO_TEXT))
        if max(map(len, cells)) > MAX_TEXT:
            return _refuse(too_long(row))
        label = None
        if self._label is not None and self._label < len(cells):
            parts = split_cell(cells[self._label], self._separator)
            if parts and (longest := max(map(len, parts))) > MAX_LABEL:
                return _refuse(problem(row, LONG_LABEL, length=longest))
            if parts is not None:
                label = as_label(parts) if self._separator else parts[0]
        for cell in cells:
            # Text files are checked as they are read; workbooks and Parquet come with anything.
            if "\x00" in cell:
                return _refuse(problem(row, NUL_BYTES))
            if not cell.isascii() and SURROGATE.search(cell):
                return _refuse(problem(row, BROKEN_CHARACTERS, encoding="UTF-8"))
        extra = dict(zip(self._names.names, cells, strict=False))
        extra.pop(self._text_name, None)
        if self._label_name is not None:
            extra.pop(self._label_name, None)
        return ReadRow(text, label, extra)


def _refuse(entry: Entry) -> RowProblem:
    row, message = entry
    assert isinstance(message, Message)
    return RowProblem(row, message)
