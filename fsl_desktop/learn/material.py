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
from fsl_desktop.learn.heads import LinearHead, Matrix, softmax
from fsl_desktop.learn.methods.instant import C_FROZEN, fit_instant
from fsl_desktop.learn.methods.pairwise import C_TUNED, Pool, Recipe, Tuner
from fsl_desktop.learn.methods.selftrain import (
    LEAST_POOL,
    MOST_POOL,
    expected_shares,
    pseudo_labels,
    self_train,
)
from fsl_desktop.learn.name_texts import classes_of_names
from fsl_desktop.learn.unknown import own_distance

MOST_ROWS = 1000
"""More rows than a run's steps can look at need no hidden states kept (a token takes 1.5 kB)."""
MOST_REFINED = 240
"""Unlabelled rows that the layers learn from: as many as the steps draw."""
_CHUNK = 128
_FROZEN_SHARE = 2.0
_C_BOTH = 4.0
"""Guesses about unlabelled rows come from a head on tuned and frozen embeddings side by side, the frozen
ones twice as long: the two err differently."""


@dataclass(slots=True, eq=False)
class Material:
    """Rows are indices into ``data``. Where texts stand together, the class names come after the rows, and
    the unlabelled rows last."""

    data: TrainingData
    encoder: TextEncoder
    names: tuple[str, ...]
    """``name_examples`` of the data; empty where they do not take part."""
    pool: tuple[str, ...] = ()
    """Unlabelled rows that take part; empty where they do not, or are too few."""
    frozen: Matrix = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    """(n, d) embeddings of the rows by the encoder as it came."""
    frozen_names: Matrix | None = None
    frozen_pool: Matrix = field(default_factory=lambda: np.zeros((0, 0), np.float32))
    rows: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    """The rows that take part in tuning: all, or a sample in which every class has its share."""
    _short: dict[int, Tensor] = field(default_factory=dict)
    _full: dict[int, Tensor] = field(default_factory=dict)

    def embed(self, cache: EmbeddingCache | None, cancelled: CancelCall) -> Iterator[Event]:
        """Fill ``frozen``, ``frozen_names`` and ``frozen_pool``."""
        texts = self._texts()
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
        n, named = len(self.data.texts), len(self.data.texts) + len(self.names)
        self.frozen = out[:n]
        self.frozen_names = out[n:named] if self.names else None
        self.frozen_pool = out[named:]

    def lower(
        self, recipe: Recipe, refining: Recipe | None, seed: int, cancelled: CancelCall
    ) -> Iterator[Event]:
        """Choose ``rows`` and fill the hidden states below the layers that ``recipe`` trains."""
        self.rows = _sample(self.data.labels, seed)
        places = self._with_names(self.rows)
        extra = self._refined() if refining is not None else []
        below = max(0, self.encoder.n_layers - recipe.layers)
        total = len(places) + len(extra)
        for start in range(0, len(places), _CHUNK):
            part = places[start : start + _CHUNK]
            full = self._hidden(part, below, None, cancelled)
            self._full.update(zip(part, full, strict=True))
            self._short.update(zip(part, full, strict=True))
            long = [place for place in part if len(self._full[place]) > recipe.max_tokens]
            self._short.update(
                zip(long, self._hidden(long, below, recipe.max_tokens, cancelled), strict=True)
            )
            yield Progress(Phase.ENCODING, start + len(part), total)
        for start in range(0, len(extra), _CHUNK):
            part = extra[start : start + _CHUNK]
            assert refining is not None
            cut = self._hidden(part, below, refining.max_tokens, cancelled)
            self._short.update(zip(part, cut, strict=True))
            yield Progress(Phase.ENCODING, len(places) + start + len(part), total)

    def leave_names_out(self) -> None:
        """From here on the class names take no part; before :meth:`lower`."""
        self.names, self.frozen_names = (), None

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

    def frozen_head(self, rows: NDArray[np.int64], *, self_trained: bool) -> LinearHead:
        """The head on frozen embeddings of ``rows``; ``self_trained``: the unlabelled ones as well."""
        vectors, labels, names = self.frozen[rows], self.data.labels[rows], self.frozen_names
        if self_trained:
            return self_train(vectors, labels, names, self.frozen_pool, self.data.n_classes, c=C_FROZEN)
        return fit_instant(vectors, labels, names, self.data.n_classes)

    def tuned_vectors(self, tuner: Tuner, rows: NDArray[np.int64]) -> tuple[Matrix, Matrix | None]:
        """Embeddings of whole rows, and of the names, by the tuned layers."""
        vectors = tuner.vectors([self._full[place] for place in self._with_names(rows)]).numpy()
        return vectors[: len(rows)], vectors[len(rows) :] if self.names else None

    def tuned_answers(
        self, tuner: Tuner, train: NDArray[np.int64], held: NDArray[np.int64]
    ) -> tuple[Matrix, NDArray[np.float64]]:
        """(what a head on tuned embeddings of rows ``train`` says about rows ``held``, (m, C); how far each
        is from the class that it is called, (m,))"""
        vectors, names = self.tuned_vectors(tuner, train)
        labels = self.data.labels[train]
        head = fit_instant(vectors, labels, names, self.data.n_classes, c=C_TUNED)
        asked = tuner.vectors([self._full[row] for row in held]).numpy()
        logits = head.logits(asked)
        return softmax(logits), own_distance(asked, logits.argmax(axis=1), vectors, labels)

    def guesses(self, tuner: Tuner, rows: NDArray[np.int64]) -> Pool:
        """The unlabelled rows with what a model that was trained on ``rows`` takes them for."""
        parts = [self._short[place] for place in self._refined()]
        vectors, names = self.tuned_vectors(tuner, rows)
        around = _beside(tuner.vectors(parts).numpy(), self.frozen_pool[: len(parts)])
        both_names = None
        if names is not None and self.frozen_names is not None:
            both_names = _beside(names, self.frozen_names)
        labels, n_classes = self.data.labels[rows], self.data.n_classes
        head = self_train(
            _beside(vectors, self.frozen[rows]), labels, both_names, around, n_classes, c=_C_BOTH
        )
        expected = expected_shares(labels, n_classes, names is not None)
        return Pool(parts, *pseudo_labels(softmax(head.logits(around)), expected))

    def _texts(self) -> list[str]:
        return [*self.data.texts, *self.names, *self.pool]

    def _hidden(
        self, places: list[int], below: int, max_tokens: int | None, cancelled: CancelCall
    ) -> list[Tensor]:
        texts = self._texts()
        return self.encoder.lower(
            [texts[place] for place in places], below, max_tokens=max_tokens, cancelled=cancelled
        )

    def _with_names(self, rows: NDArray[np.int64]) -> list[int]:
        n = len(self.data.texts)
        return [*rows.tolist(), *range(n, n + len(self.names))]

    def _refined(self) -> list[int]:
        first = len(self.data.texts) + len(self.names)
        return list(range(first, first + min(len(self.pool), MOST_REFINED)))

    def _labels(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        names = classes_of_names(len(self.names), self.data.n_classes)
        return np.concatenate([self.data.labels[rows], names])


def pool_of(texts: Sequence[str], seed: int) -> tuple[str, ...]:
    """The unlabelled rows that take part: a random sample, none where they are too few."""
    if len(texts) < LEAST_POOL:
        return ()
    chosen = np.random.default_rng(seed).permutation(len(texts))[:MOST_POOL]
    return tuple(texts[row] for row in chosen)


def _beside(tuned: Matrix, frozen: Matrix) -> Matrix:
    return np.concatenate([tuned, np.float32(_FROZEN_SHARE) * frozen], axis=1)


def _sample(labels: NDArray[np.int64], seed: int) -> NDArray[np.int64]:
    if len(labels) <= MOST_ROWS:
        return np.arange(len(labels))
    shuffled = np.random.default_rng(seed).permutation(len(labels))
    few = [shuffled[labels[shuffled] == label][:8] for label in np.unique(labels)]
    return np.unique(np.concatenate([shuffled[:MOST_ROWS], *few]))
