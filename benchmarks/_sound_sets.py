"""The sets of recordings that the benchmarks read, and which of their clips take part."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np


@dataclass(frozen=True)
class SoundSet:
    """``most`` clips of each class take part at most, drawn once for all seeds."""

    name: str
    most: int | None = None
    column: str = "label"
    folder: str = ""
    least: int = 1
    """Classes with fewer clips are left out."""


SETS = (
    SoundSet("fsdd", 120),
    SoundSet("home_sounds"),
    SoundSet("gm_instruments"),
    SoundSet("ktuberling_langid", 60),
    SoundSet("klettres_letters", least=8),
    SoundSet("klettres_languages", column="language", folder="klettres_letters"),
)


def clips_of(data: Path, one: SoundSet) -> tuple[list[Path], list[str]]:
    """(files, labels) of a set."""
    folder = data / "audio" / (one.folder or one.name)
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = [(folder / row["file"], row[one.column]) for row in csv.DictReader(file)]
    counts = Counter(label for _, label in rows)
    rows = [(path, label) for path, label in rows if counts[label] >= one.least]
    if one.most is not None:
        labels = np.array([label for _, label in rows])
        chance = np.random.default_rng(0)
        chosen = np.sort(
            np.concatenate(
                [chance.permutation(np.flatnonzero(labels == name))[: one.most] for name in np.unique(labels)]
            )
        )
        rows = [rows[int(place)] for place in chosen]
    return [path for path, _ in rows], [label for _, label in rows]
