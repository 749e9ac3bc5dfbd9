"""A saved model is a folder that loads elsewhere, gives the same answers, and is checked when it is read."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors import SafetensorError
from tiny_encoder import FRUIT, NAMES, TOOLS, make_encoder_folder

import fsl_desktop
from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.export import copy_model_folder
from fsl_desktop.learn.loop import Training
from fsl_desktop.learn.trained import TrainedModel

ASKED = ["apple pear", "nail and saw", "new", ""]


def trained(encoder: TextEncoder, preset: Preset) -> TrainedModel:
    data = TrainingData.of_lists([*FRUIT, *TOOLS], ["fruit"] * 6 + ["tools"] * 6, NAMES)
    training = Training(data, TrainConfig(preset=preset, tuned_layers=1, learning_rate=2e-3, seed=7), encoder)
    list(training)
    assert training.model is not None
    return training.model


@pytest.fixture(scope="module")
def model(encoder: TextEncoder) -> TrainedModel:
    return trained(encoder, Preset.BALANCED)


@pytest.fixture
def folder(model: TrainedModel, tmp_path: Path) -> Path:
    model.save(tmp_path / "model")
    return tmp_path / "model"


@pytest.mark.parametrize("preset", [Preset.INSTANT, Preset.BALANCED])
def test_saved_and_loaded_it_answers_the_same(preset: Preset, encoder: TextEncoder, tmp_path: Path) -> None:
    model = trained(encoder, preset)
    model.save(tmp_path / "model")
    again = fsl_desktop.load(tmp_path / "model").predict(ASKED)
    np.testing.assert_array_equal(again.probabilities, model.predict(ASKED).probabilities)
    assert again.labels == model.predict(ASKED).labels
    np.testing.assert_allclose(again.probabilities.sum(axis=1), 1, rtol=1e-5)
    assert not list(tmp_path.glob(".model*")), "nothing half-finished stays behind"


def test_transformers_loads_the_encoder_from_it(folder: Path, model: TrainedModel) -> None:
    import torch
    from transformers import AutoModel

    other = AutoModel.from_pretrained(str(folder)).eval()
    (ids,) = model.encoder.tokenize(["apple pear"])
    with torch.no_grad():
        hidden = other(input_ids=torch.tensor([ids])).last_hidden_state[0].mean(0)
    # The weights are the same; in bfloat16, where the encoder takes that, the vectors are nearly so.
    (ours,) = model.encoder.encode(["apple pear"])
    atol = 1e-2 if model.encoder.bfloat16 else 2e-5
    np.testing.assert_allclose((hidden / hidden.norm()).numpy(), ours, atol=atol)


def test_the_card_says_what_it_is_made_of_and_how_good(folder: Path) -> None:
    card = (folder / "README.md").read_text(encoding="utf-8")
    for words in (
        "fruit",
        "tools",
        "Accuracy",
        "95 % interval",
        "seed | 7",
        "torch",
        "data, sha256",
        "cosine",
    ):
        assert words in card
    described = json.loads((folder / "fsl.json").read_text(encoding="utf-8"))
    assert [label["name"] for label in described["labels"]] == NAMES
    assert described["task"] == "classify-text"
    assert described["provenance"]["seed"] == 7
    assert described["calibration"]["temperature"] > 0


def test_an_instant_model_does_not_need_its_base_model(tmp_path: Path) -> None:
    base = make_encoder_folder(tmp_path / "base")
    trained(TextEncoder.load(base), Preset.INSTANT).save(tmp_path / "model")
    for file in base.iterdir():
        file.unlink()
    assert fsl_desktop.load(tmp_path / "model").predict(["apple"]).labels == ["fruit"]


def test_saving_again_replaces_the_old_model(folder: Path, encoder: TextEncoder) -> None:
    (folder / "stale").write_text("old", encoding="utf-8")
    trained(encoder, Preset.INSTANT).save(folder)
    assert not (folder / "stale").exists()
    assert fsl_desktop.load(folder).provenance.preset == "instant"


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(28, "No space left on device"), "The disk is full"),
        # How safetensors says it: in words, and not as an OSError.
        (SafetensorError("Error while serializing: I/O error: No space (os error 28)"), "The disk is full"),
        (PermissionError(13, "Permission denied"), "get the right to write there"),
    ],
)
def test_a_failed_save_leaves_the_old_model(
    error: Exception, said: str, folder: Path, model: TrainedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(*_: object) -> None:
        raise error

    monkeypatch.setattr("fsl_desktop.learn.export.model_card", failing)
    with pytest.raises(UserError, match=said):
        model.save(folder)
    assert fsl_desktop.load(folder).predict(["apple pear"]).labels == ["fruit"]
    assert [path.name for path in folder.parent.iterdir()] == ["model"]


@pytest.mark.parametrize("name", ["model.safetensors", "head.safetensors", "tokenizer.json", "config.json"])
@pytest.mark.parametrize("how", ["changed", "missing"])
def test_an_altered_file_is_named(folder: Path, name: str, how: str) -> None:
    path = folder / name
    content = bytearray(path.read_bytes())
    path.unlink()  # never through a hard link into the base model
    if how == "changed":
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        fsl_desktop.load(folder)
    assert name in caught.value.message.text


@pytest.mark.parametrize(
    "change",
    [
        {"format": 99},
        {"task": "rewrite"},
        {"labels": []},
        {"labels": [{"name": "a", "id": "x"}]},
        {"files": {"../../outside": "0"}},
        {"calibration": {"temperature": 0}},
        {"preprocessing": {"pooling": 3}},
    ],
)
def test_a_description_that_makes_no_sense_is_refused(folder: Path, change: dict[str, object]) -> None:
    path = folder / "fsl.json"
    described = json.loads(path.read_text(encoding="utf-8")) | change
    path.write_text(json.dumps(described), encoding="utf-8")
    with pytest.raises(UserError):
        fsl_desktop.load(folder)


def test_a_folder_of_something_else_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="not a model made by FSL Desktop"):
        fsl_desktop.load(tmp_path)


def test_a_copy_goes_to_an_empty_place_only(folder: Path, tmp_path: Path) -> None:
    copy_model_folder(folder, tmp_path / "copy")
    assert fsl_desktop.load(tmp_path / "copy").predict(["apple pear"]).labels == ["fruit"]
    with pytest.raises(UserError, match="is not empty"):
        copy_model_folder(folder, tmp_path / "copy")


def test_predicting_tells_progress_can_be_stopped_and_takes_no_text(model: TrainedModel) -> None:
    seen: list[tuple[int, int]] = []
    model.predict(ASKED, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (4, 4)
    with pytest.raises(Stopped):
        model.predict(ASKED, cancelled=lambda: True)
    nothing = model.predict([])
    assert nothing.labels == []
    assert nothing.probabilities.shape == (0, 2)
