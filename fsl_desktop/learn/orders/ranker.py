"""The answer to each order that is asked for, from what a project's rows look like to a model."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.labels import UNLABELLED
from fsl_desktop.core.message import Message
from fsl_desktop.core.ranking import Asked, Ranking
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.orders.contradictions import contradictions
from fsl_desktop.learn.orders.diverse import diverse
from fsl_desktop.learn.orders.doubted import Doubted

Positions = NDArray[np.int64]
Found = tuple[Positions, int, Message | None]
"""Rows in order, how many of them are what was asked for, and a sentence on it."""

MOST = 20_000
"""Rows that an order names; nobody reads on after so many."""


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """A project's rows at one revision, (n,) each; ``here`` are those whose embedding is known."""

    revision: int
    row_ids: NDArray[np.int64]
    labels: NDArray[np.int32]
    """As the table has them."""
    here: NDArray[np.bool_]
    labelled: NDArray[np.bool_]
    seen: Callable[[], Matrix]
    """(n, d) unit length; what stands for rows that are not here means nothing."""
    vectors: Callable[[Positions], Matrix]
    """Embeddings (k, D) of rows."""
    judged: Callable[[], tuple[Positions, Doubted] | None]
    """(labelled rows that could be judged, ascending (h,); those in doubt, as places among them); None where
    nothing can be held out."""
    texts: Sequence[str] | None = None
    groups: Callable[[Positions], NDArray[np.int64]] | None = None
    """Equal numbers for rows that are known to be the same."""


def rank(material: Material, asked: Asked, row_id: int = 0) -> Ranking:
    """Put the rows in the order ``asked``; ``row_id`` is the row that ALIKE is about."""
    began = time.perf_counter()
    rows, marked, note = _ORDERS[asked](material, row_id)
    return Ranking(
        material.revision,
        asked,
        material.row_ids[rows[:MOST]],
        marked,
        note,
        row_id,
        time.perf_counter() - began,
    )


def _diverse(material: Material, _: int) -> Found:
    free = np.flatnonzero(material.here & (material.labels == UNLABELLED))
    labelled = np.flatnonzero(material.here & material.labelled)
    rows = diverse(material.seen(), free, labelled)
    if not len(rows):
        return rows, 0, Message.of("Every row has a label, or was set aside: there is nothing left to ask.")
    return rows, len(rows), None


def _alike(material: Material, row_id: int) -> Found:
    place = int(np.searchsorted(material.row_ids, row_id))
    known = place < len(material.row_ids) and material.row_ids[place] == row_id
    if not known or not material.here[place]:
        nothing = np.zeros(0, np.int64)
        return nothing, 0, Message.of("The model has not read this row. Choose another one.")
    others = np.flatnonzero(material.here)
    seen = material.seen()
    likeness = seen[others] @ seen[place]
    likeness[others == place] = np.inf
    rows = others[np.argsort(-likeness, kind="stable")]
    return rows, len(rows), None


def _doubted(material: Material, _: int) -> Found:
    found = material.judged()
    if found is None:
        nothing = np.zeros(0, np.int64)
        words = "It is too early to doubt a label. Label two different rows of each class at least."
        return nothing, 0, Message.of(words)
    rows, doubts = found
    ordered, n = rows[doubts.order], doubts.marked
    if n == 0:
        note = Message.of("No label looks wrong; the rows that the model is least sure of come first.")
    elif n == 1:
        note = Message.of("One label may be wrong: it comes first. Look at it, and keep or change it.")
    else:
        words = "{n} labels may be wrong: they come first, the likeliest errors above. Keep or change them."
        note = Message.of(words, n=n)
    return ordered, n, note


def _contradictions(material: Material, _: int) -> Found:
    labelled = np.flatnonzero(material.here & material.labelled)
    texts = None if material.texts is None else [material.texts[int(row)] for row in labelled]
    known = None if material.groups is None else material.groups(labelled)
    vectors = material.vectors(labelled)
    found = contradictions(vectors, material.labels[labelled].astype(np.int64), texts=texts, groups=known)
    if not found:
        nothing = np.zeros(0, np.int64)
        return nothing, 0, Message.of("No two rows that are nearly the same have different labels.")
    rows = labelled[np.concatenate(found)]
    words = "{n} rows are nearly the same as another one with a different label; they come first, together."
    return rows, len(rows), Message.of(words, n=len(rows))


_ORDERS = {
    Asked.DIVERSE: _diverse,
    Asked.ALIKE: _alike,
    Asked.DOUBTED: _doubted,
    Asked.CONTRADICTIONS: _contradictions,
}
