"""A project's rows with labels and predictions, as a table file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fsl_desktop.core.events import Event, Phase, Progress
from fsl_desktop.core.exports.columns import RowColumns
from fsl_desktop.core.writers import LISTS, write_table
from fsl_desktop.learn.encoders.text import CancelCall
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.trained import TrainedModel

if TYPE_CHECKING:
    from fsl_desktop.learn.desk import Snapshot

_BLOCK = 4096


def write_project_table(
    now: Snapshot,
    path: Path,
    answers: tuple[TrainedModel, Matrix] | None,
    *,
    folder: Path,
    tell: Callable[[Event], None],
    cancelled: CancelCall,
) -> int:
    """Write text and label of every row that was not removed, what was skipped or unsure where there is such
    a row, and the further columns of the project in ``folder``; with ``answers`` (a model and the embeddings
    by position) also predicted, confidence, unknown (where the model can tell) and one column ``p:<class>``
    each. Returns the rows written."""
    as_lists = path.suffix.lower() in LISTS
    kept = np.flatnonzero(~now.removed)
    ids, labels = now.row_ids[kept], now.labels[kept]
    own = RowColumns(
        folder, ids, labels, now.classes, now.sets, several=now.several is not None, as_lists=as_lists
    )
    columns = ["text", *own.label_names, *own.extra_names]
    if answers is not None:
        columns += ["predicted", "confidence"]
        columns += ["unknown"] if answers[0].unknown is not None else []
        columns += [f"p:{name}" for name in answers[0].class_names]

    def rows() -> Iterator[list[object]]:
        cells = own.cells()
        for start in range(0, len(kept), _BLOCK):
            block = kept[start : start + _BLOCK]
            said = answers[0].answers(answers[1][block]) if answers is not None else None
            for place, position in enumerate(block):
                label, extra = next(cells)
                row: list[object] = [now.texts[position], *label, *extra]
                if said is not None:
                    shares = [round(float(value), 4) for value in said.probabilities[place]]
                    strange = [] if said.unknown is None else [round(float(said.unknown[place]), 4)]
                    sure = round(float(said.confidence[place]), 4)
                    row += [said.cell(place, as_lists), sure, *strange, *shares]
                yield row

    def progress(done: int, total: int) -> None:
        tell(Progress(Phase.WRITING, done, total))

    return write_table(path, columns, rows(), total=len(kept), progress=progress, cancelled=cancelled)
