"""Projects as users would have them, drawn from labelled sets: few labels, many rows to know the truth by."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from fsl_desktop.learn.encoders.text import TextEncoder

SUBSETS = {"banking77": (10, 25, 77)}
"""Sets of many classes are also drawn with fewer of them, in turn."""
HELD_OUT = 2000


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
    """Never labelled; the truth is measured on them."""
    others: NDArray[np.int64]
    """The rest, shuffled: where further labels and unlabelled rows come from."""

    def texts_of(self, rows: NDArray[np.int64]) -> list[str]:
        return [self.texts[row] for row in rows]


@dataclass(frozen=True)
class Sample:
    """A whole set, with the rows that are held out from every project of it."""

    name: str
    texts: list[str]
    labels: list[str]
    held_out: NDArray[np.bool_]

    @classmethod
    def read(cls, folder: Path, held_out: int = HELD_OUT) -> Sample:
        rows: list[tuple[str, str]] = []
        for part in ("train.jsonl", "test.jsonl"):
            with (folder / part).open(encoding="utf-8") as lines:
                rows += [(row["text"], str(row["label"])) for row in map(json.loads, lines)]
        chosen = np.random.default_rng(0).permutation(len(rows))[: min(held_out, len(rows) // 2)]
        mask = np.zeros(len(rows), dtype=bool)
        mask[chosen] = True
        return cls(folder.name, [text for text, _ in rows], [label for _, label in rows], mask)

    def draw(self, shots: int, seed: int, names: list[str] | None = None) -> Project:
        """``shots`` labelled rows of each class of ``names`` (or of a subset of all, by the seed)."""
        chance = np.random.default_rng([seed, shots])
        every = sorted(set(self.labels))
        if names is None:
            sizes = SUBSETS.get(self.name, (len(every),))
            size = sizes[seed % len(sizes)]
            names = sorted(chance.choice(every, size, replace=False).tolist())
        place = {name: index for index, name in enumerate(names)}
        labels = np.array([place.get(label, -1) for label in self.labels], dtype=np.int64)
        free = chance.permutation(np.flatnonzero((labels >= 0) & ~self.held_out))
        labelled = np.concatenate([free[labels[free] == index][:shots] for index in range(len(names))])
        return Project(
            self.name,
            shots,
            seed,
            self.texts,
            labels,
            names,
            labelled,
            np.flatnonzero((labels >= 0) & self.held_out),
            free[~np.isin(free, labelled)],
        )


def projects(samples: list[Sample], shots: list[int], seeds: int) -> Iterator[Project]:
    for sample in samples:
        for seed in range(seeds):
            for each in shots:
                yield sample.draw(each, seed)


class Remembering:
    """A text encoder that reads each text once, so that a hundred projects of one set are quick."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder
        self._known: dict[str, NDArray[np.float32]] = {}

    def __getattr__(self, name: str) -> Any:
        return getattr(self._encoder, name)

    def encode(self, texts: list[str], **how: Any) -> NDArray[np.float32]:
        new = list(dict.fromkeys(text for text in texts if text not in self._known))
        if new:
            self._known.update(zip(new, self._encoder.encode(new, **how), strict=True))
        if not texts:
            return np.zeros((0, self._encoder.dim), np.float32)
        return np.stack([self._known[text] for text in texts])
