"""Whether what the program says about its models is true, over a hundred simulated projects.

    python benchmarks/trust.py [--sets trec6 ...] [--shots 4 8 16] [--seeds 7] [--first-seed 0]
                               [--preset instant] [--unlabelled 0] [--held-out 6000]
                               [--data ../shared/data] [--json FILE]

A project is a few labelled rows per class of a set; the program trains on them and tells its accuracy with
a 95 % interval, its probabilities, and what 20 more labels would add. The truth is measured on the other
rows of the set, of which up to 6,000 are drawn from. Rows of classes that nobody named are tried on
banking77, three classes held out. Prints one line per figure with what is required; it always ends well if
it could measure. What the intervals rest on was chosen on seeds from 1000 on, never on the first, which are
reported: docs/decisions/0004.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from _simulated import MOST_ROWS, Project, Remembering, Sample, projects
from _trust_report import MORE, Told, mean, report
from numpy.typing import NDArray

from fsl_desktop.core import metrics
from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.intervals import mean_confusion, per_class
from fsl_desktop.core.labels import spoken_name
from fsl_desktop.core.reliability import calibration_error

if TYPE_CHECKING:
    from fsl_desktop.core.events import Score

SETS = ["trec6", "banking77", "snips", "ag_news", "tweeteval_emotion"]
LEFT_OUT, LEFT_OUT_SHOTS, TRIPLES = 3, 8, 6
POOL = 2000


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", nargs="+", default=SETS)
    parser.add_argument("--shots", nargs="+", type=int, default=[4, 8, 16])
    parser.add_argument("--seeds", type=int, default=7)
    parser.add_argument("--first-seed", type=int, default=0, help="from 1000 on: to choose constants with")
    parser.add_argument("--held-out", type=int, default=MOST_ROWS, help="rows that the truth is measured on")
    parser.add_argument("--unlabelled", type=int, default=0, help="rows that take part without a label")
    parser.add_argument("--preset", default=Preset.INSTANT.value, choices=[one.value for one in Preset])
    parser.add_argument("--data", type=Path, default=Path(__file__).parents[1] / ".." / "shared" / "data")
    parser.add_argument("--model", default="minilm")
    parser.add_argument("--json", type=Path, help="also write every single figure to this file")
    options = parser.parse_args()
    folders = [options.data / "text" / name for name in options.sets]
    absent = [folder for folder in folders if not folder.is_dir()]
    if absent:
        print(f"No sample data in {absent[0].resolve()}; pass --data FOLDER. Nothing was measured.")
        return
    import torch

    from fsl_desktop.learn.encoders.text import TextEncoder

    torch.set_num_threads(max(1, (os.cpu_count() or 1) - 1))  # as in the child process
    encoder: Any = Remembering(TextEncoder.load(Catalogue.load().resolve(options.model)))
    began = time.perf_counter()
    samples = [Sample.read(folder) for folder in folders]
    seeds = range(options.first_seed, options.first_seed + options.seeds)
    told = []
    for project in projects(
        samples, options.shots, seeds, held_out=options.held_out, unlabelled=options.unlabelled
    ):
        one = measure(project, encoder, Preset(options.preset))
        if one is not None:
            told.append(one)
            print(
                f"{one.set} {one.classes} classes x {one.shots}: told {one.told:.3f} ± {one.width / 2:.3f},"
                f" true {one.truth:.3f}{'' if one.covered else ' (outside)'}, {one.seconds:.1f} s",
                file=sys.stderr,
                flush=True,
            )
    strange = [
        unknown_aurocs(sample, seed, encoder)
        for sample in samples
        if sample.name == "banking77"
        for seed in range(TRIPLES)
    ]
    report(told, strange, options.preset)
    print(f"\nMeasured in {time.perf_counter() - began:.0f} s.")
    if options.json:
        found = {"projects": [asdict(one) for one in told], "unknown": strange}
        options.json.write_text(json.dumps(found, indent=1))


def measure(project: Project, encoder: Any, preset: Preset) -> Told | None:
    """Train as the program does, and compare; None where it says that it is too early to tell."""
    from fsl_desktop.core.events import Finished

    began = time.perf_counter()
    model, events = train(project, encoder, preset)
    seconds = time.perf_counter() - began
    summary = next(event.summary for event in events if isinstance(event, Finished))
    if summary.accuracy is None or summary.macro_f1 is None:
        return None
    true = project.labels[project.held_out]
    probabilities = model.predict(project.texts_of(project.held_out)).probabilities
    answers = probabilities.argmax(axis=1)
    right = answers == true
    raw = np.power(np.maximum(probabilities.astype(np.float64), 1e-12), model.temperature)
    raw /= raw.sum(axis=1, keepdims=True)
    ids = list(range(len(project.names)))
    classes = [
        (told, real)
        for told, real in zip(
            summary.per_class, per_class(mean_confusion(true, answers, ids), ids), strict=True
        )
        if real.support
    ]
    forecast, gains = forecast_and_gains(project, encoder)
    return Told(
        project.set,
        project.shots,
        len(project.names),
        truth=float(right.mean()),
        told=summary.accuracy.value,
        width=summary.accuracy.high - summary.accuracy.low,
        covered=covers(summary.accuracy, float(right.mean())),
        macro_width=summary.macro_f1.high - summary.macro_f1.low,
        covered_macro=covers(summary.macro_f1, metrics.macro_f1(true, answers)),
        recall_width=mean([told.recall_high - told.recall_low for told, _ in classes]),
        covered_recall=mean([told.recall_low <= real.recall <= told.recall_high for told, real in classes]),
        f1_width=mean([told.f1_high - told.f1_low for told, _ in classes]),
        covered_f1=mean([told.f1_low <= real.f1 <= told.f1_high for told, real in classes]),
        ece_before=calibration_error(raw.max(axis=1), right),
        ece_after=calibration_error(probabilities.max(axis=1), right),
        forecast=forecast,
        gains=gains,
        seconds=seconds,
    )


def covers(score: Score, truth: float) -> bool:
    return score.low <= truth <= score.high


def train(project: Project, encoder: Any, preset: Preset) -> tuple[Any, list[Any]]:
    from fsl_desktop.learn.data import TrainingData
    from fsl_desktop.learn.loop import Training

    labels = [project.names[label] for label in project.labels[project.labelled]]
    texts, unlabelled = project.texts_of(project.labelled), project.texts_of(project.unlabelled)
    data = TrainingData.of_lists(texts, labels, project.names, unlabelled)
    training = Training(data, TrainConfig(preset=preset, seed=project.seed), encoder)
    events = list(training)
    assert training.model is not None
    return training.model, events


def forecast_and_gains(
    project: Project, encoder: Any
) -> tuple[tuple[float, float, float], tuple[float, ...]]:
    """What is forecast for 20 more labels, and what three draws of 20 really add, with the instant head."""
    from fsl_desktop.learn.folds import repeated_folds
    from fsl_desktop.learn.learning_curve import learning_curve
    from fsl_desktop.learn.methods.instant import fit_instant

    n_classes = len(project.names)
    names = encoder.encode([spoken_name(name) or name for name in project.names])
    held = encoder.encode(project.texts_of(project.held_out))
    true = project.labels[project.held_out]
    vectors = encoder.encode(project.texts_of(project.labelled))
    labels = project.labels[project.labelled]
    full = fit_instant(vectors, labels, names, n_classes)
    base = float((full.logits(held).argmax(axis=1) == true).mean())
    folds = repeated_folds(labels, np.arange(len(labels)), n_classes, 5, 1, project.seed)
    assert folds is not None

    def fit(rows: NDArray[np.int64]) -> Any:
        return fit_instant(vectors[rows], labels[rows], names, n_classes, start=full, tolerance=1e-4).logits

    curve = learning_curve(vectors, labels, folds, n_classes, fit, more=MORE)
    gains = []
    for start in (0, MORE, 2 * MORE):
        rows = np.concatenate([project.labelled, project.others[start : start + MORE]])
        more = fit_instant(
            encoder.encode(project.texts_of(rows)),
            project.labels[rows],
            names,
            n_classes,
            start=full,
            tolerance=1e-4,
        )
        gains.append(float((more.logits(held).argmax(axis=1) == true).mean()) - base)
    return (curve.forecast.gain, curve.forecast.low, curve.forecast.high), tuple(gains)


def unknown_aurocs(sample: Sample, seed: int, encoder: Any) -> dict[str, float]:
    """AUROC of held-out rows of three classes that nobody named against those of the others."""
    from sklearn.metrics import roc_auc_score

    from fsl_desktop.learn.folds import repeated_folds
    from fsl_desktop.learn.methods.instant import fit_instant
    from fsl_desktop.learn.unknown import fit_unknown

    every = sorted(set(sample.labels))
    new = set(np.random.default_rng(seed).choice(every, LEFT_OUT, replace=False).tolist())
    project = sample.draw(LEFT_OUT_SHOTS, seed, [name for name in every if name not in new])
    n_classes = len(project.names)
    names = encoder.encode([spoken_name(name) or name for name in project.names])
    vectors = encoder.encode(project.texts_of(project.labelled))
    labels = project.labels[project.labelled]
    folds = repeated_folds(labels, np.arange(len(labels)), n_classes, 5, 1, seed)
    assert folds is not None
    full = fit_instant(vectors, labels, names, n_classes)

    def fit(rows: NDArray[np.int64]) -> Any:
        return fit_instant(vectors[rows], labels[rows], names, n_classes, start=full, tolerance=1e-4).logits

    others = np.setdiff1d(np.arange(len(project.texts)), project.labelled)
    others = np.random.default_rng(seed).permutation(others)
    pool = encoder.encode(project.texts_of(others[:POOL]))
    asked = encoder.encode(project.texts_of(others[POOL:]))
    is_new = project.labels[others[POOL:]] < 0
    logits = full.logits(asked)
    found = {}
    for name, rows in (("alone", None), ("among the unlabelled rows", pool)):
        gauge = fit_unknown(vectors, labels, folds[0], n_classes, full.logits, fit, rows)
        scores = gauge.score(asked, logits)
        found[name] = float(roc_auc_score(is_new, scores))
        found[f"{name}, known called unknown"] = float((scores[~is_new] > 0.5).mean())
        found[f"{name}, new called unknown"] = float((scores[is_new] > 0.5).mean())
    return found


if __name__ == "__main__":
    main()
