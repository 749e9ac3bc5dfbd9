"""Trained sound models as folders: encoders, mix and description, written whole and checked when read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from fsl_desktop.core.config import Task
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import RunSummary
from fsl_desktop.core.model_folder import DESCRIPTION
from fsl_desktop.core.serial import from_plain, to_plain
from fsl_desktop.learn.card import sound_card
from fsl_desktop.learn.export import (
    FORMAT,
    check_files,
    damaged,
    described_labels,
    files_of,
    read_labels,
    read_temperature,
    written_whole,
)
from fsl_desktop.learn.heads import LinearHead
from fsl_desktop.learn.methods.mix import Mix, View
from fsl_desktop.learn.models.loading import read_json
from fsl_desktop.learn.sound.ears import Ears
from fsl_desktop.learn.sound.model import SoundModel
from fsl_desktop.learn.sound.names import EMBEDDING, NamePrior
from fsl_desktop.learn.sound.tuned import TUNED, saved_ears
from fsl_desktop.learn.trained import Provenance

MIX = "mix.safetensors"
ENCODERS = "encoders"

LoadEars = Callable[[Path, tuple[str, ...]], Ears]
"""(folder that ``Ears.save`` wrote, the ids of its models)"""


def save_sound_folder(model: SoundModel, folder: Path) -> None:
    """Write ``model`` beside ``folder`` and move it into place; what was there before is replaced then."""
    with written_whole(folder) as staging:
        (staging / ENCODERS).mkdir()
        _write(model, staging)


def load_sound_folder(folder: Path, load_ears: LoadEars = saved_ears) -> SoundModel:
    """The model in ``folder``: every file compared with its recorded hash, then read as data."""
    try:
        described = read_json(folder / DESCRIPTION)
    except UserError as error:
        raise damaged(folder, DESCRIPTION, error) from error
    if described.get("format") != FORMAT or described.get("task") != Task.CLASSIFY_AUDIO:
        raise UserError(
            "The model in {folder} was made by a newer version or for another task. Update FSL Desktop.",
            folder=folder.name,
            details=f"format {described.get('format')}, task {described.get('task')}",
        )
    # Layers that learnt are read wherever they are, so they have to be those that were saved.
    learnt = {f"{ENCODERS}/{TUNED}"} if (folder / ENCODERS / TUNED).is_file() else set()
    check_files(folder, described, {MIX} | learnt)
    try:
        names, ids = read_labels(described)
        temperature = read_temperature(described)
        models = tuple(str(one) for one in described["encoders"])
        provenance = from_plain(Provenance, described["provenance"])
        summary = from_plain(RunSummary, described["summary"]) if described.get("summary") else None
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(folder, DESCRIPTION, error) from error
    mix, prior = _load_mix(folder, len(names))
    ears = load_ears(folder / ENCODERS, models)
    return SoundModel(ears, mix, names, ids, temperature, provenance, summary, prior)


def _write(model: SoundModel, folder: Path) -> None:
    from safetensors.numpy import save_file

    model.ears.save(folder / ENCODERS)
    arrays = {"weights": model.mix.head.weights, "bias": model.mix.head.bias}
    for place, view in enumerate(model.mix.views):
        arrays[f"middle.{place}"] = view.middle
    arrays["lengths"] = np.array([view.length for view in model.mix.views], np.float64)
    if model.prior is not None and model.mix.trust > 0:
        arrays["trust"] = np.array([model.mix.trust], np.float64)
        arrays["names.weights"], arrays["names.bias"] = model.prior.head.weights, model.prior.head.bias
    save_file(arrays, str(folder / MIX))
    described = {
        "format": FORMAT,
        "task": Task.CLASSIFY_AUDIO.value,
        "labels": described_labels(model.class_names, model.class_ids),
        "encoders": list(model.ears.models),
        "calibration": {"temperature": model.temperature},
        "provenance": to_plain(model.provenance),
        "summary": to_plain(model.summary),
        "files": files_of(folder),
    }
    (folder / DESCRIPTION).write_text(json.dumps(described, indent=1, ensure_ascii=False), encoding="utf-8")
    (folder / "README.md").write_text(sound_card(model), encoding="utf-8")


def _load_mix(folder: Path, n_classes: int) -> tuple[Mix, NamePrior | None]:
    """(the mix, what the names of the classes know if they take part)"""
    from safetensors.numpy import load_file

    try:
        arrays: dict[str, Any] = load_file(str(folder / MIX))
        lengths = arrays["lengths"]
        views = tuple(
            View(arrays[f"middle.{place}"].astype(np.float32), float(length))
            for place, length in enumerate(lengths)
        )
        head = LinearHead(arrays["weights"].astype(np.float32), arrays["bias"].astype(np.float32))
        width = sum(len(view.middle) for view in views)
        if head.weights.shape != (n_classes, width) or head.bias.shape != (n_classes,):
            raise ValueError(f"shape {head.weights.shape}")
        if "trust" not in arrays:
            return Mix(views, head), None
        trust = float(arrays["trust"][0])
        named = LinearHead(
            arrays["names.weights"].astype(np.float32), arrays["names.bias"].astype(np.float32)
        )
        if named.weights.shape != (n_classes, EMBEDDING) or named.bias.shape != (n_classes,):
            raise ValueError(f"shape {named.weights.shape}")
        return Mix(views, head, trust), NamePrior(named)
    except Exception as error:  # safetensors has an exception of its own for a damaged file
        raise damaged(folder, MIX, error) from error
