"""doccano's JSON Lines for sequence labelling; those for classification need no translation.

Format: https://doccano.github.io/doccano/tutorial/ and the exports of doccano 1.8
"""

from __future__ import annotations

from typing import Any

from fsl_desktop.core.formats.cells import Record, as_cell

_KEYS = ("label", "labels", "entities")


def is_task(value: Record) -> bool:
    """Has this text spans in the place of labels?"""
    return isinstance(value.get("text"), str) and any(_are_spans(value.get(key)) for key in _KEYS)


def flat(value: Record) -> Record:
    """The text, with its spans in ``spans``: they are no labels of a whole text."""
    record = {str(key): as_cell(cell) for key, cell in value.items() if key not in _KEYS}
    record["spans"] = as_cell(next((value[key] for key in _KEYS if _are_spans(value.get(key))), None))
    return record


def _are_spans(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(_is_span(item) for item in value)


def _is_span(item: Any) -> bool:
    if isinstance(item, dict):
        return {"start_offset", "end_offset"} <= set(item)
    return (
        isinstance(item, list)
        and len(item) == 3
        and all(str(place).isdecimal() and str(place).isascii() for place in item[:2])
        and isinstance(item[2], str)
    )
