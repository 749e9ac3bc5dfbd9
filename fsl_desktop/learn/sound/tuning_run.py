"""The slower part of a run on sound: folds tuned in lockstep, then the layers that are kept."""

from __future__ import annotations

import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.errors import Stopped
from fsl_desktop.core.events import EpochEnd, Evaluated, Event, Phase, StepEnd
from fsl_desktop.core.message import Message
from fsl_desktop.learn.choice import HeldOutAnswers, clearly_better
from fsl_desktop.learn.encoders.text import CancelCall
from fsl_desktop.learn.folds import ALWAYS_TRAINING
from fsl_desktop.learn.heads import Matrix, softmax
from fsl_desktop.learn.methods.mix import Clips, Mix
from fsl_desktop.learn.methods.pairwise import Recipe
from fsl_desktop.learn.presets import Plan
from fsl_desktop.learn.score import accuracy_of
from fsl_desktop.learn.sound.augment import Guises, Lower
from fsl_desktop.learn.sound.ears import TunableEars
from fsl_desktop.learn.sound.presets import PERFECT, SHARE
from fsl_desktop.learn.sound.tuned import TunedEars
from fsl_desktop.learn.sound.tuning import SoundTuner, embedded
from fsl_desktop.learn.watch import Clock, Watch

_LOSS_CLIPS = 12
"""Held-out clips by which the held-out loss is told."""

Rows = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Heard:
    """What there is to tune on: places among the labelled clips, and what was heard below the layers."""

    rows: Rows
    """(m,), ascending."""
    versions: list[list[Lower]]
    """(m,): each clip itself, then its noisy copies; filled before anything is tuned."""

    def itself(self, places: Rows) -> list[Lower]:
        """Of the clips at ``places`` of ``rows``."""
        return [self.versions[place][0] for place in places]


@dataclass(frozen=True, slots=True, eq=False)
class _Fold:
    tuner: SoundTuner
    train: Rows
    """Places of ``Heard.rows``."""
    held: Rows
    few: Rows


@dataclass(slots=True, eq=False)
class SoundTuning:
    """``check`` and then ``tune``; ``notes`` are its decisions in words.

    ``folds`` (m,) say for each of the rows of ``heard`` which fold holds it out.
    """

    ears: TunableEars
    models: tuple[str, ...]
    plan: Plan
    clips: Clips
    labels: Rows
    """(n,) of all labelled clips."""
    n_classes: int
    heard: Heard
    folds: Rows
    seed: int
    cancelled: CancelCall
    notes: list[Message] = field(default_factory=list)
    watch: Watch = field(init=False)
    frozen: HeldOutAnswers = field(init=False)
    """Of the mix on the same folds."""
    _clock: Clock = field(init=False)

    def __post_init__(self) -> None:
        self.watch, self._clock = Watch(self.plan), Clock(self.plan)
        places = np.flatnonzero(self.folds != ALWAYS_TRAINING)
        said = np.zeros((len(self.folds), self.n_classes), np.float32)
        for fold in range(self._n_folds):
            held = self.folds == fold
            said[held] = softmax(self._mixed(self.heard.rows[~held], self.heard.rows[held]))
        rows = self.heard.rows[places]
        self.frozen = HeldOutAnswers(rows, said[places], self.labels[rows])

    @property
    def _n_folds(self) -> int:
        return int(self.folds.max()) + 1

    def pays(self) -> bool:
        """Whether there is anything to be gained, where the preset leaves that open."""
        if not self.plan.chooses or float(self.frozen.right.mean()) < PERFECT:
            return True
        self.notes.append(
            Message.of("The frozen encoders leave next to nothing to be gained, so nothing was tuned.")
        )
        return False

    def check(self) -> Iterator[Event]:
        """Tune the folds in lockstep to learn how many steps are best, and whether it helps at all."""
        assert self.plan.checking is not None
        folds = [self._fold(fold, self.plan.checking) for fold in range(self._n_folds)]
        for step in range(1, self.plan.steps + 1):
            began = time.monotonic()
            losses = [self._fold_step(fold) for fold in folds]
            loss, held_out = (float(value) for value in np.mean(losses, axis=0))
            self.watch.add(step, loss, held_out)
            self._clock.fold_step(time.monotonic() - began, len(folds))
            left = self._clock.left(step)
            yield StepEnd(Phase.CHECKING, step, self.plan.steps, loss, held_out, left)
            if self._epoch(step) > self._epoch(step - 1):
                yield EpochEnd(Phase.CHECKING, self._epoch(step), step, loss, held_out)
            if step % self.plan.evaluate_every == 0 or step == self.plan.steps:
                answers = self._answers(folds)
                best = self.watch.evaluate(step, answers)
                yield Evaluated(step, accuracy_of(answers.probabilities, answers.labels), best)
                if self.watch.should_stop(step):
                    break

    def helps(self) -> bool:
        """Whether to tune the layers that are kept; never where the mix was clearly better."""
        tuned = self.watch.tuned
        if tuned is None:
            return False
        gained = int(tuned.right.sum()) - int(self.frozen.right.sum())
        if not clearly_better(self.frozen, tuned) and (gained > 0 or not self.plan.chooses):
            return True
        self.notes.append(
            Message.of("Tuning did not help on held-out clips, so the frozen encoders were kept as they are.")
        )
        return False

    def tune(self) -> Generator[Event, None, tuple[TunedEars, Mix]]:
        """(the ears with layers tuned on every clip, a mix of their last block alone)."""
        assert self.plan.recipe is not None
        steps = self.watch.tuning_steps
        everything = np.arange(len(self.heard.rows))
        tuner = self._tuner(everything, replace(self.plan.recipe, steps=steps), self.seed)
        for step in range(1, steps + 1):
            self._check()
            began = time.monotonic()
            loss = tuner.step()
            self._clock.final_step(time.monotonic() - began)
            left = self._clock.left_tuning(step, steps)
            yield StepEnd(Phase.TUNING, step, steps, loss, None, left)
            if self._epoch(step) > self._epoch(step - 1):
                yield EpochEnd(Phase.TUNING, self._epoch(step), step, loss)
        ears = TunedEars(self.ears, tuner.upper, self.models)
        block = ears.embed(self.heard.itself(everything))
        own = Clips([block], [block[:0]])
        return ears, own.mix(own.fit(everything, self.labels[self.heard.rows], self.n_classes))

    def _fold(self, fold: int, recipe: Recipe) -> _Fold:
        held, train = np.flatnonzero(self.folds == fold), np.flatnonzero(self.folds != fold)
        chance = np.random.default_rng(self.seed + fold)
        few = np.sort(chance.permutation(held)[:_LOSS_CLIPS])
        return _Fold(self._tuner(train, recipe, self.seed + 1 + fold), train, held, few)

    def _tuner(self, places: Rows, recipe: Recipe, seed: int) -> SoundTuner:
        upper = self.ears.upper(self.models)
        upper.centre(self.heard.itself(places))
        versions = [self.heard.versions[place] for place in places]
        labels = self.labels[self.heard.rows[places]]
        return SoundTuner(upper, versions, labels, self.n_classes, recipe, Guises(), seed=seed)

    def _fold_step(self, fold: _Fold) -> tuple[float, float]:
        self._check()
        loss = fold.tuner.step()
        labels = self.labels[self.heard.rows[fold.few]]
        return loss, fold.tuner.held_out_loss(self.heard.itself(fold.few), labels)

    def _answers(self, folds: Sequence[_Fold]) -> HeldOutAnswers:
        """What each fold's tuned layers, beside the mix, say of the clips that it has not seen."""
        said = np.zeros((len(self.folds), self.n_classes), np.float32)
        for fold in folds:
            self._check()
            train, held = (
                embedded(fold.tuner.upper, self.heard.itself(places)) for places in (fold.train, fold.held)
            )
            own = Clips([train], [held])
            labels = self.labels[self.heard.rows[fold.train]]
            learnt = own.fit(np.arange(own.n), labels, self.n_classes, self_trained=False)
            tuned = own.logits(learnt, own.n + np.arange(own.p))
            frozen = self._mixed(self.heard.rows[fold.train], self.heard.rows[fold.held])
            said[fold.held] = softmax((1 - SHARE) * frozen + SHARE * tuned)
        places = np.searchsorted(self.heard.rows, self.frozen.rows)
        return HeldOutAnswers(self.frozen.rows, said[places], self.frozen.labels)

    def _mixed(self, train: Rows, held: Rows) -> Matrix:
        """What the mix of frozen encoders, fitted on clips ``train``, says of clips ``held``, (h, C)."""
        learnt = self.clips.fit(train, self.labels[train], self.n_classes)
        return self.clips.logits(learnt, held)

    def _epoch(self, step: int) -> int:
        batch = self.plan.recipe.batch if self.plan.recipe else 1
        return step * batch // max(batch, len(self.heard.rows))

    def _check(self) -> None:
        if self.cancelled():
            raise Stopped
