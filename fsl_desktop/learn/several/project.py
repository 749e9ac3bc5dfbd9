"""Suggestions for a project in which a row may have several labels."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.answers import Suggestions
from fsl_desktop.core.config import TrainConfig
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.labels import FIRST_SET, UNLABELLED
from fsl_desktop.core.message import Message
from fsl_desktop.core.metrics_several import subset_accuracy
from fsl_desktop.learn.cache import EmbeddingCache
from fsl_desktop.learn.desk import Snapshot
from fsl_desktop.learn.encoders.text import CancelCall, TextEncoder
from fsl_desktop.learn.fitted import Fitted, too_little
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.loop import Training
from fsl_desktop.learn.orders.mixed import mixed, usefulness
from fsl_desktop.learn.several.calibrate import Calibration
from fsl_desktop.learn.several.data import Sets, SeveralData
from fsl_desktop.learn.several.fit import fit_sets
from fsl_desktop.learn.several.run import SeveralTraining, provenance_of
from fsl_desktop.learn.trained import TrainedModel

_BLOCK = 16384
_CHEAP = 3000
"""Labelled rows x classes up to which thresholds and score are measured again after every label."""
_GROWTH = 1.05


def lacking(now: Snapshot, use_class_names: bool) -> Message | None:
    """What is missing in a project before anything can be suggested; None where nothing is."""
    data = now.several
    if data is None:
        return too_little(now.data, use_class_names)
    if not data.n_classes:
        return Message.of("There is nothing to tell yet. Add at least one class.")
    counts = data.counts()
    if data.n_classes == 1 and not 0 < counts[0] < len(data.texts):
        return Message.of("Label a row that is of the class, and one that is of none.")
    if not use_class_names and not counts.any():
        return Message.of("Label at least one row, or let the class names take part.")
    return None


def training_for(
    now: Snapshot, config: TrainConfig, encoder: TextEncoder, cache: EmbeddingCache, cancelled: CancelCall
) -> Training | SeveralTraining:
    """The run that a project's labels are for."""
    if now.several is not None:
        return SeveralTraining(now.several, config, encoder, cache, cancelled)
    data = replace(now.data, unlabelled_texts=[now.texts[row] for row in now.free])
    return Training(data, config, encoder, cache, cancelled)


def no_suggestions(now: Snapshot, model: str, note: Message, seconds: float) -> Suggestions:
    n = len(now.row_ids)
    nothing = np.zeros(n, dtype=np.float32)
    no_class = np.zeros(n, dtype=np.int32)
    return Suggestions(now.revision, model, now.row_ids, no_class, nothing, nothing, None, note, seconds)


def said_of(model: TrainedModel, probabilities: Matrix) -> tuple[tuple[float, ...], tuple[int, ...]]:
    """(thresholds, classes said) of one row's ``probabilities`` (C,), for an ``Answer``; both empty where
    a row has one label."""
    if model.several is None:
        return (), ()
    said = model.several.sets(probabilities[None])[0]
    return model.several.thresholds, tuple(i for i, yes in zip(model.class_ids, said, strict=True) if yes)


def fit_several_project(
    now: Snapshot,
    vectors: Matrix,
    embed: Callable[[list[str]], Matrix],
    encoder: TextEncoder,
    model: str,
    trained: TrainedModel | None,
    use_class_names: bool,
    previous: Fitted | None,
) -> Fitted:
    """Fit on the labelled rows ``now.several`` with embeddings ``vectors`` (m, d).

    ``trained`` is the run's own model, which answers as it was saved while its rows are still the same.
    """
    data = now.several
    assert data is not None
    classes = now.labels_of(data.row_ids).astype(np.int64)
    if trained is not None:
        use_class_names = trained.provenance.uses_class_names
    own = trained is not None and trained.several is not None
    if trained is not None and own and trained.provenance.data_sha256 == data.sha256():
        score = trained.summary.accuracy if trained.summary else None
        return Fitted(trained, vectors, data.row_ids, classes, data.counts(), score, None, len(data.texts))
    if (missing := lacking(now, use_class_names)) is not None:
        raise UserError.of(missing)
    names = embed(data.name_examples()) if use_class_names else None
    if previous is not None and previous.model.class_ids != tuple(data.class_ids.tolist()):
        previous = None
    kept = _kept(data, previous)
    outcome = fit_sets(data, vectors, names, start=previous.model.head if previous else None, kept=kept)
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
    if previous is not None and kept is not None:
        score, note, rows = previous.score, previous.note, previous.scored_rows
    else:
        score = subset_accuracy(outcome.truth, outcome.said) if len(outcome.truth) else None
        note = outcome.notes[0] if outcome.notes else None
        rows = len(data.texts)
    return Fitted(fitted, vectors, data.row_ids, classes, data.counts(), score, note, rows)


def _kept(data: SeveralData, previous: Fitted | None) -> Calibration | None:
    """The last calibration, where measuring a new one is slow and few labels have come since."""
    n = len(data.texts)
    if previous is None or previous.model.several is None or n * data.n_classes <= _CHEAP:
        return None
    if not previous.scored_rows / _GROWTH < n < previous.scored_rows * _GROWTH:
        return None
    deciding = previous.model.several
    return Calibration(previous.model.temperature, deciding.shift, np.array(deciding.thresholds))


def suggest_sets(
    now: Snapshot, name: str, fitted: Fitted, vectors: Matrix, seen: Matrix, began: float
) -> Suggestions:
    """One set per row of the project (n); ``seen`` (n, k) are its vectors as ``compact`` has
    them; ``began`` by ``perf_counter``."""
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
    doubt: Matrix = np.clip(2 * (1 - confidence), 0, 1)
    first = mixed(seen, doubt, None, fitted.counts, now.free, np.flatnonzero(now.labelled))
    return Suggestions(
        now.revision,
        name,
        now.row_ids,
        class_ids,
        confidence,
        usefulness(first, doubt),
        fitted.score,
        fitted.note,
        time.perf_counter() - began,
        sets,
        doubt=doubt,
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
