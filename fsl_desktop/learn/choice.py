"""Which of two models to keep, by their answers to rows that neither had seen."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.heads import Matrix

ENOUGH_SKILL = 0.3
"""So much better than chance a model has to be before its guesses about other rows teach it anything."""

GROUPED = 0.5
"""So much better than chance the instant model is where rows of one class lie together before any tuning, as
topics do and moods do not; only there do rows without a label help the tuning (4 sets, 4 draws: 2 points on
topics, 1 to 3 lost on moods)."""


@dataclass(frozen=True, slots=True, eq=False)
class HeldOutAnswers:
    """``probabilities`` (h, C) of ``rows`` (h,), ascending, whose true classes are ``labels`` (h,)."""

    rows: NDArray[np.int64]
    probabilities: Matrix
    labels: NDArray[np.int64]
    distance: NDArray[np.float64] | None = None
    """How far each row is from the class that it was called, see ``unknown.own_distance``, (h,)."""

    @property
    def right(self) -> NDArray[np.bool_]:
        """Which of the answers are right, (h,)."""
        right: NDArray[np.bool_] = self.probabilities.argmax(axis=1) == self.labels
        return right

    def only(self, rows: NDArray[np.int64]) -> HeldOutAnswers:
        """The answers to ``rows``, which are among these."""
        places = np.searchsorted(self.rows, rows)
        return HeldOutAnswers(rows, self.probabilities[places], self.labels[places])


def clearly_better(one: HeldOutAnswers, other: HeldOutAnswers) -> bool:
    """Whether ``one`` was right more often on the same rows, by more than one standard error."""
    wins = int(np.count_nonzero(one.right & ~other.right))
    losses = int(np.count_nonzero(other.right & ~one.right))
    return wins - losses > math.sqrt(wins + losses)


def skill(answers: HeldOutAnswers) -> float:
    """How much more often than by chance the answers are right: 0 as by chance, 1 always."""
    return above_chance(float(answers.right.mean()), answers.probabilities.shape[1])


def above_chance(accuracy: float, n_classes: int) -> float:
    """``accuracy`` on the scale from chance among ``n_classes``, 0, to 1."""
    chance = 1 / n_classes
    return (accuracy - chance) / (1 - chance)
