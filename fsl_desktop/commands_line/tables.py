"""Data files as the commands need them: texts, labels and the columns they came with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from fsl_desktop.commands_line.console import Console
from fsl_desktop.core import readers
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.label_cells import JSON, SEPARATORS
from fsl_desktop.core.readers.types import ReadChunk, ReadOptions, ReadRow


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file whose columns are settled. ``label_column`` is "" where there is none."""

    path: Path
    options: ReadOptions
    columns: tuple[str, ...]
    text_column: str
    label_column: str

    @classmethod
    def open(
        cls,
        data: str,
        *,
        text_column: str | None,
        label_column: str | None,
        labelled: bool,
        several: bool = False,
    ) -> DataFile:
        """Look at the file's head. Columns that were not named are "text" and "label" where they exist,
        guessed otherwise. ``UserError`` where a named or needed one is missing. Cells of labels are taken
        apart with ``several``, and without where they are JSON lists."""
        path = Path(data).expanduser()
        if path.is_dir():
            raise UserError(
                "{data} is a folder; folders are for sounds, which are not in this version yet. "
                "Name a CSV, TSV, TXT, XLSX, JSONL or Parquet file.",
                data=data,
            )
        plain = readers.preview(path, ReadOptions())
        names = [column.name for column in plain.columns]
        for wanted in (text_column, label_column):
            if wanted and wanted not in names:
                raise UserError(
                    "{file} has no column {column}. Its columns are {names}.",
                    file=path.name,
                    column=wanted,
                    names=", ".join(names),
                )
        text = text_column or ("text" if "text" in names else None)
        label = label_column or ("label" if "label" in names else None)
        if not labelled:
            label = ""  # a label is just one more column to carry along
        seen = readers.preview(path, ReadOptions(text_column=text, label_column=label))
        label = seen.options.label_column or ""
        if labelled and not label:
            raise UserError(
                "{file} has no column of labels. Name it with --label-column; its columns are {names}.",
                file=path.name,
                names=", ".join(names),
            )
        separator = JSON if labelled and seen.separator_guess == JSON else ""
        if several:
            separator = seen.separator_guess or SEPARATORS[0]
        return cls(
            path,
            replace(seen.options, delimiter=seen.options.delimiter or None, label_separator=separator),
            tuple(c.name for c in seen.columns),
            seen.options.text_column or "",
            label,
        )

    @property
    def several(self) -> bool:
        """Are the cells of labels taken apart?"""
        return bool(self.options.label_separator)

    def chunks(self) -> Iterator[ReadChunk]:
        """The rows, some thousand at a time."""
        return iter(readers.read(self.path, self.options))

    def cells(self, row: ReadRow) -> list[str]:
        """A row's cells in the order of ``columns``, as they were read."""
        own = {self.text_column: row.text}
        if self.label_column:
            own[self.label_column] = row.label or ""
        return [own[name] if name in own else row.extra.get(name, "") for name in self.columns]


@dataclass(frozen=True, slots=True)
class Labelled:
    """Rows with a text and a label, and how many others there were."""

    texts: list[str]
    labels: list[str]
    unlabelled: list[str]
    n_skipped: int


def read_labelled(file: DataFile, console: Console) -> Labelled:
    """Every row of a file; rows without a label are kept apart. Notes on bad rows go to standard error."""
    found = Labelled([], [], [], 0)
    skipped = 0
    for chunk in file.chunks():
        skipped += tell_problems(chunk, skipped, console)
        for row in chunk.rows:
            label = (row.label or "").strip()
            if label:
                found.texts.append(row.text)
                found.labels.append(label)
            else:
                found.unlabelled.append(row.text)
        console.progress("Reading", chunk.done, chunk.total)
    return Labelled(found.texts, found.labels, found.unlabelled, skipped)


def tell_problems(chunk: ReadChunk, told: int, console: Console) -> int:
    """Say what is wrong with the first few bad rows; how many there are in this chunk."""
    for place, problem in enumerate(chunk.problems, start=told):
        if place < 5:
            console.note(problem.message.text)
        elif place == 5:
            console.note("More rows cannot be used; they are left out too.")
    return len(chunk.problems)
