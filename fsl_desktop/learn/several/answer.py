"""From probabilities to the set of classes that a row is said to have, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.several.data import Sets


@dataclass(frozen=True, slots=True)
class Deciding:
    """A class is said from its threshold on. ``at_least_one``: the class that is nearest to its threshold
    is said where none reaches it, because no labelled row was of no class."""

    thresholds: tuple[float, ...]
    at_least_one: bool = True
    shift: float = 0.0
    """What calibration added to the logits over the temperature; it is in the head's bias already."""

    def sets(self, probabilities: Matrix) -> Sets:
        """(n, C) probabilities -> which classes are said."""
        said: Sets = probabilities >= np.array(self.thresholds, dtype=np.float32)
        if self.at_least_one and said.shape[1]:
            empty = np.flatnonzero(~said.any(axis=1))
            said[empty, self._leaning(probabilities[empty]).argmax(axis=1)] = True
        return said

    def certainty(self, probabilities: Matrix) -> Matrix:
        """How sure the least sure of a row's answers is, (n,), 0.5 to 1."""
        leaning = self._leaning(probabilities)
        sure: Matrix = np.maximum(leaning, 1 - leaning).min(axis=1, initial=1.0)
        return sure

    def _leaning(self, probabilities: Matrix) -> Matrix:
        """Probabilities bent so that each class's threshold is at 0.5."""
        at = np.array(self.thresholds, dtype=np.float32)
        bent: Matrix = np.where(
            probabilities < at, probabilities / (2 * at), 0.5 + (probabilities - at) / (2 * (1 - at))
        )
        return bent
