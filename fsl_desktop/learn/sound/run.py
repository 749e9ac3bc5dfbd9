"""A run on sound: clips are heard once, a head is fitted on what the encoders made of them, and judged."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.config import TrainConfig
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.events import Cancelled, Event, Finished, Phase, Progress, RunSummary, Started
from fsl_desktop.core.message import Message
from fsl_desktop.learn.card import versions
from fsl_desktop.learn.encoders.text import CancelCall
from fsl_desktop.learn.folds import Answerer
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.methods.mix import LEAST_POOL, MOST_POOL, Clips
from fsl_desktop.learn.report import Labelled, frozen_answers, report
from fsl_desktop.learn.score import scored
from fsl_desktop.learn.sound.clips import Clip, Trouble, read_clips
from fsl_desktop.learn.sound.data import SoundData
from fsl_desktop.learn.sound.ears import Ears
from fsl_desktop.learn.sound.model import SoundModel
from fsl_desktop.learn.trained import Provenance

_CHUNK = 32
"""Clips that are in memory at once: 10 MB."""
_REPEATS = 2
"""Of the folds; a fit takes some 20 ms, and a person waits for the score."""
_TOLD = 3
"""Clips that are named one by one when they cannot be read."""
_TEMPERATURE = 1.0
"""Where a mix lies on the average of sets."""


@dataclass(slots=True, eq=False)
class _Heard:
    """Clips that could be read: their places, their blocks, and what is wrong with the others."""

    places: list[int] = field(default_factory=list)
    blocks: list[Matrix] = field(default_factory=list)
    troubles: list[Trouble] = field(default_factory=list)


class SoundTraining:
    """``for event in SoundTraining(...)``: one run, once. Afterwards ``model`` is what it learnt, if any.

    Clips that cannot be read are left out and told in the summary's notes. Raises ``UserError`` where nothing
    can be learnt from what is left. When ``cancelled()`` turns true it ends with ``Cancelled`` and no model.
    """

    def __init__(
        self, data: SoundData, config: TrainConfig, ears: Ears, cancelled: CancelCall = lambda: False
    ) -> None:
        self.model: SoundModel | None = None
        self.troubles: list[Trouble] = []
        """Labelled clips that could not be read."""
        self._data = data
        self._config = config
        self._ears = ears
        self._cancelled = cancelled

    def __iter__(self) -> Iterator[Event]:
        began = time.monotonic()
        self._data.rows.check(use_class_names=False)
        yield Started(self._config.preset.value, 0, len(self._data.clips), self._data.rows.n_classes)
        try:
            data, clips, notes = yield from self._listen()
            yield Progress(Phase.FITTING, 0, 0)
            learnt = clips.fit(np.arange(clips.n), data.rows.labels, data.rows.n_classes)
            yield Progress(Phase.SCORING, 0, 0)
            labelled = _labelled(data, clips, self._config.seed)
            answers = frozen_answers(labelled)
        except Stopped:
            yield Cancelled(None)
            return
        labels = data.rows.labels
        right = float((clips.logits(learnt, np.arange(clips.n)).argmax(axis=1) == labels).mean())
        found = report(
            labelled,
            answers,
            tuned=False,
            prior=_TEMPERATURE,
            training_accuracy=right,
            cancelled=self._cancelled,
        )
        provenance = self._provenance(data, clips.p)
        rows = np.zeros(0, np.int64) if answers is None else answers.rows
        told = np.zeros((0, data.rows.n_classes), np.float32)
        summary = scored(
            RunSummary(
                preset=self._config.preset.value,
                model=provenance.base_model,
                n_labelled=len(labels),
                n_classes=data.rows.n_classes,
                seconds=time.monotonic() - began,
                notes=tuple(notes),
            ),
            data.rows,
            rows,
            told if answers is None else answers.tempered(found.answers_temperature),
            groups=labelled.groups,
            training_accuracy=right,
        )
        summary = found.put(summary)
        self.model = SoundModel(
            self._ears,
            clips.mix(learnt),
            tuple(data.rows.class_names),
            tuple(data.rows.class_ids.tolist()),
            found.temperature,
            provenance,
            summary,
        )
        yield Finished(summary)

    def _listen(self) -> Generator[Event, None, tuple[SoundData, Clips, list[Message]]]:
        """(the labelled clips that can be read, all that was heard, notes)."""
        data, notes = self._data, list[Message]()
        around = _sample(data.unlabelled, self._config.seed) if self._config.use_unlabelled else []
        total = len(data.clips) + len(around)
        own = yield from self._hear(data.clips, 0, total)
        self.troubles = own.troubles
        if not own.places:
            raise UserError.of(own.troubles[0].message)
        pool = yield from self._hear(around, len(data.clips), total)
        if own.troubles:
            notes += _about(own.troubles)
        if len(pool.places) >= LEAST_POOL:
            notes.append(Message.of("{n} rows without a label took part.", n=len(pool.places)))
        kept = data.only(own.places)
        kept.rows.check(use_class_names=False)
        beside = pool.blocks or [block[:0] for block in own.blocks]
        return kept, Clips(own.blocks, beside), notes

    def _hear(self, clips: Sequence[Clip], done: int, total: int) -> Generator[Event, None, _Heard]:
        heard, parts = _Heard(), list[list[Matrix]]()
        for start in range(0, len(clips), _CHUNK):
            places, samples, bad = read_clips(clips[start : start + _CHUNK], cancelled=self._cancelled)
            heard.places += [start + place for place in places]
            heard.troubles += [replace(one, place=start + one.place) for one in bad]
            if samples:
                parts.append(self._ears.blocks(samples, cancelled=self._cancelled))
            yield Progress(Phase.ENCODING, done + min(start + _CHUNK, len(clips)), total)
        heard.blocks = [np.concatenate(one) for one in zip(*parts, strict=True)]
        return heard

    def _provenance(self, data: SoundData, pool: int) -> Provenance:
        words = "kernel ridge regression on a weighted mix of frozen encoders"
        if pool >= LEAST_POOL:
            words += f", self-trained on {pool} unlabelled clips"
        return Provenance(
            base_model=" + ".join(self._ears.models),
            preset=self._config.preset.value,
            seed=self._config.seed,
            recipe=words,
            data_sha256=data.sha256(),
            uses_class_names=False,
            versions=versions(),
        )


def _labelled(data: SoundData, clips: Clips, seed: int) -> Labelled:
    """The clips for whoever judges: what is fitted and asked are places among ``clips``."""
    labels, n_classes = data.rows.labels, data.rows.n_classes

    def fit(rows: NDArray[np.int64]) -> Answerer:
        learnt = clips.fit(rows, labels[rows], n_classes)
        return lambda places: clips.logits(learnt, places[:, 0].astype(np.int64))

    places = np.arange(clips.n, dtype=np.float32)[:, None]
    return Labelled(places, labels, n_classes, data.groups(), seed=seed, other=fit, most_repeats=_REPEATS)


def _sample(clips: Sequence[Clip], seed: int) -> list[Clip]:
    chosen = np.random.default_rng(seed).permutation(len(clips))[:MOST_POOL]
    return [clips[place] for place in chosen]


def _about(troubles: list[Trouble]) -> list[Message]:
    told = [trouble.message for trouble in troubles[:_TOLD]]
    if len(troubles) > _TOLD:
        told.append(Message.of("{n} more clips could not be read.", n=len(troubles) - _TOLD))
    return told
