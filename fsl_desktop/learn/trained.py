"""A model that answers: an encoder, a head on its embeddings, and a calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.events import RunSummary
from fsl_desktop.core.label_cells import join_cell, several_cell
from fsl_desktop.learn.encoders.text import CancelCall, ProgressCall, TextEncoder
from fsl_desktop.learn.heads import LinearHead, Matrix, sigmoid, softmax
from fsl_desktop.learn.several.answer import Deciding
from fsl_desktop.learn.unknown import UnknownGauge


@dataclass(frozen=True, slots=True, eq=False)
class Prediction:
    """Answers to n texts; ``labels`` are the names of the classes ``class_index``."""

    class_index: NDArray[np.int64]
    probabilities: Matrix
    """(n, C), rows sum to 1, or each class for itself where a row may have several."""
    labels: list[str]
    """Where a row may have several, as ``label_cells.join_cell`` writes them."""
    sets: NDArray[np.bool_] | None = None
    """(n, C): the classes said, where a row may have several."""
    certainty: Matrix | None = None
    names: Sequence[tuple[str, ...]] | None = None
    """Of the classes said, where a row may have several."""
    unknown: Matrix | None = None
    """How little each row fits any class, (n,), 0..1; from 0.5 on it fits none."""

    @property
    def confidence(self) -> Matrix:
        """Probability of the answer, (n,); with several classes, how sure the least sure of them is."""
        if self.certainty is not None:
            return self.certainty
        best: Matrix = self.probabilities.max(axis=1)
        return best

    def cell(self, place: int, as_list: bool) -> object:
        """The answer for a cell of a table; ``as_list`` where cells can hold lists of names."""
        return self.labels[place] if self.names is None else several_cell(self.names[place], as_list)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a model comes from: what the model card says, and what refitting its head needs."""

    base_model: str = ""
    preset: str = ""
    seed: int = 0
    recipe: str = ""
    data_sha256: str = ""
    uses_class_names: bool = True
    c: float = 1.0
    """Inverse penalty of the head."""
    versions: tuple[tuple[str, str], ...] = ()


def model_name(model: str) -> str:
    """What a model card calls ``model``: an id as it is, of a folder its name and not where it lay."""
    return Path(model).name if len(Path(model).parts) > 1 else model


@dataclass(frozen=True, slots=True, eq=False)
class TrainedModel:
    """Nothing changes after construction, so ``predict`` may be called from several threads."""

    encoder: TextEncoder
    head: LinearHead
    class_names: tuple[str, ...]
    class_ids: tuple[int, ...]
    temperature: float = 1.0
    provenance: Provenance = field(default_factory=Provenance)
    summary: RunSummary | None = None
    several: Deciding | None = None
    """How sets are decided, where a row may have several classes."""
    unknown: UnknownGauge | None = None
    """By what rows that fit no class are noticed; it needs some labels."""

    @classmethod
    def load(cls, folder: Path | str) -> TrainedModel:
        """The model saved in ``folder``; checks every file and runs nothing. Raises ``UserError``."""
        from fsl_desktop.learn.export import load_model_folder

        return load_model_folder(Path(folder))

    def save(self, folder: Path | str) -> None:
        """Write the model folder; it appears whole or not at all. Raises ``UserError`` where it cannot."""
        from fsl_desktop.learn.export import save_model_folder

        save_model_folder(self, Path(folder))

    def predict(
        self,
        texts: Sequence[str],
        *,
        progress: ProgressCall | None = None,
        cancelled: CancelCall | None = None,
    ) -> Prediction:
        """Answers to ``texts``; ``Stopped`` when cancelled."""
        return self.answers(self.encoder.encode(list(texts), progress=progress, cancelled=cancelled))

    def answers(self, vectors: Matrix) -> Prediction:
        """Answers to texts with these embeddings (n, d)."""
        if self.several is None:
            logits = self.logits(vectors)
            probabilities = softmax(logits)
            index = logits.argmax(axis=1).astype(np.int64)
            unknown = self.unknown.score(vectors, logits) if self.unknown is not None else None
            return Prediction(
                index, probabilities, [self.class_names[place] for place in index], unknown=unknown
            )
        probabilities = self.probabilities(vectors)
        index = probabilities.argmax(axis=1).astype(np.int64) if len(vectors) else np.zeros(0, np.int64)
        said = self.several.sets(probabilities)
        names = [tuple(self.class_names[place] for place in np.flatnonzero(row)) for row in said]
        sure = self.several.certainty(probabilities)
        return Prediction(index, probabilities, [join_cell(row) for row in names], said, sure, names)

    def logits(self, vectors: Matrix) -> Matrix:
        """Calibrated: the softmax of them are the probabilities of a row that has one class, (n, C)."""
        scaled: Matrix = self.head.logits(vectors) / np.float32(self.temperature)
        return scaled

    def probabilities(self, vectors: Matrix) -> Matrix:
        """Calibrated probabilities (n, C) from embeddings (n, d)."""
        if self.several is not None:
            return sigmoid(self.head.logits(vectors), self.temperature)
        return softmax(self.head.logits(vectors), self.temperature)
