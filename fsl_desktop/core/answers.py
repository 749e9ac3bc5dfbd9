"""What a model says about rows and texts, in types that every storey may know."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.events import Event, Score
from fsl_desktop.core.message import Message

UNKNOWN_FROM = 0.5
"""A row so unknown fits none of the classes; one in twenty rows of known classes is called so, too."""


@dataclass(frozen=True, slots=True)
class Suggestions:
    """One answer per row that the project holds, in ascending order of row id. All arrays have length n."""

    revision: int
    """The project's revision that the labels were read at."""
    model: str
    row_ids: NDArray[np.int64]
    class_ids: NDArray[np.int32]
    """The likeliest class."""
    confidence: NDArray[np.float32]
    """Its calibrated probability, 0..1."""
    usefulness: NDArray[np.float32]
    """Higher: more worth labelling next, by doubt, spread and balance of the classes."""
    accuracy: Score | None = None
    """Cross-validated on the labels; None while it is too early to tell."""
    note: Message | None = None
    """E.g. what is missing for a score."""
    seconds: float = 0.0
    sets: tuple[tuple[int, ...], ...] = ()
    """Where a row may have several classes: the class ids that a number of ``class_ids`` from
    ``FIRST_SET`` on stands for, by number - ``FIRST_SET``. These numbers are not those of the project."""
    long: NDArray[np.bool_] | None = None
    """Which rows are longer than the model reads at once, and were read in parts."""
    unknown: NDArray[np.float32] | None = None
    """How little each row fits any class, 0..1; from ``UNKNOWN_FROM`` on it fits none. None where there are
    too few labels to tell, or a row may have several classes."""
    doubt: NDArray[np.float32] | None = None
    """1 - the margin between the two likeliest classes, 0..1."""


@dataclass(frozen=True, slots=True, eq=False)
class EarlySuggestions(Event):
    """Told while rows are still read: what can be said by now, about some of the rows."""

    suggestions: Suggestions


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A labelled row that lies near in the model's eyes."""

    row_id: int
    class_id: int
    """The row's label; where rows may have several classes, a set's number in the project."""
    similarity: float
    """Cosine, -1..1."""


@dataclass(frozen=True, slots=True)
class WordWeight:
    """How much the characters ``start:end`` speak for the likeliest class (share, -1..1)."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class SoundKind:
    """A kind of sound that an encoder was taught (AudioSet's), whatever the project is about."""

    name: str
    """In English, as AudioSet has it."""
    share: float
    """0..1; several may be likely at once."""


@dataclass(frozen=True, slots=True)
class TimeWeight:
    """How much the seconds ``start:end`` of a file speak for the likeliest class (share, -1..1)."""

    start: float
    end: float
    weight: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What the model says to one text: ``probabilities`` are aligned with ``class_ids`` and sum to 1, or
    stand each for itself where a row may have several classes (then there are ``thresholds``)."""

    class_ids: tuple[int, ...]
    probabilities: tuple[float, ...]
    nearest: tuple[Neighbour, ...] = ()
    words: tuple[WordWeight, ...] = ()
    truncated: bool = False
    """The text is longer than the model reads at once: it was read in parts."""
    seconds: float = 0.0
    thresholds: tuple[float, ...] = ()
    """From which probability on a class is said, where a row may have several."""
    said: tuple[int, ...] = ()
    """The class ids that are said then; may be none."""
    unknown: float | None = None
    """How little the text fits any class, as in ``Suggestions``."""
    kinds: tuple[SoundKind, ...] = ()
    """What a recording sounds like, likeliest first."""
    moments: tuple[TimeWeight, ...] = ()
    """The parts of a recording and what they had to say, in order of time, where that was asked for."""

    @property
    def fits_none(self) -> bool:
        return self.unknown is not None and self.unknown >= UNKNOWN_FROM
