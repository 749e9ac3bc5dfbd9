"""Who listens to a long recording: a saved model, or the instant one as it was when the scan began."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np

from fsl_desktop.core.errors import UserError
from fsl_desktop.learn.methods.mix import Mix
from fsl_desktop.learn.sound.clips import Samples
from fsl_desktop.learn.sound.desk import SoundDesk, SoundSnapshot
from fsl_desktop.learn.sound.ears import Cancelled, Ears
from fsl_desktop.learn.sound.fitted import FittedMix
from fsl_desktop.learn.sound.model import SoundModel
from fsl_desktop.learn.sound.names import NamePrior
from fsl_desktop.learn.trained import Prediction


class Listener(Protocol):
    """What a scan asks of a model; ``SoundModel`` is one."""

    @property
    def ears(self) -> Ears: ...
    @property
    def class_names(self) -> tuple[str, ...]: ...
    @property
    def mix(self) -> Mix | None: ...
    @property
    def prior(self) -> NamePrior | None: ...
    @property
    def temperature(self) -> float: ...

    def heard(self, samples: Sequence[Samples], *, cancelled: Cancelled | None = None) -> Prediction:
        """Answers to mono samples at 16 kHz; ``Stopped`` when cancelled."""


@dataclass(frozen=True, slots=True, eq=False)
class FixedModel:
    """A project's instant model that later labels do not change."""

    ears: Ears
    fitted: FittedMix
    class_names: tuple[str, ...]

    @property
    def mix(self) -> Mix | None:
        return self.fitted.mix

    @property
    def prior(self) -> NamePrior | None:
        return self.fitted.prior

    @property
    def temperature(self) -> float:
        return self.fitted.temperature

    def heard(self, samples: Sequence[Samples], *, cancelled: Cancelled | None = None) -> Prediction:
        shares = self.fitted.probabilities(self.ears.blocks(samples, cancelled=cancelled))
        index = shares.argmax(axis=1).astype(np.int64)
        return Prediction(index, shares, [self.class_names[place] for place in index])


def fixed_model(desk: SoundDesk, ears: Ears, model: str, refit: Callable[[], object]) -> FixedModel:
    """The instant ``model`` of the labels as they are; ``refit`` has it fitted where it is not, or on labels
    that were changed since. ``UserError`` where there is nothing to tell apart, or nothing is known yet."""
    now = desk.snapshot()
    if len(now.classes) < 2:
        raise UserError("There is nothing to tell apart yet. Add two classes.")
    fitted = desk.fitted(model)
    if fitted is None or not _current(fitted, now):
        refit()
        fitted = desk.fitted(model)
    if fitted is None:
        raise UserError("The model knows nothing yet. Label one row of two classes at least.")
    names = {info.id: info.name for info in desk.snapshot().classes}
    return FixedModel(
        ears, fitted, tuple(names.get(class_id, f"#{class_id}") for class_id in fitted.class_ids)
    )


def renamed(model: SoundModel, desk: SoundDesk) -> SoundModel:
    """A run's model with its classes called as the project calls them now."""
    names = {info.id: info.name for info in desk.snapshot().classes}
    known = zip(model.class_ids, model.class_names, strict=True)
    return replace(model, class_names=tuple(names.get(class_id, name) for class_id, name in known))


def fingerprint(model: Listener) -> str:
    """Changes with everything that an answer depends on, but for the encoders' weights: those have names, and
    heads on tuned ones are never the same."""
    digest = hashlib.blake2b(digest_size=16)
    named = [list(model.class_names), list(model.ears.models), model.temperature]
    digest.update(json.dumps(named).encode())
    if model.mix is not None:
        for view in model.mix.views:
            digest.update(view.middle.tobytes() + np.float64(view.length).tobytes())
        digest.update(model.mix.head.weights.tobytes() + model.mix.head.bias.tobytes())
        digest.update(np.float64(model.mix.trust).tobytes())
    if model.prior is not None:
        digest.update(model.prior.head.weights.tobytes() + model.prior.head.bias.tobytes())
    return digest.hexdigest()


def _current(fitted: FittedMix, now: SoundSnapshot) -> bool:
    """Is it fitted on the labels and classes of ``now``? Rows that cannot be heard make it look as if not,
    which costs a fit."""
    return (
        set(fitted.class_ids) == {info.id for info in now.classes}
        and np.array_equal(fitted.row_ids, now.data.row_ids)
        and np.array_equal(fitted.labelled_class_ids, now.data.class_ids[now.data.labels])
    )
