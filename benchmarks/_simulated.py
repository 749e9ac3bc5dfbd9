"""Projects as users would have them, drawn from labelled sets: few labels, many rows to know the truth by."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from fsl_desktop.learn.encoders.text import TextEncoder

SUBSETS = {"banking77": (10, 25, 77, 10, 25, 10, 25)}
"""Sets of many classes are also drawn with fewer of them, in turn; all of them take longest by far."""
MOST_ROWS = 6000
"""Rows of a set that are drawn from."""
OTHERS = 100
"""Rows that are not judged by, for further labels."""


@dataclass(frozen=True)
class Project:
    """Rows are places in ``texts``; ``names`` are the classes, ``labels`` their indices."""

    set: str
    shots: int
    seed: int
    texts: list[str]
    labels: NDArray[np.int64]
    names: list[str]
    labelled: NDArray[np.int64]
    held_out: NDArray[np.int64]
    """Not labelled here; the truth is measured on them. Other projects label some of them: one sample that
    all projects share would be wrong for all of them in the same direction."""
    others: NDArray[np.int64]
    """A few more, shuffled: where further labels come from."""
    unlabelled: NDArray[np.int64]
    """Rows that take part without a label."""

    def texts_of(self, rows: NDArray[np.int64]) -> list[str]:
        return [self.texts[row] for row in rows]


@dataclass(frozen=True)
class Sample:
    """Rows of a set, as many as a large project has."""

    name: str
    texts: list[str]
    labels: list[str]

    @classmethod
    def read(cls, folder: Path) -> Sample:
        rows: list[tuple[str, str]] = []
        for part in ("train.jsonl", "test.jsonl"):
            with (folder / part).open(encoding="utf-8") as lines:
                rows += [(row["text"], str(row["label"])) for row in map(json.loads, lines)]
        chosen = np.random.default_rng(0).permutation(len(rows))[:MOST_ROWS]
        return cls(folder.name, [rows[row][0] for row in chosen], [rows[row][1] for row in chosen])

    def draw(
        self,
        shots: int,
        seed: int,
        names: list[str] | None = None,
        *,
        held_out: int = MOST_ROWS,
        unlabelled: int = 0,
    ) -> Project:
        """``shots`` labelled rows of each class of ``names`` (or of a subset of all, by the seed)."""
        chance = np.random.default_rng([seed, shots])
        every = sorted(set(self.labels))
        if names is None:
            sizes = SUBSETS.get(self.name, (len(every),))
            size = sizes[seed % len(sizes)]
            names = sorted(chance.choice(every, size, replace=False).tolist())
        place = {name: index for index, name in enumerate(names)}
        labels = np.array([place.get(label, -1) for label in self.labels], dtype=np.int64)
        free = chance.permutation(np.flatnonzero(labels >= 0))
        labelled = np.concatenate([free[labels[free] == index][:shots] for index in range(len(names))])
        rest = free[~np.isin(free, labelled)]
        return Project(
            self.name,
            shots,
            seed,
            self.texts,
            labels,
            names,
            labelled,
            rest[OTHERS + unlabelled :][:held_out],
            rest[:OTHERS],
            rest[OTHERS : OTHERS + unlabelled],
        )


def projects(
    samples: list[Sample], shots: list[int], seeds: range, *, held_out: int, unlabelled: int
) -> Iterator[Project]:
    for sample in samples:
        for seed in seeds:
            for each in shots:
                yield sample.draw(each, seed, held_out=held_out, unlabelled=unlabelled)


class Remembering:
    """A text encoder that reads each text once, so that a hundred projects of one set are quick."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder
        self._known: dict[str, NDArray[np.float32]] = {}
        self._cost: dict[str, float] = {}
        self._paid: set[str] = set()
        self.spared = 0.0
        """Seconds that texts took which were asked for since :meth:`forget_spared` and known before."""

    def forget_spared(self) -> None:
        """From here on every text counts once more."""
        self.spared = 0.0
        self._paid.clear()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def encode(self, texts: list[str], **how: Any) -> NDArray[np.float32]:
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        asked = set(texts) - self._paid
        self.spared += sum(self._cost[text] for text in asked if text in self._cost)
        self._paid |= asked
        if new:
            began = time.perf_counter()
            self._known.update(zip(new, self._encoder.encode(new, **how), strict=True))
            self._cost.update(dict.fromkeys(new, (time.perf_counter() - began) / len(new)))
        if not texts:
            return np.zeros((0, self._encoder.dim), np.float32)
        return np.stack([self._known[text] for text in texts])
