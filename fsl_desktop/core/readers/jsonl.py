"""JSON Lines, and JSON files that hold a list of objects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.formats.records import flattened
from fsl_desktop.core.readers.json_items import JsonItems
from fsl_desktop.core.readers.lines import SURROGATE, LineTooLongError, TextFile
from fsl_desktop.core.readers.names import unique_names
from fsl_desktop.core.readers.source import Cancelled, Entry, problem, too_long

NOT_JSON = "Row {row} is not valid JSON. Correct or remove it."
NOT_OBJECT = 'Row {row} is not a JSON object. Write it as {{"text": "..."}}.'
_MAX_COLUMNS = 1_000


class JsonFile(TextFile):
    """An open file of JSON objects: one on each line (rows are lines), or in one list (rows are items)."""

    format = "jsonl"
    delimiter = ""
    header = True
    sheet = ""
    sheets: tuple[str, ...] = ()

    def __init__(self, path: Path, encoding: str | None) -> None:
        super().__init__(path, encoding)
        self.names: list[str] = []
        self._keys: dict[str, int] = {}
        try:
            self._by_line = self._one_on_each_line()
        except BaseException:
            self.close()
            raise

    def _one_on_each_line(self) -> bool:
        starts: list[str] = []
        reader = self.lines(lambda: False)
        while len(starts) < 2:
            try:
                start = next(reader).strip().lstrip("\ufeff")
            except LineTooLongError:
                # One line of many megabytes is a whole list more often than one object.
                return bool(starts) or not self._starts_with_bracket()
            except StopIteration:
                break
            if start:
                starts.append(start)
        if not starts or starts[0].startswith("["):
            return not starts
        # An object laid out over several lines goes on with its keys, JSON Lines with the next object.
        return _parse(starts[0]) is not None or len(starts) < 2 or starts[1].startswith("{")

    def _starts_with_bracket(self) -> bool:
        return self.lines(lambda: False).read_block().lstrip("\ufeff \t\r\n").startswith("[")

    def entries(self, cancelled: Cancelled) -> Iterator[Entry]:
        return self._from_lines(cancelled) if self._by_line else self._from_items(cancelled)

    def _from_lines(self, cancelled: Cancelled) -> Iterator[Entry]:
        for number, line in self.numbered(cancelled):
            if line is None:
                yield too_long(number)
            elif stripped := line.strip():
                yield self.fault(number, stripped) or self._row(number, stripped)

    def _from_items(self, cancelled: Cancelled) -> Iterator[Entry]:
        for number, (item, fault) in enumerate(JsonItems(self.lines(cancelled).blocks()), start=1):
            if fault is not None:
                yield too_long(number) if fault == "long" else problem(number, NOT_JSON)
            else:
                yield self.fault(number, item) or self._row(number, item)

    def _row(self, row: int, source: str) -> Entry:
        value = _parse(source)
        if value is None:
            return problem(row, NOT_JSON)
        if not isinstance(value, dict):
            return problem(row, NOT_OBJECT)
        cells = [""] * len(self.names)
        for key, content in flattened(value, source).items():
            text = _as_text(content, key, source)
            if not text.isascii() and SURROGATE.search(text):
                # JSON can spell half a character as \ud83d, which no database takes.
                text = SURROGATE.sub("\ufffd", text)
            text = text.replace("\x00", "")
            position = self._keys.get(key)
            if position is None:
                if len(self.names) >= _MAX_COLUMNS:
                    raise UserError(
                        "{file} has more than {limit} different keys. Keep text and label in each object.",
                        file=self.path.name,
                        limit=_MAX_COLUMNS,
                    )
                position = self._keys[key] = len(self.names)
                self.names.append(unique_names([*self.names, key])[-1])
                cells.append("")
            cells[position] = text
        return row, cells


def _parse(source: str) -> Any:
    """The value with its numbers as they are written, or ``None`` if it is no JSON (or is null)."""
    try:
        return json.loads(source, parse_int=str, parse_float=str, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return None


def _as_text(content: Any, key: str, source: str) -> str:
    if isinstance(content, str):
        return content
    if content is None:
        return ""
    if isinstance(content, bool):
        return "true" if content else "false"
    if isinstance(content, list) and len(content) == 1 and isinstance(content[0], str):
        return content[0]
    # Numbers inside must not turn into texts, so read that value once more.
    try:
        return json.dumps(json.loads(source)[key], ensure_ascii=False)
    except (ValueError, RecursionError):
        return json.dumps(content, ensure_ascii=False)
