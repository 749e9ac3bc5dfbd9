"""What out-of-fold answers say about a model, in numbers and in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core import metrics
from fsl_desktop.core.events import HeldOut, RunSummary, Score
from fsl_desktop.core.message import Message
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.heads import Matrix

_FEW_ROWS = 30


def accuracy_of(probabilities: Matrix, labels: NDArray[np.int64]) -> Score:
    """Accuracy of held-out answers with its 95 % Wilson interval."""
    return metrics.wilson(int((probabilities.argmax(axis=1) == labels).sum()), len(labels))


def scored(
    summary: RunSummary, data: TrainingData, rows: NDArray[np.int64], probabilities: Matrix, seed: int
) -> RunSummary:
    """``summary`` with everything that follows from out-of-fold ``probabilities`` (m, C) of ``rows`` (m,)."""
    true = data.class_ids[data.labels[rows]]
    predicted = data.class_ids[probabilities.argmax(axis=1)]
    per_class = metrics.per_class(true, predicted, data.class_ids.tolist())
    held_out = HeldOut(
        tuple(data.row_ids[rows].tolist()),
        tuple(true.tolist()),
        tuple(predicted.tolist()),
        tuple(np.round(probabilities.max(axis=1).astype(float), 4).tolist()),
    )
    return replace(
        summary,
        accuracy=metrics.wilson(int((true == predicted).sum()), len(rows)),
        macro_f1=metrics.bootstrap_macro_f1(true, predicted, seed),
        mcc=metrics.mcc(true, predicted),
        per_class=per_class,
        held_out=held_out,
        notes=(*summary.notes, *_notes(data, true, predicted)),
    )


def _notes(data: TrainingData, true: NDArray[np.int64], predicted: NDArray[np.int64]) -> list[Message]:
    notes: list[Message] = []
    name = dict(zip(data.class_ids.tolist(), data.class_names, strict=True))
    if len(true) < _FEW_ROWS:
        notes.append(
            Message.of("The score rests on {n} rows only; it becomes surer with every label.", n=len(true))
        )
    matrix = metrics.confusion(true, predicted, data.class_ids.tolist())
    support = matrix.sum(axis=1)
    recall = np.divide(np.diag(matrix), support, out=np.ones(len(support)), where=support > 0)
    weakest = int(recall.argmin())
    if support[weakest] >= 3 and recall[weakest] < 0.5:
        notes.append(
            Message.of(
                "{name} is the weakest class: {right} of {n} rows were recognised. Label more of it.",
                name=name[int(data.class_ids[weakest])],
                right=int(matrix[weakest, weakest]),
                n=int(support[weakest]),
            )
        )
    mixed = matrix + matrix.T
    np.fill_diagonal(mixed, 0)
    if mixed.size and mixed.max() >= max(3, 0.1 * len(true)):
        one, other = sorted(int(place) for place in np.unravel_index(int(mixed.argmax()), mixed.shape))
        notes.append(
            Message.of(
                "{one} and {other} are often confused ({n} rows). Check their labels, or label more of both.",
                one=data.class_names[one],
                other=data.class_names[other],
                n=int(mixed[one, other]),
            )
        )
    return notes
