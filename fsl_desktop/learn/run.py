"""What a run knows and has made so far: the state behind the loop."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.errors import Stopped
from fsl_desktop.core.events import Event, RunSummary
from fsl_desktop.core.message import Message
from fsl_desktop.learn.cache import EmbeddingCache
from fsl_desktop.learn.card import versions
from fsl_desktop.learn.crossval import LockstepFolds
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.encoders.text import CancelCall, TextEncoder
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.judge import Judge
from fsl_desktop.learn.material import Material, pool_of
from fsl_desktop.learn.methods.instant import C_FROZEN, fit_instant
from fsl_desktop.learn.methods.pairwise import C_TUNED, Tuner
from fsl_desktop.learn.presets import MANY_CLASSES, plan_of
from fsl_desktop.learn.report import Answers, Report
from fsl_desktop.learn.trained import Provenance, TrainedModel, model_name
from fsl_desktop.learn.watch import Clock, Watch

_QUICK_TOKENS = 6000
"""About a second of encoding on one core."""


class Run:
    """One training run; the loop calls these in order and tells the caller in between."""

    def __init__(
        self,
        data: TrainingData,
        config: TrainConfig,
        encoder: TextEncoder,
        cache: EmbeddingCache | None,
        cancelled: CancelCall,
    ) -> None:
        self.data = data
        self.config = config
        self.plan = plan_of(config, data.n_classes)
        if self.plan.chooses and not encoder.tunable:
            self.plan = plan_of(replace(config, preset=Preset.INSTANT))
        self.watch = Watch(self.plan)
        self.clock = Clock(self.plan)
        names = tuple(data.name_examples()) if config.use_class_names else ()
        pool = pool_of(data.unlabelled_texts, config.seed) if config.use_unlabelled else ()
        self.material = Material(data, encoder, names, pool)
        self.judge = Judge(self.material, self.plan, self.watch, config.seed, cancelled)
        self.model: TrainedModel | None = None
        self._cache = cache
        self._cancelled = cancelled
        self._instant: TrainedModel | None = None
        self._tuned = False
        self._vectors: Matrix = np.zeros((0, 0), np.float32)
        """The labelled rows as the kept model sees them; fewer where it was stopped early."""
        self._steps = 0
        self._told: tuple[Answers | None, Report] = None, Report()
        self._began = time.monotonic()

    def start(self) -> None:
        """Check the data; raises ``UserError``."""
        self._began = time.monotonic()
        self.data.check(use_class_names=self.config.use_class_names)
        if self.plan.recipe is not None:
            self.material.encoder.check_tunable()
        unseen = [name for name, n in zip(self.data.class_names, self.data.counts(), strict=True) if n == 0]
        if unseen:
            self.judge.notes.append(
                Message.of(
                    "Known by name only, because no row has the label yet: {names}.", names=", ".join(unseen)
                )
            )
        if self.plan.chooses and self.plan.recipe is None:
            self.judge.notes.append(
                Message.of(
                    "With more than {n} classes tuning adds nothing to the instant model: it was left out.",
                    n=MANY_CLASSES,
                )
            )

    def embed(self) -> Iterator[Event]:
        return self.material.embed(self._cache, self._cancelled)

    def fit_instant(self) -> None:
        """Fit the head on frozen embeddings: from here on there is a model to keep."""
        material = self.material
        self.judge.deal()
        self_trained = self.judge.self_trained
        head = material.frozen_head(np.arange(len(self.data.labels)), self_trained=self_trained)
        words = "logistic regression on frozen embeddings"
        if self_trained:
            words += f", self-trained on {len(material.pool)} unlabelled rows"
        self._vectors = material.frozen
        self.model = TrainedModel(
            material.encoder,
            head,
            tuple(self.data.class_names),
            tuple(self.data.class_ids.tolist()),
            temperature=self.judge.usual_temperature(head, tuned=False),
            provenance=self._provenance(C_FROZEN, words),
        )

    @contextmanager
    def tuning(self) -> Iterator[Tuner]:
        """A fresh copy of the upper layers to train; afterwards, also when stopped late, the kept model."""
        assert self.plan.recipe is not None
        recipe = replace(self.plan.recipe, steps=self.watch.tuning_steps)
        tuner = self.material.tuner(self.material.rows, recipe, self.config.seed)
        try:
            yield tuner
        except Stopped:
            # Stopped in its first half, a tuned model may be worse than the instant one that is there; and
            # a head for very many rows would take longer than a person who stops wants to wait.
            late = tuner.refined or 2 * tuner.steps_done >= recipe.steps
            if late and self.material.n_tokens() <= _QUICK_TOKENS:
                self._keep_tuned(tuner, self.material.rows)
            raise
        self._keep_tuned(tuner, np.arange(len(self.data.labels)))

    def _keep_tuned(self, tuner: Tuner, rows: NDArray[np.int64]) -> None:
        """Fit the head on tuned embeddings of ``rows``; this is the run's model then."""
        assert self.model is not None
        recipe = tuner.recipe
        encoder = self.material.encoder.with_upper(tuner.layers)
        vectors = encoder.encode([*(self.data.texts[row] for row in rows), *self.material.names])
        n = len(rows)
        names = vectors[n:] if self.material.names else None
        head = fit_instant(vectors[:n], self.data.labels[rows], names, self.data.n_classes, c=C_TUNED)
        words = (
            f"pairwise cosine loss, {recipe.layers} upper layers, {tuner.total_steps} steps,"
            f" AdamW {tuner.first_rate:g}, weight decay {recipe.weight_decay:g}, dropout {recipe.dropout:g}"
            + (f", the last {tuner.steps_done} with unlabelled rows" if tuner.refined else "")
            + "; logistic regression on the tuned embeddings"
        )
        self._instant = self.model
        self.model = replace(
            self.model,
            encoder=encoder,
            head=head,
            temperature=self.judge.usual_temperature(head, tuned=True),
            provenance=self._provenance(C_TUNED, words),
        )
        self._tuned = True
        self._vectors = vectors[:n]
        self._steps = tuner.total_steps

    def finish(self) -> None:
        """Keep the better of the tuned and the instant model, and calibrate it."""
        if self._tuned and self.judge.instant_is_better():
            self.model = self._instant
            self._tuned = False
            self._vectors = self.material.frozen
        if self.model is None:
            return
        self._told = self.judge.report(self.model, tuned=self._tuned, vectors=self._vectors)
        self.model = replace(self.model, temperature=self._told[1].temperature)
        gauge = self.judge.gauge(self.model, tuned=self._tuned, vectors=self._vectors)
        self.model = replace(self.model, unknown=gauge, summary=self.summary())

    def summary(self, *, cancelled: bool = False) -> RunSummary:
        """What is worth keeping of the run as it is now."""
        notes: tuple[Message, ...] = ()
        if cancelled and not self._tuned and self.config.preset is not Preset.INSTANT:
            notes = (Message.of("Stopped before the model was tuned; the instant model was kept."),)
        summary = RunSummary(
            preset=self.config.preset.value,
            model=self.config.model,
            n_labelled=len(self.data.labels),
            n_classes=self.data.n_classes,
            seconds=time.monotonic() - self._began,
            steps=len(self.watch.held_out_losses) or self._steps,
            best_step=self._steps if self._tuned else 0,
            stopped_early=self.watch.stopped_early,
            cancelled=cancelled,
            notes=notes,
        )
        return self.judge.tell(summary, *self._told, tuned=self._tuned)

    def epoch(self, step: int) -> int:
        """Passes over the labelled rows after ``step``."""
        batch = self.plan.recipe.batch if self.plan.recipe else 1
        return step * batch // max(batch, len(self.material.rows))

    def is_epoch_end(self, step: int) -> bool:
        return self.epoch(step) > self.epoch(step - 1)

    def lockstep(self) -> LockstepFolds | None:
        """The models of the folds; None where there are no folds."""
        if self.plan.checking is None or self.judge.folds is None:
            return None
        folds = self.judge.folds[self.material.rows]
        return LockstepFolds(self.material, folds, self.plan.checking, self.config.seed)

    def _provenance(self, c: float, recipe: str) -> Provenance:
        return Provenance(
            base_model=model_name(self.config.model),
            preset=self.config.preset.value,
            seed=self.config.seed,
            recipe=recipe + (", class names as examples" if self.material.names else ""),
            data_sha256=self.data.sha256(),
            uses_class_names=bool(self.material.names),
            c=c,
            versions=versions(),
        )
