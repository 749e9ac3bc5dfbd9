"""Reading rows into the table, a slice at a time."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core import store
from fsl_desktop.core.apply import VISIBLE
from fsl_desktop.core.clip_table import ClipTable, read_clips
from fsl_desktop.core.config import Task
from fsl_desktop.core.label_sets import LabelSets, read_sets
from fsl_desktop.core.labels import SKIPPED, UNLABELLED, UNSURE
from fsl_desktop.core.table import ExampleTable, Ids

# Rows read by one statement; some tenths of a millisecond.
_GULP = 400


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
        ids, texts = _read_batch(db, batch, last, end, limit, seconds)
        if len(ids):
            table.append(ids, texts, _labels(db, ids, class_ids, table.sets), _removed(db, ids))
            if table.clips is not None:
                read_clips(db, table.clips, ids.tolist())
            return len(ids)
    return 0


def _labels(db: sqlite3.Connection, ids: Ids, class_ids: Iterable[int], sets: LabelSets) -> NDArray[np.int32]:
    """Labels of rows (ascending ids). Few rows have one, so this is much less than a join over all."""
    labels = np.full(len(ids), UNLABELLED, np.int32)
    found = db.execute(
        "SELECT row_id, value FROM labels WHERE row_id BETWEEN ? AND ?", (int(ids[0]), int(ids[-1]))
    ).fetchall()
    if found:
        rows, values = zip(*found, strict=True)
        places, known = _places(ids, rows)
        labels[places] = known_labels(values, class_ids, sets)[known]
    return labels


def _removed(db: sqlite3.Connection, ids: Ids) -> NDArray[np.bool_]:
    removed = np.zeros(len(ids), np.bool_)
    found = db.execute(
        "SELECT row_id FROM removed WHERE row_id BETWEEN ? AND ?", (int(ids[0]), int(ids[-1]))
    ).fetchall()
    if found:
        removed[_places(ids, [row for (row,) in found])[0]] = True
    return removed


def _places(ids: Ids, rows: Sequence[int]) -> tuple[Ids, NDArray[np.bool_]]:
    """Where the rows that are among ``ids`` stand there, and which of the rows those are."""
    wanted = np.array(rows, np.int64)
    places = np.searchsorted(ids, wanted).clip(0, len(ids) - 1)
    known = ids[places] == wanted
    return places[known], known


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
) -> tuple[Ids, list[str]]:
    """Ids and texts of the next rows of a batch; none where there are no more."""
    until = time.perf_counter() + seconds
    parts: list[Ids] = []
    texts: list[str] = []
    while len(texts) < limit:
        ids, more = _gulp(db, batch, last, end, min(_GULP, limit - len(texts)))
        if not len(ids):
            break
        parts.append(ids)
        texts += more
        last = int(ids[-1])
        if last >= end or time.perf_counter() >= until:
            break
    return (np.concatenate(parts) if parts else np.zeros(0, np.int64)), texts


def _gulp(db: sqlite3.Connection, batch: int, last: int, end: int, limit: int) -> tuple[Ids, list[str]]:
    try:
        return _fetch(db, batch, last, end, limit)
    except sqlite3.OperationalError as error:
        if not store.is_damage(error) or db.text_factory is not str:
            raise
        # Bytes that are no UTF-8: show them with marks in place of what cannot be read.
        db.text_factory = lambda data: data.decode("utf-8", "replace")
        return _fetch(db, batch, last, end, limit)


def _fetch(db: sqlite3.Connection, batch: int, last: int, end: int, limit: int) -> tuple[Ids, list[str]]:
    # The rows of a batch mostly follow each other: then their numbers need not be read.
    stop = min(end, last + limit)
    found = db.execute(
        "SELECT text FROM rows WHERE id BETWEEN ? AND ? AND batch = ? ORDER BY id", (last + 1, stop, batch)
    ).fetchall()
    if len(found) == stop - last:
        return np.arange(last + 1, stop + 1, dtype=np.int64), [_text(text) for (text,) in found]
    found = db.execute(
        "SELECT id, text FROM rows WHERE batch = ? AND id > ? AND id <= ? ORDER BY id LIMIT ?",
        (batch, last, end, limit),
    ).fetchall()
    return np.array([row for row, _ in found], np.int64), [_text(text) for _, text in found]


def _text(found: object) -> str:
    """A project may come from anybody: a text may be anything."""
    return found if isinstance(found, str) else str(found)
