"""A project's recordings with labels and predictions, as a table file."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fsl_desktop.core.clip_table import RowClip
from fsl_desktop.core.events import Event, Phase, Progress
from fsl_desktop.core.exports.columns import RowColumns
from fsl_desktop.core.label_sets import LabelSets
from fsl_desktop.core.writers import LISTS, write_table
from fsl_desktop.learn.encoders.text import CancelCall
from fsl_desktop.learn.heads import Matrix

if TYPE_CHECKING:
    from fsl_desktop.learn.sound.desk import SoundSnapshot


def write_sound_table(
    now: SoundSnapshot,
    path: Path,
    class_ids: Sequence[int],
    shares: Matrix | None,
    *,
    folder: Path,
    tell: Callable[[Event], None],
    cancelled: CancelCall,
) -> int:
    """Write file, start, end and label of every row that was not removed, and the further columns of the
    project in ``folder``; with ``shares`` (n, C), what the model gives to ``class_ids`` (C,), also predicted,
    confidence and one column ``p:<class>`` each, which are empty for rows that could not be heard (all 0).
    Returns the rows written."""
    names = {info.id: info.name for info in now.classes}
    kept = np.flatnonzero(~now.removed)
    own = RowColumns(
        folder,
        now.row_ids[kept],
        now.labels[kept],
        now.classes,
        LabelSets(),
        several=False,
        as_lists=path.suffix.lower() in LISTS,
    )
    columns = ["name", "file", "start", "end", *own.label_names, *own.extra_names]
    if shares is not None:
        columns += ["predicted", "confidence", *(f"p:{names.get(one, one)}" for one in class_ids)]

    def rows() -> Iterator[list[object]]:
        for position, (label, extra) in zip(kept, own.cells(), strict=True):
            clip = now.clips[position]
            place: list[object] = ["", "", ""]
            if isinstance(clip, RowClip):
                place = [str(clip.path), round(clip.start, 3), "" if clip.end is None else round(clip.end, 3)]
            row = [now.texts[position], *place, *label, *extra]
            if shares is not None:
                row += _said(shares[position], [str(names.get(one, one)) for one in class_ids])
            yield row

    def progress(done: int, total: int) -> None:
        tell(Progress(Phase.WRITING, done, total))

    return write_table(path, columns, rows(), total=len(kept), progress=progress, cancelled=cancelled)


def _said(shares: Matrix, names: Sequence[str]) -> list[object]:
    if not shares.any():
        return [""] * (2 + len(names))
    best = int(shares.argmax())
    return [names[best], round(float(shares[best]), 4), *(round(float(share), 4) for share in shares)]
