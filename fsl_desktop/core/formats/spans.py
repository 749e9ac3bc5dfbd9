"""Marked parts of a text, in the ways in which programs write them into a cell."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

from fsl_desktop.core.formats.cells import list_in

SPANS, REGIONS = "spans", "regions"
"""The columns that spans stand in after an import; ``regions`` are Label Studio's, of any kind."""


class Span(NamedTuple):
    """Characters ``start`` to before ``end`` of a text."""

    start: int
    end: int
    label: str


def spans_in(cell: str, length: int) -> list[Span]:
    """The spans in a cell, by start; what is none, or reaches out of a text of ``length``, is left out.

    Lists of ``[start, end, label]``, and objects as Prodigy, doccano and Label Studio write them.
    """
    found = [span for item in list_in(cell) if (span := _span(item))]
    return sorted(span for span in found if 0 <= span.start < span.end <= length)


def as_cell(spans: Iterable[Span]) -> str:
    """Spans for a cell; "" for none."""
    listed = [{"start": one.start, "end": one.end, "label": one.label} for one in spans]
    return json.dumps(listed, ensure_ascii=False) if listed else ""


def _span(item: Any) -> Span | None:
    if isinstance(item, list) and len(item) == 3:
        start, end, label = item
    elif isinstance(item, dict) and isinstance(item.get("value"), dict) and item.get("type") == "labels":
        value = item["value"]
        labels = value.get("labels")
        start, end = value.get("start"), value.get("end")
        label = labels[0] if isinstance(labels, list) and len(labels) == 1 else None
    elif isinstance(item, dict):
        start, end = item.get("start", item.get("start_offset")), item.get("end", item.get("end_offset"))
        label = item.get("label")
    else:
        return None
    numbers = all(isinstance(place, int) and not isinstance(place, bool) for place in (start, end))
    return Span(start, end, label) if numbers and isinstance(label, str) and label else None


def with_spans(cells: dict[str, str], text: str) -> tuple[list[Span], dict[str, str]]:
    """The spans in a row's further columns, and the columns without them."""
    spans = spans_in(cells.get(SPANS, ""), len(text))
    return spans, {name: cell for name, cell in cells.items() if name != SPANS} if spans else dict(cells)
