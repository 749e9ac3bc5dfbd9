"""Pools of rows for the benchmarks that choose rows or spoil labels: frozen embeddings, read once, and the
product's own instant model on them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from _sound_sets import SETS as SOUND_SETS
from _sound_sets import clips_of
from _text_sets import read
from numpy.typing import NDArray

from fsl_desktop.core import paths
from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.learn.cache import EmbeddingCache
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.fitted import Fitted, fit_project, pool_rows
from fsl_desktop.learn.heads import Matrix, softmax
from fsl_desktop.learn.methods.instant import C_FROZEN
from fsl_desktop.learn.methods.mix import MOST_POOL
from fsl_desktop.learn.orders.views import compact
from fsl_desktop.learn.sound.blocks import BlockCache, SoundEncoders
from fsl_desktop.learn.sound.clips import Clip
from fsl_desktop.learn.sound.fitted import FittedMix, fit_sounds
from fsl_desktop.learn.trained import Provenance
from fsl_desktop.learn.unknown import directions_of

MOST_ROWS = 2000
TEST_ROWS = 1000
Rows = NDArray[np.int64]


class Said(Protocol):
    """What an instant model says: probabilities of every row of the pool (n, C), classes of the test rows."""

    shares: Matrix
    test: Rows


@dataclass(frozen=True, eq=False)
class Answers:
    shares: Matrix
    test: Rows
    kept: Any
    """What the next fit may begin from."""


@dataclass(frozen=True, eq=False)
class Pool:
    """One draw. ``seen`` (n, d) is how rows are told apart, ``plain`` (n, D) what a peer learns from."""

    name: str
    classes: list[str]
    labels: Rows
    test_labels: Rows
    seen: Matrix
    plain: Matrix
    test_plain: Matrix

    def fit(self, rows: Rows, before: Answers | None = None) -> Answers | None:
        """The instant model on the labelled ``rows`` (m,); None where it cannot say anything yet."""
        raise NotImplementedError

    def _free(self, rows: Rows) -> Rows:
        return np.setdiff1d(np.arange(len(self.labels)), rows)


@dataclass(frozen=True, eq=False)
class TextPool(Pool):
    texts: list[str]
    encoder: TextEncoder
    embed: Any

    def data(self, rows: Rows, labels: Rows | None = None) -> TrainingData:
        given = self.labels[rows] if labels is None else labels
        return TrainingData.of_lists(
            [self.texts[row] for row in rows], [self.classes[label] for label in given], self.classes
        )

    def fit(self, rows: Rows, before: Answers | None = None) -> Answers | None:
        data = self.data(rows)
        names = self.embed(data.name_examples())
        others = self.plain[pool_rows(self._free(rows), len(self.classes))]
        previous: Fitted | None = before.kept if before is not None else None
        source = Provenance(c=C_FROZEN)
        fitted = fit_project(data, self.plain[rows], names, self.encoder, source, previous, others)
        test = fitted.model.logits(self.test_plain).argmax(axis=1)
        return Answers(softmax(fitted.model.logits(self.plain)), test, fitted)


@dataclass(frozen=True, eq=False)
class SoundPool(Pool):
    blocks: list[Matrix] = field(default_factory=list)
    test_blocks: list[Matrix] = field(default_factory=list)

    def fit(self, rows: Rows, before: Answers | None = None) -> Answers | None:
        data = self.data(rows)
        if len(np.unique(data.labels)) < 2:
            return None
        free = self._free(rows)
        others = np.sort(np.random.default_rng(0).permutation(free)[:MOST_POOL])
        labelled, around = ([block[part] for block in self.blocks] for part in (rows, others))
        mix: FittedMix = fit_sounds(data, np.arange(len(rows)), labelled, around, None)
        test = mix.probabilities(self.test_blocks).argmax(axis=1)
        return Answers(mix.probabilities(self.blocks), test, mix)

    def data(self, rows: Rows, labels: Rows | None = None) -> TrainingData:
        given = self.labels[rows] if labels is None else labels
        return TrainingData.of_lists(
            [str(row) for row in rows], [self.classes[i] for i in given], self.classes
        )


class Texts:
    """A set of texts with its embeddings; :meth:`draw` as often as there are seeds."""

    def __init__(self, data: Path, name: str, most_read: int = 6000) -> None:
        self.name = name
        self._encoder = TextEncoder.load(Catalogue.load().resolve("minilm"))
        self._cache = EmbeddingCache(paths.cache_dir())
        folder = data / "text" / name
        chance = np.random.default_rng(0)
        self._train, self._test = (
            [rows[place] for place in chance.permutation(len(rows))[:most]]
            for rows, most in (
                (read(folder / "train.jsonl"), most_read),
                (read(folder / "test.jsonl"), TEST_ROWS),
            )
        )
        self.classes = sorted({label for _, label in self._train})
        self._vectors = self._cache.embed(self._encoder, [text for text, _ in self._train])
        self._test_vectors = self._cache.embed(self._encoder, [text for text, _ in self._test])

    def draw(self, seed: int, most: int = MOST_ROWS) -> TextPool:
        """Up to ``most`` rows, and never more than three quarters, so that draws differ."""
        chance = np.random.default_rng(seed)
        rows = chance.permutation(len(self._train))[: min(most, len(self._train) * 3 // 4)]
        plain = self._vectors[rows]
        return TextPool(
            self.name,
            self.classes,
            self._labels([self._train[row][1] for row in rows]),
            self._labels([label for _, label in self._test]),
            compact(plain),
            plain,
            self._test_vectors,
            [self._train[row][0] for row in rows],
            self._encoder,
            self._names,
        )

    def _labels(self, labels: Sequence[str]) -> Rows:
        return np.array([self.classes.index(label) for label in labels], np.int64)

    def _names(self, texts: Sequence[str]) -> Matrix:
        return self._cache.embed(self._encoder, texts)


class Sounds:
    """A set of recordings with what was heard; a quarter of each draw is asked."""

    def __init__(self, data: Path, name: str) -> None:
        self.name = name
        one = next(each for each in SOUND_SETS if each.name == name)
        files, labels = clips_of(data, one)
        ears = SoundEncoders.installed(Catalogue.load(), cache=BlockCache(paths.cache_dir()))
        self._blocks = ears.blocks([Clip(file).samples() for file in files])
        self.classes = sorted(set(labels))
        self._labels = np.array([self.classes.index(label) for label in labels], np.int64)

    def draw(self, seed: int, most: int = MOST_ROWS) -> SoundPool:
        order = np.random.default_rng(seed).permutation(len(self._labels))
        test, rows = np.split(order, [len(order) // 4])
        rows = rows[:most]
        blocks, asked = ([block[part] for block in self._blocks] for part in (rows, test))
        middles = [block.mean(axis=0) for block in blocks]
        plain, test_plain = (
            np.concatenate([directions_of(b - m) for b, m in zip(part, middles, strict=True)], axis=1)
            for part in (blocks, asked)
        )
        # The rows' own span: inner products stay as they are, and a peer is not slowed by thousands of zeros.
        span, _ = np.linalg.qr(plain.T)
        plain, test_plain = plain @ span, test_plain @ span
        labels, test_labels = self._labels[rows], self._labels[test]
        seen = compact(np.concatenate([directions_of(block) for block in blocks], axis=1))
        return SoundPool(self.name, self.classes, labels, test_labels, seen, plain, test_plain, blocks, asked)


def opened(data: Path, name: str) -> Texts | Sounds:
    """The set of this name, of texts or of recordings."""
    return Sounds(data, name) if name in {one.name for one in SOUND_SETS} else Texts(data, name)


def threads() -> int:
    """As many as the program's child process uses."""
    return max(1, (os.cpu_count() or 1) - 1)
