"""Label Studio's JSON export: one task with its annotations in each object.

Format: https://labelstud.io/guide/export.html#Label-Studio-JSON-format-of-annotated-tasks
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, unquote
from xml.etree import ElementTree

from fsl_desktop.core.formats.cells import Record, as_cell, labels_cell, list_in, texts_in, without

if TYPE_CHECKING:
    from fsl_desktop.core.exports.rows import LabelledRow

_ANNOTATIONS = ("annotations", "completions")


def is_task(value: Record) -> bool:
    """Is this a task, labelled or not?"""
    return isinstance(value.get("data"), dict) and any(
        isinstance(value.get(key), list) for key in (*_ANNOTATIONS, "predictions")
    )


def flat(value: Record) -> Record:
    """The task's data, and in ``label`` what was chosen for it.

    Of several annotations the newest counts that was not skipped; where another one says something else,
    ``other labels`` has it. A task that was only skipped has ``skipped``. Regions and spans stay as
    they are in ``regions``, since they are no labels of a whole text.
    """
    record = {str(key): as_cell(cell) for key, cell in value["data"].items()}
    record.setdefault("task", as_cell(value.get("id")))
    lists = [value[key] for key in _ANNOTATIONS if isinstance(value.get(key), list)]
    given = [one for part in lists for one in part if isinstance(one, dict)]
    kept = [one for one in given if not (one.get("was_cancelled") or one.get("skipped"))]
    if not kept:
        record["label"] = ""
        if given:
            record["skipped"] = "true"
        return record
    said = [(_choices(one), one) for one in sorted(kept, key=_written)]
    record["label"] = labels_cell(said[-1][0]) if said[-1][0] is not None else ""
    others = [labels for labels, _ in said[:-1] if labels is not None and labels != said[-1][0]]
    if others:
        record["other labels"] = as_cell(others)
    regions = [
        item for item in _results(said[-1][1]) if isinstance(item, dict) and item.get("type") != "choices"
    ]
    if regions:
        record["regions"] = as_cell(regions)
    return record


def _written(annotation: Record) -> str:
    """When; ISO dates of one server sort like texts."""
    return str(annotation.get("updated_at") or annotation.get("created_at") or "")


def _results(annotation: Record) -> list[Any]:
    found = annotation.get("result")
    return found if isinstance(found, list) else []


def _choices(annotation: Record) -> list[str] | None:
    """What was chosen for the whole text; None where nothing was asked or said."""
    found: list[str] | None = None
    for item in _results(annotation):
        if isinstance(item, dict) and item.get("type") == "choices" and isinstance(item.get("value"), dict):
            found = [*(found or []), *texts_in(item["value"].get("choices", []))]
    return found


def task_of(row: LabelledRow, data_key: str, data: str, several: bool) -> Record:
    """A row as a task for an import into Label Studio: ``data`` (a text, or where a sound is) under
    ``data_key``, further columns beside it, and the label as an annotation of a control called ``label``.
    """
    further = without(row.extra, data_key)
    if row.state == "unsure":
        further |= {"status": row.state}
    task: Record = {"id": row.id, "data": {data_key: data, **further}, "annotations": []}
    result: list[Record] = []
    if row.labels is not None and (row.labels or several):
        result.append(_region(data_key, "choices", choices=list(row.labels)))
    if row.state == "skipped" or row.labels is not None:
        task["annotations"].append({"result": result, "was_cancelled": row.state == "skipped"})
    return task


class Region(NamedTuple):
    """A labelled part of a recording, in seconds."""

    start: float
    end: float
    labels: tuple[str, ...]


def sound_regions(cell: str) -> list[Region]:
    """The parts of a recording in what :func:`flat` put into ``regions``; other regions are left out."""
    found = []
    for item in list_in(cell):
        value = item.get("value") if isinstance(item, dict) else None
        if not isinstance(value, dict):
            continue
        start, end = (_seconds(value.get(name)) for name in ("start", "end"))
        labels = tuple(texts_in(value.get("labels", [])))
        if labels and 0 <= start < end:
            found.append(Region(start, end, labels))
    return sorted(found)


def file_named(address: str) -> str:
    """The file in an address of Label Studio's local storage or of its uploads, anything else as it is."""
    _, local, name = address.partition("/data/local-files/?d=")
    if local:
        return unquote(name)
    _, upload, name = address.partition("/data/upload/")
    if upload:
        # Uploads have eight digits before their names, so that no two are the same.
        return re.sub(r"^[0-9a-f]{8}-", "", unquote(name).rpartition("/")[2])
    return address


def _seconds(value: Any) -> float:
    """A time, -1 for what is none."""
    number = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e9
    return float(value) if number else -1.0


def config_of(class_names: list[str], data_key: str, several: bool) -> str:
    """The labelling interface (XML) that the tasks of :func:`task_of` need."""
    choice = "multiple" if several else "single"
    kind = "Text" if data_key == "text" else "Audio"
    view = ElementTree.Element("View")
    ElementTree.SubElement(view, kind, name=data_key, value=f"${data_key}")
    choices = ElementTree.SubElement(view, "Choices", name="label", toName=data_key, choice=choice)
    for name in class_names:
        ElementTree.SubElement(choices, "Choice", value=name)
    return ElementTree.tostring(view, encoding="unicode")


def _region(data_key: str, kind: str, **value: object) -> Record:
    return {"from_name": "label", "to_name": data_key, "type": kind, "value": value}


def sound_task(
    number: int,
    name: str,
    seconds: float,
    parts: Sequence[tuple[LabelledRow, float, float, bool]],
    several: bool,
) -> Record:
    """A recording as a task: a whole one has choices, its labelled parts (row, start, end, whole) are
    regions. The recording is named as one in Label Studio's local storage."""
    result: list[Record] = []
    for row, start, end, whole in parts:
        if row.labels is None or not (row.labels or several):
            continue
        labels = list(row.labels)
        if whole:
            result.append(_region("audio", "choices", choices=labels))
        elif labels:
            span = _region("audio", "labels", start=start, end=end, channel=0, labels=labels)
            result.append({"id": f"row{row.id}", "original_length": seconds, **span})
    data: Record = {"audio": f"/data/local-files/?d={quote(name)}"}
    annotations: list[Record] = [{"result": result, "was_cancelled": False}] if result else []
    states = {row.state for row, *_ in parts}
    if not result and states == {"skipped"}:
        annotations = [{"result": [], "was_cancelled": True}]
    return {"id": number, "data": data, "annotations": annotations}
