"""Opening what the user picked, and telling from its bytes what it really is."""

from __future__ import annotations

import errno
import os
import stat
import zipfile
from pathlib import Path
from typing import BinaryIO

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.formats.conll import ENDINGS as CONLL_ENDINGS

FORMATS = {
    ".csv": "csv",
    ".tsv": "tsv",
    ".tab": "tsv",
    ".txt": "txt",
    ".text": "txt",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".json": "jsonl",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    **dict.fromkeys(CONLL_ENDINGS, "conll"),
    ".parquet": "parquet",
    ".pq": "parquet",
    ".arrow": "arrow",
}

_HEAD = 4096
# What else people drop on a window, by its first bytes.
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"\x1f\x8b", "compressed (gzip)"),
    (b"BZh", "compressed (bzip2)"),
    (b"\xfd7zXZ", "compressed (xz)"),
    (b"\x28\xb5\x2f\xfd", "compressed (zstd)"),
    (b"7z\xbc\xaf", "compressed (7z)"),
    (b"Rar!", "compressed (rar)"),
)
_NOT_TABLES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"GIF8", "a picture"),
    (b"SQLite format 3", "a database"),
    (b"RIFF", "a sound or video file"),
    (b"fLaC", "a sound file"),
    (b"OggS", "a sound file"),
    (b"ID3", "a sound file"),
    (b"\x7fELF", "a program"),
    (b"MZ\x90", "a program"),
    (b"{\\rtf", "a word processor document"),
)


def open_binary(path: Path) -> BinaryIO:
    """Open a file for reading, or say in a :class:`UserError` why it cannot be."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UserError("{file} is a folder. Choose a file in it.", file=path.name or str(path))
        if not stat.S_ISREG(mode):
            # Reading a pipe or device would wait for ever.
            raise UserError("{file} is not an ordinary file. Choose another one.", file=path.name)
        return open(path, "rb")
    except (OSError, ValueError) as error:
        raise reading_failed(path, error) from error


def reading_failed(path: Path, error: Exception) -> UserError:
    """What a failure to read ``path`` means to the user."""
    details = f"{path}: {error}"
    if isinstance(error, (FileNotFoundError, NotADirectoryError, ValueError)):
        return UserError("{file} is not there. Choose the file again.", file=path.name, details=details)
    if isinstance(error, PermissionError):
        return UserError(
            "{file} may not be read. Close it in other programs, or ask for permission to read it.",
            file=path.name,
            details=details,
        )
    if getattr(error, "errno", None) == errno.ENAMETOOLONG:
        return UserError("{file} is not there. Choose the file again.", file=path.name[:100], details=details)
    return UserError(
        "{file} could not be read from its disk. Copy it to this computer and try again.",
        file=path.name,
        details=details,
    )


def container_format(path: Path) -> str | None:
    """The format of a file that is no text ("xlsx", "parquet", "arrow"), or ``None`` for text.

    Raises :class:`UserError` for what is neither: archives, pictures, protected workbooks, damaged files.
    """
    with open_binary(path) as file:
        size = os.fstat(file.fileno()).st_size
        head = file.read(_HEAD)
        if not head:
            raise UserError("{file} is empty. Choose a file with one text in each row.", file=path.name)
        if head.startswith(b"PK\x03\x04"):
            return _zip_format(path)
        if head.startswith(b"PAR1"):
            return "parquet"
        if head.startswith(b"ARROW1") or (
            path.suffix.lower() == ".arrow" and head.startswith(b"\xff\xff\xff\xff")
        ):
            return "arrow"
        if head.startswith(b"PARE"):
            raise UserError("{file} is encrypted. Save it without encryption.", file=path.name)
        if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
            raise _old_office(path, file, size)
    for magic, what in _OTHERS:
        if head.startswith(magic):
            raise UserError(
                "{file} is {what}. Unpack it first, then choose the file inside.", file=path.name, what=what
            )
    for magic, what in _NOT_TABLES:
        if head.startswith(magic):
            raise _not_a_table(path, what)
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<!doctype html", b"<html", b"<table")):
        raise _not_a_table(path, "a web page")
    expected = FORMATS.get(path.suffix.lower())
    if expected == "xlsx":
        # Text named .xlsx happens (exports of web sites), and reading it as text is what the user wants.
        if b"\x00" in head:
            raise UserError(
                "{file} is damaged and cannot be read as Excel. Save it again in the program that made it.",
                file=path.name,
            )
        return None
    if expected == "parquet" and b"\x00" in head:
        raise UserError(
            "{file} is damaged and cannot be read as Parquet. Make it again or save it as CSV.",
            file=path.name,
        )
    return None


def _zip_format(path: Path) -> str:
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
            encrypted = any(info.flag_bits & 1 for info in archive.infolist())
            kind = archive.read("mimetype")[:100] if "mimetype" in names and not encrypted else b""
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise UserError(
            "{file} is damaged and cannot be read. Save it again in the program that made it.",
            file=path.name,
            details=str(error),
        ) from error
    if encrypted:
        raise protected(path)
    if any(name.lower().endswith("workbook.xml") for name in names):
        return "xlsx"
    if "xl/workbook.bin" in names or b"opendocument.spreadsheet" in kind:
        raise _other_spreadsheet(path)
    if any(name.startswith(("word/", "ppt/")) for name in names) or kind:
        raise _not_a_table(path, "a document")
    raise UserError(
        "{file} is compressed (zip). Unpack it first, then choose the file inside.", file=path.name
    )


def _old_office(path: Path, file: BinaryIO, size: int) -> UserError:
    """Excel before 2007, or a newer workbook with a password: both in the same old container."""
    file.seek(0)
    if "EncryptedPackage".encode("utf-16-le") in file.read(min(size, 32_000_000)):
        return protected(path)
    return _other_spreadsheet(path)


def protected(path: Path) -> UserError:
    """What to say of a file that cannot be opened without a password."""
    return UserError("{file} is protected by a password. Save it without the password.", file=path.name)


def _other_spreadsheet(path: Path) -> UserError:
    return UserError(
        "{file} is in another spreadsheet format. Save it as .xlsx or .csv in your spreadsheet program.",
        file=path.name,
    )


def _not_a_table(path: Path, what: str) -> UserError:
    return UserError(
        "{file} is {what}, not a table of texts. Choose a CSV, TSV, TXT, JSONL, XLSX or Parquet file.",
        file=path.name,
        what=what,
    )
