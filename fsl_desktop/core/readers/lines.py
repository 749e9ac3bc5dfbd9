"""Lines of a text file, each bounded in length, and files with one text on each line."""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.encodings import BROKEN, check_encoding, detect_encoding
from fsl_desktop.core.readers.files import open_binary
from fsl_desktop.core.readers.names import unique_names
from fsl_desktop.core.readers.source import (
    BROKEN_CHARACTERS,
    MAX_RECORD,
    NUL_BYTES,
    Cancelled,
    Entry,
    by_share,
    problem,
    stop_if,
    too_long,
)

SURROGATE = re.compile("[\ud800-\udfff]")


_BLOCK = 1 << 18


class LineTooLongError(Exception):
    """A line longer than ``MAX_RECORD``; it has been read past, and never held as a whole."""


class LineReader:
    """Iterates over the lines of a text file with their ends, raising :class:`LineTooLongError` in between.

    ``number`` is that of the line last given, from 1. A line ends at CR, LF or CR LF and nowhere else.
    """

    def __init__(self, file: BinaryIO, encoding: str, cancelled: Cancelled) -> None:
        file.seek(0)
        self._raw = file
        errors = "surrogateescape" if encoding in ("utf-8", "utf-8-sig") else BROKEN
        self._text = io.TextIOWrapper(file, encoding=encoding, errors=errors, newline="")
        self._cancelled = cancelled
        self.number = 0

    def __iter__(self) -> LineReader:
        return self

    def __next__(self) -> str:
        line = self._read(MAX_RECORD)
        if not line:
            raise StopIteration
        self.number += 1
        if self.number == 1:
            line = line.removeprefix("\ufeff") or "\n"  # a mark that the chosen encoding does not know of
        if self.number % 500 == 0:
            stop_if(self._cancelled)
        if len(line) >= MAX_RECORD and line[-1] not in "\r\n":
            self._skip_line()
            raise LineTooLongError
        return line

    def read_block(self) -> str:
        """The next characters wherever lines end, "" at the end of the file."""
        stop_if(self._cancelled)
        try:
            return self._text.read(_BLOCK)
        except UnicodeError as error:
            raise _wrong_encoding(self._text.encoding, error) from error

    def blocks(self) -> Iterator[str]:
        """The rest of the file in pieces."""
        return iter(self.read_block, "")

    def _read(self, most: int) -> str:
        try:
            return self._text.readline(most)
        except UnicodeError as error:
            raise _wrong_encoding(self._text.encoding, error) from error

    def _skip_line(self) -> None:
        while True:
            stop_if(self._cancelled)
            rest = self._read(_BLOCK)
            if not rest or rest[-1] in "\r\n":
                return

    @property
    def done(self) -> int:
        """Bytes read from the file so far, a little ahead of the lines given."""
        return self._raw.tell() if not self._raw.closed else 0

    def detach(self) -> None:
        """Leave the file open for another round."""
        self._text.detach()


def _wrong_encoding(encoding: str, error: UnicodeError) -> UserError:
    """A codec that gives up altogether, e.g. on UTF-16 without the mark it starts with."""
    return UserError(
        "The file cannot be read as {encoding}. Choose another encoding.",
        encoding=shown_encoding(encoding),
        details=str(error),
    )


class TextFile:
    """An open text file: what CSV, TXT and JSON Lines have in common."""

    def __init__(self, path: Path, encoding: str | None) -> None:
        self.path = path
        self._file = open_binary(path)
        try:
            self.total = os.fstat(self._file.fileno()).st_size
            self.encoding = check_encoding(encoding) if encoding else detect_encoding(self._file, path.name)
        except BaseException:
            self._file.close()
            raise
        self._reader: LineReader | None = None
        self.notes: list[Message] = []
        if not self.encoding.startswith(("utf", "ascii")):
            self.notes.append(
                Message.of(
                    "The file is not UTF-8 but looks like {encoding}. Check that its letters look right.",
                    encoding=shown_encoding(self.encoding),
                )
            )

    def lines(self, cancelled: Cancelled) -> LineReader:
        """A new round over the lines; ends the one before."""
        if self._reader is not None:
            self._reader.detach()
        self._reader = LineReader(self._file, self.encoding, cancelled)
        return self._reader

    def numbered(self, cancelled: Cancelled) -> Iterator[tuple[int, str | None]]:
        """A new round over the lines with their numbers; ``None`` for one that is too long."""
        reader = self.lines(cancelled)
        while True:
            try:
                line: str | None = next(reader)
            except StopIteration:
                return
            except LineTooLongError:
                line = None
            yield reader.number, line

    def fault(self, row: int, text: str) -> Entry | None:
        """What is wrong with the characters of a line of a row, if anything is."""
        if "\x00" in text:
            return problem(row, NUL_BYTES)
        if not text.isascii() and SURROGATE.search(text):
            return problem(row, BROKEN_CHARACTERS, encoding=shown_encoding(self.encoding))
        return None

    @property
    def done(self) -> int:
        return min(self._reader.done, self.total) if self._reader is not None else 0

    def estimate_rows(self, entries: int, done: int, complete: bool) -> int:
        return by_share(entries, done, self.total, complete)

    def close(self) -> None:
        self._file.close()


class TextLines(TextFile):
    """One text on each line, taken as it stands."""

    format = "txt"
    delimiter = ""
    sheet = ""
    sheets: tuple[str, ...] = ()

    def __init__(self, path: Path, encoding: str | None, header: bool | None) -> None:
        super().__init__(path, encoding)
        self.header = bool(header)
        self.names = ["text"]
        if self.header:
            first = next(
                (cells for _, cells in self._all(lambda: False) if isinstance(cells, list)), ["text"]
            )
            self.names = unique_names(first)

    def entries(self, cancelled: Cancelled) -> Iterator[Entry]:
        entries = self._all(cancelled)
        if self.header:
            next(entries, None)
        return entries

    def _all(self, cancelled: Cancelled) -> Iterator[Entry]:
        for number, line in self.numbered(cancelled):
            if line is None:
                yield too_long(number)
            elif line.strip():
                text = line.rstrip("\r\n")
                yield self.fault(number, text) or (number, [text])


_SHOWN = {"utf-8-sig": "UTF-8", "cp1252": "Windows-1252", "cp932": "Shift-JIS", "cp949": "Korean (CP949)"}


def shown_encoding(encoding: str) -> str:
    """The name of an encoding as people know it."""
    return _SHOWN.get(encoding, encoding.upper().replace("_", "-"))
