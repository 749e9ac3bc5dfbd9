"""Long texts are read to their end."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.encoders.windows import Windows

LONG = " ".join(["apple pear plum"] * 20)


def test_the_end_of_a_long_text_is_read(encoder: TextEncoder) -> None:
    assert encoder.is_long(LONG)
    assert not encoder.is_long("apple pear")
    one, other = encoder.encode([f"{LONG} hammer nail saw", f"{LONG} tart tart tart"])
    assert np.abs(one - other).max() > 1e-3
    assert encoder.tokenize([f"{LONG} hammer"]) == encoder.tokenize([f"{LONG} tart"]), "no such token is kept"


def test_a_long_text_is_the_mean_of_its_parts_by_their_tokens(encoder: TextEncoder) -> None:
    words = (LONG + " hammer").split()  # 61 words in windows of 30 beside the two marks
    parts = [words[:20], words[20:40], words[40:]]
    vectors = encoder.encode([" ".join(part) for part in parts])
    mean = (vectors * np.array([[20], [20], [21]])).sum(0)
    np.testing.assert_allclose(encoder.encode([" ".join(words)])[0], mean / np.linalg.norm(mean), atol=2e-5)


def test_short_texts_beside_a_long_one_keep_their_vectors(encoder: TextEncoder) -> None:
    texts = ["apple", LONG, "hammer nail", ""]
    together = encoder.encode(texts)
    np.testing.assert_allclose(np.linalg.norm(together, axis=1), 1.0, atol=1e-5)
    np.testing.assert_allclose(together, [encoder.encode([text])[0] for text in texts], atol=2e-5)


def test_progress_of_long_texts_is_told_in_texts(encoder: TextEncoder) -> None:
    told: list[tuple[int, int]] = []
    encoder.encode(["apple", LONG * 200, "nail"], progress=lambda done, total: told.append((done, total)))
    assert len(told) > 3
    assert told == sorted(told)
    assert told[-1] == (3, 3)


def test_windows_are_even_keep_their_frame_and_lose_nothing() -> None:
    row = [1, 7, 7, *range(100, 150), 2]
    windows = Windows.of([row, [1, 7, 7, 5, 2]], head=1, tail=1, prefix=2, limit=20)
    assert [len(window) for window in windows.ids] == [16, 17, 16, 17, 5]
    assert all(window[:3] == [1, 7, 7] and window[-1] == 2 for window in windows.ids)
    assert [token for window in windows.ids[:4] for token in window[3:-1]] == list(range(100, 150))
    assert windows.owner.tolist() == [0, 0, 0, 0, 1]
    assert windows.weight.tolist() == [12, 13, 12, 13, 1]


def test_every_part_gets_the_models_prefix(encoder_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "prefixed"
    shutil.copytree(encoder_folder, folder)
    prompts = {"prompts": {"query": "new old "}}
    (folder / "config_sentence_transformers.json").write_text(json.dumps(prompts), encoding="utf-8")
    encoder = TextEncoder.load(folder)
    start = encoder.tokenize([""])[0][:-1]
    windows = encoder.windows([LONG]).ids
    assert len(start) == 3
    assert len(windows) > 1
    assert all(window[:3] == start and len(window) <= encoder.max_tokens for window in windows)


@pytest.mark.model
def test_a_decisive_sentence_at_the_end_of_a_long_text_is_seen(minilm: TextEncoder) -> None:
    filler = "The weather was mild and we walked along the river until it got dark. " * 40
    crash = "Then the brakes of the car failed and we crashed into the wall."
    cake = "Then my grandmother baked a chocolate cake with cherries for us."
    asked = minilm.encode(["a car accident", "baking a cake"])
    assert minilm.is_long(filler)
    with_crash, with_cake = minilm.encode([filler + crash, filler + cake]) @ asked.T
    assert with_crash[0] - with_crash[1] > with_cake[0] - with_cake[1] + 0.05
