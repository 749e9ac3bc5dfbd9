"""How well detections agree with what was really there, event by event, by two published definitions.

*Collars*: Mesaros, Heittola and Virtanen (2016), "Metrics for polyphonic sound event detection". An event is
found where a detection of its class begins within a collar around its beginning and ends within one around
its end; each detection can find one event.

*Intersection*: the tolerance criteria of Bilen et al. (2020), "A framework for the robust evaluation of sound
event detection" (PSDS), as the DESED baseline uses them for its intersection-based F1. A detection counts
where enough of it lies on events of its class, an event is found where enough of it is covered by such
detections. It minds neither a detection in two pieces nor borders that are a matter of taste.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.audio.detections import Detection

COLLAR = 0.2
"""Seconds, of DCASE and DESED."""
OFFSET_SHARE = 0.2
"""Of an event's length that its end may be off, where that is more than the collar (DESED)."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class EventScore:
    """Counts of events and detections; shares are 0 where there is nothing to count."""

    events: int
    """Really there."""
    found: int
    """Of them."""
    false: int
    """Detections of nothing."""

    @property
    def precision(self) -> float:
        return self.found / (self.found + self.false) if self.found + self.false else 0.0

    @property
    def recall(self) -> float:
        return self.found / self.events if self.events else 0.0

    @property
    def f1(self) -> float:
        total = self.events + self.found + self.false
        return 2 * self.found / total if total else 0.0


Scoring = Callable[[Floats, Floats], EventScore]
"""(events (n, 2), detections (m, 2)) of one class."""


@dataclass(frozen=True, slots=True)
class EventScores:
    """``overall`` counts every event alike (micro average)."""

    overall: EventScore
    per_class: tuple[tuple[str, EventScore], ...]
    """By name, of the classes of the events and detections."""

    @property
    def macro_f1(self) -> float:
        """Mean of the classes that have events."""
        known = [score.f1 for _, score in self.per_class if score.events]
        return sum(known) / len(known) if known else 0.0


def by_collars(
    truth: Sequence[Detection],
    found: Sequence[Detection],
    *,
    collar: float = COLLAR,
    offset_share: float = OFFSET_SHARE,
    offsets: bool = True,
) -> EventScores:
    """Event-based scores; ``offsets``: ends have to fit as well. As many pairs as possible are made."""

    def score(events: Floats, detections: Floats) -> EventScore:
        pairs = _most_pairs(_fitting(events, detections, collar, offset_share, offsets), len(detections))
        return EventScore(len(events), pairs, len(detections) - pairs)

    return _by_class(truth, found, score)


def by_intersection(
    truth: Sequence[Detection],
    found: Sequence[Detection],
    *,
    of_detection: float = 0.5,
    of_event: float = 0.5,
) -> EventScores:
    """Scores by intersection: ``of_detection`` is the share of a detection that must lie on events (DTC),
    ``of_event`` that of an event that must be covered by such detections (GTC). PSDS scenario 1 asks for 0.7
    and 0.7, scenario 2 for 0.1 and 0.1."""

    def score(events: Floats, detections: Floats) -> EventScore:
        good = detections[_covered(detections, events) >= of_detection - 1e-9]
        hits = int((_covered(events, good) >= of_event - 1e-9).sum()) if len(good) else 0
        return EventScore(len(events), hits, len(detections) - len(good))

    return _by_class(truth, found, score)


def _by_class(truth: Sequence[Detection], found: Sequence[Detection], score: Scoring) -> EventScores:
    names = sorted({one.label for one in (*truth, *found)})
    per_class = tuple((name, score(_spans(truth, name), _spans(found, name))) for name in names)
    overall = EventScore(
        sum(one.events for _, one in per_class),
        sum(one.found for _, one in per_class),
        sum(one.false for _, one in per_class),
    )
    return EventScores(overall, per_class)


def _spans(events: Sequence[Detection], label: str) -> Floats:
    """(n, 2) of a class, by start."""
    spans = sorted((one.start, one.end) for one in events if one.label == label)
    return np.array(spans, np.float64).reshape(-1, 2)


def _fitting(
    events: Floats, detections: Floats, collar: float, offset_share: float, offsets: bool
) -> list[list[int]]:
    """For each event the detections that fit it."""
    found = []
    for start, end in events:
        near = slice(
            int(np.searchsorted(detections[:, 0], start - collar - 1e-9)),
            int(np.searchsorted(detections[:, 0], start + collar + 1e-9, side="right")),
        )
        most = max(collar, offset_share * (end - start)) if offsets else np.inf
        fits = np.abs(detections[near, 1] - end) <= most + 1e-9
        found.append((np.flatnonzero(fits) + near.start).tolist())
    return found


def _most_pairs(fitting: Sequence[Sequence[int]], n_detections: int) -> int:
    """The largest number of pairs in which nobody is twice (augmenting paths, breadth first)."""
    owner = [-1] * n_detections
    """The event that each detection is given to."""
    given = [-1] * len(fitting)
    """The detection of each event."""
    for event in range(len(fitting)):
        came: dict[int, int] = {}  # the event from which each detection was reached
        waiting = deque([event])
        free = -1
        while waiting and free < 0:
            current = waiting.popleft()
            for detection in fitting[current]:
                if detection in came:
                    continue
                came[detection] = current
                if owner[detection] < 0:
                    free = detection
                    break
                waiting.append(owner[detection])
        while free >= 0:  # back along the path, each event takes what it reached and leaves what it had
            current = came[free]
            owner[free] = current
            free, given[current] = given[current], free
    return sum(detection >= 0 for detection in given)


def _covered(spans: Floats, others: Floats) -> Floats:
    """The share of each span (n, 2) that lies on any of the others (m, 2); points count as a whole or not."""
    if not len(spans) or not len(others):
        return np.zeros(len(spans))
    order = others[np.argsort(others[:, 0])]
    reach = np.maximum.accumulate(order[:, 1])
    new = np.concatenate([[True], order[1:, 0] > reach[:-1]])
    starts = order[new, 0]
    ends = reach[np.concatenate([np.flatnonzero(new)[1:], [len(order)]]) - 1]
    # How much of the line up to a moment is covered: flat outside of the others, rising by 1 inside.
    moments = np.stack([starts, ends], axis=1).ravel()
    so_far = np.repeat(np.cumsum(ends - starts), 2)
    so_far[::2] -= ends - starts
    lengths = spans[:, 1] - spans[:, 0]
    inside = np.interp(spans[:, 1], moments, so_far) - np.interp(spans[:, 0], moments, so_far)
    at = np.searchsorted(starts, spans[:, 0], side="right") - 1
    touched = (at >= 0) & (spans[:, 0] <= ends[np.maximum(at, 0)])
    shares: Floats = np.where(lengths > 0, inside / np.where(lengths > 0, lengths, 1.0), touched)
    return shares
