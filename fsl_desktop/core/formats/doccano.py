"""doccano's JSON Lines for sequence labelling; those for classification need no translation.

Format: https://doccano.github.io/doccano/tutorial/ and the exports of doccano 1.8
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fsl_desktop.core.formats.cells import Record, as_cell, without
from fsl_desktop.core.formats.spans import with_spans

if TYPE_CHECKING:
    from fsl_desktop.core.exports.rows import LabelledRow

_KEYS = ("label", "labels", "entities")


def is_task(value: Record) -> bool:
    """Has this text spans in the place of labels?"""
    return isinstance(value.get("text"), str) and any(_are_spans(value.get(key)) for key in _KEYS)


def flat(value: Record) -> Record:
    """The text, with its spans in ``spans``: they are no labels of a whole text."""
    places = [key for key in _KEYS if _are_spans(value.get(key))]
    record = {str(key): as_cell(cell) for key, cell in value.items() if key not in places and cell != []}
    record["spans"] = as_cell(value[places[0]])
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


def record_of(row: LabelledRow) -> Record:
    """A row as doccano imports it (JSONL): ``label`` is a list of classes, ``entities`` are spans where the
    row has some; a row without a label has no ``label``."""
    spans, cells = with_spans(row.extra, row.text)
    further = without(cells, "id", "text", "label", "entities")
    record: Record = {"id": row.id, "text": row.text}
    if row.labels is not None:
        record["label"] = list(row.labels)
    if spans:
        record["entities"] = [
            {"id": place, "label": one.label, "start_offset": one.start, "end_offset": one.end}
            for place, one in enumerate(spans, start=1)
        ]
    if row.state:
        further["status"] = row.state
    return record | further
