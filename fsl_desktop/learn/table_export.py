"""A project's rows with labels and predictions, as a table file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fsl_desktop.core.events import Event, Phase, Progress
from fsl_desktop.core.writers import write_table
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
    tell: Callable[[Event], None],
    cancelled: CancelCall,
) -> int:
    """Write text and label of every row that was not removed; with ``answers`` (a model and the embeddings
    by position) also predicted, confidence and one column ``p:<class>`` each. Returns the rows written."""
    columns = ["text", "label"]
    if answers is not None:
        columns += ["predicted", "confidence", *(f"p:{name}" for name in answers[0].class_names)]
    kept = np.flatnonzero(~now.removed)
    names = {info.id: info.name for info in now.classes}

    def rows() -> Iterator[list[object]]:
        for start in range(0, len(kept), _BLOCK):
            block = kept[start : start + _BLOCK]
            said = answers[0].probabilities(answers[1][block]) if answers is not None else None
            for place, position in enumerate(block):
                row: list[object] = [now.texts[position], names.get(int(now.labels[position]), "")]
                if answers is not None and said is not None:
                    chances = said[place]
                    best = int(chances.argmax())
                    shares = [round(float(value), 4) for value in chances]
                    row += [answers[0].class_names[best], shares[best], *shares]
                yield row

    def progress(done: int, total: int) -> None:
        tell(Progress(Phase.WRITING, done, total))

    return write_table(path, columns, rows(), total=len(kept), progress=progress, cancelled=cancelled)
