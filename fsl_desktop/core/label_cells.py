"""Cells with several labels: split at a separator or written as JSON lists, and joined again."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence

JSON = "json"
"""In the place of a separator: cells are JSON lists of names."""
SEPARATORS = (";", "|", ",")
JOINER = "; "

# What Python, R and pandas write where there is nothing. "none" in lower case is a class of its own in
# more than one public data set.
NO_LABEL = frozenset(
    ["", "nan", "NaN", "NAN", "None", "null", "NULL", "NA", "N/A", "n/a", "<NA>", "#N/A", "NaT"]
)
# As Label Studio writes several choices into a cell of its CSV and JSON-MIN: {"choices": ["a", "b"]}.
_CHOICES = '{"choices"'
_LONGEST = 60
_MOST_PARTS = 500


def clean_label(cell: str) -> str | None:
    """A label without blanks around it, or ``None`` where the cell says that there is none."""
    label = cell.strip()
    return None if label in NO_LABEL else label


def split_cell(cell: str, separator: str) -> tuple[str, ...] | None:
    """The labels in a cell, each once; ``None`` where the cell says nothing. ``()`` is the empty list,
    which says that no class applies. With a separator a cell may be a JSON list all the same, as
    :func:`join_cell` writes it; one that should be a list and is none is one label."""
    if separator:
        listed = _json_list(cell)
        if listed is not None:
            return _clean(listed)
    apart = separator not in ("", JSON)
    return _clean(cell.split(separator) if apart else [cell]) or None


def as_label(parts: Sequence[str]) -> str:
    """Several labels as the one text that a batch keeps for a row; :func:`parts_of` takes them apart."""
    if len(parts) == 1 and not parts[0].startswith("["):
        return parts[0]
    return json.dumps(list(parts), ensure_ascii=False)


def parts_of(label: str) -> tuple[str, ...]:
    """The labels in what :func:`as_label` made; any other text is one label."""
    listed = _json_list(label)
    return (label,) if listed is None else _clean(listed)


def join_cell(names: Iterable[str]) -> str:
    """Names for a cell of a table: ``a; b``, or a JSON list where a name would be taken apart or misread
    (or there is no name at all), so that :func:`split_cell` finds the same again."""
    listed = list(names)
    joined = JOINER.join(listed)
    if split_cell(joined, SEPARATORS[0]) == tuple(listed):
        return joined
    return json.dumps(listed, ensure_ascii=False)


def several_cell(names: Sequence[str], as_list: bool) -> str | list[str]:
    """Names for a cell of a table, as a list where the format has lists."""
    return list(names) if as_list else join_cell(names)


def guess_separator(cells: Iterable[str]) -> str:
    """``JSON``, one of ``SEPARATORS``, or "" where the cells of a column look like one label each.

    A separator is believed where what it parts comes again: at least four of five parts of the cells with
    it are found in other cells too, alone or in other company.
    """
    filled = [label for label in map(clean_label, cells) if label is not None]
    if not filled:
        return ""
    distinct = list(dict.fromkeys(filled))
    plain = [label for label in distinct if _json_list(label) is None]
    found = next((separator for separator in SEPARATORS if _parts_recur(plain, separator)), "")
    if found:
        return found
    # Few lists are enough: our reader of JSON Lines gives a list of one text as that text.
    lists = sum(_json_list(label) is not None for label in filled)
    return JSON if lists and lists >= 0.05 * len(filled) else ""


def _parts_recur(distinct: Sequence[str], separator: str) -> bool:
    split = [split_cell(cell, separator) or () for cell in distinct]
    several = [parts for parts in split if len(parts) > 1]
    if not several:
        return False
    places = Counter(part for parts in split for part in parts)
    found = {part for parts in several for part in parts}
    if len(places) > _MOST_PARTS or max(map(len, found)) > _LONGEST:
        return False
    return sum(places[part] > 1 for part in found) >= 0.8 * len(found)


def _clean(parts: Iterable[object]) -> tuple[str, ...]:
    texts = (part if isinstance(part, str) else json.dumps(part, ensure_ascii=False) for part in parts)
    cleaned = (clean_label(text) for text in texts)
    return tuple(dict.fromkeys(part for part in cleaned if part is not None))


def _json_list(cell: str) -> list[object] | None:
    text = cell.strip()
    if not (text.startswith(("[", _CHOICES)) and text.endswith(("]", "}"))):
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if isinstance(found, dict) and list(found) == ["choices"]:
        found = found["choices"]
    return found if isinstance(found, list) else None
