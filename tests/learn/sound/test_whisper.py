"""Whisper's encoder against CTranslate2, and its converter against files of every kind."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from sound_reference import cosines, installed, reference
from tiny_ct2 import FRAMES, VOCABULARY, WIDTH, companions, packed, variables, write_carrier

from fsl_desktop.core.errors import UserError
from fsl_desktop.learn.encoders.whisper import WhisperEncoder
from fsl_desktop.learn.models.whisper_ct2 import convert

SAME = 0.9999
"""Both compute in float32 from the same weights, so only the order of sums differs; the reference was rounded
to float16 for keeping. A layer left out gives less than 0.9."""


@pytest.fixture(scope="module")
def folder() -> Path:
    return installed("whisper-base")


@pytest.fixture(scope="module")
def whisper(folder: Path) -> WhisperEncoder:
    return WhisperEncoder.load(folder)


@pytest.mark.model
def test_ten_clips_are_heard_as_by_ctranslate2(
    whisper: WhisperEncoder, clips: list[NDArray[np.float32]]
) -> None:
    bands, lengths = whisper.listen([torch.from_numpy(clip) for clip in clips])
    kept = reference("whisper")
    np.testing.assert_allclose(bands[:, :, ::4].numpy(), kept["bands"], atol=2e-3)
    with torch.inference_mode():
        last = whisper.layer_norm(whisper(bands, lengths)[-1]).numpy()
    assert cosines(last[:, ::10], kept["frames"]).min() > SAME
    assert cosines(last.mean(1), kept["mean"]).min() > SAME


@pytest.mark.model
def test_thirty_seconds_are_heard_as_by_ctranslate2(
    whisper: WhisperEncoder, clips: list[NDArray[np.float32]]
) -> None:
    samples = torch.zeros(30 * 16_000)
    samples[: len(clips[0])] = torch.from_numpy(clips[0])
    with torch.inference_mode():
        last = whisper.layer_norm(whisper(*whisper.listen([samples]))[-1]).numpy()
    assert cosines(last.mean(1), reference("whisper")["long"]).min() > SAME


@pytest.mark.model
def test_gradients_reach_every_layer_but_the_positions(
    whisper: WhisperEncoder, clips: list[NDArray[np.float32]]
) -> None:
    states = whisper(*whisper.listen([torch.from_numpy(clips[0])]))
    whisper.layer_norm(states[-1]).square().mean().backward()
    still = {name for name, one in whisper.named_parameters() if one.grad is None or not one.grad.any()}
    whisper.zero_grad()
    assert still == {"embed_positions.weight"}


@pytest.mark.model
def test_the_folder_is_a_whole_whisper_for_transformers(folder: Path) -> None:
    from transformers import AutoProcessor, GenerationConfig

    processor = AutoProcessor.from_pretrained(str(folder))
    asked = processor.tokenizer("two lines, 你好").input_ids
    assert processor.tokenizer.decode(asked, skip_special_tokens=True) == "two lines, 你好"
    assert processor.feature_extractor.feature_size == 80
    generation = GenerationConfig.from_pretrained(str(folder))
    assert len(generation.lang_to_id) == 99
    assert processor.tokenizer.convert_tokens_to_ids("<|zh|>") == generation.lang_to_id["<|zh|>"]


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    carrier = write_carrier(tmp_path / "carrier", packed(variables()))
    (tmp_path / "made").mkdir()
    convert(carrier, tmp_path / "made", lambda share: None)
    return tmp_path / "made"


@pytest.fixture
def quiet_transformers() -> Iterator[None]:
    from transformers.utils import logging

    before = logging.get_verbosity()
    logging.set_verbosity_error()
    logging.disable_progress_bar()
    yield
    logging.set_verbosity(before)


@pytest.mark.usefixtures("quiet_transformers")
def test_transformers_hears_the_same_in_every_layer(tiny: Path) -> None:
    from transformers import WhisperForConditionalGeneration

    whole, info = WhisperForConditionalGeneration.from_pretrained(str(tiny), output_loading_info=True)
    assert not info["missing_keys"]
    assert not info["unexpected_keys"]
    ours = WhisperEncoder.load(tiny)
    bands = torch.randn(2, 6, 2 * FRAMES)
    with torch.inference_mode():
        theirs = whole.model.encoder(bands, output_hidden_states=True)
        states = ours(bands, [2 * FRAMES] * 2)
        last = ours.layer_norm(states[-1]).numpy()
    for mine, other in zip(states[:-1], theirs.hidden_states, strict=False):
        np.testing.assert_allclose(mine.numpy(), other.numpy(), atol=1e-5)
    np.testing.assert_allclose(last, theirs.last_hidden_state.numpy(), atol=1e-5)
    generation = json.loads((tiny / "generation_config.json").read_text(encoding="utf-8"))
    assert generation["lang_to_id"] == {"<|en|>": 6, "<|zh|>": 7, "<|yue|>": 8}
    assert generation["suppress_tokens"] == [1, 2]
    assert whole.config.vocab_size == VOCABULARY


def test_a_clip_sounds_the_same_alone_and_in_a_batch(tiny: Path) -> None:
    model = WhisperEncoder.load(tiny)
    bands = [torch.randn(6, length) for length in (31, 60, 44)]
    together = torch.stack([torch.nn.functional.pad(one, (0, 60 - one.shape[1])) for one in bands])
    with torch.inference_mode():
        batch = model(together, [31, 60, 44], 1)
        assert len(batch) == 2, "one layer was asked for"
        for index, one in enumerate(bands):
            alone = model(one[None], [one.shape[1]], 1)[-1][0]
            assert alone.shape == ((one.shape[1] + 1) // 2, WIDTH)
            np.testing.assert_allclose(batch[-1][index, : len(alone)].numpy(), alone.numpy(), atol=1e-5)


def test_the_same_carrier_gives_the_same_bytes(tmp_path: Path, tiny: Path) -> None:
    again = tmp_path / "again"
    again.mkdir()
    told: list[float] = []
    convert(tmp_path / "carrier" / "model.bin", again, told.append)
    assert {path.name: path.read_bytes() for path in again.iterdir()} == {
        path.name: path.read_bytes() for path in tiny.iterdir()
    }
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_keys_with_a_bias_would_be_lost_and_are_refused(tmp_path: Path) -> None:
    found = variables()
    found["encoder/layer_1/self_attention/linear_0/bias"][WIDTH] = 1
    carrier = write_carrier(tmp_path / "carrier", packed(found))
    with pytest.raises(ValueError, match="keys with a bias"):
        convert(carrier, tmp_path, lambda share: None)


def test_foreign_files_are_refused(tmp_path: Path) -> None:
    data = packed(variables())
    for content, words in (
        (b"", "damaged"),
        (packed(variables(), kind=b"TransformerSpec\0"), "no Whisper model"),
        (data[:900], "damaged|too early"),
    ):
        carrier = write_carrier(tmp_path / "carrier", content)
        with pytest.raises(ValueError, match=words):
            convert(carrier, tmp_path, lambda share: None)
    for name in companions():
        carrier = write_carrier(tmp_path / f"without {name}", data)
        carrier.with_name(name).write_text("[]", encoding="utf-8")
        with pytest.raises(ValueError, match="cannot be read"):
            convert(carrier, tmp_path, lambda share: None)


def test_no_damaged_file_ends_in_anything_but_a_value_error(tmp_path: Path) -> None:
    data, chance, refused = packed(variables(1)), random.Random(5), 0
    for _ in range(300):
        damaged = bytearray(data)
        for _ in range(4):
            damaged[chance.randrange(len(data))] = chance.randrange(256)
        end = chance.choice((None, chance.randrange(len(data))))
        carrier = write_carrier(tmp_path / "carrier", bytes(damaged[:end]))
        try:
            convert(carrier, tmp_path, lambda share: None)
        except ValueError:
            refused += 1
    assert refused > 100


def test_a_damaged_model_is_one_sentence(tiny: Path) -> None:
    config = json.loads((tiny / "config.json").read_text(encoding="utf-8"))
    (tiny / "config.json").write_text(json.dumps(config | {"encoder_layers": 3}), encoding="utf-8")
    with pytest.raises(UserError, match="Install the model again"):
        WhisperEncoder.load(tiny)
    (tiny / "config.json").write_text(json.dumps(config | {"d_model": "wide"}), encoding="utf-8")
    with pytest.raises(UserError, match=r"config.json of the model is damaged"):
        WhisperEncoder.load(tiny)
