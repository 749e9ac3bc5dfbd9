"""Prodigy's JSON Lines, as ``prodigy db-out`` writes them.

Format: https://prodi.gy/docs/api-interfaces (text classification and choice)
"""

from __future__ import annotations

from fsl_desktop.core.formats.cells import Record, as_cell, labels_cell, texts_in

_ANSWERS = ("accept", "reject", "ignore")
# What Prodigy needs to show a task, and nobody else needs.
_OF_THE_TOOL = frozenset(
    ["options", "tokens", "config", "html", "style", "priority", "score", "answer", "accept"]
)


def is_task(value: Record) -> bool:
    return isinstance(value.get("text"), str) and (
        "_input_hash" in value or "_task_hash" in value or value.get("answer") in _ANSWERS
    )


def flat(value: Record) -> Record:
    """Text, ``label``, and whatever else the task carries.

    A label that was rejected is no label: it stands in ``rejected``. Ignored tasks have ``skipped``. Of a
    choice the ids that were chosen are the labels. ``spans`` stay as they are, since they are no labels of a
    whole text.
    """
    record = {
        str(key): as_cell(cell)
        for key, cell in value.items()
        if key not in _OF_THE_TOOL and not str(key).startswith("_")
    }
    answer = value.get("answer", "accept")
    chosen = texts_in(value["accept"]) if isinstance(value.get("accept"), list) else None
    if chosen is None and value.get("label") not in (None, ""):
        chosen = texts_in(value["label"])
    record["label"] = labels_cell(chosen) if answer == "accept" and chosen is not None else ""
    if answer == "reject" and chosen:
        record["rejected"] = labels_cell(chosen)
    if answer == "ignore":
        record["skipped"] = "true"
    return record
