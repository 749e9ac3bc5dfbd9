"""Reading users' files: CSV, TSV, TXT, JSON Lines, XLSX and Parquet."""

from __future__ import annotations

from fsl_desktop.core.readers.reading import preview, read
from fsl_desktop.core.readers.types import (
    ColumnInfo,
    Preview,
    ReadChunk,
    ReadOptions,
    ReadRow,
    RowProblem,
)

__all__ = [
    "ColumnInfo",
    "Preview",
    "ReadChunk",
    "ReadOptions",
    "ReadRow",
    "RowProblem",
    "preview",
    "read",
]
