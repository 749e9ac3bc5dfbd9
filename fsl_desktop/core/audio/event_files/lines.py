"""What the formats have in common: text of any encoding, numbered lines, and sentences about bad ones."""

from __future__ import annotations

import math
import os
from pathlib import Path

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message, Value
from fsl_desktop.core.readers.files import open_binary, reading_failed

_MOST = 100 << 20
_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def read_text(path: Path) -> str:
    """A text file in UTF-8 or UTF-16, with or without a byte order mark, or else in Latin-1; all line ends as
    one. Raises :class:`UserError`."""
    with open_binary(path) as file:
        try:
            if os.fstat(file.fileno()).st_size > _MOST:
                raise UserError("{file} is too large to be a list of events. Choose another.", file=path.name)
            data = file.read()
        except OSError as error:
            raise reading_failed(path, error) from error
    text = _decoded(data)
    if "\0" in text:
        raise UserError("{file} is no text. Choose a file with a list of events.", file=path.name)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def bad(path: Path, line: int, template: str, **values: Value) -> UserError:
    """A sentence about a line (counted from 1); the template may name ``{line}`` and ``{file}``."""
    return UserError.of(Message.of(template, file=path.name, line=line, **values))


def seconds_in(path: Path, line: int, cell: str) -> float:
    """A time in seconds, with a point or a comma. Raises :class:`UserError` for what is none."""
    value = number(cell)
    if value is None or value < 0:
        raise bad(
            path,
            line,
            "Line {line} of {file} has {cell} where a time in seconds belongs. Correct it.",
            cell=f"“{cell.strip()[:50]}”",
        )
    return value


def span_in(path: Path, line: int, start: str, end: str) -> tuple[float, float]:
    """Start and end of an event; an empty end is its start."""
    first = seconds_in(path, line, start)
    last = seconds_in(path, line, end) if end.strip() else first
    if last < first:
        raise bad(path, line, "Line {line} of {file} ends before it begins. Correct its times.")
    return first, last


def number(cell: str) -> float | None:
    """A finite number, or ``None``."""
    text = cell.strip()
    if "," in text and "." not in text:
        text = text.replace(",", ".")
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def one_line(text: str) -> str:
    """A name for formats that know no way to write a tab or the end of a line in it."""
    return " ".join(text.replace("\t", " ").splitlines()).replace("\0", "")


def _decoded(data: bytes) -> str:
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(encoding, errors="replace")
    # Every other byte of plain text in UTF-16 is zero, and none in any other encoding.
    head = data[:200]
    if len(head) > 3 and head[1::2].count(0) > len(head) // 4:
        return data.decode("utf-16-le", errors="replace")
    if len(head) > 3 and head[::2].count(0) > len(head) // 4:
        return data.decode("utf-16-be", errors="replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("latin-1")
