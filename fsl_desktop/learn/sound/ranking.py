"""The orders that are asked for, on a project of recordings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.clip_table import RowClip
from fsl_desktop.core.ranking import Asked, Ranking
from fsl_desktop.learn.bench_parts import Tell, progress_of
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.encoders.text import CancelCall
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.methods.mix import Clips
from fsl_desktop.learn.orders.doubted import Doubted, doubted
from fsl_desktop.learn.orders.ranker import Material, rank
from fsl_desktop.learn.report import frozen_answers
from fsl_desktop.learn.sound.data import only
from fsl_desktop.learn.sound.desk import SoundSnapshot
from fsl_desktop.learn.sound.fitted import labelled_clips
from fsl_desktop.learn.sound.rows import RowBlocks
from fsl_desktop.learn.unknown import directions_of

if TYPE_CHECKING:
    from fsl_desktop.learn.sound.bench import SoundBench

Positions = NDArray[np.int64]
MOST_JUDGED = 2000
"""Labelled recordings of which a judgement takes some seconds."""


def rank_sounds(
    bench: SoundBench,
    project: Path,
    asked: Asked,
    model: str,
    row_id: int = 0,
    *,
    tell: Tell,
    cancelled: CancelCall,
) -> Ranking:
    """Put the rows of a project in the order ``asked``. Raises ``UserError`` and ``Stopped``."""
    desk, ears = bench.opened(project, model)
    now = desk.snapshot()
    with desk.hearing(ears, now.clips, progress=progress_of(tell), cancelled=cancelled) as (heard, at):

        def vectors(rows: Positions) -> Matrix:
            return np.concatenate([directions_of(block) for block in heard.blocks(at[rows])], axis=1)

        def same(rows: Positions) -> NDArray[np.int64]:
            numbers: dict[object, int] = {}
            keys = [_part(now, int(row)) for row in rows]
            return np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)

        material = Material(
            now.revision,
            now.row_ids,
            now.labels,
            (at >= 0) & ~now.removed,
            now.labelled,
            lambda: seen_of(heard, at),
            vectors,
            lambda: judged_sounds(now, heard, at),
            groups=same,
        )
        return rank(material, asked, row_id)


def seen_of(heard: RowBlocks, at: Positions) -> Matrix:
    """(n, d) unit vectors of all rows; zero for those that were not heard."""
    there = np.flatnonzero(at >= 0)
    found = heard.seen()
    seen = np.zeros((len(at), found.shape[1]), np.float32)
    seen[there] = found[at[there]]
    return seen


def judged_sounds(now: SoundSnapshot, heard: RowBlocks, at: Positions) -> tuple[Positions, Doubted] | None:
    """(rows of the table that could be judged, what is doubted among them)."""
    positions = np.searchsorted(now.row_ids, now.data.row_ids)
    known = np.flatnonzero(at[positions] >= 0)
    if len(known) > MOST_JUDGED:
        known = known[np.unique(np.linspace(0, len(known) - 1, MOST_JUDGED).astype(np.int64))]
    data, positions = only(now.data, known), positions[known]
    if not len(known):
        return None
    out = held_out_shares(data, heard.blocks(at[positions]), now.groups(positions))
    if out is None:
        return None
    rows, shares = out
    return positions[rows], doubted(data.labels[rows], shares)


def held_out_shares(
    data: TrainingData, blocks: list[Matrix], groups: NDArray[np.int64], seed: int = 0
) -> tuple[Positions, Matrix] | None:
    """(rows of ``data`` (h,), probabilities (h, C) by mixes that have not seen them); None where nothing can
    be held out. ``groups`` (n,): rows that are held out together."""
    if data.n_classes < 2 or len(np.unique(data.labels)) < 2:
        return None
    clips = Clips(blocks, [block[:0] for block in blocks])
    answers = frozen_answers(labelled_clips(clips, data, groups, seed))
    if answers is None:
        return None
    mean: Matrix = answers.repeats.mean(axis=0)
    return answers.rows, mean


def _part(now: SoundSnapshot, row: int) -> object:
    clip = now.clips[row]
    if not isinstance(clip, RowClip):
        return row
    return clip.file.content or str(clip.path), clip.start, clip.end
