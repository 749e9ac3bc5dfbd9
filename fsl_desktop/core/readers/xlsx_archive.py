"""A workbook as the zip archive it is: is it safe to unpack, and what openpyxl does not tell."""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.readers.source import damaged

_MAX_UNPACKED = 4 << 30
_MAX_RATIO = 250
"""Deflate reaches 1,000 on zeros; sheets of real texts stay below 30, of one repeated number below 150."""
_RATIO_MATTERS_FROM = 50 << 20
_BLOCK = 1 << 20
_MERGE = re.compile(
    rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})"'
)
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>]")
_ROW = re.compile(rb"<(?:\w+:)?row[\s>]")
_MAX_MERGED = 20_000


@dataclass(frozen=True, slots=True)
class Merged:
    """Cells shown as one; rows and columns from 1, ends included."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(frozen=True, slots=True)
class SheetFacts:
    rows: int
    """Rows that are written down; empty ones between them are often not."""
    merged: tuple[Merged, ...]
    formulas: bool


def check_archive(path: Path) -> None:
    """Raise :class:`UserError` for a workbook that would unpack to absurd sizes, or is broken."""
    try:
        with zipfile.ZipFile(path) as archive:
            infos = archive.infolist()
            absurd = is_absurd(infos, _MAX_UNPACKED)
            declares = not absurd and any(_declares_entities(archive, info) for info in infos)
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError, RuntimeError) as error:
        damaged(path.name, "Excel", error)
    if absurd or declares:
        raise UserError(
            "{file} would unpack to an absurd size and is not opened. Ask for it as CSV.", file=path.name
        )


def is_absurd(infos: Sequence[zipfile.ZipInfo], most: int) -> bool:
    """Would an archive unpack to more than ``most`` bytes, or a large file in it be denser than real ones?"""
    return sum(info.file_size for info in infos) > most or any(
        info.file_size > _RATIO_MATTERS_FROM and info.file_size > _MAX_RATIO * max(info.compress_size, 1)
        for info in infos
    )


def _declares_entities(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bool:
    """No spreadsheet program writes a DTD; entities that contain entities are how XML is made to explode."""
    if not info.filename.endswith((".xml", ".rels")):
        return False
    with archive.open(info) as file:
        return b"<!DOCTYPE" in file.read(4096).upper()


def sheet_facts(path: Path, sheet: Any) -> SheetFacts:
    """What the sheet's XML says without parsing it; the number of rows may be off by a few."""
    name = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
    merged: list[Merged] = []
    formulas = False
    rows = 0
    try:
        with zipfile.ZipFile(path) as archive, archive.open(name) as file:
            tail = b""
            while block := file.read(_BLOCK):
                rows += sum(1 for _ in _ROW.finditer(block))
                window = tail + block
                formulas = formulas or _FORMULA.search(window) is not None
                if b"mergeCell" in window:
                    merged += [_area(match) for match in _MERGE.finditer(window) if match.end() > len(tail)]
                tail = window[-200:]
    except (KeyError, zipfile.BadZipFile, zlib.error, OSError, ValueError, EOFError) as error:
        damaged(path.name, "Excel", error)
    sound = [area for area in merged if area.top <= area.bottom and area.left <= area.right <= 16_384]
    return SheetFacts(rows, tuple(sound[:_MAX_MERGED]), formulas)


def _area(match: re.Match[bytes]) -> Merged:
    left, top, right, bottom = match.groups()
    return Merged(int(top), _column(left), int(bottom), _column(right))


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number
