"""What the columns of a table are, judged by their names and their first rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from fsl_desktop.core.label_cells import clean_label
from fsl_desktop.core.readers.known_names import LABEL_NAMES, OTHER_NAMES, TEXT_NAMES
from fsl_desktop.core.readers.types import ColumnInfo

_TIMESTAMP = re.compile(r"\d{1,4}[-./]\d{1,2}[-./]\d{1,4}([T ]\S*)?( [AaPp][Mm])?")
_SCRIPT_WITHOUT_SPACES = re.compile("[\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_MAX_EXAMPLE = 200


def describe(names: Sequence[str], rows: Sequence[Sequence[str]]) -> tuple[ColumnInfo, ...]:
    """Examples, number of distinct values and mean length of each column."""
    infos = []
    for name, values in zip(names, _by_column(names, rows), strict=True):
        filled = [value for value in values if value.strip()]
        examples = tuple(value[:_MAX_EXAMPLE] for value in list(dict.fromkeys(filled))[:5])
        mean = sum(map(len, filled)) / len(filled) if filled else 0.0
        infos.append(ColumnInfo(name, examples, len(set(filled)), mean))
    return tuple(infos)


def guess_text(names: Sequence[str], rows: Sequence[Sequence[str]]) -> str | None:
    """The column with the longest and most varied texts, or ``None`` if none has words in it."""
    best, best_score = None, 0.0
    for name, values in zip(names, _by_column(names, rows), strict=True):
        score = _text_score(name, [value for value in values if value.strip()])
        if score > best_score:
            best, best_score = name, score
    return best


def guess_label(names: Sequence[str], rows: Sequence[Sequence[str]], text: str | None) -> str | None:
    """The column that is called like a label or, if none is, one with few short values that come again."""
    best, best_score = None, 0.0
    for name, values in zip(names, _by_column(names, rows), strict=True):
        if name != text:
            score = _label_score(name, [value for value in map(clean_label, values) if value])
            if score > best_score:
                best, best_score = name, score
    return best


def looks_like_header(rows: Sequence[Sequence[str]]) -> bool:
    """Does the first row name the columns, or is it already an example?"""
    if not rows:
        return False
    first, rest = rows[0], rows[1:50]
    cells = [cell.strip() for cell in first]
    filled = [cell for cell in cells if cell]
    if not filled or len(max(filled, key=len)) > 100:
        return False
    if any(name_match(cell, TEXT_NAMES | LABEL_NAMES) == 2 for cell in filled):
        return True
    if any(wordless(cell) for cell in filled) or len(set(filled)) < len(filled):
        return False
    if not rest:
        return False
    votes = 0
    for position, cell in enumerate(cells):
        below = [row[position].strip() for row in rest if position < len(row) and row[position].strip()]
        if not cell or not below:
            continue
        if sum(map(wordless, below)) > 0.8 * len(below):
            votes += 2  # words over numbers
        elif cell in below:
            votes -= 2  # a name does not come again as a value
        else:
            mean = sum(map(len, below)) / len(below)
            if mean > 20 or all(" " in value for value in below):
                short = len(cell) < mean / 2 and len(cell.split()) <= 4
                votes += 1 if short or name_match(cell, TEXT_NAMES) or " " not in cell else -1
    # A table has names by custom, a bare list of texts has not.
    return votes > 0 or (votes == 0 and len(cells) > 1)


def rows_above_header(rows: Sequence[Sequence[str]]) -> int:
    """How many rows at the top are a title over the table: one cell each, then a row of known names."""
    for count, row in enumerate(rows[:10]):
        filled = [cell for cell in row if cell.strip()]
        if len(filled) > 1:
            known = any(name_match(cell, TEXT_NAMES | LABEL_NAMES) == 2 for cell in filled)
            return count if known else 0
    return 0


def name_match(name: str, known: frozenset[str]) -> int:
    """2 where the name is one of the known, 1 where one of its words is, 0 otherwise."""
    folded = name.strip().casefold()
    if folded in known:
        return 2
    words = re.split(r"[\W_]+", folded)
    if OTHER_NAMES.intersection(words):
        return 0
    return int(bool(known.intersection(words)))


def wordless(value: str) -> bool:
    """Numbers, dates, amounts, lists of things: nothing that a language model could read."""
    return (
        not any(map(str.isalpha, value))
        or value.startswith('[{"')
        or _TIMESTAMP.fullmatch(value) is not None
        or _is_number(value)
    )


def _is_number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def _text_score(name: str, values: list[str]) -> float:
    called_so = name_match(name, TEXT_NAMES) == 2
    some = values[:500]
    if not values or sum(map(wordless, some)) > 0.8 * len(some):
        return 0.01 if called_so else 0.0  # numbers in a column that is called "text" may be meant
    length = sum(min(len(value), 500) for value in values) / len(values)
    distinct = len(set(values)) / len(values)
    match = name_match(name, TEXT_NAMES)
    if match < 2 and name_match(name, LABEL_NAMES) == 2:
        return 0.0 if len(values) < 2 or distinct < 0.5 else 0.1 * length * distinct
    if not match and len(values) >= 20 and distinct <= 0.05 and length < 40:
        return 0.0
    # Addresses, keys and file names are long and varied too, but have no blanks between words.
    spaced = sum(" " in value or bool(_SCRIPT_WITHOUT_SPACES.search(value)) for value in some) / len(some)
    return length * (0.1 + distinct) * (0.2 + 0.8 * spaced) * (1, 2, 6)[match]


def _label_score(name: str, values: list[str]) -> float:
    match = name_match(name, LABEL_NAMES)
    if not values:
        return 0.5 if match == 2 else 0.0  # a column waiting for labels
    length = sum(map(len, values)) / len(values)
    counts = Counter(values)
    repeated = sum(count for count in counts.values() if count > 1) / len(values)
    words = sum(map(wordless, list(counts)[:500])) < 0.5 * min(len(counts), 500)
    if length > 60 or len(counts) > 500:
        return 0.0
    if match:
        # "label" with numbers beside "label_text" with their names: the names are what people know.
        return 10.0 * match + (15.0 if words else 0.0)
    if len(values) < 4 or repeated < 0.5 or len(counts) < 2 or len(counts) > 100:
        return 0.0
    # Numbers without a telling name are more often counts and ratings than classes.
    return repeated / (1.0 + length / 20.0) * (1.0 if words else 0.3)


def _by_column(names: Sequence[str], rows: Sequence[Sequence[str]]) -> list[list[str]]:
    return [[row[i] if i < len(row) else "" for row in rows] for i in range(len(names))]
