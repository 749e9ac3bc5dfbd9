"""Folds trained in lockstep: held-out loss at every step, held-out answers at every evaluation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.errors import Stopped
from fsl_desktop.learn.encoders.text import CancelCall
from fsl_desktop.learn.folds import ALWAYS_TRAINING
from fsl_desktop.learn.heads import Matrix, softmax
from fsl_desktop.learn.material import Material
from fsl_desktop.learn.methods.pairwise import Recipe, Tuner

_LOSS_ROWS = 16
Number = TypeVar("Number", bound=np.floating[Any])


@dataclass(frozen=True, slots=True, eq=False)
class _Fold:
    tuner: Tuner
    train: NDArray[np.int64]
    held: NDArray[np.int64]
    loss_rows: NDArray[np.int64]


class LockstepFolds:
    """One model per fold. ``folds`` (m,) says for each of ``material.rows`` which fold holds it out."""

    def __init__(self, material: Material, folds: NDArray[np.int64], recipe: Recipe, seed: int) -> None:
        self._material = material
        generator = np.random.default_rng(seed)
        self._folds: list[_Fold] = []
        for fold in range(int(folds.max()) + 1):
            train, held = material.rows[folds != fold], material.rows[folds == fold]
            few = held if len(held) <= _LOSS_ROWS else generator.choice(held, _LOSS_ROWS, replace=False)
            tuner = material.tuner(train, recipe, seed + 1 + fold)
            self._folds.append(_Fold(tuner, train, held, np.sort(few)))
        self.held = material.rows[folds != ALWAYS_TRAINING]
        """The rows that are held out once, ascending, (h,)."""
        self.distance = np.zeros(0)
        """How far these were from the class that :meth:`probabilities` called them last, (h,)."""

    @property
    def n(self) -> int:
        return len(self._folds)

    def step(self, cancelled: CancelCall) -> tuple[float, float]:
        """One step of every fold: (mean training loss, mean held-out loss)."""
        labels = self._material.data.labels
        losses = []
        for fold in self._folds:
            _check(cancelled)
            loss = fold.tuner.step()
            held = fold.tuner.held_out_loss(self._material.short(fold.loss_rows), labels[fold.loss_rows])
            losses.append((loss, held))
        train, held_out = np.mean(losses, axis=0)
        return float(train), float(held_out)

    def refine(self, recipe: Recipe, cancelled: CancelCall) -> None:
        """From here on the unlabelled rows take part, with what each fold's own model takes them for."""
        for fold in self._folds:
            _check(cancelled)
            fold.tuner.refine(self._material.guesses(fold.tuner, fold.train), recipe)

    def probabilities(self, cancelled: CancelCall) -> Matrix:
        """What each fold's tuned model says now about the rows it has not seen, (h, C)."""
        parts, distances = [], []
        for fold in self._folds:
            _check(cancelled)
            said, distance = self._material.tuned_answers(fold.tuner, fold.train, fold.held)
            parts.append(said)
            distances.append(distance)
        held = [fold.held for fold in self._folds]
        self.distance = _in_order(held, distances)
        return _in_order(held, parts)


def frozen_out_of_fold(
    material: Material, folds: NDArray[np.int64], cancelled: CancelCall, *, self_trained: bool
) -> tuple[NDArray[np.int64], Matrix]:
    """(rows that are held out (h,), ascending; what instant heads say that have not seen them, (h, C)).

    ``folds`` (n,): see :func:`folds_of`.
    """
    held, parts = [], []
    for fold in range(int(folds.max()) + 1):
        _check(cancelled)
        held.append(np.flatnonzero(folds == fold))
        head = material.frozen_head(np.flatnonzero(folds != fold), self_trained=self_trained)
        parts.append(softmax(head.logits(material.frozen[held[-1]])))
    return np.sort(np.concatenate(held)), _in_order(held, parts)


def _in_order(rows: list[NDArray[np.int64]], parts: list[NDArray[Number]]) -> NDArray[Number]:
    order = np.argsort(np.concatenate(rows), kind="stable")
    ordered: NDArray[Number] = np.concatenate(parts)[order]
    return ordered


def _check(cancelled: CancelCall) -> None:
    if cancelled():
        raise Stopped
