"""Tables as files that other programs read: CSV, TSV, XLSX, JSON Lines and Parquet."""

from __future__ import annotations

import csv
import json
import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import TypeVar

import numpy as np

from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.readers.names import unique_names
from fsl_desktop.core.writers_parquet import write_parquet
from fsl_desktop.core.writers_target import replacing
from fsl_desktop.core.writers_xlsx import write_xlsx

ENDINGS = (".csv", ".tsv", ".xlsx", ".jsonl", ".parquet")
LISTS = (".jsonl", ".parquet")
"""Formats in which a cell may be a list."""

Row = TypeVar("Row")
_STEP = 500
"""Rows between two looks at ``cancelled``."""
_NUMBER = re.compile(r"[+-]?(\d[\d.,]*|[.,]\d+)([eE][+-]?\d+)?%?")


def write_table(
    path: str | PathLike[str],
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    *,
    total: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> int:
    """Write a table in the format of the path's ending and return its number of rows.

    Cells are texts, numbers, bools or ``None`` (empty); each row is as long as ``columns`` (``ValueError``
    otherwise). An old file is replaced only when the new one is complete. ``progress(done, total)`` counts
    rows, total 0 where not known. CSV is RFC 4180 in UTF-8 with a byte order mark, because Excel takes it
    for a local encoding without one. In CSV, TSV and XLSX no cell can run as a formula. Raises
    :class:`UserError` (unknown ending, full disk, no permission, limits of the format) or
    :class:`Stopped`; then nothing is left behind.
    """
    target = Path(path)
    ending = target.suffix.lower()
    if ending not in ENDINGS:
        raise UserError(
            "A table cannot be saved as {ending}. Choose a name that ends in .csv, .tsv, .xlsx, .jsonl or"
            " .parquet.",
            ending=ending or target.name,
        )
    names = unique_names(columns)
    counted = _plain(watched(rows, total or 0, progress, cancelled), len(names))
    with replacing(target) as temporary:
        if ending == ".xlsx":
            return write_xlsx(temporary, names, counted, looks_like_formula, total)
        if ending == ".parquet":
            return write_parquet(temporary, names, counted)
        if ending == ".jsonl":
            return _write_jsonl(temporary, names, counted)
        return _write_csv(temporary, names, counted, "\t" if ending == ".tsv" else ",")


def looks_like_formula(text: str) -> bool:
    """Would a spreadsheet run this text? Numbers with a sign are harmless and stay numbers."""
    return text[:1] in ("=", "+", "-", "@", "\t", "\r") and text != "" and not _NUMBER.fullmatch(text)


def _write_csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]], delimiter: str) -> int:
    count = 0
    # A lone surrogate cannot be written at all; a question mark beats a failed export.
    with open(path, "w", encoding="utf-8-sig", errors="replace", newline="") as file:
        writer = csv.writer(file, delimiter=delimiter, lineterminator="\r\n")
        writer.writerow([_csv_cell(name) for name in columns])
        for row in rows:
            writer.writerow([_csv_cell(value) for value in row])
            count += 1
    return count


def _csv_cell(value: object) -> object:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if not isinstance(value, str):
        return value
    text = value.replace("\x00", "") if "\x00" in value else value
    # The apostrophe is what people type themselves to say "this is a text" (OWASP, CSV injection).
    return f"'{text}" if looks_like_formula(text) else text


def _write_jsonl(path: Path, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> int:
    count = 0
    with open(path, "w", encoding="utf-8", errors="replace", newline="\n") as file:
        for row in rows:
            values = [None if isinstance(v, float) and not math.isfinite(v) else v for v in row]
            file.write(json.dumps(dict(zip(columns, values, strict=True)), ensure_ascii=False, default=str))
            file.write("\n")
            count += 1
    return count


def watched(
    rows: Iterable[Row],
    total: int,
    progress: Callable[[int, int], None] | None,
    cancelled: Callable[[], bool] | None,
) -> Iterator[Row]:
    """The rows, while telling how far we are. Raises :class:`Stopped`."""
    count = 0
    for count, row in enumerate(rows, start=1):
        if count % _STEP == 1 and cancelled is not None and cancelled():
            raise Stopped
        yield row
        if count % _STEP == 0 and progress is not None:
            progress(count, total)
    if cancelled is not None and cancelled():
        raise Stopped
    if progress is not None:
        progress(count, max(count, total))


def _plain(rows: Iterable[Sequence[object]], width: int) -> Iterator[list[object]]:
    """The rows with numpy's numbers as Python's."""
    for count, row in enumerate(rows, start=1):
        if len(row) != width:
            raise ValueError(f"row {count} has {len(row)} cells, the table has {width} columns")
        yield [value.item() if isinstance(value, np.generic) else value for value in row]
