"""A mix fitted on a project's labels as they were at one revision, with what the names of classes know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.events import Score
from fsl_desktop.core.message import Message
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.early import too_early
from fsl_desktop.learn.folds import Answerer
from fsl_desktop.learn.heads import Matrix, softmax
from fsl_desktop.learn.methods.mix import Clips, Mix
from fsl_desktop.learn.report import Labelled, frozen_answers
from fsl_desktop.learn.score import accuracy_of
from fsl_desktop.learn.sound.model import SoundModel
from fsl_desktop.learn.sound.names import SHARPNESS, NamePrior, embedding_of
from fsl_desktop.learn.unknown import directions_of

TEMPERATURE = 1.0
"""Where a mix lies on the average of sets."""
_CHEAP = 400
"""Labelled clips up to which the score is measured again after every label: half a second."""


@dataclass(frozen=True, slots=True, eq=False)
class FittedMix:
    """Immutable, so an answer may use one while the next is being fitted. Without ``mix`` nothing is
    labelled, and the names alone answer."""

    class_ids: tuple[int, ...]
    mix: Mix | None
    prior: NamePrior | None
    temperature: float
    score: Score | None
    note: Message | None
    vectors: Matrix
    """(m, D) the labelled clips as the mix sees them, unit length."""
    row_ids: NDArray[np.int64]
    labelled_class_ids: NDArray[np.int64]

    def probabilities(self, blocks: Sequence[Matrix]) -> Matrix:
        """(n, C) of clips with ``blocks``, each (n, d_b)."""
        named = None if self.prior is None else self.prior.scores(embedding_of(blocks))
        if self.mix is None:
            assert named is not None
            return softmax(SHARPNESS * named)
        logits = self.mix.logits(blocks)
        if named is not None and self.mix.trust > 0:
            logits = logits + self.mix.trust * named
        return softmax(logits, self.temperature)

    def directions(self, blocks: Sequence[Matrix]) -> Matrix:
        """(n, D) unit length: how near clips are to each other in the mix's eyes."""
        if self.mix is None:
            return directions_of(np.concatenate(blocks, axis=1))
        return directions_of(self.mix.vectors(blocks))


def fit_sounds(
    data: TrainingData,
    groups: NDArray[np.int64],
    labelled: Sequence[Matrix],
    pool: Sequence[Matrix],
    prior: NamePrior | None,
    *,
    seed: int = 0,
) -> FittedMix:
    """Fit on ``labelled`` blocks (n, d_b) of the rows of ``data``, with those of ``pool`` (p, d_b).

    ``groups`` (n,): rows that must not be judged by a model that has learnt from the others.
    """
    ids = tuple(data.class_ids.tolist())
    if not len(data.labels):
        nothing = np.zeros((0, 1), np.float32)
        return FittedMix(
            ids, None, prior, 1.0, None, None, nothing, data.row_ids, data.class_ids[data.labels]
        )
    named = None
    if prior is not None:
        named = np.concatenate([prior.scores(embedding_of(labelled)), prior.scores(embedding_of(pool))])
    clips = Clips(labelled, pool, named)
    learnt = clips.fit(np.arange(clips.n), data.labels, data.n_classes)
    mix = clips.mix(learnt)
    note = too_early(data.labels, groups, data.class_names)
    score, temperature = None, TEMPERATURE
    if note is None and len(data.labels) <= _CHEAP:
        judged = labelled_clips(clips, data, groups, seed)
        answers = frozen_answers(judged)
        if answers is not None:
            score = accuracy_of(answers.repeats, data.labels[answers.rows])
            temperature = answers.heat(data.labels, TEMPERATURE)
    return FittedMix(
        ids,
        mix,
        prior,
        temperature,
        score,
        note,
        directions_of(mix.vectors(labelled)),
        data.row_ids,
        data.class_ids[data.labels],
    )


def of_run(trained: SoundModel, data: TrainingData, labelled: Sequence[Matrix]) -> FittedMix:
    """A saved model with the project's labelled rows as its examples."""
    score = trained.summary.accuracy if trained.summary is not None else None
    seen = trained.mix.vectors(labelled)
    return FittedMix(
        trained.class_ids,
        trained.mix,
        trained.prior,
        trained.temperature,
        score,
        None,
        directions_of(seen),
        data.row_ids,
        data.class_ids[data.labels],
    )


def labelled_clips(clips: Clips, data: TrainingData, groups: NDArray[np.int64], seed: int) -> Labelled:
    """The clips for whoever judges: what is fitted and asked are places among ``clips``."""

    def fit(rows: NDArray[np.int64]) -> Answerer:
        learnt = clips.fit(rows, data.labels[rows], data.n_classes)
        return lambda places: clips.logits(learnt, places[:, 0].astype(np.int64))

    places = np.arange(clips.n, dtype=np.float32)[:, None]
    return Labelled(places, data.labels, data.n_classes, groups, seed=seed, other=fit, most_repeats=1)
