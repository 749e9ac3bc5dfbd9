"""Rows with several labels made of real ones, and how well they are told apart.

There is no set with several labels among the sample data, so a row is one to three rows of a set with one
label, put behind each other, and its labels are theirs.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.label_cells import SEPARATORS, split_cell

PARTS = (0.5, 0.35, 0.15)
"""Shares of rows made of one, two and three texts."""


@dataclass(frozen=True)
class SeveralDraw:
    """One seed's rows: what is learnt from and what is answered."""

    texts: list[str]
    labels: list[list[str]]
    test_texts: list[str]
    test_labels: list[list[str]]
    class_names: list[str]


def draw_several(folder: Path, shots: int, seed: int, test_rows: int = 500) -> SeveralDraw:
    """From a folder with ``train.jsonl`` and ``test.jsonl`` (text, label): training rows until every class
    is in at least ``shots`` of them, and test rows made of other texts."""
    generator = np.random.default_rng(seed)
    train, test = _read(folder / "train.jsonl"), _read(folder / "test.jsonl")
    names = sorted({label for _, label in train})
    by_class = {name: [text for text, label in train if label == name] for name in names}
    texts: list[str] = []
    labels: list[list[str]] = []
    counts = dict.fromkeys(names, 0)
    while min(counts.values()) < shots:
        # The rarest class leads, so that no class is in many more rows than asked.
        lead = min(names, key=lambda name: (counts[name], name))
        others = [name for name in names if name != lead]
        extra = int(generator.choice(len(PARTS), p=PARTS))
        chosen = [lead, *generator.choice(others, min(extra, len(others)), replace=False).tolist()]
        pieces = [by_class[name][int(generator.integers(len(by_class[name])))] for name in chosen]
        texts.append(" ".join(pieces))
        labels.append(sorted(chosen))
        for name in chosen:
            counts[name] += 1
    test_texts, test_labels = [], []
    for _ in range(test_rows):
        n = 1 + int(generator.choice(len(PARTS), p=PARTS))
        picked = [test[place] for place in generator.choice(len(test), n, replace=False)]
        test_texts.append(" ".join(text for text, _ in picked))
        test_labels.append(sorted({label for _, label in picked}))
    return SeveralDraw(texts, labels, test_texts, test_labels, names)


def sets_of(labels: Sequence[str], names: Sequence[str]) -> NDArray[np.bool_]:
    """(n, C) from cells as ``join_cell`` writes them."""
    rows = [split_cell(cell, SEPARATORS[0]) or () for cell in labels]
    return np.array([[name in row for name in names] for row in rows], dtype=np.bool_)


def _read(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return [(str(row["text"]), str(row.get("label_name", row["label"]))) for row in rows]
