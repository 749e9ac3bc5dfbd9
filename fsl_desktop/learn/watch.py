"""What a run remembers of its folds: where it was best, and how long things take."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from fsl_desktop.learn.choice import HeldOutAnswers
from fsl_desktop.learn.presets import Plan

_SMOOTH = 3
"""Held-out losses are averaged over this many steps; with few rows one step alone is noise."""


@dataclass(slots=True)
class Watch:
    """The folds' losses, and the held-out answers at the best evaluation so far."""

    plan: Plan
    held_out_losses: list[float] = field(default_factory=list)
    tuned: HeldOutAnswers | None = None
    """Held-out answers at ``best_step``; None until the first evaluation that counts."""
    refined: HeldOutAnswers | None = None
    """Those after the unlabelled rows took part, where the folds go so far."""
    stopped_early: bool = False
    _best: int | None = None
    _best_loss: float = float("inf")
    _without_better: int = 0

    @property
    def best_step(self) -> int:
        """Steps of the folds until they were best; all of them where there were no folds."""
        return self._best or self.plan.steps

    @property
    def tuning_steps(self) -> int:
        """Steps to train the kept model for, before unlabelled rows take part."""
        return max(1, self.plan.tuning_steps(self.best_step))

    def add(self, step: int, loss: float, held_out: float) -> None:
        self.held_out_losses.append(held_out)

    def evaluate(self, step: int, answers: HeldOutAnswers) -> bool:
        """Note held-out answers after ``step``; whether they are the best so far, by held-out loss."""
        loss = float(np.mean(self.held_out_losses[-_SMOOTH:]))
        if step < self.plan.least_steps:
            return False
        better = not loss >= self._best_loss  # also where the loss is no number
        if better:
            self._best, self._best_loss = step, loss
            self.tuned = answers
            self._without_better = 0
        else:
            self._without_better += 1
        return better

    def should_stop(self, step: int) -> bool:
        """Whether the held-out loss has not become better for as many evaluations as patience allows."""
        stop = self._without_better >= self.plan.patience and step < self.plan.steps
        self.stopped_early = self.stopped_early or stop
        return stop


@dataclass(slots=True)
class Clock:
    """Seconds left, from how long the latest steps took."""

    plan: Plan
    _fold_seconds: list[float] = field(default_factory=list)
    _final_seconds: list[float] = field(default_factory=list)
    _folds: int = 1

    def fold_step(self, seconds: float, folds: int) -> None:
        self._fold_seconds.append(seconds)
        self._folds = folds

    def final_step(self, seconds: float) -> None:
        self._final_seconds.append(seconds)

    def left(self, step: int) -> float:
        """After ``step`` of the folds; the first step is slow and is left out once there are others."""
        per_step = _recent(self._fold_seconds)
        evaluations = (self.plan.steps - step) / self.plan.evaluate_every
        one = per_step / self._folds
        return (self.plan.steps - step) * per_step + evaluations * per_step + self.plan.final_steps * one

    def left_tuning(self, step: int, steps: int) -> float:
        return (steps - step) * _recent(self._final_seconds)


def _recent(seconds: list[float]) -> float:
    tail = seconds[1:][-5:] or seconds
    return float(np.mean(tail))
