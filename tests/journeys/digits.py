"""What is said in the sample of spoken digits, and a recording of a minute made of other ones."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import soundfile

from fsl_desktop.core.paths import resources_dir

RATE = 8000
#: What is said in some rows of the sample (from 1), as a person hears it.
SAID = {
    "seven": (11, 12, 19),
    "six": (13, 17, 30),
    "zero": (14, 16, 36),
    "nine": (15, 22, 28),
    "eight": (18, 20, 39),
    "four": (21, 23, 32),
    "one": (24, 27, 29),
    "two": (25, 38, 49),
    "three": (31, 41, 47),
    "five": (40, 44, 46),
}
#: What the microphone hears: another recording of the sample, and the word in it.
SPOKEN = ("026.flac", "seven")


def take(name: str, folder: Path) -> Path:
    """One recording of the sample as a file of its own."""
    with zipfile.ZipFile(resources_dir() / "samples" / "digits" / "digits.zip") as shipped:
        (folder / name).write_bytes(shipped.read(name))
    return folder / name


def counting(path: Path, words: int = 30) -> list[tuple[float, float]]:
    """Something said every two seconds in faint noise; where it is, to the sample. 30 are a minute."""
    chance = np.random.default_rng(0)
    spans: list[tuple[float, float]] = []
    pieces, moment = [], 0.0
    with zipfile.ZipFile(resources_dir() / "samples" / "digits" / "digits.zip") as shipped:
        for number in range(60, 60 + words):
            said, rate = soundfile.read(io.BytesIO(shipped.read(f"{number:03}.flac")), dtype="float32")
            assert rate == RATE
            pause = chance.normal(scale=0.0005, size=int(RATE * chance.uniform(1.4, 2.2)))
            pieces += [pause.astype(np.float32), said]
            moment += len(pause) / RATE
            spans.append((moment, moment + len(said) / RATE))
            moment = spans[-1][1]
    soundfile.write(path, np.concatenate(pieces), RATE)
    return spans
