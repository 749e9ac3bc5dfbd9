"""Make the sample project of sounds out of the free spoken digit dataset.

    python packaging/make_sound_sample.py ../shared/data/audio/fsdd

Takes four recordings of each digit by each of the six speakers, mixes them up with a fixed seed, numbers
them, and writes resources/samples/digits: a zip of FLAC files as they came, and a manifest that says what the
first ten are. The same source gives the same files.
"""

from __future__ import annotations

import csv
import json
import sys
import zipfile
from pathlib import Path

import numpy as np

TARGET = Path(__file__).resolve().parent.parent / "resources" / "samples" / "digits"
WORDS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
EACH = 4
# So that a zip that is made again is the same, byte for byte.
WHEN = (2026, 1, 1, 0, 0, 0)


def main(source: Path) -> None:
    with (source / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = sorted(csv.DictReader(file), key=lambda row: row["file"])
    chance = np.random.default_rng(0)
    chosen: list[dict[str, str]] = []
    for digit in range(10):
        for speaker in sorted({row["speaker"] for row in rows}):
            mine = [row for row in rows if row["label"] == str(digit) and row["speaker"] == speaker]
            chosen += [mine[int(place)] for place in chance.permutation(len(mine))[:EACH]]
    mixed = [chosen[int(place)] for place in chance.permutation(len(chosen))]
    # One of each digit comes first: the ones that are labelled.
    first = [next(row for row in mixed if row["label"] == str(digit)) for digit in chance.permutation(10)]
    ordered = [*first, *(row for row in mixed if all(row is not one for one in first))]
    TARGET.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(TARGET / "digits.zip", "w") as made:
        for number, row in enumerate(ordered, start=1):
            info = zipfile.ZipInfo(f"{number:03}.flac", WHEN)
            made.writestr(info, (source / row["file"]).read_bytes())
    labels = {f"{number:03}.flac": WORDS[int(row["label"])] for number, row in enumerate(first, start=1)}
    manifest = {
        "name": "Spoken digits",
        "task": "classify-audio",
        "sounds": "digits.zip",
        "classes": list(WORDS),
        "labels": labels,
    }
    (TARGET / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
