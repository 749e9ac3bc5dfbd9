"""Weights are data: a pickle in their place is refused, whatever its name, and nothing in it runs."""

from __future__ import annotations

import contextlib
import hashlib
import json
import pickle
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny_encoder import FRUIT, NAMES, TOOLS, make_encoder_folder

import fsl_desktop
from fsl_desktop.core.audio.arrays import load_arrays, save_arrays
from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.errors import UserError
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.loop import Training


class Runs:
    """What a file that means harm would hold."""

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (Path("it-ran"),)  # type: ignore[return-value]


def evil(path: Path, kind: str) -> None:
    """Weights that run something when they are unpickled."""
    path.unlink(missing_ok=True)
    if kind == "pickle":
        path.write_bytes(pickle.dumps(Runs()))
    else:
        torch.save({"weight": torch.ones(2), "more": Runs()}, path)


@pytest.fixture(autouse=True)
def nothing_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.chdir(tmp_path)
    yield
    assert not Path("it-ran").exists()


def test_such_a_file_does_run_where_it_is_unpickled() -> None:
    """Or the others would show nothing."""
    evil(Path("a.bin"), "pickle")
    pickle.loads(Path("a.bin").read_bytes())
    Path("it-ran").unlink()


@pytest.mark.parametrize("kind", ["pickle", "torch"])
@pytest.mark.parametrize("name", ["model.safetensors", "pytorch_model.bin"])
def test_a_base_model_of_pickles_is_refused(tmp_path: Path, kind: str, name: str) -> None:
    folder = make_encoder_folder(tmp_path / "base")
    (folder / "model.safetensors").unlink()
    evil(folder / name, kind)
    with pytest.raises(UserError) as caught:
        TextEncoder.load(folder)
    assert "base" in caught.value.message.text


@pytest.mark.parametrize("kind", ["pickle", "torch"])
@pytest.mark.parametrize("name", ["model.safetensors", "head.safetensors"])
def test_a_saved_model_with_a_pickle_that_its_own_list_of_hashes_vouches_for_is_refused(
    encoder: TextEncoder, tmp_path: Path, kind: str, name: str
) -> None:
    data = TrainingData.of_lists([*FRUIT, *TOOLS], ["fruit"] * 6 + ["tools"] * 6, NAMES)
    training = Training(data, TrainConfig(preset=Preset.INSTANT), encoder)
    list(training)
    assert training.model is not None
    training.model.save(tmp_path / "model")
    folder = shutil.copytree(tmp_path / "model", tmp_path / "evil")
    evil(folder / name, kind)
    described = json.loads((folder / "fsl.json").read_text(encoding="utf-8"))
    described["files"][name] = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    (folder / "fsl.json").write_text(json.dumps(described), encoding="utf-8")
    with pytest.raises(UserError):
        fsl_desktop.load(folder)


def test_code_that_comes_with_a_model_is_not_taken(tmp_path: Path) -> None:
    folder = make_encoder_folder(tmp_path / "base")
    (folder / "modeling_evil.py").write_text("import pathlib; pathlib.Path('it-ran').touch()\n")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config |= {"auto_map": {"AutoModel": "modeling_evil.Evil", "AutoConfig": "modeling_evil.Config"}}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with contextlib.suppress(UserError):
        TextEncoder.load(folder)


def test_a_cache_of_objects_is_no_cache(tmp_path: Path) -> None:
    path = tmp_path / "a.peaks"
    save_arrays(path, [np.arange(3)])
    with path.open("wb") as file:
        np.save(file, np.array([Runs()], dtype=object), allow_pickle=True)
    assert load_arrays(path) is None
