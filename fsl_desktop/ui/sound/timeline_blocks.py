"""Thousands of detections and probabilities as no more than the pixels that show them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.audio.detections import Cells, Detection, Spans
from fsl_desktop.ui.sound.timeline_range import Range

LEAST_WIDTH = 3
"""Pixels of a detection, however short: one that cannot be seen cannot be clicked."""


def visible(spans: Spans, of_class: int, shown: Range) -> NDArray[np.int64]:
    """Places in ``spans`` of the class's detections that are to be seen, in order."""
    first = int(np.searchsorted(spans.classes, of_class))
    last = int(np.searchsorted(spans.classes, of_class, side="right"))
    # Spans of one class neither overlap nor change places: starts and ends ascend alike.
    low = first + int(np.searchsorted(spans.ends[first:last], shown.start - LEAST_WIDTH * shown.per_pixel))
    high = first + int(np.searchsorted(spans.starts[first:last], shown.end, side="right"))
    return np.arange(low, max(low, high))


def pixel_runs(spans: Spans, places: NDArray[np.int64], shown: Range) -> NDArray[np.int64]:
    """(runs, 2) pixels from and to before which there is a detection: those that touch are one run."""
    if not len(places):
        return np.zeros((0, 2), np.int64)
    scale = 1 / max(shown.per_pixel, 1e-12)
    left = np.floor((spans.starts[places] - shown.start) * scale)
    right = np.maximum(np.ceil((spans.ends[places] - shown.start) * scale), left + LEAST_WIDTH)
    left = np.clip(left, -2, shown.width + 2).astype(np.int64)
    right = np.clip(right, -2, shown.width + 2).astype(np.int64)
    right = np.maximum.accumulate(right)
    new = np.concatenate([[True], left[1:] > right[:-1]])
    at = np.flatnonzero(new)
    return np.stack([left[at], right[np.concatenate([at[1:], [len(left)]]) - 1]], axis=1)


def curve_columns(curves: Cells, of_class: int, shown: Range) -> NDArray[np.float32]:
    """(width,) the highest probability of each pixel column."""
    edges = np.linspace(shown.start, shown.end, shown.width + 1)
    values = curves.values[:, of_class]
    if not len(values):
        return np.zeros(shown.width, np.float32)
    low = np.clip(np.searchsorted(curves.edges, edges[:-1], side="right") - 1, 0, len(values) - 1)
    high = np.clip(np.searchsorted(curves.edges, edges[1:], side="left"), low + 1, len(values))
    first, last = int(low[0]), int(high[-1])
    part = np.concatenate([values[first:last], values[last - 1 : last]])
    columns = np.maximum.reduceat(part, np.stack([low, high], axis=1).ravel() - first)[::2]
    return np.asarray(columns, np.float32)


def at_moment(spans: Spans, of_class: int, moment: float, slack: float) -> int | None:
    """The place of the detection of a class that is nearest to a moment, within ``slack`` seconds of it."""
    places = np.flatnonzero(spans.classes == of_class)
    if not len(places):
        return None
    away = np.maximum(np.maximum(spans.starts[places] - moment, moment - spans.ends[places]), 0)
    nearest = int(away.argmin())
    return int(places[nearest]) if away[nearest] <= slack else None


def same_as(spans: Spans, one: Detection) -> int | None:
    """The place of the detection of its class that shares most with ``one``, of other spans than these."""
    shared = np.minimum(spans.ends, one.end) - np.maximum(spans.starts, one.start)
    shared[[spans.class_names[place] != one.label for place in spans.classes.tolist()]] = 0
    return int(shared.argmax()) if len(shared) and shared.max() > 0 else None
