"""From a model's answers to overlapping windows to a list of what was heard when.

Two steps, because a slider moves only the second: :func:`cells` puts the windows together into one
probability per class and moment, :func:`find` cuts those by a threshold into spans. Both are a few array
operations; three hours take milliseconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.audio.track import Probabilities, Track


@dataclass(frozen=True, slots=True)
class Detection:
    """Something that was heard, by a model or by a person, from ``start`` to ``end`` seconds."""

    start: float
    end: float
    label: str
    confidence: float | None = None
    """0 to 1; ``None`` where nobody said."""
    low: float | None = None
    high: float | None = None
    """Hz, where somebody drew a box."""
    file: str = field(default="", compare=False)
    """The recording, by its name or path, where what was read names one."""


class Overlap(StrEnum):
    """What holds for a moment that several windows cover."""

    MEAN = "mean"
    """Their mean: a sound of a moment is found in up to half a window before and behind it as well."""
    LEAST = "least"
    """What the least sure of them says: as exact as the hop, but one window that misses it is enough."""


class Smoothing(StrEnum):
    """Over neighbouring windows, before they are put together."""

    NONE = "none"
    MEDIAN = "median"
    """Single windows that disagree with both neighbours do not count."""
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class Joining:
    """How windows become one curve per class."""

    overlap: Overlap = Overlap.LEAST
    """By default the exact one: on 48 sounds in noise (``benchmarks/long_audio.py --hours 0.4``) its F1
    by collars of 0.2 s was 0.40 against 0.15 of the mean, that by intersection 0.92 against 0.93."""
    smoothing: Smoothing = Smoothing.NONE
    width: int = 3
    """Windows that are smoothed over, odd."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How a curve becomes detections."""

    threshold: float | tuple[float, ...] = 0.5
    """The probability that must be reached, for all classes or for each."""
    release: float = 1.0
    """A detection reaches as far as the curve stays above ``release`` x the threshold; 1: no further than the
    threshold itself. With less a dip in the middle does not cut a sound in two (hysteresis)."""
    gap: float = 0.5
    """Seconds; parts of one class with no more between them are one."""
    shortest: float = 0.0
    """Seconds; what is shorter after that is dropped."""
    leave_out: frozenset[str] = frozenset()
    """Classes that are no news, e.g. background."""


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """A curve per class: ``values[k]`` (C,) holds from ``edges[k]`` to ``edges[k + 1]`` seconds."""

    class_names: tuple[str, ...]
    edges: NDArray[np.float64]
    """(m + 1,) ascending."""
    values: Probabilities
    """(m, C); 0 where no window is."""


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Detections as arrays (k,), ordered by class and then by start."""

    classes: NDArray[np.int64]
    """Places in ``class_names``."""
    starts: NDArray[np.float64]
    ends: NDArray[np.float64]
    confidence: Probabilities
    """The highest value inside."""
    class_names: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.classes)

    def detections(self) -> list[Detection]:
        """In order of time."""
        return [self.at(int(k)) for k in np.lexsort((self.classes, self.ends, self.starts))]

    def at(self, place: int) -> Detection:
        """The one at ``place`` of the arrays."""
        return Detection(
            round(float(self.starts[place]), 6),
            round(float(self.ends[place]), 6),
            self.class_names[self.classes[place]],
            round(float(self.confidence[place]), 6),
        )


def detect(track: Track, rule: Rule | None = None, joining: Joining | None = None) -> list[Detection]:
    """Both steps at once."""
    return find(cells(track, joining), rule).detections()


def cells(track: Track, joining: Joining | None = None) -> Cells:
    """The windows of ``track``, smoothed and put together. Cells are as long as the hop where it divides the
    length of the windows, shorter where it does not."""
    how = joining or Joining()
    dense = _smoothed(_dense(track), how)
    n = len(dense)
    starts = np.arange(n) * track.hop
    ends = starts + track.length
    # Rounded, or sums of hops that differ in the last bit would give cells of no length.
    edges = np.unique(np.round(np.concatenate([[0.0, track.seconds], starts, ends]), 6))
    edges = edges[edges <= track.seconds + 1e-6]
    middles = (edges[:-1] + edges[1:]) / 2
    first = np.searchsorted(ends, middles, side="right")
    last = np.searchsorted(starts, middles, side="right")
    covered = last > first
    values = np.zeros((len(middles), dense.shape[1]), np.float32)
    if covered.any():
        values[covered] = _joined(dense, first[covered], last[covered], how.overlap)
    # Class after class in memory, because that is how they are looked through.
    return Cells(track.class_names, edges, np.asfortranarray(values))


def find(curves: Cells, rule: Rule | None = None) -> Spans:
    """The spans where a class reaches its threshold. ``ValueError`` where there is not one threshold for all
    or for each class."""
    rule = rule or Rule()
    n_classes = len(curves.class_names)
    thresholds = np.broadcast_to(np.asarray(rule.threshold, np.float32), (n_classes,)).copy()
    # A class that is left out could only be heard with more than certainty.
    thresholds[[name in rule.leave_out for name in curves.class_names]] = 2.0
    values = curves.values.T
    inside = np.zeros((n_classes, values.shape[1] + 1), bool)  # the last column parts one class from the next
    inside[:, :-1] = (values > 0) & (values >= (thresholds * min(rule.release, 1.0))[:, None])
    first, last = _runs(inside.ravel())
    if not len(first):
        return _spans(curves, first, first, first, np.zeros(0, np.float32))
    width = inside.shape[1]
    classes = first // width
    padded = np.zeros(inside.shape, np.float32)
    padded[:, :-1] = values
    loudest = np.maximum.reduceat(padded.ravel(), np.stack([first, last], axis=1).ravel())[::2]
    heard = loudest >= thresholds[classes]
    first, last, classes, loudest = first[heard], last[heard], classes[heard], loudest[heard]
    return _merged(curves, classes, first - classes * width, last - classes * width, loudest, rule)


def _merged(
    curves: Cells,
    classes: NDArray[np.int64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    loudest: Probabilities,
    rule: Rule,
) -> Spans:
    """Neighbours with little between them as one, without those that are too short then."""
    if not len(first):
        return _spans(curves, first, first, first, loudest)
    between = curves.edges[first[1:]] - curves.edges[last[:-1]]
    new = np.concatenate([[True], (classes[1:] != classes[:-1]) | (between > rule.gap + 1e-9)])
    at = np.flatnonzero(new)
    ending = np.concatenate([at[1:], [len(first)]]) - 1
    first, last, classes = first[at], last[ending], classes[at]
    loudest = np.maximum.reduceat(loudest, at)
    kept = curves.edges[last] - curves.edges[first] >= rule.shortest - 1e-9
    return _spans(curves, classes[kept], first[kept], last[kept], loudest[kept])


def _spans(
    curves: Cells,
    classes: NDArray[np.int64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    loudest: Probabilities,
) -> Spans:
    return Spans(classes, curves.edges[first], curves.edges[last], loudest, curves.class_names)


def _runs(inside: NDArray[np.bool_]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(first, behind the last) of every run of true; ``inside`` ends with false."""
    steps = np.diff(np.concatenate([[0], inside.astype(np.int8)]))
    return np.flatnonzero(steps == 1), np.flatnonzero(steps == -1)


def _dense(track: Track) -> Probabilities:
    """(windows, C) with zeros for those that were skipped, up to the last that is there."""
    count = int(track.places[-1]) + 1 if len(track.places) else 0
    found = np.zeros((count, len(track.class_names)), np.float32)
    found[track.places] = track.probabilities
    return found


def _smoothed(values: Probabilities, how: Joining) -> Probabilities:
    width = min(how.width, 2 * len(values) - 1)
    if how.smoothing is Smoothing.NONE or width < 2 or not len(values):
        return values
    half = width // 2
    padded = np.pad(values, ((half, half), (0, 0)), mode="edge")
    around = np.lib.stride_tricks.sliding_window_view(padded, 2 * half + 1, axis=0)
    joined = np.median(around, axis=2) if how.smoothing is Smoothing.MEDIAN else around.mean(axis=2)
    return joined.astype(np.float32)


def _joined(
    values: Probabilities, first: NDArray[np.int64], last: NDArray[np.int64], overlap: Overlap
) -> Probabilities:
    """Mean or least of the rows ``first[k]`` to before ``last[k]``, none empty."""
    if overlap is Overlap.MEAN:
        sums = np.concatenate([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0, dtype=np.float64)])
        means: Probabilities = ((sums[last] - sums[first]) / (last - first)[:, None]).astype(np.float32)
        return means
    padded = np.concatenate([values, values[-1:]])  # reduceat wants every index inside
    return np.minimum.reduceat(padded, np.stack([first, last], axis=1).ravel(), axis=0)[::2]


def thresholds_of(names: Sequence[str], common: float, own: dict[str, float]) -> tuple[float, ...]:
    """A threshold per class from one for all and exceptions by name."""
    return tuple(own.get(name, common) for name in names)
