"""Reading many new rows without letting the user wait for the last one."""

from __future__ import annotations

import time
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.desk import Desk, Snapshot
from fsl_desktop.learn.encoders.text import CancelCall, ProgressCall
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.matrix import RowMatrix

Positions = NDArray[np.int64]

_AT_ONCE = 1024
"""So many rows are read before anybody grows impatient."""
_TOP = 128
"""Rows at the top of the table: those on the screen of a new project."""
_LABELLED = 1000
_CHUNK = 1024
_MOST = 50_000
"""Rows that an early answer is about; beyond, it would cost too much."""
_PAUSE = 2.0
"""Seconds between early answers, at least."""
_SHARE = 10
"""An answer may take this part of the time that passed since the last one, at most."""


def early_parts(
    desk: Desk, matrix: RowMatrix, *, progress: ProgressCall, cancelled: CancelCall
) -> Iterator[tuple[Snapshot, Matrix]]:
    """Read the project's rows, and yield from time to time those read by now with their embeddings (k, d).

    Labelled rows are read first, then the top of the table, then the others in random order, so that what
    was read stands for the whole. It is time when there are twice as many rows or labels have changed, but
    never so often that answering holds up reading. Yields nothing where few rows are new; what was read last
    is left for the caller to ask for.
    """
    now = desk.snapshot()
    unread = matrix.unread(now.texts)
    if len(unread) <= _AT_ONCE:
        return
    order = _order(now, unread)
    answered, took, rows, revision = -np.inf, 0.0, 0, -1
    start, size = 0, min(_CHUNK, 2 * _TOP + len(now.data.row_ids))
    while start < len(order):
        part = order[start : start + size]

        def tell(done: int, _total: int, before: int = start) -> None:
            progress(before + done, len(order))

        matrix.part(now.texts, part, progress=tell, cancelled=cancelled)
        start, size = start + size, _CHUNK
        since = time.perf_counter() - answered
        if start >= len(order) or since < max(_PAUSE, _SHARE * took):
            continue
        if start < 2 * rows and desk.revision() == revision:
            continue
        began = time.perf_counter()
        newest = desk.snapshot()
        there = _there(newest, matrix)
        yield newest.part(there), matrix.part(newest.texts, there, cancelled=cancelled)
        answered, rows, revision = time.perf_counter(), start, newest.revision
        took = answered - began


def _order(now: Snapshot, unread: Positions) -> Positions:
    first = np.concatenate([_labelled(now), np.arange(min(_TOP, len(now.texts)))])
    first = first[np.isin(first, unread)]
    _, places = np.unique(first, return_index=True)
    first = first[np.sort(places)]
    rest = np.setdiff1d(unread, first, assume_unique=True)
    return np.concatenate([first, np.random.default_rng(0).permutation(rest)])


def _labelled(now: Snapshot) -> Positions:
    """Some of the labelled rows: all of them, where they are not very many."""
    data = (now.several or now.data).sample(_LABELLED)
    return np.searchsorted(now.row_ids, data.row_ids)


def _there(now: Snapshot, matrix: RowMatrix) -> Positions:
    """Rows that were read, ascending, and those labelled meanwhile, which are quickly read."""
    known = np.ones(len(now.texts), bool)
    known[matrix.unread(now.texts)] = False
    places = np.flatnonzero(known)
    if len(places) > _MOST:
        places = places[np.linspace(0, len(places) - 1, _MOST).astype(np.int64)]
    return np.union1d(places, _labelled(now))
