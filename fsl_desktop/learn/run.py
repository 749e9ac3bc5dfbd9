"""What a run knows and has made so far: the state behind the loop."""

from __future__ import annotations

import math
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
from fsl_desktop.learn.calibrate import temperature
from fsl_desktop.learn.card import versions
from fsl_desktop.learn.crossval import frozen_out_of_fold
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.encoders.text import CancelCall, TextEncoder
from fsl_desktop.learn.folds import folds_of
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.material import Material
from fsl_desktop.learn.methods.instant import C_FROZEN, fit_instant
from fsl_desktop.learn.methods.pairwise import C_TUNED, Tuner
from fsl_desktop.learn.presets import plan_of
from fsl_desktop.learn.score import scored
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
        self.plan = plan_of(config)
        self.watch = Watch(self.plan)
        self.clock = Clock(self.plan)
        self.material = Material(
            data, encoder, tuple(data.names_as_texts()) if config.use_class_names else ()
        )
        self.folds: NDArray[np.int64] | None = None
        self.model: TrainedModel | None = None
        self._cache = cache
        self._cancelled = cancelled
        self._notes: list[Message] = []
        self._frozen: tuple[NDArray[np.int64], Matrix] | None = None
        self._instant: TrainedModel | None = None
        self._tuned = False
        self._steps = 0
        self._began = time.monotonic()

    def start(self) -> None:
        """Check the data and deal the folds; raises ``UserError``."""
        self._began = time.monotonic()
        self.data.check(use_class_names=self.config.use_class_names)
        if self.plan.recipe is not None:
            self.material.encoder.check_tunable()
        self.folds, note = folds_of(self.data, self.plan.folds, self.config.seed)
        if note is not None:
            self._notes.append(note)
        unseen = [name for name, n in zip(self.data.class_names, self.data.counts(), strict=True) if n == 0]
        if unseen:
            self._notes.append(
                Message.of(
                    "Known by name only, because no row has the label yet: {names}.", names=", ".join(unseen)
                )
            )

    def embed(self) -> Iterator[Event]:
        return self.material.embed(self._cache, self._cancelled)

    def fit_instant(self) -> None:
        """Fit the head on frozen embeddings: from here on there is a model to keep."""
        material = self.material
        head = fit_instant(material.frozen, self.data.labels, material.frozen_names, self.data.n_classes)
        self.model = TrainedModel(
            material.encoder,
            head,
            tuple(self.data.class_names),
            tuple(self.data.class_ids.tolist()),
            provenance=self._provenance(C_FROZEN, "logistic regression on frozen embeddings"),
        )
        if self.folds is not None:
            rows = np.arange(len(self.data.labels))
            held = rows[self.folds >= 0]
            self._frozen = held, frozen_out_of_fold(material, rows, self.folds, self._cancelled)

    @contextmanager
    def tuning(self) -> Iterator[Tuner]:
        """A fresh copy of the upper layers to train; afterwards, also when stopped late, the kept model."""
        recipe = self.plan.recipe
        assert recipe is not None
        tuner = self.material.tuner(self.material.rows, recipe, self.config.seed)
        try:
            yield tuner
        except Stopped:
            # Stopped in its first half, a tuned model may be worse than the instant one that is there; and
            # a head for very many rows would take longer than a person who stops wants to wait.
            if 2 * tuner.steps_done >= self.watch.best_step and self.material.n_tokens() <= _QUICK_TOKENS:
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
            f"pairwise cosine loss, {recipe.layers} upper layers, {tuner.steps_done} of {recipe.steps} steps,"
            f" AdamW {recipe.learning_rate:g}, weight decay {recipe.weight_decay:g},"
            f" dropout {recipe.dropout:g}; logistic regression on the tuned embeddings"
        )
        self._instant = self.model
        self.model = replace(
            self.model, encoder=encoder, head=head, provenance=self._provenance(C_TUNED, words)
        )
        self._tuned = True
        self._steps = tuner.steps_done

    def finish(self) -> None:
        """Keep the better of the tuned and the instant model, and calibrate it."""
        if self._tuned and self._worse_than_instant():
            self.model = self._instant
            self._tuned = False
            self._notes.append(
                Message.of(
                    "Tuning did not help: the instant model was better on held-out rows, so it was kept."
                )
            )
        answers = self._answers()
        if self.model is not None and answers is not None:
            held, probabilities = answers
            logits = np.log(np.maximum(probabilities, 1e-9))
            self.model = replace(self.model, temperature=temperature(logits, self.data.labels[held]))
        if self.model is not None:
            self.model = replace(self.model, summary=self.summary())

    def summary(self, *, cancelled: bool = False) -> RunSummary:
        """What is worth keeping of the run as it is now."""
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
            notes=tuple(self._notes),
        )
        if cancelled and not self._tuned and self.config.preset is not Preset.INSTANT:
            note = Message.of("Stopped before the model was tuned; the instant model was kept.")
            summary = replace(summary, notes=(*summary.notes, note))
        answers = self._answers()
        if answers is None:
            return summary
        held, probabilities = answers
        calibrated = _tempered(probabilities, self.model.temperature if self.model else 1.0)
        return scored(summary, self.data, held, calibrated, self.config.seed)

    def epoch(self, step: int) -> int:
        """Passes over the labelled rows after ``step``."""
        batch = self.plan.recipe.batch if self.plan.recipe else 1
        return step * batch // max(batch, len(self.material.rows))

    def is_epoch_end(self, step: int) -> bool:
        return self.epoch(step) > self.epoch(step - 1)

    def _answers(self) -> tuple[NDArray[np.int64], Matrix] | None:
        """Held-out answers of the kind of model that is kept."""
        if self._tuned:
            watch = self.watch
            if watch.held is None or watch.probabilities is None:
                return None
            return watch.held, watch.probabilities
        return self._frozen

    def _worse_than_instant(self) -> bool:
        """Whether the instant model was right more often on held-out rows, beyond one standard error."""
        tuned = self._answers()
        if tuned is None or self._frozen is None:
            return False
        held, probabilities = tuned
        labels = self.data.labels[held]
        places = np.searchsorted(self._frozen[0], held)
        instant_right = self._frozen[1][places].argmax(axis=1) == labels
        tuned_right = probabilities.argmax(axis=1) == labels
        wins = int(np.count_nonzero(instant_right & ~tuned_right))
        losses = int(np.count_nonzero(tuned_right & ~instant_right))
        return wins - losses > math.sqrt(wins + losses)

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


def _tempered(probabilities: Matrix, temperature_: float) -> Matrix:
    powered: Matrix = np.power(np.maximum(probabilities, 1e-9), np.float32(1 / temperature_))
    powered /= powered.sum(axis=1, keepdims=True)
    return powered
