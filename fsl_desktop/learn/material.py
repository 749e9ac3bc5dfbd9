"""What a run computes once from its texts: frozen embeddings, and the lower layers' hidden states."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from fsl_desktop.core.events import Event, Phase, Progress
from fsl_desktop.learn.cache import EmbeddingCache
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.encoders.text import CancelCall, TextEncoder
from fsl_desktop.learn.heads import Matrix, softmax
from fsl_desktop.learn.methods.instant import fit_instant
from fsl_desktop.learn.methods.pairwise import C_TUNED, Recipe, Tuner

MOST_ROWS = 1000
"""More rows than a run's steps can look at need no hidden states kept (a token takes 1.5 kB)."""
_CHUNK = 128


@dataclass(slots=True, eq=False)
class Material:
    """Rows are indices into ``data``; the class names come last where texts and names stand together."""

    data: TrainingData
    encoder: TextEncoder
    names: tuple[str, ...]
    """The class names as texts; empty where they do not take part."""
    frozen: Matrix = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    """(n, d) embeddings of the rows by the encoder as it came."""
    frozen_names: Matrix | None = None
    rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """The rows that take part in tuning: all, or a sample in which every class has its share."""
    _short: dict[int, Tensor] = field(default_factory=dict)
    _full: dict[int, Tensor] = field(default_factory=dict)

    def embed(self, cache: EmbeddingCache | None, cancelled: CancelCall) -> Iterator[Event]:
        """Fill ``frozen`` and ``frozen_names``."""
        texts = [*self.data.texts, *self.names]
        out = np.zeros((len(texts), self.encoder.dim), dtype=np.float32)
        for start in range(0, len(texts), _CHUNK):
            part = texts[start : start + _CHUNK]
            vectors = (
                cache.embed(self.encoder, part, cancelled=cancelled)
                if cache
                else self.encoder.encode(part, cancelled=cancelled)
            )
            out[start : start + len(part)] = vectors
            yield Progress(Phase.ENCODING, start + len(part), len(texts))
        n = len(self.data.texts)
        self.frozen = out[:n]
        self.frozen_names = out[n:] if self.names else None

    def lower(self, recipe: Recipe, seed: int, cancelled: CancelCall) -> Iterator[Event]:
        """Choose ``rows`` and fill the hidden states below the layers that ``recipe`` trains."""
        self.rows = _sample(self.data.labels, seed)
        places = self._with_names(self.rows)
        texts = [*self.data.texts, *self.names]
        below = max(0, self.encoder.n_layers - recipe.layers)
        for start in range(0, len(places), _CHUNK):
            part = places[start : start + _CHUNK]
            full = self.encoder.lower([texts[place] for place in part], below, cancelled=cancelled)
            self._full.update(zip(part, full, strict=True))
            self._short.update(zip(part, full, strict=True))
            long = [place for place in part if len(self._full[place]) > recipe.max_tokens]
            cut = self.encoder.lower(
                [texts[place] for place in long], below, max_tokens=recipe.max_tokens, cancelled=cancelled
            )
            self._short.update(zip(long, cut, strict=True))
            yield Progress(Phase.ENCODING, start + len(part), len(places))

    def n_tokens(self) -> int:
        """Tokens of all ``rows``: what encoding them once more costs."""
        return sum(len(self._full[int(row)]) for row in self.rows)

    def tuner(self, rows: NDArray[np.int64], recipe: Recipe, seed: int) -> Tuner:
        """A fresh copy of the upper layers, to be trained on ``rows`` and the class names."""
        places = self._with_names(rows)
        below = max(0, self.encoder.n_layers - recipe.layers)
        return Tuner(
            self.encoder.upper(below),
            [self._short[place] for place in places],
            self._labels(rows),
            recipe,
            pooling=self.encoder.reading.pooling,
            seed=seed,
            bfloat16=self.encoder.bfloat16,
        )

    def short(self, rows: NDArray[np.int64]) -> Sequence[Tensor]:
        """Hidden states of the beginnings of ``rows``, as the tuner is trained on."""
        return [self._short[row] for row in rows]

    def frozen_probabilities(self, train: NDArray[np.int64], held: NDArray[np.int64]) -> Matrix:
        """What the instant head fitted on rows ``train`` says about rows ``held``, (m, C)."""
        head = fit_instant(
            self.frozen[train], self.data.labels[train], self.frozen_names, self.data.n_classes
        )
        return softmax(head.logits(self.frozen[held]))

    def tuned_vectors(self, tuner: Tuner, rows: NDArray[np.int64]) -> tuple[Matrix, Matrix | None]:
        """Embeddings of whole rows, and of the names, by the tuned layers."""
        vectors = tuner.vectors([self._full[place] for place in self._with_names(rows)]).numpy()
        return vectors[: len(rows)], vectors[len(rows) :] if self.names else None

    def tuned_probabilities(self, tuner: Tuner, train: NDArray[np.int64], held: NDArray[np.int64]) -> Matrix:
        """What a head on tuned embeddings of rows ``train`` says about rows ``held``, (m, C)."""
        vectors, names = self.tuned_vectors(tuner, train)
        head = fit_instant(vectors, self.data.labels[train], names, self.data.n_classes, c=C_TUNED)
        return softmax(head.logits(tuner.vectors([self._full[row] for row in held]).numpy()))

    def _with_names(self, rows: NDArray[np.int64]) -> list[int]:
        n = len(self.data.texts)
        return [*rows.tolist(), *range(n, n + len(self.names))]

    def _labels(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.concatenate([self.data.labels[rows], np.arange(len(self.names))])


def _sample(labels: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    if len(labels) <= MOST_ROWS:
        return np.arange(len(labels))
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    few = [shuffled[labels[shuffled] == label][:8] for label in np.unique(labels)]
    return np.unique(np.concatenate([shuffled[:MOST_ROWS], *few]))
