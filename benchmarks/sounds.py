"""Accuracy of a handful of labelled clips against MFCC statistics with logistic regression.

    make bench-audio [ARGS="--sets fsdd --shots 5 --seeds 3"]
    python benchmarks/sounds.py [--sets ...] [--shots 1 5 10] [--seeds 10] [--threads N]
                                [--data ../shared/data]

For every set, seed and number of labels per class: the same clips for both are drawn, all the others are
answered. Ours is given those others as clips without a label too, as a project has them; its peer has no use
for them. It goes the product's own way: files are read, heard, and what was heard is kept in the cache,
which a first pass fills; the seconds are those of a run with everything in the cache, from files to a model
with its score (median). Printed are mean and standard deviation over the seeds.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core import paths
from fsl_desktop.core.audio.sound import read
from fsl_desktop.core.audio.spectrogram import mel
from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.config import Preset, Task, TrainConfig

ROOT = Path(__file__).resolve().parents[1]
RATE = 16_000
COEFFICIENTS = 20


@dataclass(frozen=True)
class SoundSet:
    """``most`` clips of each class take part at most, drawn once for all seeds."""

    name: str
    most: int | None = None


SETS = (
    SoundSet("fsdd", 120),
    SoundSet("home_sounds"),
    SoundSet("gm_instruments"),
    SoundSet("ktuberling_langid", 60),
)


def clips_of(data: Path, one: SoundSet) -> tuple[list[Path], list[str]]:
    """(files, labels) of a set."""
    folder = data / "audio" / one.name
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as file:
        rows = [(folder / row["file"], row["label"]) for row in csv.DictReader(file)]
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


def mfcc(path: Path) -> NDArray[np.float64]:
    """Means and standard deviations of mel cepstral coefficients over the first 5 s, (2 x 20,)."""
    from scipy.fft import dct

    samples = read(path, 0.0, 5.0, RATE)
    frames = max(1, len(samples) // (RATE // 100))
    cepstrum = dct(mel(samples, 0, frames), axis=1, norm="ortho")[:, :COEFFICIENTS]
    return np.concatenate([cepstrum.mean(axis=0), cepstrum.std(axis=0)])


def peer(rows: NDArray[np.float64], labels: Sequence[str], asked: NDArray[np.float64]) -> list[str]:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that its default of 100 iterations was not enough
        model = make_pipeline(StandardScaler(), LogisticRegression()).fit(rows, labels)
    return [str(label) for label in model.predict(asked)]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = [one.name for one in SETS]
    parser.add_argument("--sets", nargs="+", default=names, choices=names, metavar="SET")
    parser.add_argument("--shots", nargs="+", type=int, default=[1, 5, 10])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--threads", type=int, default=max(1, (os.cpu_count() or 1) - 1))
    parser.add_argument("--data", type=Path, default=ROOT / ".." / "shared" / "data")
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"No sample data in {options.data.resolve()}; pass --data FOLDER. Nothing was measured.")
        return
    import torch

    from fsl_desktop.learn.sound.blocks import BlockCache, SoundEncoders
    from fsl_desktop.learn.sound.clips import Clip
    from fsl_desktop.learn.sound.data import SoundData
    from fsl_desktop.learn.sound.run import SoundTraining

    torch.set_num_threads(options.threads)
    ears = SoundEncoders.installed(Catalogue.load(), cache=BlockCache(paths.cache_dir()))
    print(
        "| set | labels per class | ours | seconds | MFCC + LR |\n| --- | --- | --- | --- | --- |", flush=True
    )
    for one in (one for one in SETS if one.name in options.sets):
        files, labels = clips_of(options.data, one)
        cepstra = np.stack([mfcc(path) for path in files])
        truth = np.array(labels)
        for shots in options.shots:
            ours: list[float] = []
            theirs: list[float] = []
            seconds: list[float] = []
            for seed in range(options.seeds):
                chance = np.random.default_rng(seed)
                drawn = np.concatenate(
                    [chance.permutation(np.flatnonzero(truth == name))[:shots] for name in np.unique(truth)]
                )
                rest = np.setdiff1d(np.arange(len(truth)), drawn)
                asked = [Clip(files[place]) for place in rest]
                data = SoundData.of_lists(
                    [Clip(files[place]) for place in drawn], truth[drawn].tolist(), unlabelled=asked
                )
                if seed == 0 and shots == options.shots[0]:
                    for _ in SoundTraining(data, _config(seed), ears):
                        pass  # fills the cache
                began = time.perf_counter()
                training = SoundTraining(data, _config(seed), ears)
                for _ in training:
                    pass
                seconds.append(time.perf_counter() - began)
                assert training.model is not None
                places, answers, _ = training.model.predict_clips(asked)
                said = np.array(answers.labels)
                # A clip that cannot be read is a wrong answer.
                ours.append(100 * float((said == truth[rest][places]).sum()) / len(rest))
                told = peer(cepstra[drawn], truth[drawn].tolist(), cepstra[rest])
                theirs.append(100 * float((np.array(told) == truth[rest]).mean()))
                print(f"{one.name} {shots} seed {seed}: {ours[-1]:.1f}, {theirs[-1]:.1f}", file=sys.stderr)
            cells = [one.name, shots, _spread(ours), f"{statistics.median(seconds):.2f}", _spread(theirs)]
            print("| " + " | ".join(map(str, cells)) + " |", flush=True)


def _config(seed: int) -> TrainConfig:
    return TrainConfig(task=Task.CLASSIFY_AUDIO, model="mix", preset=Preset.INSTANT, seed=seed)


def _spread(values: list[float]) -> str:
    sd = statistics.stdev(values) if len(values) > 1 else 0.0
    return f"{statistics.mean(values):.1f} ± {sd:.1f}"


if __name__ == "__main__":
    main()
