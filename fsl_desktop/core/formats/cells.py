"""Values of another program's record as cells of a table."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

Record = dict[str, Any]


def as_cell(value: Any) -> str:
    """Text as it is, nothing as nothing, all else as JSON."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False)


def labels_cell(labels: Sequence[str]) -> str:
    """One label as its name, several or none at all as a JSON list; each once."""
    once = list(dict.fromkeys(labels))
    return once[0] if len(once) == 1 and not once[0].startswith("[") else as_cell(once)


def texts_in(value: Any) -> list[str]:
    """Those items of a list that are texts (numbers as they are written); a text alone is a list of one."""
    items = value if isinstance(value, list) else [value]
    return [str(item) for item in items if isinstance(item, str | int | float) and not isinstance(item, bool)]


def without(cells: dict[str, str], *taken: str) -> dict[str, str]:
    """Further columns for a record that has keys of its own: empty cells are left out, and a column with
    the name of such a key is called ``name (2)``."""
    found: dict[str, str] = {}
    for name, cell in cells.items():
        if cell:
            found[f"{name} (2)" if name in taken else name] = cell
    return found


def list_in(cell: str) -> list[Any]:
    """The JSON list in a cell, an empty one where there is none."""
    try:
        found = json.loads(cell) if cell.strip() else []
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []
