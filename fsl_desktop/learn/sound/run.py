"""A run on sound: clips are heard once, a head is fitted on what the encoders made of them, upper layers are
tuned where the preset says so, and what is kept is judged."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.audio.info import RATE
from fsl_desktop.core.config import TrainConfig
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.events import Cancelled, Event, Finished, Phase, Progress, RunSummary, Started
from fsl_desktop.core.intervals import LEARNT
from fsl_desktop.core.message import Message
from fsl_desktop.learn.card import versions
from fsl_desktop.learn.encoders.text import CancelCall
from fsl_desktop.learn.folds import Answerer, repeated_folds
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.methods.mix import LEAST_POOL, Clips, Mix, beside
from fsl_desktop.learn.methods.pairwise import balanced
from fsl_desktop.learn.report import Answers, Labelled, frozen_answers, report
from fsl_desktop.learn.score import accuracy_of, scored
from fsl_desktop.learn.sound.clips import Trouble
from fsl_desktop.learn.sound.data import SoundData
from fsl_desktop.learn.sound.ears import Ears, TunableEars
from fsl_desktop.learn.sound.listening import about, hear, hear_below, sample
from fsl_desktop.learn.sound.model import SoundModel
from fsl_desktop.learn.sound.names import NamePrior, embedding_of
from fsl_desktop.learn.sound.presets import ENOUGH, MOST_ROWS, SHARE, models_to_tune, plan_of_sounds
from fsl_desktop.learn.sound.tuning_run import Heard, SoundTuning
from fsl_desktop.learn.trained import Provenance

_REPEATS = 2
"""Of the folds; a fit takes some 20 ms, and a person waits for the score."""
_TEMPERATURE = 1.0
"""Where a mix lies on the average of sets."""

KnowNames = Callable[[Sequence[str], Matrix], NamePrior | None]
"""Names of classes and YAMNet's mean embeddings of all clips (n, 1024), to what the names know of sounds."""


class SoundTraining:
    """``for event in SoundTraining(...)``: one run, once. Afterwards ``model`` is what it learnt, if any.

    Clips that cannot be read are left out and told in the summary's notes. Raises ``UserError`` where nothing
    can be learnt from what is left. When ``cancelled()`` turns true it ends with ``Cancelled`` within one
    optimiser step of one fold; the mix of frozen encoders is kept if it was there by then.
    """

    def __init__(
        self,
        data: SoundData,
        config: TrainConfig,
        ears: Ears,
        cancelled: CancelCall = lambda: False,
        names: KnowNames | None = None,
    ) -> None:
        self.model: SoundModel | None = None
        self.troubles: list[Trouble] = []
        """Labelled clips that could not be read."""
        self._data = data
        self._config = config
        self._ears = ears
        self._cancelled = cancelled
        self._names = names if config.use_class_names else None
        self._plan = plan_of_sounds(config)
        self._notes: list[Message] = []
        self._seconds = 0.0
        """Of a clip, on average."""
        self._tuning: SoundTuning | None = None
        self._tuned = False
        self._began = time.monotonic()

    def __iter__(self) -> Iterator[Event]:
        self._began = time.monotonic()
        self._data.rows.check(use_class_names=self._names is not None)
        rows = self._data.rows
        yield Started(self._config.preset.value, self._plan.steps, len(self._data.clips), rows.n_classes)
        try:
            data, clips, prior = yield from self._listen()
            yield Progress(Phase.FITTING, 0, 0)
            learnt = clips.fit(np.arange(clips.n), data.rows.labels, data.rows.n_classes)
            data.rows.check(use_class_names=learnt.trust > 0)
            self.model = self._frozen_model(data, clips.mix(learnt), clips.p, prior)
            yield from self._tune(data, clips)
            yield Progress(Phase.SCORING, 0, 0)
            summary = self._finish(data, clips)
        except Stopped:
            yield Cancelled(self._stopped() if self.model else None)
            return
        yield Finished(summary)

    def _listen(self) -> Generator[Event, None, tuple[SoundData, Clips, NamePrior | None]]:
        """(the labelled clips that can be read, all that was heard, what the names know)."""
        data, config = self._data, self._config
        around = sample(data.unlabelled, config.seed) if config.use_unlabelled else []
        total = len(data.clips) + len(around)
        own = yield from hear(self._ears, data.clips, 0, total, self._cancelled)
        self.troubles = own.troubles
        if not own.places:
            raise UserError.of(own.troubles[0].message)
        pool = yield from hear(self._ears, around, len(data.clips), total, self._cancelled)
        self._notes += about(own.troubles)
        if len(pool.places) >= LEAST_POOL:
            self._notes.append(Message.of("{n} rows without a label took part.", n=len(pool.places)))
        kept = data.only(own.places)
        self._seconds = own.samples / RATE / len(own.places)
        beside_them = pool.blocks or [block[:0] for block in own.blocks]
        prior, scores = None, None
        if self._names is not None:
            seen = np.concatenate([embedding_of(own.blocks), embedding_of(beside_them)])
            prior = self._names(kept.rows.class_names, seen)
            scores = prior.scores(seen) if prior is not None else None
        kept.rows.check(use_class_names=prior is not None)
        return kept, Clips(own.blocks, beside_them, scores), prior

    def _tune(self, data: SoundData, clips: Clips) -> Iterator[Event]:
        """Tune upper layers where that is asked for and may pay; the better model is kept."""
        plan, ears, labels = self._plan, self._ears, data.rows.labels
        if plan.recipe is None or not isinstance(ears, TunableEars) or not ears.tunable():
            return
        counts = np.bincount(labels, minlength=data.rows.n_classes)
        if plan.chooses and len(labels) < ENOUGH * np.count_nonzero(counts):
            words = "With fewer than {n} labelled clips per class tuning gains nothing: it was left out."
            self._notes.append(Message.of(words, n=ENOUGH))
            return
        rows = _few(labels, self._config.seed)
        groups, n_classes = data.groups()[rows], data.rows.n_classes
        folds = repeated_folds(labels[rows], groups, n_classes, plan.folds, 1, self._config.seed)
        if folds is None or not counts.all():
            words = (
                "There are too few different clips of a class to tell whether tuning helps: it was left out."
            )
            self._notes.append(Message.of(words))
            return
        models = models_to_tune(ears.tunable(), self._config.preset, self._seconds)
        seed, cancelled = self._config.seed, self._cancelled
        heard = Heard(rows, [])
        tuning = SoundTuning(
            ears, models, plan, clips, labels, n_classes, heard, folds[0], seed, cancelled, self._notes
        )
        if not tuning.pays():
            return
        chosen = [data.clips[row] for row in rows]
        heard.versions.extend((yield from hear_below(ears, chosen, models, seed, cancelled)))
        yield from tuning.check()
        if tuning.helps():
            tuned, own = yield from tuning.tune()
            self._tuning, self._tuned = tuning, True
            self.model = self._tuned_model(tuned, own, models)

    def _finish(self, data: SoundData, clips: Clips) -> RunSummary:
        """Judge and calibrate the model that is kept."""
        assert self.model is not None
        labels, tuned = data.rows.labels, self._tuning
        labelled = _labelled(data, clips, self._config.seed)
        score, share = None, LEARNT
        answers = frozen_answers(labelled)
        right = None
        if self._tuned and tuned is not None and tuned.watch.tuned is not None:
            kept = tuned.watch.tuned
            answers = Answers(kept.rows, kept.probabilities)
            score, share = accuracy_of(answers.repeats, kept.labels), 1 - 1 / (int(tuned.folds.max()) + 1)
        else:
            learnt = clips.fit(np.arange(clips.n), labels, data.rows.n_classes)
            right = float((clips.logits(learnt, np.arange(clips.n)).argmax(axis=1) == labels).mean())
        found = report(
            labelled,
            answers,
            tuned=self._tuned,
            prior=_TEMPERATURE,
            score=score,
            training_accuracy=right,
            cancelled=self._cancelled,
        )
        told = np.zeros((0, data.rows.n_classes), np.float32)
        summary = scored(
            self._summary(data),
            data.rows,
            np.zeros(0, np.int64) if answers is None else answers.rows,
            told if answers is None else answers.tempered(found.answers_temperature),
            groups=labelled.groups,
            training_accuracy=right,
            learnt=share,
        )
        summary = found.put(summary)
        self.model = replace(self.model, temperature=found.temperature, summary=summary)
        return summary

    def _summary(self, data: SoundData) -> RunSummary:
        watch = self._tuning.watch if self._tuning is not None else None
        return RunSummary(
            preset=self._config.preset.value,
            model=" + ".join(self._ears.models),
            n_labelled=len(data.rows.labels),
            n_classes=data.rows.n_classes,
            seconds=time.monotonic() - self._began,
            steps=len(watch.held_out_losses) if watch else 0,
            best_step=watch.tuning_steps if watch else 0,
            stopped_early=watch.stopped_early if watch else False,
            notes=tuple(self._notes),
        )

    def _stopped(self) -> RunSummary:
        note = Message.of("Stopped before the model was tuned; the instant model was kept.")
        summary = self._summary(self._data)
        # Stopped while the tuned model was being judged: it is kept as it is.
        notes = (*summary.notes, note) if not self._tuned else summary.notes
        return replace(summary, cancelled=True, notes=notes)

    def _frozen_model(self, data: SoundData, mix: Mix, pool: int, prior: NamePrior | None) -> SoundModel:
        words = "kernel ridge regression on a weighted mix of frozen encoders"
        if pool >= LEAST_POOL:
            words += f", self-trained on {pool} unlabelled clips"
        named = prior is not None and mix.trust > 0
        if named:
            words += ", with what the class names say"
            unseen = [n for n, k in zip(data.rows.class_names, data.rows.counts(), strict=True) if k == 0]
            if unseen:
                told = "Known by name only, because no row has the label yet: {names}."
                self._notes.append(Message.of(told, names=", ".join(unseen)))
        provenance = Provenance(
            base_model=" + ".join(self._ears.models),
            preset=self._config.preset.value,
            seed=self._config.seed,
            recipe=words,
            data_sha256=data.sha256(),
            uses_class_names=named,
            versions=versions(),
        )
        names, ids = tuple(data.rows.class_names), tuple(data.rows.class_ids.tolist())
        known = prior if named else None
        return SoundModel(self._ears, mix, names, ids, _TEMPERATURE, provenance, prior=known)

    def _tuned_model(self, ears: Ears, own: Mix, models: Sequence[str]) -> SoundModel:
        """The frozen model with the tuned layers beside it."""
        assert self.model is not None
        recipe, origin = self._plan.recipe, self.model.provenance
        assert recipe is not None
        words = (
            f"{origin.recipe}; beside it, for {SHARE:.0%} of the answer, upper layers of"
            f" {' and '.join(models)}, pairwise cosine loss, AdamW {recipe.learning_rate:g},"
            f" weight decay {recipe.weight_decay:g}"
        )
        mix = beside(self.model.mix, own, SHARE)
        return replace(self.model, ears=ears, mix=mix, provenance=replace(origin, recipe=words))


def _labelled(data: SoundData, clips: Clips, seed: int) -> Labelled:
    """The clips for whoever judges: what is fitted and asked are places among ``clips``."""
    labels, n_classes = data.rows.labels, data.rows.n_classes

    def fit(rows: NDArray[np.int64]) -> Answerer:
        learnt = clips.fit(rows, labels[rows], n_classes)
        return lambda places: clips.logits(learnt, places[:, 0].astype(np.int64))

    places = np.arange(clips.n, dtype=np.float32)[:, None]
    return Labelled(places, labels, n_classes, data.groups(), seed=seed, other=fit, most_repeats=_REPEATS)


def _few(labels: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    """Places of the clips that are tuned on, ascending; of rare classes rather more."""
    return balanced(labels, MOST_ROWS, np.random.default_rng(seed))
