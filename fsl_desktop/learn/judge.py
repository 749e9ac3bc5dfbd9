"""What held-out rows say in a run: whether unlabelled rows and tuning help, and how good the model is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.events import RunSummary
from fsl_desktop.core.intervals import LEARNT
from fsl_desktop.core.message import Message
from fsl_desktop.learn.calibrate import FOLDS_OF_TUNED, INSTANT_TEMPERATURE, tuned_temperature
from fsl_desktop.learn.choice import ENOUGH_SKILL, GROUPED, HeldOutAnswers, clearly_better, skill
from fsl_desktop.learn.crossval import LockstepFolds, frozen_out_of_fold
from fsl_desktop.learn.encoders.text import CancelCall
from fsl_desktop.learn.folds import folds_of
from fsl_desktop.learn.heads import LinearHead, Matrix
from fsl_desktop.learn.material import MOST_REFINED, Material
from fsl_desktop.learn.methods.selftrain import as_sure_as
from fsl_desktop.learn.names import MISLEADING, names_help
from fsl_desktop.learn.presets import SCORE_FOLDS, Plan
from fsl_desktop.learn.report import Answers, Labelled, Report, alike, frozen_answers, report, share_right
from fsl_desktop.learn.score import accuracy_of, scored
from fsl_desktop.learn.strange import gauge_of, gauge_of_tuned
from fsl_desktop.learn.trained import TrainedModel
from fsl_desktop.learn.unknown import UnknownGauge
from fsl_desktop.learn.watch import Watch

_MANY_ROWS = 100
"""Held-out rows from which on their word is taken, however narrow it is."""


class Judge:
    """Asked by a run in between; ``notes`` are its decisions in words."""

    def __init__(
        self, material: Material, plan: Plan, watch: Watch, seed: int, cancelled: CancelCall
    ) -> None:
        self.notes: list[Message] = []
        self.folds: NDArray[np.int64] | None = None
        """(n,), see ``folds_of``; None where nothing can be held out."""
        self.self_trained = False
        """Whether unlabelled rows take part in the instant model."""
        self._material = material
        self._plan = plan
        self._watch = watch
        self._seed = seed
        self._cancelled = cancelled
        self._groups: NDArray[np.int64] | None = None
        self._frozen: HeldOutAnswers | None = None
        """Of the instant model, on the folds of the plan."""

    def deal(self) -> None:
        """Deal the folds, once the rows are embedded; see whether names and unlabelled rows help."""
        material = self._material
        self._groups = alike(material.frozen, material.data)
        self.folds, note = folds_of(material.data, self._plan.folds, self._seed, self._groups)
        self.self_trained = bool(material.pool)
        if note is not None:
            self.notes.append(note)
        if self.folds is None:
            return
        data, names = material.data, material.frozen_names
        if names is not None and not names_help(
            material.frozen, data.labels, names, data.n_classes, self.folds
        ):
            material.leave_names_out()
            self.notes.append(MISLEADING)
        self._frozen = self._frozen_answers(self.folds, self_trained=False)
        if self.self_trained:
            with_pool = self._frozen_answers(self.folds, self_trained=True)
            self.self_trained = not clearly_better(self._frozen, with_pool)
            self._frozen = with_pool if self.self_trained else self._frozen
            self.notes.append(_about_pool(len(material.pool), helped=self.self_trained))

    def of_folds(self, folds: LockstepFolds) -> HeldOutAnswers:
        """What the folds' tuned models say now."""
        probabilities = folds.probabilities(self._cancelled)
        labels = self._material.data.labels[folds.held]
        return HeldOutAnswers(folds.held, probabilities, labels, folds.distance)

    def may_refine(self) -> bool:
        """Whether unlabelled rows may yet take part in the tuning, before any of it was done."""
        there = self._plan.refining is not None and bool(self._material.pool)
        return there and (self._plan.checks_refining is not None or self._grouped())

    def _grouped(self) -> bool:
        """Whether rows of one class lie together, as far as can be told."""
        return self._frozen is None or skill(self._frozen) >= GROUPED

    def refines(self) -> bool:
        """Whether unlabelled rows take part in the last steps of the tuning."""
        if self._plan.refining is None or not self._material.pool:
            return False
        tuned, refined = self._watch.tuned, self._watch.refined
        if tuned is not None and refined is not None:
            return not clearly_better(tuned, refined) if self._grouped() else clearly_better(refined, tuned)
        return self._grouped() and (tuned is None or skill(tuned) >= ENOUGH_SKILL)

    def tuning_helps(self) -> bool:
        """Whether to go on to tune the model that is kept: where the preset chooses, not if it does not."""
        tuned = self._kept(tuned=True)
        if not self._plan.chooses or tuned is None or self._frozen is None:
            return True
        frozen = self._frozen.only(tuned.rows)
        better = int(tuned.right.sum()) - int(frozen.right.sum())
        # Folds of a few rows say little, and less for tuning, which lives on every row: it has the benefit of
        # the doubt as long as there are few, and where the instant model leaves something to be gained.
        doubtful = len(tuned.rows) < _MANY_ROWS and not frozen.right.all()
        if better > 0 or (doubtful and not clearly_better(frozen, tuned)):
            return True
        self.notes.append(
            Message.of("Tuning did not help on held-out rows, so it was left out: this is the instant model.")
        )
        return False

    def instant_is_better(self) -> bool:
        """Whether the instant model was clearly better than the tuned one on held-out rows."""
        tuned = self._kept(tuned=True)
        if tuned is None or self._frozen is None or not clearly_better(self._frozen.only(tuned.rows), tuned):
            return False
        self.notes.append(
            Message.of("Tuning did not help: the instant model was better on held-out rows, so it was kept.")
        )
        return True

    def usual_temperature(self, head: LinearHead, *, tuned: bool) -> float:
        """Of a model with this ``head``, before its own held-out rows have said anything."""
        data = self._material.data
        if tuned:
            return tuned_temperature(len(data.labels) / data.n_classes)
        if not self.self_trained:
            return INSTANT_TEMPERATURE
        plain = self._material.frozen_head(np.arange(len(data.labels)), self_trained=False)
        return as_sure_as(plain, INSTANT_TEMPERATURE, head, self._material.frozen_pool)

    def report(self, model: TrainedModel, *, tuned: bool, vectors: Matrix) -> tuple[Answers | None, Report]:
        """About the model that is kept, which has its ``usual_temperature`` so far; ``vectors`` (n, d) are
        the labelled rows as it sees them."""
        data = self._material.data
        answers = self._told(tuned=tuned)
        score = accuracy_of(answers.repeats, data.labels[answers.rows]) if answers is not None else None
        right = share_right(model.head, vectors, data.labels) if len(vectors) == len(data.labels) else None
        return answers, report(
            self._labelled(),
            answers,
            tuned=tuned or self.self_trained,
            prior=model.temperature,
            times=FOLDS_OF_TUNED if tuned else 1.0,
            score=score,
            training_accuracy=right,
            cancelled=self._cancelled,
        )

    def gauge(self, model: TrainedModel, *, tuned: bool, vectors: Matrix) -> UnknownGauge | None:
        """By what the calibrated ``model`` that is kept notices rows that fit no class; ``vectors`` as in
        :meth:`report`. None where there are too few labels."""
        if self.folds is None or self._cancelled() or len(vectors) != len(self._material.data.labels):
            return None
        kept = self._kept(tuned=tuned)
        if tuned and kept is not None:
            few = list(self._material.pool[:MOST_REFINED])
            around = model.encoder.encode(few) if few else None
            heat = model.temperature / FOLDS_OF_TUNED
            return gauge_of_tuned(model, vectors, self._material.data.labels, kept, heat, around)
        if tuned:
            return None
        return gauge_of(self._labelled(), model.head, model.temperature, self._material.frozen_pool)

    def tell(self, summary: RunSummary, answers: Answers | None, found: Report, *, tuned: bool) -> RunSummary:
        """``summary`` with the score; without ``answers``, those of the folds so far."""
        summary = replace(summary, notes=(*self.notes, *summary.notes))
        if answers is None:
            kept = self._kept(tuned=tuned)
            if kept is None:
                return summary
            answers = Answers(kept.rows, kept.probabilities)
        told = scored(
            summary,
            self._material.data,
            answers.rows,
            answers.tempered(found.answers_temperature),
            groups=self._groups,
            training_accuracy=found.training_accuracy,
            learnt=self._learnt(tuned=tuned),
        )
        return found.put(told)

    def _learnt(self, *, tuned: bool) -> float:
        """Share of the labels that the models of the folds have seen, whose answers are told."""
        if not tuned or self.folds is None:
            return LEARNT
        return 1 - 1 / (int(self.folds.max()) + 1)

    def _labelled(self) -> Labelled:
        data, material = self._material.data, self._material
        assert self._groups is not None
        return Labelled(
            material.frozen,
            data.labels,
            data.n_classes,
            self._groups,
            material.frozen_names,
            seed=self._seed,
        )

    def _frozen_answers(self, folds: NDArray[np.int64], *, self_trained: bool) -> HeldOutAnswers:
        rows, probabilities = frozen_out_of_fold(
            self._material, folds, self._cancelled, self_trained=self_trained
        )
        return HeldOutAnswers(rows, probabilities, self._material.data.labels[rows])

    def _kept(self, *, tuned: bool) -> HeldOutAnswers | None:
        """Held-out answers, on the folds of the plan, of such a model."""
        if not tuned:
            return self._frozen
        return self._watch.refined if self._watch.refined and self.refines() else self._watch.tuned

    def _told(self, *, tuned: bool) -> Answers | None:
        """The same for the score. An instant model is compared no more: it may use better folds."""
        if not tuned and not self.self_trained:
            return frozen_answers(self._labelled())
        kept = self._kept(tuned=tuned)
        if not tuned and kept is not None and self._plan.folds < SCORE_FOLDS:
            more, _ = folds_of(self._material.data, SCORE_FOLDS, self._seed, self._groups)
            kept = self._frozen_answers(more, self_trained=True) if more is not None else kept
        return Answers(kept.rows, kept.probabilities) if kept is not None else None


def _about_pool(n: int, *, helped: bool) -> Message:
    if helped:
        return Message.of("{n} rows without a label took part.", n=n)
    return Message.of(
        "The rows without a label did not take part: on held-out rows the model was better without them."
    )
