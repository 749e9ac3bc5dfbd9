"""Accuracy of a handful of labelled clips against MFCC statistics with logistic regression.

    make bench-audio [ARGS="--sets fsdd --shots 5 --seeds 3"]
    python benchmarks/sounds.py [--sets ...] [--shots 1 5 10] [--seeds 10] [--threads N]
                                [--presets instant auto balanced] [--asked N] [--data ../shared/data]

For every set, seed and number of labels per class: the same clips for both are drawn, all the others are
answered. Ours is given those others as clips without a label too, as a project has them; its peer has no use
for them. It goes the product's own way: files are read, heard, and what was heard is kept in the cache,
which a first pass fills; the seconds are those of a run with everything in the cache, from files to a model
with its score (median). Printed are mean and standard deviation over the seeds.

Whether tuning overtakes the mix of frozen encoders, with more labels:

    python benchmarks/sounds.py --presets instant auto balanced --shots 20 50 --seeds 5
        --sets fsdd gm_instruments ktuberling_langid klettres_letters klettres_languages

"tuned" counts the runs whose tuned layers were kept. A class with no more clips than are drawn keeps one back
to be asked.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from _sound_sets import SETS, clips_of
from numpy.typing import NDArray

from fsl_desktop.core import paths
from fsl_desktop.core.audio.sound import read
from fsl_desktop.core.audio.spectrogram import mel
from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.config import Preset, Task, TrainConfig

if TYPE_CHECKING:
    from fsl_desktop.learn.sound.blocks import SoundEncoders
    from fsl_desktop.learn.sound.run import KnowNames

ROOT = Path(__file__).resolve().parents[1]
RATE = 16_000
COEFFICIENTS = 20


_USUAL = ("fsdd", "home_sounds", "gm_instruments", "ktuberling_langid")


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
    sets = [one.name for one in SETS]
    parser.add_argument("--sets", nargs="+", default=_USUAL, choices=sets, metavar="SET")
    presets = [preset.value for preset in Preset]
    parser.add_argument("--presets", nargs="+", default=["instant"], choices=presets)
    parser.add_argument("--asked", type=int, help="ask so many of the other clips at most")
    parser.add_argument("--shots", nargs="+", type=int, default=[1, 5, 10])
    parser.add_argument("--seeds", type=int, default=10)
    parser.add_argument("--threads", type=int, default=max(1, (os.cpu_count() or 1) - 1))
    parser.add_argument("--data", type=Path, default=ROOT / ".." / "shared" / "data")
    parser.add_argument("--no-class-names", action="store_true", help="names of classes take no part")
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"No sample data in {options.data.resolve()}; pass --data FOLDER. Nothing was measured.")
        return
    import torch

    from fsl_desktop.learn.encoders.text import TextEncoder
    from fsl_desktop.learn.models.shelf import Shelf
    from fsl_desktop.learn.sound.blocks import BlockCache, SoundEncoders
    from fsl_desktop.learn.sound.reader import NameReader

    torch.set_num_threads(options.threads)
    catalogue = Catalogue.load()
    ears = SoundEncoders.installed(catalogue, cache=BlockCache(paths.cache_dir()))
    names = None
    if not options.no_class_names:
        names = partial(NameReader(catalogue, Shelf(TextEncoder.load)).prior, ears)
    columns = ["set", "labels per class"]
    for preset in options.presets:
        columns += [preset, "seconds", *([] if preset == "instant" else ["tuned"])]
    columns.append("MFCC + LR")
    print("| " + " | ".join(columns) + " |\n|" + " --- |" * len(columns), flush=True)
    for one in (one for one in SETS if one.name in options.sets):
        files, labels = clips_of(options.data, one)
        cepstra, truth = np.stack([mfcc(path) for path in files]), np.array(labels)
        for shots in options.shots:
            told: dict[str, list[Told]] = {preset: [] for preset in options.presets}
            theirs: list[float] = []
            for seed in range(options.seeds):
                drawn, rest = drawn_of(truth, shots, seed, options.asked)
                said = peer(cepstra[drawn], truth[drawn].tolist(), cepstra[rest])
                theirs.append(100 * float((np.array(said) == truth[rest]).mean()))
                for number, preset in enumerate(options.presets):
                    if seed == 0 and number == 0 and shots == options.shots[0]:
                        tell(files, truth, drawn, rest, "instant", seed, ears, names)  # fills the cache
                    told[preset].append(tell(files, truth, drawn, rest, preset, seed, ears, names))
                    print(f"{one.name} {shots} seed {seed} {preset}: {told[preset][-1]}", file=sys.stderr)
            cells: list[object] = [one.name, shots]
            for preset, runs in told.items():
                cells += [_spread([run.right for run in runs])]
                cells.append(f"{statistics.median(run.seconds for run in runs):.2f}")
                if preset != "instant":
                    cells.append(f"{sum(run.tuned for run in runs)} of {len(runs)}")
            print("| " + " | ".join(map(str, [*cells, _spread(theirs)])) + " |", flush=True)


@dataclass(frozen=True)
class Told:
    """What came of one run."""

    right: float
    """Per cent of the clips that were asked; one that cannot be read is a wrong answer."""
    seconds: float
    tuned: bool


def tell(
    files: Sequence[Path],
    truth: NDArray[np.str_],
    drawn: NDArray[np.int64],
    rest: NDArray[np.int64],
    preset: str,
    seed: int,
    ears: SoundEncoders,
    names: KnowNames | None,
) -> Told:
    from fsl_desktop.learn.sound.clips import Clip
    from fsl_desktop.learn.sound.data import SoundData
    from fsl_desktop.learn.sound.run import SoundTraining
    from fsl_desktop.learn.sound.tuned import TunedEars

    asked = [Clip(files[place]) for place in rest]
    clips = [Clip(files[place]) for place in drawn]
    data = SoundData.of_lists(clips, truth[drawn].tolist(), unlabelled=asked)
    config = TrainConfig(task=Task.CLASSIFY_AUDIO, model="mix", preset=Preset(preset), seed=seed)
    began = time.perf_counter()
    training = SoundTraining(data, config, ears, names=names)
    for _ in training:
        pass
    seconds = time.perf_counter() - began
    assert training.model is not None
    places, answers, _ = training.model.predict_clips(asked)
    right = 100 * float((np.array(answers.labels) == truth[rest][places]).sum()) / len(rest)
    return Told(round(right, 1), round(seconds, 2), isinstance(training.model.ears, TunedEars))


def drawn_of(
    truth: NDArray[np.str_], shots: int, seed: int, asked: int | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(places of ``shots`` clips per class, places of the others, ``asked`` at most)."""
    chance = np.random.default_rng(seed)
    parts = []
    for name in np.unique(truth):
        mine = chance.permutation(np.flatnonzero(truth == name))
        parts.append(mine[: min(shots, len(mine) - 1)])
    drawn = np.concatenate(parts)
    rest = np.setdiff1d(np.arange(len(truth)), drawn)
    return drawn, rest if asked is None else np.sort(chance.permutation(rest)[:asked])


def _spread(values: list[float]) -> str:
    sd = statistics.stdev(values) if len(values) > 1 else 0.0
    return f"{statistics.mean(values):.1f} ± {sd:.1f}"


if __name__ == "__main__":
    main()
