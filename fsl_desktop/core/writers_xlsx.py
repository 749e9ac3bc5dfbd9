"""An Excel workbook of one sheet, written row by row."""

from __future__ import annotations

import contextlib
import math
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from fsl_desktop.core.errors import UserError

MAX_ROWS = 1_048_576
"""Of an Excel sheet, with the header."""
MAX_COLUMNS = 16_384
MAX_CELL = 32_767
"""UTF-16 units in a cell."""

# XML 1.0 cannot hold these at all, so no spreadsheet could read the file.
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# Excel reads _x000D_ as a character code; a text that really says so has its underscore coded.
_LOOKS_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")


def write_xlsx(
    path: Path,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    needs_quote: Callable[[str], bool],
    total: int | None,
) -> int:
    """Write the table and return the number of rows.

    Texts stay texts even if they look like formulas. What Excel cannot hold (too many rows or
    columns, a longer text) is a :class:`UserError`; control characters are dropped.
    """
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    if len(columns) > MAX_COLUMNS:
        raise UserError(
            "An Excel sheet holds {limit} columns at most. Save the table as CSV instead.", limit=MAX_COLUMNS
        )
    if total is not None and total + 1 > MAX_ROWS:
        raise _too_many_rows()

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Table")
    sheet.freeze_panes = "A2"

    def cell(value: object, row: int, column: int) -> Any:
        if value is None or isinstance(value, (bool, int)):
            return value
        if isinstance(value, float):
            return value if math.isfinite(value) else None
        text = _LOOKS_CODED.sub("_x005F_", _ILLEGAL.sub("", str(value)))
        if len(text) * 2 > MAX_CELL and len(text.encode("utf-16-le")) // 2 > MAX_CELL:
            raise UserError(
                "The text in row {row}, column {column} is longer than the {limit} characters that an Excel "
                "cell holds. Save the table as CSV instead.",
                row=row,
                column=columns[column],
                limit=MAX_CELL,
            )
        # Left to itself openpyxl would make a formula of "=..." and an error value of "#N/A".
        if not text.startswith("#") and not needs_quote(text):
            return text
        literal = WriteOnlyCell(sheet, text)
        literal.data_type = "s"
        literal.quotePrefix = True
        return literal

    count = 0
    try:
        sheet.append([cell(name, 1, position) for position, name in enumerate(columns)])
        for count, row in enumerate(rows, start=1):
            if count + 1 > MAX_ROWS:
                raise _too_many_rows()
            sheet.append([cell(value, count + 1, position) for position, value in enumerate(row)])
        book.save(path)
    finally:
        _drop_scratch_file(sheet)
    return count


def _too_many_rows() -> UserError:
    return UserError(
        "An Excel sheet holds {limit} rows at most. Save the table as CSV instead.", limit=MAX_ROWS
    )


def _drop_scratch_file(sheet: Any) -> None:
    """openpyxl keeps the rows in a file of its own until the book is saved, and after a failure for good."""
    with contextlib.suppress(Exception):
        sheet.close()
    writer = getattr(sheet, "_writer", None)
    if writer is not None:
        with contextlib.suppress(Exception):
            Path(writer.out).unlink(missing_ok=True)
