"""Prodigy's JSON Lines, as ``prodigy db-out`` writes them.

Format: https://prodi.gy/docs/api-interfaces (text classification and choice)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from fsl_desktop.core.formats.cells import Record, as_cell, labels_cell, texts_in, without
from fsl_desktop.core.formats.spans import with_spans

if TYPE_CHECKING:
    from fsl_desktop.core.exports.rows import LabelledRow

_ANSWERS = ("accept", "reject", "ignore")
_MARKS = frozenset(["_input_hash", "_task_hash", "_view_id"])
# What Prodigy needs to show a task, and nobody else needs.
_OF_THE_TOOL = frozenset(
    ["options", "tokens", "config", "html", "style", "priority", "score", "answer", "accept"]
)


def is_task(value: Record) -> bool:
    return isinstance(value.get("text"), str) and (
        not _MARKS.isdisjoint(value) or value.get("answer") in _ANSWERS
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
    if isinstance(meta := value.get("meta"), dict):
        # Its own place for what belongs to a text: columns like any other, unless one is called so already.
        del record["meta"]
        record |= {str(key): as_cell(cell) for key, cell in meta.items() if str(key) not in value}
        clash = {key: cell for key, cell in meta.items() if str(key) in value}
        record |= {"meta": as_cell(clash)} if clash else {}
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


def record_of(row: LabelledRow, class_names: Sequence[str], several: bool) -> Record:
    """A row as a task with its answer, as ``prodigy textcat.manual`` keeps it and ``prodigy db-in`` takes
    it; one without a label has no answer. Further columns become ``meta``."""
    options = [{"id": name, "text": name} for name in class_names]
    record: Record = {"text": row.text, "options": options, "_view_id": "choice"}
    spans, further = with_spans(row.extra, row.text)
    meta = without(further)
    if row.state == "unsure":
        meta["status"] = row.state
    if spans:
        record["spans"] = [one._asdict() for one in spans]
    if row.labels is not None:
        record["accept"] = list(row.labels)
        record["config"] = {"choice_style": "multiple" if several else "single"}
    if row.labels is not None or row.state == "skipped":
        record["answer"] = "ignore" if row.state == "skipped" else "accept"
    if meta:
        record["meta"] = meta
    return record
