"""The training loop: a generator of typed events. Drawing, saving and stopping belong to the caller."""

from __future__ import annotations

import time
from collections.abc import Iterator

from fsl_desktop.core.config import TrainConfig
from fsl_desktop.core.errors import Stopped
from fsl_desktop.core.events import (
    Cancelled,
    EpochEnd,
    Evaluated,
    Event,
    Finished,
    Phase,
    Progress,
    Started,
    StepEnd,
)
from fsl_desktop.learn.cache import EmbeddingCache
from fsl_desktop.learn.crossval import LockstepFolds
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.encoders.text import CancelCall, TextEncoder
from fsl_desktop.learn.run import Run
from fsl_desktop.learn.score import accuracy_of
from fsl_desktop.learn.trained import TrainedModel


class Training:
    """``for event in Training(...)``: one run, once. Afterwards ``model`` is what it learnt, if anything.

    Raises ``UserError`` before the first event where nothing can be learnt from the data. When
    ``cancelled()`` turns true the run ends within one optimiser step of one fold with ``Cancelled``; the
    best that was there by then is kept, the instant model at least, once the texts are encoded.
    """

    def __init__(
        self,
        data: TrainingData,
        config: TrainConfig,
        encoder: TextEncoder,
        cache: EmbeddingCache | None = None,
        cancelled: CancelCall = lambda: False,
    ) -> None:
        self._run = Run(data, config, encoder, cache, cancelled)
        self._cancelled = cancelled

    @property
    def model(self) -> TrainedModel | None:
        return self._run.model

    def __iter__(self) -> Iterator[Event]:
        run = self._run
        run.start()
        yield Started(run.config.preset.value, run.plan.steps, len(run.data.labels), run.data.n_classes)
        try:
            yield from run.embed()
            yield Progress(Phase.FITTING, 0, 0)
            run.fit_instant()
            if run.plan.recipe is not None:
                refining = run.plan.refining if run.judge.may_refine() else None
                yield from run.material.lower(run.plan.recipe, refining, run.config.seed, self._cancelled)
                yield from self._check()
                if run.judge.tuning_helps():
                    yield from self._tune()
            yield Progress(Phase.SCORING, 0, 0)
            run.finish()
        except Stopped:
            yield Cancelled(run.summary(cancelled=True) if run.model else None)
            return
        yield Finished(run.summary())

    def _check(self) -> Iterator[Event]:
        """Train the folds in lockstep to learn how many steps are best, and how good the model will be."""
        run, plan = self._run, self._run.plan
        folds = run.lockstep()
        if folds is None:
            return
        refining = plan.checks_refining if run.material.pool else None
        further = refining.steps if refining else 0
        for step in range(1, plan.steps + 1):
            yield from self._fold_step(folds, step, plan.steps + further)
            # Before half of the least steps an answer says nothing, and asking takes as long as a step.
            due = step % plan.evaluate_every == 0 and 2 * step >= plan.least_steps
            if due or step == plan.steps:
                answers = run.judge.of_folds(folds)
                best = run.watch.evaluate(step, answers)
                yield Evaluated(step, accuracy_of(answers.probabilities, answers.labels), best)
                if run.watch.should_stop(step):
                    break
        if refining is not None:
            folds.refine(refining, self._cancelled)
            for more in range(1, further + 1):
                yield from self._fold_step(folds, step + more, step + further)
            run.watch.refined = run.judge.of_folds(folds)
            score = accuracy_of(run.watch.refined.probabilities, run.watch.refined.labels)
            yield Evaluated(step + further, score, run.judge.refines())

    def _fold_step(self, folds: LockstepFolds, step: int, steps: int) -> Iterator[Event]:
        run = self._run
        began = time.monotonic()
        loss, held_out = folds.step(self._cancelled)
        run.watch.add(step, loss, held_out)
        run.clock.fold_step(time.monotonic() - began, folds.n)
        yield StepEnd(Phase.CHECKING, step, steps, loss, held_out, run.clock.left(step))
        if run.is_epoch_end(step):
            yield EpochEnd(Phase.CHECKING, run.epoch(step), step, loss, held_out)

    def _tune(self) -> Iterator[Event]:
        """Train the model that is kept, on every row, for the number of steps that was best."""
        run = self._run
        first = run.watch.tuning_steps
        refining = run.plan.refining if run.judge.refines() else None
        steps = first + (refining.steps if refining else 0)
        with run.tuning() as tuner:
            for step in range(1, steps + 1):
                if self._cancelled():
                    raise Stopped
                began = time.monotonic()
                if step == first + 1 and refining is not None:
                    tuner.refine(run.material.guesses(tuner, run.material.rows), refining)
                loss = tuner.step()
                run.clock.final_step(time.monotonic() - began)
                yield StepEnd(Phase.TUNING, step, steps, loss, None, run.clock.left_tuning(step, steps))
                if run.is_epoch_end(step):
                    yield EpochEnd(Phase.TUNING, run.epoch(step), step, loss)
