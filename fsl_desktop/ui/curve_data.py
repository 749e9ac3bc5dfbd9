"""What a run's events draw: losses and scores by step, without Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.events import (
    Cancelled,
    Evaluated,
    Event,
    Failure,
    Finished,
    Phase,
    Score,
    Started,
    StepEnd,
)

Points = tuple[NDArray[np.float64], NDArray[np.float64]]


@dataclass(slots=True)
class Trace:
    """One line by step. A step told again (the next fold of the check) enters as a mean over folds."""

    _sums: dict[int, tuple[float, int]] = field(default_factory=dict)

    def add(self, step: int, value: float) -> None:
        if not np.isfinite(value):
            return
        total, count = self._sums.get(step, (0.0, 0))
        self._sums[step] = (total + value, count + 1)

    def __len__(self) -> int:
        return len(self._sums)

    @property
    def last(self) -> float | None:
        if not self._sums:
            return None
        total, count = self._sums[max(self._sums)]
        return total / count

    def steps(self) -> tuple[int, ...]:
        return tuple(self._sums)

    def at(self, step: int) -> float | None:
        if step not in self._sums:
            return None
        total, count = self._sums[step]
        return total / count

    @property
    def highest(self) -> float:
        return max((total / count for total, count in self._sums.values()), default=0.0)

    def points(self) -> Points:
        steps = sorted(self._sums)
        values = [self._sums[step][0] / self._sums[step][1] for step in steps]
        return np.array(steps, float), np.array(values, float)


@dataclass(slots=True)
class RunCurves:
    """Folds the events of one run into lines; feed it each event once, in order."""

    steps: int = 0
    """Planned optimiser steps: how long the step axis is, from the first event on."""
    n_labelled: int = 0
    training: Trace = field(default_factory=Trace)
    """Training loss while the model is checked on folds."""
    held_out: Trace = field(default_factory=Trace)
    final: Trace = field(default_factory=Trace)
    """Training loss of the second phase, on all labels."""
    scores: dict[int, Score] = field(default_factory=dict)
    best_step: int | None = None
    started: bool = False
    over: bool = False
    phase: Phase | None = None

    def add(self, event: Event) -> None:
        if isinstance(event, Started):
            self.started, self.steps, self.n_labelled = True, event.steps, event.n_labelled
        elif isinstance(event, StepEnd):
            self._add_step(event)
        elif isinstance(event, Evaluated):
            self.scores[event.step] = event.accuracy
            if event.best or self.best_step is None:
                self.best_step = event.step
        elif isinstance(event, (Finished, Cancelled, Failure)):
            self.over = True
            self._settle(event)

    def add_all(self, events: Iterable[Event]) -> RunCurves:
        for event in events:
            self.add(event)
        return self

    @property
    def has_losses(self) -> bool:
        return bool(len(self.training) or len(self.final))

    @property
    def latest_score(self) -> Score | None:
        """The score worth showing: the best one, else the newest."""
        if self.best_step in self.scores:
            return self.scores[self.best_step]
        return self.scores[max(self.scores)] if self.scores else None

    @property
    def highest_loss(self) -> float:
        return max(self.training.highest, self.held_out.highest, self.final.highest)

    def score_points(self) -> tuple[NDArray[np.float64], ...]:
        """Steps, values, lower and upper ends, ascending by step."""
        order = sorted(self.scores)
        scores = [self.scores[step] for step in order]
        return (
            np.array(order, float),
            np.array([score.value for score in scores], float),
            np.array([score.low for score in scores], float),
            np.array([score.high for score in scores], float),
        )

    def _add_step(self, event: StepEnd) -> None:
        self.phase = event.phase
        self.steps = max(self.steps, event.steps)
        line = self.final if event.phase is Phase.TUNING else self.training
        line.add(event.step, event.train_loss)
        if event.held_out_loss is not None:
            self.held_out.add(event.step, event.held_out_loss)

    def _settle(self, event: Event) -> None:
        """A run that only fits a head has one score, known at its end."""
        summary = event.summary if isinstance(event, (Finished, Cancelled)) else None
        if summary is not None and summary.accuracy is not None and not self.scores:
            self.scores[summary.best_step] = summary.accuracy
            self.best_step = summary.best_step
