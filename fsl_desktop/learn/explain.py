"""Why a model answers so: the words that decided, and the labelled rows that lie nearest."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.answers import Neighbour, WordWeight
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.trained import TrainedModel

_TOKENS = 4000
"""Tokens read for one explanation: about half a second on one core."""
_FEWEST_PARTS = 12
MAX_PARTS = 40
"""Every part left out is one more text to read; longer texts are weighed by groups of words."""
NEAREST = 5
# Scripts that are written without spaces are weighed character by character.
_WORD = re.compile(
    r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]|[^\W\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]+"
)


def word_weights(model: TrainedModel, text: str, probabilities: Matrix) -> tuple[WordWeight, ...]:
    """How much each word speaks for the likeliest class: how far its log odds fall without the word.

    ``probabilities`` (C,) are those of the whole text. Weights are shares of the largest, -1..1; a word
    of negative weight speaks against. Leave-one-out as in Robnik-Šikonja and Kononenko (2008).
    """
    (ids,) = model.encoder.tokenize([text])
    spans = word_spans(text, min(MAX_PARTS, max(_FEWEST_PARTS, _TOKENS // len(ids))))
    if len(spans) < 2 or len(probabilities) < 2:
        return ()
    target = int(probabilities.argmax())
    without = [text[:start] + text[end:] for start, end in spans]
    changed = model.predict(without).probabilities[:, target]
    fall = _log_odds(float(probabilities[target])) - np.array([_log_odds(float(p)) for p in changed])
    largest = float(np.abs(fall).max())
    if largest < 1e-6:
        return ()
    return tuple(
        WordWeight(start, end, float(value / largest))
        for (start, end), value in zip(spans, fall, strict=True)
    )


def word_spans(text: str, most: int = MAX_PARTS) -> list[tuple[int, int]]:
    """(start, end) of the words of ``text``, or of runs of words where there are more than ``most``."""
    words = [match.span() for match in _WORD.finditer(text)]
    if len(words) <= most:
        return words
    groups = np.array_split(np.arange(len(words)), most)
    return [(words[int(group[0])][0], words[int(group[-1])][1]) for group in groups]


def nearest(
    vector: Matrix,
    labelled: Matrix,
    row_ids: NDArray[np.int64],
    class_ids: Sequence[int] | NDArray[np.int64],
    skip_row: int | None = None,
) -> tuple[Neighbour, ...]:
    """The labelled rows whose embeddings (m, d) are nearest to ``vector`` (d,), nearest first."""
    if not len(labelled):
        return ()
    cosine = labelled @ vector
    best = np.argsort(-cosine, kind="stable")[: NEAREST + 1]
    found = [
        Neighbour(int(row_ids[place]), int(class_ids[place]), float(np.clip(cosine[place], -1, 1)))
        for place in best
        if skip_row is None or int(row_ids[place]) != skip_row
    ]
    return tuple(found[:NEAREST])


def _log_odds(probability: float) -> float:
    clipped = min(max(probability, 1e-6), 1 - 1e-6)
    return float(np.log(clipped / (1 - clipped)))
