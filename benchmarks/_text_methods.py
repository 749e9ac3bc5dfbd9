"""Who learns from the rows of a draw: the presets, and those they are compared with."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
import time
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from _multilabel import sets_of
from _simulated import Remembering
from _text_sets import Draw

from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.label_cells import SEPARATORS, join_cell, split_cell
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.loop import Training
from fsl_desktop.learn.several.data import SeveralData
from fsl_desktop.learn.several.run import SeveralTraining

CHILD = Path(__file__).with_name("_setfit_child.py")


@dataclass(frozen=True)
class Answer:
    """Classes of the test texts, the seconds of the fit, and what is worth noting about it."""

    labels: Sequence[str]
    seconds: float
    note: str = ""


def fit_preset(
    preset: str, rows: Draw, encoder: Remembering, seed: int, *, model: str, unlabelled: bool
) -> Answer:
    """One of ours, from texts to a model with its score: embedding, cross-validation and all.

    ``encoder`` may know the texts; what reading them took then counts all the same.
    """
    encoder.forget_spared()
    began = time.perf_counter()
    pool = rows.test_texts if unlabelled else ()
    config = TrainConfig(model=model, preset=Preset(preset), seed=seed)
    training: Training | SeveralTraining
    reader: Any = encoder
    if rows.several:
        cells = [split_cell(label, SEPARATORS[0]) or () for label in rows.labels]
        training = SeveralTraining(
            SeveralData.of_lists(rows.texts, cells, unlabelled_texts=pool), config, reader
        )
    else:
        data = TrainingData.of_lists(rows.texts, rows.labels, unlabelled_texts=pool)
        training = Training(data, config, reader)
    for _ in training:
        pass
    seconds = time.perf_counter() - began + encoder.spared
    assert training.model is not None
    return Answer(list(training.model.predict(rows.test_texts).labels), seconds)


def fit_frozen(rows: Draw, encoder: Remembering) -> Answer:
    """scikit-learn's logistic regression at its defaults on the encoder's embeddings of the texts.

    With several labels per row one for each class, with balanced weights.
    """
    from sklearn.linear_model import LogisticRegression
    from sklearn.multiclass import OneVsRestClassifier

    encoder.forget_spared()
    if rows.several:
        began = time.perf_counter()
        cells = [split_cell(label, SEPARATORS[0]) or () for label in rows.labels]
        names = sorted({name for row in cells for name in row})
        peer = OneVsRestClassifier(LogisticRegression(class_weight="balanced"))
        peer.fit(encoder.encode(rows.texts), sets_of(rows.labels, names).astype(int))
        seconds = time.perf_counter() - began + encoder.spared
        said = peer.predict(encoder.encode(rows.test_texts)).astype(bool)
        return Answer([join_cell([names[place] for place in np.flatnonzero(row)]) for row in said], seconds)
    began = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that its default of 100 iterations was not enough
        model = LogisticRegression().fit(encoder.encode(rows.texts), rows.labels)
    seconds = time.perf_counter() - began + encoder.spared
    return Answer([str(label) for label in model.predict(encoder.encode(rows.test_texts))], seconds)


def fit_setfit(rows: Draw, encoder: TextEncoder, seed: int, python: Path, threads: int) -> Answer:
    """SetFit at its defaults with the encoder's weights, in a process of the peers' own Python.

    Raises ``RuntimeError`` with the end of what it printed where it fails.
    """
    request = {
        "model": str(encoder.folder),
        "prefix": encoder.reading.prefix,
        "threads": threads,
        "seed": seed,
        "texts": rows.texts,
        "labels": rows.labels,
        "test_texts": rows.test_texts,
    }
    with tempfile.TemporaryDirectory() as folder:
        asked, answered = Path(folder) / "request.json", Path(folder) / "answer.json"
        asked.write_text(json.dumps(request), encoding="utf-8")
        done = subprocess.run(
            [python, CHILD, asked, answered],
            capture_output=True,
            text=True,
            cwd=folder,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
            check=False,
        )
        if done.returncode != 0 or not answered.is_file():
            raise RuntimeError("SetFit failed:\n" + done.stderr[-3000:])
        answer = json.loads(answered.read_text(encoding="utf-8"))
    return Answer(
        answer["labels"], answer["seconds"], " ".join(f"{k} {v}" for k, v in answer["versions"].items())
    )
