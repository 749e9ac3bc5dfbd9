"""YAMNet against TensorFlow Lite, and its converter against files of every kind."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file
from sound_reference import cosines, installed, reference
from tiny_tflite import BANDS, CONV, DENSE, DEPTHWISE, NAMES, SCALES, tiny_tflite

from fsl_desktop.core.errors import UserError
from fsl_desktop.learn.encoders.yamnet import PATCH_SAMPLES, YAMNet
from fsl_desktop.learn.models.yamnet_tflite import convert

SAME = 0.995
"""The reference rounds every activation to 8 bits, this one none: of ten clips the worst is 0.9990. Padding
on the wrong side gives embeddings at 0.1."""


@pytest.fixture(scope="module")
def yamnet() -> YAMNet:
    return YAMNet.load(installed("yamnet"))


@pytest.fixture(scope="module")
def patches(yamnet: YAMNet, clips: list[NDArray[np.float32]]) -> torch.Tensor:
    tiled = [torch.from_numpy(np.resize(clip, PATCH_SAMPLES)) for clip in clips]
    return torch.cat([yamnet.patches(samples) for samples in tiled])


@pytest.mark.model
def test_the_front_end_gives_the_references_mel_bands(patches: torch.Tensor) -> None:
    np.testing.assert_allclose(patches[:, ::8].numpy(), reference("yamnet")["bands"], atol=0.01)


@pytest.mark.model
@pytest.mark.parametrize("part", ["middle", "embedding", "logits"])
def test_ten_clips_are_heard_as_by_tensorflow_lite(part: str, yamnet: YAMNet, patches: torch.Tensor) -> None:
    with torch.inference_mode():
        heard = yamnet(patches)
    ours = {
        "middle": heard.middle.mean(dim=(2, 3)),
        "embedding": heard.embedding,
        "logits": heard.logits,
    }[part]
    assert cosines(ours.numpy(), reference("yamnet")[part]).min() > SAME


@pytest.mark.model
def test_spoken_digits_are_speech(yamnet: YAMNet, patches: torch.Tensor) -> None:
    with torch.inference_mode():
        mean = yamnet(patches).logits.mean(0)
    assert yamnet.names[int(mean.argmax())] == "Speech"
    assert len(yamnet.names) == 521


@pytest.mark.model
def test_gradients_reach_every_layer(yamnet: YAMNet, patches: torch.Tensor) -> None:
    yamnet(patches[:4]).logits.square().mean().backward()
    still = [
        name for name, weight in yamnet.named_parameters() if weight.grad is None or not weight.grad.any()
    ]
    yamnet.zero_grad()
    assert still == []
    assert not yamnet.mel.requires_grad


def test_patches_half_overlap_and_the_last_one_ends_with_the_clip() -> None:
    model = YAMNet(["one", "two"])
    torch.nn.init.uniform_(model.mel)
    assert len(model.patches(torch.rand(PATCH_SAMPLES))) == 1
    assert len(model.patches(torch.rand(PATCH_SAMPLES + 48 * 160))) == 2
    samples = torch.rand(PATCH_SAMPLES + 60 * 160)
    found = model.patches(samples)
    assert found.shape == (3, 96, 64)
    torch.testing.assert_close(found[1, 0], found[0, 48])
    torch.testing.assert_close(found[2], model.patches(samples[60 * 160 :])[0])


@pytest.fixture
def carrier(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.tflite"
    path.write_bytes(tiny_tflite())
    return path


def test_weights_come_out_scaled_and_in_torchs_order(tmp_path: Path, carrier: Path) -> None:
    told: list[float] = []
    convert(carrier, tmp_path, told.append)
    found = load_file(tmp_path / "model.safetensors")
    scaled = CONV.astype(np.float32) * SCALES[:, None, None, None]
    np.testing.assert_array_equal(found["convolutions.0.weight"], scaled.transpose(0, 3, 1, 2))
    np.testing.assert_array_equal(found["convolutions.0.bias"], [2.0, -1.0])
    deep = (DEPTHWISE.astype(np.float32) * SCALES).transpose(3, 0, 1, 2)
    np.testing.assert_array_equal(found["convolutions.1.weight"], deep)
    np.testing.assert_array_equal(found["convolutions.1.bias"], [4.0, 2.0])
    np.testing.assert_array_equal(found["classifier.weight"], DENSE.astype(np.float32))
    np.testing.assert_array_equal(found["classifier.bias"], [1.0, 2.0, 3.0])
    np.testing.assert_array_equal(found["mel"], BANDS)
    config = json.loads((tmp_path / "config.json").read_text(encoding="utf-8"))
    assert list(config["id2label"].values()) == list(NAMES)
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_the_same_carrier_gives_the_same_bytes(tmp_path: Path, carrier: Path) -> None:
    made = []
    for name in ("once", "again"):
        (tmp_path / name).mkdir()
        convert(carrier, tmp_path / name, lambda share: None)
        made.append((tmp_path / name / "model.safetensors").read_bytes())
    assert made[0] == made[1]


def test_foreign_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "foreign"
    data = tiny_tflite()
    for content, words in (
        (b"", "no TFL3 file"),
        (b"RIFF" * 20, "no TFL3 file"),
        (data[:200], "past the end|does not fit|cannot be read"),
        (tiny_tflite(names=("only", "two")), "3 classes and 2 names"),
    ):
        path.write_bytes(content)
        with pytest.raises(ValueError, match=words):
            convert(path, tmp_path, lambda share: None)


def test_no_damaged_file_ends_in_anything_but_a_value_error(tmp_path: Path) -> None:
    data, path, chance = tiny_tflite(), tmp_path / "damaged", random.Random(5)
    small = [place for place in range(len(data)) if not 2_000 < place < 66_000 + 2_000]
    refused = 0
    for _ in range(400):
        damaged = bytearray(data)
        for place in chance.sample(small, 3):
            damaged[place] = chance.randrange(256)
        path.write_bytes(bytes(damaged[: chance.choice((len(data), len(data), chance.randrange(len(data))))]))
        try:
            convert(path, tmp_path, lambda share: None)
        except ValueError:
            refused += 1
    assert refused > 100


def test_a_damaged_model_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"id2label": {"0": "a"}}', encoding="utf-8")
    (tmp_path / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(UserError, match="Install the model again"):
        YAMNet.load(tmp_path)
    (tmp_path / "config.json").write_text('{"id2label": ["a"]}', encoding="utf-8")
    with pytest.raises(UserError, match=r"config.json of the model is damaged"):
        YAMNet.load(tmp_path)
