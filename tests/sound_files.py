"""Folders and tables of sounds for tests, and short ways to say what was found in them."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
from openpyxl import Workbook

from fsl_desktop.core.audio.found import Found


def put(folder: Path, *names: str) -> None:
    """Files with a byte in them: nobody decodes while looking."""
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"x")


def pairs(found: Found, root: Path) -> list[tuple[str, str | None]]:
    return [(clip.path.relative_to(root).as_posix(), clip.label) for clip in found.clips]


def sentences(found: Found) -> dict[int | None, str]:
    return {problem.row: problem.message.text for problem in found.problems}


def notes(found: Found) -> list[str]:
    return [note.text for note in found.notes]


def write(path: Path, rows: list[list[str]]) -> Path:
    """The same table in the format that its name says."""
    names, *cells = rows
    if path.suffix in (".csv", ".tsv"):
        separator = "," if path.suffix == ".csv" else "\t"
        path.write_text("\n".join(map(separator.join, rows)) + "\n", encoding="utf-8")
    elif path.suffix == ".jsonl":
        lines = [json.dumps(dict(zip(names, row, strict=True)), ensure_ascii=False) for row in cells]
        path.write_text("\n".join(lines), encoding="utf-8")
    elif path.suffix == ".xlsx":
        book = Workbook()
        for row in rows:
            book.active.append(row)
        book.save(path)
        book.close()
    else:
        columns = {name: [row[i] for row in cells] for i, name in enumerate(names)}
        pyarrow.parquet.write_table(pa.table(columns), path)
    return path
