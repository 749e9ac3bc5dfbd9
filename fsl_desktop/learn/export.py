"""Trained models as folders in the Hugging Face layout, written whole and checked when read."""

from __future__ import annotations

import errno
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError

from fsl_desktop.core.atomic import is_full
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.events import RunSummary
from fsl_desktop.core.model_folder import DESCRIPTION
from fsl_desktop.core.serial import from_plain, to_plain
from fsl_desktop.learn.card import model_card
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.heads import LinearHead
from fsl_desktop.learn.models.loading import WEIGHTS, Reading, file_sha256, read_json
from fsl_desktop.learn.several.answer import Deciding
from fsl_desktop.learn.trained import Provenance, TrainedModel
from fsl_desktop.learn.unknown import UnknownGauge

HEAD = "head.safetensors"
UNKNOWN = "unknown.safetensors"
"""By what rows that fit no class are noticed; not every model has it."""
FORMAT = 1
FORMAT_SEVERAL = 2
"""Of models that may say several classes."""
TASK = "classify-text"
_BLOCK = 1 << 20


def save_model_folder(model: TrainedModel, folder: Path) -> None:
    """Write ``model`` beside ``folder`` and move it into place; what was there before is replaced then."""
    with written_whole(folder) as staging:
        _write(model, staging)


@contextmanager
def written_whole(folder: Path) -> Iterator[Path]:
    """A new folder to write a model into; it becomes ``folder`` at the end, or nothing is left of it. Raises
    ``UserError`` where it cannot be written."""
    staging = folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}")
    try:
        staging.mkdir(parents=True)
        yield staging
        put_in_place(staging, folder)
    except (OSError, SafetensorError) as error:
        raise _not_written(folder, error) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def copy_model_folder(source: Path, folder: Path, *, cancelled: Callable[[], bool] = lambda: False) -> None:
    """A copy of a saved model at ``folder``, which must not exist yet or be empty. Raises ``Stopped``, and
    nothing of the copy is left then."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError("{folder} is not empty. Choose a new folder for the model.", folder=folder.name)
    staging = folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}")
    try:
        shutil.copytree(source, staging, copy_function=_copier(cancelled))
        put_in_place(staging, folder)
    except OSError as error:
        raise _not_written(folder, error) from error
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _copier(cancelled: Callable[[], bool]) -> Callable[[str, str], object]:
    """Copies a file in blocks, so that half a gigabyte can be stopped."""

    def copy(source: str, target: str) -> str:
        with open(source, "rb") as reader, open(target, "wb") as writer:
            while block := reader.read(_BLOCK):
                if cancelled():
                    raise Stopped
                writer.write(block)
        return target

    return copy


def put_in_place(staging: Path, folder: Path) -> None:
    """Rename a finished folder to its name, replacing an older one of that name."""
    if not folder.exists():
        os.replace(staging, folder)
        return
    # A folder cannot replace a full one in one step; the old one stays aside until the new one is there.
    aside = folder.with_name(f".{folder.name}.{uuid.uuid4().hex[:8]}.old")
    os.replace(folder, aside)
    try:
        os.replace(staging, folder)
    except OSError:
        os.replace(aside, folder)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def load_model_folder(folder: Path) -> TrainedModel:
    """The model in ``folder``: every file compared with its recorded hash, then read as data."""
    if not (folder / DESCRIPTION).is_file():
        raise UserError(
            "{folder} is not a model made by FSL Desktop. Choose a folder that has fsl.json in it.",
            folder=folder.name or str(folder),
            details=str(folder),
        )
    try:
        described = read_json(folder / DESCRIPTION)
    except UserError as error:
        raise damaged(folder, DESCRIPTION, error) from error
    if described.get("format") not in (FORMAT, FORMAT_SEVERAL) or described.get("task") != TASK:
        raise UserError(
            "The model in {folder} was made by a newer version or for another task. Update FSL Desktop.",
            folder=folder.name,
            details=f"format {described.get('format')}, task {described.get('task')}",
        )
    check_files(folder, described, {WEIGHTS, HEAD, "config.json"})
    try:
        names, ids = read_labels(described)
        reading = from_plain(Reading, described["preprocessing"])
        if reading.max_tokens < 1:
            raise ValueError(f"max_tokens {reading.max_tokens}")
        temperature = read_temperature(described)
        provenance = from_plain(Provenance, described["provenance"])
        summary = from_plain(RunSummary, described["summary"]) if described.get("summary") else None
        several = from_plain(Deciding, described["several"]) if described.get("several") else None
    except (KeyError, TypeError, ValueError) as error:
        raise damaged(folder, DESCRIPTION, error) from error
    encoder = TextEncoder.load(folder, reading=reading)
    head = _load_head(folder)
    if head.weights.shape != (len(names), encoder.dim) or head.bias.shape != (len(names),):
        raise damaged(folder, HEAD, ValueError(f"shape {head.weights.shape}"))
    if several is not None and len(several.thresholds) != len(names):
        raise damaged(folder, DESCRIPTION, ValueError(f"{len(several.thresholds)} thresholds"))
    gauge = _load_gauge(folder, encoder.dim, len(names)) if UNKNOWN in described["files"] else None
    return TrainedModel(encoder, head, names, ids, temperature, provenance, summary, several, gauge)


def _write(model: TrainedModel, folder: Path) -> None:
    from safetensors.numpy import save_file

    model.encoder.save(folder)
    save_file({"weights": model.head.weights, "bias": model.head.bias}, str(folder / HEAD))
    if model.unknown is not None:
        save_file(model.unknown.arrays(), str(folder / UNKNOWN))
    described = {
        # A version that knows one label per row only would answer wrongly, not just less.
        "format": FORMAT if model.several is None else FORMAT_SEVERAL,
        "task": TASK,
        "labels": described_labels(model.class_names, model.class_ids),
        "preprocessing": to_plain(model.encoder.reading),
        "calibration": {"temperature": model.temperature},
        "several": to_plain(model.several),
        "provenance": to_plain(model.provenance),
        "summary": to_plain(model.summary),
        "files": files_of(folder),
    }
    (folder / DESCRIPTION).write_text(json.dumps(described, indent=1, ensure_ascii=False), encoding="utf-8")
    (folder / "README.md").write_text(model_card(model), encoding="utf-8")


def described_labels(names: Sequence[str], ids: Sequence[int]) -> list[dict[str, object]]:
    """The classes as the description has them."""
    return [{"id": class_id, "name": name} for class_id, name in zip(ids, names, strict=True)]


def read_labels(described: dict[str, Any]) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """(names, ids) of the classes of a description; what is wrong is a ``ValueError`` or its like."""
    labels = [(str(one["name"]), int(one["id"])) for one in described["labels"]]
    names, ids = zip(*labels, strict=True)
    return names, ids


def read_temperature(described: dict[str, Any]) -> float:
    """The calibration of a description; what is wrong is a ``ValueError`` or its like."""
    temperature = float(described["calibration"]["temperature"])
    if not np.isfinite(temperature) or temperature <= 0:
        raise ValueError(f"temperature {temperature}")
    return temperature


def files_of(folder: Path) -> dict[str, str]:
    """Every file in ``folder`` with its sha256."""
    return {
        path.relative_to(folder).as_posix(): file_sha256(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def check_files(folder: Path, described: dict[str, Any], needed: set[str]) -> None:
    """Raise ``UserError`` where a file is missing, was changed, or is not listed though it is ``needed``."""
    files = described.get("files")
    if not isinstance(files, dict) or not needed <= files.keys():
        raise damaged(folder, DESCRIPTION, ValueError("no list of files"))
    for name, expected in files.items():
        path = folder / str(name)
        if not path.resolve().is_relative_to(folder.resolve()) or not path.is_file():
            raise damaged(folder, str(name), ValueError("missing"))
        if file_sha256(path) != expected:
            raise damaged(folder, str(name), ValueError("its content is not what was saved"))


def _load_head(folder: Path) -> LinearHead:
    from safetensors.numpy import load_file

    try:
        tensors = load_file(str(folder / HEAD))
        return LinearHead(tensors["weights"].astype(np.float32), tensors["bias"].astype(np.float32))
    except Exception as error:  # safetensors has an exception of its own for a damaged file
        raise damaged(folder, HEAD, error) from error


def _load_gauge(folder: Path, dim: int, n_classes: int) -> UnknownGauge:
    from safetensors.numpy import load_file

    try:
        gauge = UnknownGauge.of_arrays(load_file(str(folder / UNKNOWN)))
        if gauge.rows.shape[1] != dim or len(gauge.thresholds) != n_classes:
            raise ValueError(f"rows {gauge.rows.shape}, thresholds {gauge.thresholds.shape}")
    except Exception as error:  # safetensors has an exception of its own for a damaged file
        raise damaged(folder, UNKNOWN, error) from error
    return gauge


def _not_written(folder: Path, error: Exception) -> UserError:
    details = f"{type(error).__name__}: {error}"
    # shutil.copytree wraps what went wrong in a list of its own, as text.
    if is_full(error) or (isinstance(error, shutil.Error) and os.strerror(errno.ENOSPC) in str(error)):
        return UserError(
            "The disk is full, so the model could not be saved in {folder}. Free some space, then try again.",
            folder=str(folder.parent),
            details=details,
        )
    return UserError(
        "The model could not be saved in {folder}. Choose another folder, or get the right to write there.",
        folder=str(folder.parent),
        details=details,
    )


def damaged(folder: Path, file: str, error: Exception) -> UserError:
    """What to say where a file of a model folder is not what was saved."""
    return UserError(
        "The file {file} of the model in {folder} is missing or was changed. Train the model again, or copy"
        " the folder again.",
        file=file,
        folder=folder.name,
        details=f"{type(error).__name__}: {error}",
    )
