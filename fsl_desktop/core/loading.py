"""Reading rows into the table, a slice at a time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core import store
from fsl_desktop.core.apply import VISIBLE
from fsl_desktop.core.clip_table import ClipTable, read_clips
from fsl_desktop.core.config import Task
from fsl_desktop.core.label_sets import LabelSets, read_sets
from fsl_desktop.core.labels import SKIPPED, UNLABELLED, UNSURE
from fsl_desktop.core.table import ExampleTable

COLUMNS = (
    "r.id, r.text, coalesce(l.value, 0), x.row_id IS NOT NULL"
    " FROM rows r LEFT JOIN labels l ON l.row_id = r.id LEFT JOIN removed x ON x.row_id = r.id"
)
_GULP = 200


def open_table(db: sqlite3.Connection, folder: Path) -> ExampleTable:
    """The table of the project in ``folder``, without rows yet."""
    found = db.execute("SELECT value FROM meta WHERE key = 'task'").fetchone()
    sounds = found is not None and found[0] == Task.CLASSIFY_AUDIO
    table = ExampleTable(ClipTable(folder) if sounds else None)
    read_sets(db, table.sets)
    return table


def read_next(
    db: sqlite3.Connection,
    table: ExampleTable,
    class_ids: Iterable[int],
    *,
    limit: int,
    seconds: float = float("inf"),
) -> int:
    """Append the next visible rows to ``table``: at most ``limit``, and no more than fit into ``seconds``
    (at least some). Returns how many; 0 where there are no more."""
    last = int(table.ids[-1]) if len(table) else 0
    batches = db.execute(
        "SELECT id, last_row FROM batches WHERE state = ? AND last_row > ? ORDER BY first_row",
        (VISIBLE, last),
    ).fetchall()
    for batch, end in batches:
        found = _read_batch(db, batch, last, end, limit, seconds)
        if found:
            row_ids = append(table, found, class_ids)
            if table.clips is not None:
                read_clips(db, table.clips, row_ids.tolist())
            return len(found)
    return 0


def append(
    table: ExampleTable, found: list[tuple[int, str, int, int]], class_ids: Iterable[int]
) -> NDArray[np.int64]:
    """Append records of ``COLUMNS``; a label that is no class counts as none. Returns the row ids."""
    ids, texts, values, removed = zip(*found, strict=True)
    row_ids = np.array(ids, np.int64)
    # A project may come from anybody: a text may be anything.
    table.append(
        row_ids,
        [text if isinstance(text, str) else str(text) for text in texts],
        known_labels(values, class_ids, table.sets),
        np.array(removed, np.bool_),
    )
    return row_ids


def known_labels(
    values: Iterable[int], class_ids: Iterable[int], sets: LabelSets | None = None
) -> NDArray[np.int32]:
    """Labels as the project can show them; what refers to a class that is not there counts as none."""
    allowed = {*class_ids, SKIPPED, UNSURE}
    if not sets:
        return np.array([v if v in allowed else UNLABELLED for v in values], np.int32)
    return np.array([v if v in allowed or sets.known(v, allowed) else UNLABELLED for v in values], np.int32)


def _read_batch(
    db: sqlite3.Connection, batch: int, last: int, end: int, limit: int, seconds: float
) -> list[tuple[int, str, int, int]]:
    until = time.perf_counter() + seconds
    try:
        return _fetch(db, batch, last, end, limit, until)
    except sqlite3.OperationalError as error:
        if not store.is_damage(error) or db.text_factory is not str:
            raise
        # Bytes that are no UTF-8: show them with marks in place of what cannot be read.
        db.text_factory = lambda data: data.decode("utf-8", "replace")
        return _fetch(db, batch, last, end, limit, until)


def _fetch(
    db: sqlite3.Connection, batch: int, last: int, end: int, limit: int, until: float
) -> list[tuple[int, str, int, int]]:
    rows = db.execute(
        f"SELECT {COLUMNS} WHERE r.batch = ? AND r.id > ? AND r.id <= ? ORDER BY r.id LIMIT ?",
        (batch, last, end, limit),
    )
    found: list[tuple[int, str, int, int]] = []
    while True:
        part = rows.fetchmany(_GULP)
        found += part
        if len(part) < _GULP or time.perf_counter() >= until:
            rows.close()
            return found
