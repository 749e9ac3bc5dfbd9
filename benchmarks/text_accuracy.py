"""Accuracy of the presets against scikit-learn's logistic regression on the same frozen embeddings.

    python benchmarks/text_accuracy.py [--sets trec6 banking77 ag_news] [--shots 8] [--seeds 5]
                                       [--data ../shared/data] [--json FILE]

For every set and seed: draw ``shots`` training rows per class, train with each preset, and answer up to
500 test rows, the same for all. Prints accuracy in per cent as mean ± sd over the seeds, the seconds of a
fit, and by how much each preset differs from the peer.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
import warnings
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.config import Preset, TrainConfig

PEER = "LR on embeddings"
TEST_ROWS = 500


@dataclass
class Result:
    accuracy: list[float] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)


@dataclass(frozen=True)
class Draw:
    """One seed's rows: what is trained on and what is answered."""

    texts: list[str]
    labels: list[str]
    test_texts: list[str]
    test_labels: NDArray[np.str_]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", nargs="+", default=["trec6", "banking77", "ag_news"])
    parser.add_argument("--shots", type=int, default=8)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--presets", nargs="+", default=[preset.value for preset in Preset])
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[1] / ".." / "shared" / "data")
    parser.add_argument("--model", default="minilm")
    parser.add_argument("--json", type=Path, help="also write every single figure to this file")
    options = parser.parse_args()
    if not options.data.is_dir():
        print(f"No sample data in {options.data.resolve()}; pass --data FOLDER. Nothing was measured.")
        return
    import torch

    from fsl_desktop.learn.encoders.text import TextEncoder

    torch.set_num_threads(max(1, (os.cpu_count() or 1) - 1))  # as in the child process
    encoder = TextEncoder.load(Catalogue.load().resolve(options.model))
    results: dict[str, dict[str, Result]] = {}
    for name in options.sets:
        found = results.setdefault(name, {})
        for seed in range(options.seeds):
            measure(found, draw(options.data / "text" / name, options.shots, seed), encoder, options, seed)
            print(f"{name} seed {seed}: {last(found)}", file=sys.stderr, flush=True)
            if options.json:
                options.json.write_text(json.dumps(results, default=vars, indent=1))
    report(results, options)


def draw(folder: Path, shots: int, seed: int) -> Draw:
    train, test = read(folder / "train.jsonl"), read(folder / "test.jsonl")
    chance = np.random.default_rng(seed)
    labels = np.array([label for _, label in train])
    chosen = [
        int(row)
        for label in np.unique(labels)
        for row in chance.permutation(np.flatnonzero(labels == label))[:shots]
    ]
    asked = chance.permutation(len(test))[:TEST_ROWS]
    return Draw(
        [train[row][0] for row in chosen],
        [train[row][1] for row in chosen],
        [test[row][0] for row in asked],
        np.array([test[row][1] for row in asked]),
    )


def read(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8") as lines:
        return [(row["text"], row["label"]) for row in map(json.loads, lines)]


def measure(
    found: dict[str, Result], rows: Draw, encoder: object, options: argparse.Namespace, seed: int
) -> None:
    from fsl_desktop.learn.data import TrainingData
    from fsl_desktop.learn.encoders.text import TextEncoder
    from fsl_desktop.learn.loop import Training

    assert isinstance(encoder, TextEncoder)
    peer(found.setdefault(PEER, Result()), rows, encoder)
    for preset in options.presets:
        began = time.perf_counter()
        data = TrainingData.of_lists(rows.texts, rows.labels)
        training = Training(data, TrainConfig(preset=Preset(preset), seed=seed), encoder)
        for _ in training:
            pass
        seconds = time.perf_counter() - began
        assert training.model is not None
        answers = np.array(training.model.predict(rows.test_texts).labels)
        result = found.setdefault(preset, Result())
        result.accuracy.append(100 * float((answers == rows.test_labels).mean()))
        result.seconds.append(seconds)


def peer(result: Result, rows: Draw, encoder: object) -> None:
    from sklearn.linear_model import LogisticRegression

    from fsl_desktop.learn.encoders.text import TextEncoder

    assert isinstance(encoder, TextEncoder)
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model = LogisticRegression(max_iter=1000).fit(encoder.encode(rows.texts), rows.labels)
    result.seconds.append(time.perf_counter() - began)
    answers = model.predict(encoder.encode(rows.test_texts))
    result.accuracy.append(100 * float((answers == rows.test_labels).mean()))


def last(found: dict[str, Result]) -> str:
    return ", ".join(
        f"{name} {one.accuracy[-1]:.1f} ({one.seconds[-1]:.1f} s)" for name, one in found.items()
    )


def report(results: dict[str, dict[str, Result]], options: argparse.Namespace) -> None:
    columns = [PEER, *options.presets]
    print(f"\nAccuracy, {options.shots} labels per class, mean ± sd of {options.seeds} seeds")
    print("In brackets the seconds of a fit, median\n")
    print("| set | " + " | ".join(columns) + " |")
    print("|---" * (len(columns) + 1) + "|")
    for name, found in results.items():
        cells = [cell(found[column]) for column in columns]
        print(f"| {name} | " + " | ".join(cells) + " |")
    print(f"\nDifference from {PEER}, points, mean of the seeds (worst seed)\n")
    for name, found in results.items():
        for preset in options.presets:
            gain = np.subtract(found[preset].accuracy, found[PEER].accuracy)
            print(f"{name:20} {preset:10} {gain.mean():+5.1f} ({gain.min():+.1f})")


def cell(result: Result) -> str:
    mean, spread = np.mean(result.accuracy), np.std(result.accuracy)
    return f"{mean:.1f} ± {spread:.1f} ({np.median(result.seconds):.1f} s)"


if __name__ == "__main__":
    main()
