"""What readers are told and what they give back."""

from __future__ import annotations

from dataclasses import dataclass, field

from fsl_desktop.core.message import Message


@dataclass(frozen=True, slots=True)
class ReadOptions:
    """How to read a file; ``None`` means "guess it from the file"."""

    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    sheet: str | None = None
    text_column: str | None = None
    label_column: str | None = None
    """``None`` guesses; ``""`` says that there is none."""
    label_separator: str = ""
    """What parts several labels in a cell (";", "|", ","), ``label_cells.JSON`` for lists; "" where a cell
    is one label."""


@dataclass(frozen=True, slots=True)
class ColumnInfo:
    name: str
    examples: tuple[str, ...]
    distinct: int
    mean_length: float
    """Characters, over the previewed rows."""


@dataclass(frozen=True, slots=True)
class RowProblem:
    """A row that could not be used; ``row`` counts as the user's editor or spreadsheet does, from 1."""

    row: int
    message: Message


@dataclass(frozen=True, slots=True)
class Preview:
    """The first rows of a file and how it will be read unless the user says otherwise."""

    path: str
    format: str
    """csv, tsv, txt, jsonl, xlsx or parquet."""
    options: ReadOptions
    """Every field filled in with what was guessed or asked for."""
    columns: tuple[ColumnInfo, ...]
    rows: tuple[tuple[str, ...], ...]
    """At most 50, in the order of ``columns``; cells cut at 500 characters."""
    estimated_rows: int
    sheets: tuple[str, ...] = ()
    label_values: tuple[str, ...] = ()
    """Distinct labels of the label column in the first rows (at most 500)."""
    separator_guess: str = ""
    """The ``label_separator`` that the label column looks like."""
    problems: tuple[RowProblem, ...] = ()
    notes: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadRow:
    text: str
    label: str | None = None
    extra: dict[str, str] = field(default_factory=dict)
    """The other columns, in file order."""


@dataclass(frozen=True, slots=True)
class ReadChunk:
    """Some thousand rows, and how far into the file they reach."""

    rows: list[ReadRow]
    problems: list[RowProblem]
    done: int
    total: int
    """``done`` of ``total`` in whatever unit the reader counts (bytes or rows)."""
