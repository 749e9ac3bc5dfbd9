"""From a path and the user's wishes to an open file of the right kind."""

from __future__ import annotations

import re
from pathlib import Path

from fsl_desktop.core.formats.conll import looks_like_conll
from fsl_desktop.core.readers.arrow import ArrowFiles, is_dataset_folder, open_dataset
from fsl_desktop.core.readers.conll import ConllFile
from fsl_desktop.core.readers.delimited import DelimitedFile
from fsl_desktop.core.readers.files import FORMATS, container_format
from fsl_desktop.core.readers.jsonl import JsonFile
from fsl_desktop.core.readers.lines import LineTooLongError, TextFile, TextLines
from fsl_desktop.core.readers.parquet import ParquetTable
from fsl_desktop.core.readers.sniff import sniff
from fsl_desktop.core.readers.source import Source
from fsl_desktop.core.readers.types import ReadOptions
from fsl_desktop.core.readers.xlsx import ExcelFile

_JSON_START = re.compile(r'[\ufeff\s]*(\[\s*)?\{\s*"([^"\\]|\\.){0,200}"\s*:')


def open_source(path: Path, options: ReadOptions) -> Source:
    """Open a file as what its bytes say it is; its ending only decides between kinds of text.

    Raises :class:`UserError` if it cannot be opened or is no table.
    """
    if is_dataset_folder(path):
        return open_dataset(path)
    container = container_format(path)
    if container == "xlsx":
        return ExcelFile(path, options.sheet, options.header)
    if container == "parquet":
        return ParquetTable(path)
    if container == "arrow":
        return ArrowFiles(path, [("", path)])
    promised = FORMATS.get(path.suffix.lower(), "")
    lines, encoding = _first_lines(path, options.encoding)
    kind = _text_kind(lines, promised, options)
    if kind == "jsonl":
        return JsonFile(path, encoding)
    if kind == "conll":
        return ConllFile(path, encoding)
    if kind == "txt":
        return TextLines(path, encoding, options.header)
    return DelimitedFile(path, encoding, options.delimiter, options.header, kind)


def _text_kind(lines: list[str], promised: str, options: ReadOptions) -> str:
    """csv, tsv, txt, jsonl or conll."""
    if promised in ("jsonl", "conll"):
        return promised
    if options.delimiter is None and promised != "csv" and looks_like_conll(lines):
        return "conll"
    if _JSON_START.match("".join(lines)):
        return "jsonl"
    if options.delimiter is not None:
        # "" asks for one text a line, and a table of one column may still have quoted fields.
        return "txt" if options.delimiter == "" and promised not in ("csv", "tsv") else "csv"
    if promised in ("csv", "tsv"):
        return promised
    # Sentences have commas and semicolons; a .txt is a table only if tabs say so.
    dialect, width = sniff(lines, ending="tsv", delimiter=None)
    if width > 1 and (dialect.delimiter == "\t" or promised != "txt"):
        return "tsv" if dialect.delimiter == "\t" else "csv"
    return "txt"


def _first_lines(path: Path, encoding: str | None) -> tuple[list[str], str]:
    """Some lines to tell the format by, and the encoding, which takes a while to find in a large file."""
    file = TextFile(path, encoding)
    try:
        reader = file.lines(lambda: False)
        lines: list[str] = []
        while len(lines) < 200 and sum(map(len, lines)) < 100_000:
            try:
                lines.append(next(reader))
            except LineTooLongError:
                continue
            except StopIteration:
                break
        return lines, file.encoding
    finally:
        file.close()
