"""The encoder gives the vectors that transformers gives, whatever is beside a text in a batch."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from tiny_encoder import FRUIT, TOOLS, make_encoder_folder

from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.learn.encoders.packing import Packed, batches
from fsl_desktop.learn.encoders.text import TextEncoder, embed_packed

TEXTS = [*FRUIT, "apple", *TOOLS, "new old new old new old apple pear plum tart", ""]


def reference(folder: Path, encoder: TextEncoder, texts: list[str]) -> np.ndarray:
    """One text at a time through transformers' own forward pass."""
    from transformers import AutoModel

    model = AutoModel.from_pretrained(str(folder)).eval()
    rows = []
    with torch.no_grad():
        for ids in encoder.tokenize(texts):
            hidden = model(input_ids=torch.tensor([ids])).last_hidden_state[0].mean(0)
            rows.append((hidden / hidden.norm()).numpy())
    return np.array(rows)


def test_vectors_equal_those_of_transformers_in_input_order(exact: TextEncoder, encoder_folder: Path) -> None:
    np.testing.assert_allclose(exact.encode(TEXTS), reference(encoder_folder, exact, TEXTS), atol=2e-5)


def test_bfloat16_is_close_to_float32(encoder_folder: Path, exact: TextEncoder) -> None:
    fast = TextEncoder.load(encoder_folder, precision="bfloat16").encode(TEXTS)
    assert (fast * exact.encode(TEXTS)).sum(axis=1).min() > 0.999


def test_lower_and_upper_layers_together_give_the_embedding(exact: TextEncoder) -> None:
    parts = exact.lower(TEXTS, 1)
    assert [len(part) for part in parts] == [len(ids) for ids in exact.tokenize(TEXTS)]
    vectors = embed_packed(exact.upper(1), parts, "mean")
    assert vectors.requires_grad
    np.testing.assert_allclose(vectors.detach().numpy(), exact.encode(TEXTS), atol=2e-5)


def test_changed_upper_layers_change_the_copy_and_leave_the_original(encoder: TextEncoder) -> None:
    before = encoder.encode(TEXTS)
    layers = encoder.upper(1)
    with torch.no_grad():
        for parameter in layers.parameters():
            parameter.add_(0.05 * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(1)))
    tuned = encoder.with_upper(layers)
    assert np.abs(tuned.encode(TEXTS) - before).max() > 0.01
    np.testing.assert_array_equal(encoder.encode(TEXTS), before)
    assert tuned.fingerprint != encoder.fingerprint


def test_what_is_trained_on_is_cut_and_keeps_its_closing_mark(encoder: TextEncoder) -> None:
    long = " ".join(["apple"] * 50)
    (ids,) = encoder.tokenize([long])
    assert len(ids) == encoder.max_tokens == 32
    assert len(encoder.tokenize([long], 10)[0]) == 10
    assert encoder.tokenize([long], 10)[0][-1] == ids[-1]
    assert len(encoder.lower([long], 1, max_tokens=10)[0]) == 10


def test_progress_counts_every_text_and_cancelling_stops(encoder: TextEncoder) -> None:
    seen: list[tuple[int, int]] = []
    encoder.encode(TEXTS * 40, progress=lambda done, total: seen.append((done, total)))
    assert seen[-1] == (40 * len(TEXTS), 40 * len(TEXTS))
    assert [done for done, _ in seen] == sorted(done for done, _ in seen)
    with pytest.raises(Stopped):
        encoder.encode(TEXTS, cancelled=lambda: True)


def test_no_texts_give_no_vectors(encoder: TextEncoder) -> None:
    assert encoder.encode([]).shape == (0, 32)


def test_batches_cover_every_text_once_and_keep_to_the_limit() -> None:
    lengths = np.array([5, 90, 3, 3, 40, 7, 200])
    parts = list(batches(lengths, 100))
    assert sorted(np.concatenate(parts).tolist()) == list(range(7))
    assert all(lengths[part].sum() <= 100 or len(part) == 1 for part in parts)


def test_packing_and_splitting_are_inverse() -> None:
    parts = [torch.randn(n, 4) for n in (3, 1, 3, 5)]
    packed = Packed.of([3, 1, 3, 5])
    again = packed.split(packed.concatenate(parts))
    assert all(torch.equal(one, other) for one, other in zip(parts, again, strict=True))
    assert packed.positions().tolist() == [0, 0, 1, 2, 0, 1, 2, 0, 1, 2, 3, 4]


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        ("no_config", "There is no model in"),
        ("no_weights", "has no model.safetensors"),
        ("no_tokenizer", "has no tokenizer.json"),
        ("cut_weights", "cannot be read"),
        ("broken_config", "config.json of the model is damaged"),
        ("broken_tokenizer", "tokenizer of the model"),
    ],
)
def test_a_damaged_folder_is_one_sentence(
    damage: str, words: str, encoder_folder: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "model"
    shutil.copytree(encoder_folder, folder)
    weights, config, tokenizer = (folder / n for n in ("model.safetensors", "config.json", "tokenizer.json"))
    if damage == "no_config":
        config.unlink()
    elif damage == "no_weights":
        weights.rename(folder / "pytorch_model.bin")
    elif damage == "no_tokenizer":
        tokenizer.unlink()
    elif damage == "cut_weights":
        weights.write_bytes(weights.read_bytes()[:-100])
    elif damage == "broken_config":
        config.write_text("{", encoding="utf-8")
    else:
        tokenizer.write_text("[]", encoding="utf-8")
    with pytest.raises(UserError) as caught:
        TextEncoder.load(folder)
    assert words in caught.value.message.text
    assert "\n" not in caught.value.message.text


def test_a_loaded_model_does_not_need_its_file_any_more(encoder_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(encoder_folder, folder)
    loaded = TextEncoder.load(folder)
    before = loaded.encode(TEXTS)
    (folder / "model.safetensors").write_bytes(b"")
    np.testing.assert_array_equal(loaded.encode(TEXTS), before)


def test_the_fingerprint_follows_the_weights_and_the_way_of_reading(
    encoder: TextEncoder, encoder_folder: Path, tmp_path: Path
) -> None:
    assert TextEncoder.load(encoder_folder).fingerprint == encoder.fingerprint
    assert TextEncoder.load(encoder_folder, max_tokens=16).fingerprint != encoder.fingerprint
    other = make_encoder_folder(tmp_path / "other", seed=1)
    assert TextEncoder.load(other).fingerprint != encoder.fingerprint


@pytest.mark.model
def test_minilm_agrees_with_transformers(minilm: TextEncoder) -> None:
    texts = ["How do I reset my card's PIN?", "Where is the nearest exchange office, please?", "hi"]
    vectors = minilm.encode(texts)
    expected = reference(minilm.folder, minilm, texts)
    assert (vectors * expected).sum(axis=1).min() > 0.999
