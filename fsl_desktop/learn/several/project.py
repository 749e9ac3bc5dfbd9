"""Suggestions for a project in which a row may have several labels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.answers import Suggestions
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.labels import FIRST_SET, UNLABELLED
from fsl_desktop.core.message import Message
from fsl_desktop.core.metrics_several import subset_accuracy
from fsl_desktop.learn.desk import Snapshot
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.fitted import Fitted
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.several.data import Sets, SeveralData
from fsl_desktop.learn.several.fit import fit_sets
from fsl_desktop.learn.several.run import provenance_of
from fsl_desktop.learn.trained import TrainedModel

_BLOCK = 16384


def missing_for_sets(data: SeveralData, use_class_names: bool) -> Message | None:
    """What is missing before anything can be suggested; None where nothing is."""
    if not data.n_classes:
        return Message.of("There is nothing to tell yet. Add at least one class.")
    counts = data.counts()
    if data.n_classes == 1 and not 0 < counts[0] < len(data.texts):
        return Message.of("Label a row that is of the class, and one that is of none.")
    if not use_class_names and not counts.any():
        return Message.of("Label at least one row, or let the class names take part.")
    return None


def fit_several_project(
    data: SeveralData,
    labels: NDArray[np.int32],
    vectors: Matrix,
    names: Matrix | None,
    encoder: TextEncoder,
    model: str,
    trained: TrainedModel | None,
    previous: Fitted | None,
) -> Fitted:
    """Fit on the labelled rows: their ``labels`` (m,) as the project has them and embeddings (m, d).

    ``trained`` is the run's own model, which answers as it was saved while its rows are still the same.
    """
    classes = labels.astype(np.int64)
    own = trained is not None and trained.several is not None
    if trained is not None and own and trained.provenance.data_sha256 == data.sha256():
        score = trained.summary.accuracy if trained.summary else None
        return Fitted(trained, vectors, data.row_ids, classes, data.counts(), score, None, len(data.texts))
    if (lacking := missing_for_sets(data, names is not None)) is not None:
        raise UserError.of(lacking)
    start = None
    if previous is not None and previous.model.class_ids == tuple(data.class_ids.tolist()):
        start = previous.model.head
    outcome = fit_sets(data, vectors, names, start=start)
    provenance = provenance_of(data, model, "instant", 0, uses_names=names is not None)
    fitted = TrainedModel(
        encoder,
        outcome.head,
        tuple(data.class_names),
        tuple(data.class_ids.tolist()),
        outcome.temperature,
        provenance,
        None,
        outcome.deciding,
    )
    score = subset_accuracy(outcome.truth, outcome.said) if len(outcome.truth) else None
    note = outcome.notes[0] if outcome.notes else None
    return Fitted(fitted, vectors, data.row_ids, classes, data.counts(), score, note, len(data.texts))


def suggest_sets(
    now: Snapshot, name: str, fitted: Fitted, vectors: Matrix, typical: Matrix | None
) -> Suggestions:
    """One set per row of the project (n); ``typical`` (n,) counts while there are few labels."""
    model, deciding = fitted.model, fitted.model.several
    assert deciding is not None
    n = len(vectors)
    packed: list[NDArray[np.uint8]] = []
    confidence = np.zeros(n, dtype=np.float32)
    for start in range(0, n, _BLOCK):
        block = slice(start, min(n, start + _BLOCK))
        probabilities = model.probabilities(vectors[block])
        packed.append(np.packbits(deciding.sets(probabilities), axis=1))
        confidence[block] = deciding.certainty(probabilities)
    class_ids, sets = _numbered(np.concatenate(packed) if packed else None, model.class_ids, n)
    doubt = 2 * (1 - confidence)
    worth = doubt if typical is None else 0.75 * typical + 0.25 * doubt
    return Suggestions(
        now.revision,
        name,
        now.row_ids,
        class_ids,
        confidence,
        worth.astype(np.float32),
        fitted.score,
        fitted.note,
        sets=sets,
    )


def _numbered(
    packed: NDArray[np.uint8] | None, ids: tuple[int, ...], n: int
) -> tuple[NDArray[np.int32], tuple[tuple[int, ...], ...]]:
    """Bits (n, ceil(C/8)) of the classes -> a number per row as in a project's table, and what those of
    ``FIRST_SET`` on mean."""
    if packed is None:
        return np.full(n, UNLABELLED, np.int32), ()
    rows = np.ascontiguousarray(packed).view(np.dtype((np.void, packed.shape[1]))).ravel()
    distinct, where = np.unique(rows, return_inverse=True)
    bits: Sets = np.unpackbits(distinct.view(np.uint8).reshape(len(distinct), -1), axis=1).astype(np.bool_)
    sets: list[tuple[int, ...]] = []
    numbers = np.zeros(len(distinct), np.int32)
    for place, row in enumerate(bits):
        members = tuple(sorted(ids[column] for column in np.flatnonzero(row[: len(ids)])))
        if len(members) == 1:
            numbers[place] = members[0]
        else:
            numbers[place] = FIRST_SET + len(sets)
            sets.append(members)
    return numbers[where.ravel()], tuple(sets)
