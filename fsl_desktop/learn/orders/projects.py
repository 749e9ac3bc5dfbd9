"""The orders that are asked for, on a project of texts; those of recordings are in ``sound.ranking``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.ranking import Asked, Ranking
from fsl_desktop.learn.bench_parts import RUN, Tell
from fsl_desktop.learn.data import TrainingData, normalised
from fsl_desktop.learn.desk import Snapshot
from fsl_desktop.learn.encoders.text import CancelCall
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.orders.doubted import Doubted, doubted
from fsl_desktop.learn.orders.ranker import Material, rank
from fsl_desktop.learn.report import Labelled, alike, frozen_answers
from fsl_desktop.learn.several.doubted import doubted_sets
from fsl_desktop.learn.sound.ranking import rank_sounds

if TYPE_CHECKING:
    from fsl_desktop.learn.workbench import Workbench

Positions = NDArray[np.int64]
_MOST_JUDGED = 5000
"""Labelled rows of which a judgement takes some seconds; of more, those labelled first are left out."""


def rank_project(
    bench: Workbench,
    project: Path,
    asked: Asked,
    model: str,
    use_class_names: bool,
    row_id: int = 0,
    *,
    tell: Tell,
    cancelled: CancelCall,
) -> Ranking:
    """Put the rows of a project in the order ``asked``. Raises ``UserError`` (a missing model) and
    ``Stopped``."""
    if (sounds := bench.sounds(project)) is not None:
        return rank_sounds(sounds, project, asked, model, row_id, tell=tell, cancelled=cancelled)
    now, matrix, vectors = bench.read(project, model, tell=tell, cancelled=cancelled)

    def judged() -> tuple[Positions, Doubted] | None:
        data = now.several or now.data
        wanted = use_class_names and bool(len(data.texts))
        names = matrix.names(data.name_examples()) if wanted else None
        return judged_texts(now, vectors, names, cancelled, tuned=model.startswith(RUN))

    def same(rows: Positions) -> NDArray[np.int64]:
        seen: dict[str, int] = {}
        keys = [normalised(now.texts[row]) for row in rows]
        return np.array([seen.setdefault(key, len(seen)) for key in keys], np.int64)

    material = Material(
        now.revision,
        now.row_ids,
        now.labels,
        ~now.removed,
        now.labelled,
        lambda: matrix.seen(vectors),
        lambda rows: vectors[rows],
        judged,
        now.texts,
        same,
    )
    return rank(material, asked, row_id)


def judged_texts(
    now: Snapshot, vectors: Matrix, names: Matrix | None, cancelled: CancelCall, *, tuned: bool = False
) -> tuple[Positions, Doubted] | None:
    """(rows of the table that could be judged, what is doubted among them).

    A ``tuned`` encoder has seen the labels it was tuned on, so that wrong ones of these hide better.
    """
    if now.several is not None:
        positions = np.searchsorted(now.row_ids, now.several.row_ids)
        found = doubted_sets(now.several, vectors[positions], names, cancelled)
        return None if found is None else (positions[found[0]], found[1])
    data = now.data
    if len(data.labels) > _MOST_JUDGED:
        data = data.sample(_MOST_JUDGED)
    positions = np.searchsorted(now.row_ids, data.row_ids)
    out = held_out_shares(data, vectors[positions], names)
    if out is None:
        return None
    rows, shares = out
    return positions[rows], doubted(data.labels[rows], shares)


def held_out_shares(
    data: TrainingData, vectors: Matrix, names: Matrix | None
) -> tuple[Positions, Matrix] | None:
    """(rows of ``data`` (h,), probabilities (h, C) by instant heads that have not seen them, the mean of all
    repeats of the folds); None where nothing can be held out."""
    if data.n_classes < 2 or not len(data.labels):
        return None
    labelled = Labelled(vectors, data.labels, data.n_classes, alike(vectors, data), names)
    answers = frozen_answers(labelled)
    if answers is None:
        return None
    mean: Matrix = answers.repeats.mean(axis=0)
    return answers.rows, mean
