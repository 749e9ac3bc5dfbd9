"""Label Studio's JSON export: one task with its annotations in each object.

Format: https://labelstud.io/guide/export.html#Label-Studio-JSON-format-of-annotated-tasks
"""

from __future__ import annotations

from typing import Any

from fsl_desktop.core.formats.cells import Record, as_cell, labels_cell, texts_in

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
