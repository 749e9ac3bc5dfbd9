"""Reading a file in a test: its rows and problems, or the sentence it is refused with."""

from __future__ import annotations

from pathlib import Path

import pytest

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.readers import ReadOptions, ReadRow, read


def write(folder: Path, content: str | bytes, name: str = "data.csv", encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode(encoding))
    return path


def load(path: Path, **options: object) -> tuple[list[ReadRow], dict[int, str]]:
    """All rows, and the sentence for each row number that has a problem."""
    rows: list[ReadRow] = []
    problems: dict[int, str] = {}
    for chunk in read(path, ReadOptions(**options)):  # type: ignore[arg-type]
        rows += chunk.rows
        problems |= {problem.row: problem.message.text for problem in chunk.problems}
        assert 0 <= chunk.done <= chunk.total
    return rows, problems


def pairs(path: Path, **options: object) -> list[tuple[str, str | None]]:
    """Texts and labels of a file without any problem."""
    rows, problems = load(path, **options)
    assert problems == {}
    return [(row.text, row.label) for row in rows]


def refusal(path: Path, **options: object) -> str:
    with pytest.raises(UserError) as caught:
        load(path, **options)
    return caught.value.message.text
