"""What every kind of file looks like to the rest of the readers: named columns and numbered rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NoReturn, Protocol

from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.message import Message, Value

MAX_TEXT = 1_000_000
"""Characters in one cell. Longer ones are listed as problems: no text of a person is that long."""
MAX_RECORD = 2_000_000
"""Characters of a whole row as it stands in the file."""
CHUNK_ROWS = 2_000
SAMPLE_ROWS = 2_000
"""Rows looked at for guesses and shown in part in the preview."""
SAMPLE_CHARS = 4_000_000

Cancelled = Callable[[], bool]

Entry = tuple[int, list[str] | Message]
"""A row's number as the user's program counts it, and its cells, or why it cannot be used.

Cells are in the order of ``Source.names``; missing ones at the end are empty.
"""


class Source(Protocol):
    """An open file. ``entries`` can be asked for again and then starts from the top."""

    format: str
    encoding: str
    delimiter: str
    header: bool
    sheet: str
    sheets: tuple[str, ...]
    names: list[str]
    """Names of the columns; may grow while rows are read (JSON)."""
    notes: list[Message]
    total: int
    """Bytes or rows, the unit of ``done``."""

    def entries(self, cancelled: Cancelled) -> Iterator[Entry]: ...

    @property
    def done(self) -> int: ...

    def estimate_rows(self, entries: int, done: int, complete: bool) -> int:
        """Rows in the file, where the first ``entries`` reached to ``done`` and maybe to the end."""
        ...

    def close(self) -> None: ...


def stop_if(cancelled: Cancelled) -> None:
    if cancelled():
        raise Stopped


def by_share(entries: int, done: int, total: int, complete: bool) -> int:
    """Rows in a file of ``total`` bytes whose first ``done`` bytes hold ``entries``."""
    if complete or done <= 0:
        return entries
    return max(entries, round(entries * total / done))


def damaged(name: str, kind: str, error: BaseException) -> NoReturn:
    """The one sentence for a file that its own library cannot read."""
    raise UserError(
        "{file} is damaged and cannot be read as {kind}. Save it again in the program that made it.",
        file=name,
        kind=kind,
        details=f"{type(error).__name__}: {error}",
    ) from error


NO_TEXT = "Row {row} has no text. Fill it in or remove it."
ABOVE_TABLE = "Row {row} stands above the names of the columns and is left out."
NAMES_AGAIN = "Row {row} repeats the names of the columns and is left out."
TOO_LONG = "Row {row} is longer than {limit} characters, so it is probably damaged. Shorten it or remove it."
BROKEN_CHARACTERS = (
    "Row {row} has characters that cannot be read as {encoding}. Save the file as UTF-8, or type them again."
)
NUL_BYTES = "Row {row} has NUL bytes, so it is probably damaged. Type it again or remove it."


def problem(row: int, template: str, **values: Value) -> Entry:
    """The entry of a row that cannot be used; the sentence may name its number as ``{row}``."""
    return row, Message.of(template, row=row, **values)


def too_long(row: int) -> Entry:
    return problem(row, TOO_LONG, limit=f"{MAX_TEXT:,}")
