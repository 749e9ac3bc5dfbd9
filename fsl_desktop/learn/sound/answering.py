"""What a fitted mix says to single clips, what they sound like, and which of their parts decided."""

from __future__ import annotations

import time
from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from fsl_desktop.core.answers import Answer, SoundKind, TimeWeight
from fsl_desktop.core.audio.info import HEARD_SECONDS, RATE
from fsl_desktop.core.clip_table import RowClip
from fsl_desktop.learn import explain as why
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.sound.blocks import SoundEncoders
from fsl_desktop.learn.sound.clips import Clip, Samples
from fsl_desktop.learn.sound.ears import Cancelled, Ears
from fsl_desktop.learn.sound.fitted import FittedMix
from fsl_desktop.learn.sound.names import embedding_of
from fsl_desktop.learn.sound.tuned import TunedEars

MOST_KINDS = 3
_SURE = 0.1
"""A kind of sound that is less likely is not worth telling."""
MOST_PARTS = 8
SHORTEST_PART = 0.1
"""Seconds of the parts that are silenced one by one."""
_FADE = 80
"""Samples over which a part fades away: a sudden end would be a click that the encoders hear."""
_STEADY = 1e-4


def answer_clips(
    fitted: FittedMix,
    ears: Ears,
    clips: Sequence[RowClip | Clip],
    *,
    skip_row: int | None = None,
    explain: bool = False,
    cancelled: Cancelled = lambda: False,
) -> tuple[Answer, ...]:
    """One answer per clip; ``explain`` adds the parts that decided. ``UserError`` where a clip cannot be
    read, ``Stopped`` when cancelled."""
    began = time.perf_counter()
    samples = [Clip(clip.path, clip.start, clip.end).samples() for clip in clips]
    blocks = ears.blocks(samples, cancelled=cancelled)
    shares, seen = fitted.probabilities(blocks), fitted.directions(blocks)
    kinds = sounds_like(ears, blocks)
    answers = []
    for place, (clip, row, heard) in enumerate(zip(clips, shares, samples, strict=True)):
        rows, classes = fitted.row_ids, fitted.labelled_class_ids
        near = why.nearest(seen[place], fitted.vectors, rows, classes, skip_row) if fitted.mix else ()
        longer = clip.end is None and len(heard) >= int(HEARD_SECONDS * RATE)
        parts = _deciding(fitted, ears, heard, row, clip.start, cancelled) if explain else ()
        answers.append(
            Answer(
                fitted.class_ids,
                tuple(float(value) for value in row),
                near,
                truncated=longer,
                seconds=time.perf_counter() - began,
                kinds=kinds[place],
                moments=parts,
            )
        )
    return tuple(answers)


def sounds_like(ears: Ears, blocks: Sequence[Matrix]) -> list[tuple[SoundKind, ...]]:
    """The likeliest of the 521 kinds of sound that YAMNet knows, per clip; none where it takes no part."""
    frozen = ears.frozen if isinstance(ears, TunedEars) else ears
    if not isinstance(frozen, SoundEncoders) or "yamnet" not in frozen.models:
        return [()] * len(blocks[0])
    names, weight, bias = frozen.kinds()
    shares = 1 / (1 + np.exp(-(embedding_of(blocks).astype(np.float64) @ weight.T + bias)))
    found = []
    for row in shares:
        best = np.argsort(-row)[:MOST_KINDS]
        found.append(tuple(SoundKind(names[kind], float(row[kind])) for kind in best if row[kind] >= _SURE))
    return found


def _deciding(
    fitted: FittedMix, ears: Ears, heard: Samples, shares: Matrix, start: float, cancelled: Cancelled
) -> tuple[TimeWeight, ...]:
    """How much the likeliest class loses when a part of the clip is silenced, as a share of all that is lost
    and gained (occlusion: Zeiler and Fergus 2014)."""
    heard = heard[: int(HEARD_SECONDS * RATE)]
    count = min(MOST_PARTS, int(len(heard) / RATE / SHORTEST_PART))
    best = int(shares.argmax())
    if count < 2 or shares[best] < _STEADY:
        return ()
    edges = np.linspace(0, len(heard), count + 1).astype(int)
    without = [_silenced(heard, low, high) for low, high in pairwise(edges)]
    left = fitted.probabilities(ears.blocks(without, cancelled=cancelled))[:, best]
    lost = _log_odds(shares[best : best + 1]) - _log_odds(left)
    total = float(np.abs(lost).sum())
    if total < _STEADY:
        return ()
    return tuple(
        TimeWeight(start + low / RATE, start + high / RATE, float(value / total))
        for low, high, value in zip(edges[:-1], edges[1:], lost, strict=True)
    )


def _silenced(heard: Samples, low: int, high: int) -> Samples:
    gain = np.ones(len(heard), np.float32)
    gain[low:high] = 0
    fade = np.linspace(1, 0, _FADE, dtype=np.float32)
    before, after = gain[max(0, low - _FADE) : low], gain[high : high + _FADE]
    if len(before):
        before *= fade[-len(before) :]
    after *= fade[::-1][: len(after)]
    return np.asarray(heard * gain, np.float32)


def _log_odds(shares: Matrix) -> Matrix:
    inside = np.clip(shares.astype(np.float64), _STEADY, 1 - _STEADY)
    odds: Matrix = np.log(inside / (1 - inside))
    return odds
