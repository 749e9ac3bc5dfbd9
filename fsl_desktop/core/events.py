"""What a training run tells its caller, as small typed records."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from fsl_desktop.core.learning_curve import LearningCurve
from fsl_desktop.core.message import Message
from fsl_desktop.core.reliability import Reliability


class Phase(StrEnum):
    """What the machine is doing now; the window has the words for each."""

    READING = "reading"
    LOADING = "loading"
    ENCODING = "encoding"
    CHECKING = "checking"  # training on folds, to know how good the model will be
    TUNING = "tuning"  # training on every label: the model that is kept
    FITTING = "fitting"  # the head
    SCORING = "scoring"
    SAVING = "saving"
    DOWNLOADING = "downloading"
    VERIFYING = "verifying"
    WRITING = "writing"


@dataclass(frozen=True, slots=True)
class Score:
    """A proportion in 0..1 with its 95 % interval, estimated on ``n`` rows the model had not seen."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class ClassScore:
    """Precision, recall and F1 of one class over held-out rows; ``support`` rows truly have it.

    Recall and F1 with their 95 % intervals.
    """

    class_id: int
    precision: float
    recall: float
    f1: float
    support: int
    recall_low: float
    recall_high: float
    f1_low: float = 0.0
    f1_high: float = 1.0


@dataclass(frozen=True, slots=True)
class HeldOut:
    """Out-of-fold answers: for each labelled row what a model said that had not seen its label."""

    row_ids: tuple[int, ...] = ()
    true: tuple[int, ...] = ()
    predicted: tuple[int, ...] = ()
    confidence: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What is kept of a finished run. Scores are ``None`` while it is too early to tell."""

    preset: str
    model: str
    n_labelled: int
    n_classes: int
    seconds: float
    steps: int = 0
    best_step: int = 0
    stopped_early: bool = False
    cancelled: bool = False
    accuracy: Score | None = None
    macro_f1: Score | None = None
    mcc: float | None = None
    per_class: tuple[ClassScore, ...] = ()
    held_out: HeldOut = field(default_factory=HeldOut)
    notes: tuple[Message, ...] = ()
    """Sentences worth reading, e.g. why there is no score yet or which classes are confused."""
    reliability: Reliability | None = None
    curve: LearningCurve | None = None
    several: bool = False
    """A row may have several classes: ``accuracy`` is the share of rows whose whole set is right."""
    micro_f1: Score | None = None
    """Only where a row may have several."""


@dataclass(frozen=True, slots=True)
class Event:
    """The base of everything a run yields."""


@dataclass(frozen=True, slots=True)
class Started(Event):
    preset: str
    steps: int
    """Optimiser steps planned per phase; 0 where only a head is fitted."""
    n_labelled: int
    n_classes: int


@dataclass(frozen=True, slots=True)
class Progress(Event):
    phase: Phase
    done: int
    total: int
    """0 where it is not known."""
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class StepEnd(Event):
    """One optimiser step. Losses are means of the pairwise cosine loss, lower is better."""

    phase: Phase
    step: int
    steps: int
    train_loss: float
    held_out_loss: float | None = None
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class EpochEnd(Event):
    """One pass over the labelled rows ended at ``step``."""

    phase: Phase
    epoch: int
    step: int
    train_loss: float
    held_out_loss: float | None = None


@dataclass(frozen=True, slots=True)
class Evaluated(Event):
    """Held-out score after ``step``; ``best`` where it is the best so far (by held-out loss)."""

    step: int
    accuracy: Score
    best: bool = False


@dataclass(frozen=True, slots=True)
class Finished(Event):
    summary: RunSummary


@dataclass(frozen=True, slots=True)
class Cancelled(Event):
    """The run stopped because it was asked to; ``summary`` is there where a model was kept."""

    summary: RunSummary | None = None


@dataclass(frozen=True, slots=True)
class Failure(Event):
    message: Message
    details: str = ""
