"""What was encoded once is not encoded again, and a damaged cache costs time and nothing else."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import numpy as np
import pytest
from tiny_encoder import FRUIT, TOOLS

from fsl_desktop.core.errors import Stopped
from fsl_desktop.learn.cache import EmbeddingCache
from fsl_desktop.learn.encoders.text import TextEncoder


class Counting:
    """An encoder that counts the texts it is asked for."""

    def __init__(self, encoder: TextEncoder) -> None:
        self._encoder = encoder
        self.fingerprint = encoder.fingerprint
        self.dim = encoder.dim
        self.asked = 0

    def encode(self, texts: list[str], **how: object) -> np.ndarray:
        self.asked += len(texts)
        return self._encoder.encode(texts, **how)  # type: ignore[arg-type]


@pytest.fixture
def counting(encoder: TextEncoder) -> Counting:
    return Counting(encoder)


def test_vectors_come_in_order_and_are_encoded_once(
    tmp_path: Path, counting: Counting, encoder: TextEncoder
) -> None:
    texts = [*FRUIT, FRUIT[0], *TOOLS]
    first = EmbeddingCache(tmp_path).embed(counting, texts)  # type: ignore[arg-type]
    np.testing.assert_allclose(first, encoder.encode(texts), atol=1e-3)
    assert counting.asked == len(FRUIT) + len(TOOLS), "a text that occurs twice is encoded once"
    again = EmbeddingCache(tmp_path).embed(counting, texts[::-1])  # type: ignore[arg-type]
    assert counting.asked == len(FRUIT) + len(TOOLS)
    np.testing.assert_array_equal(again, first[::-1])


def test_another_model_has_its_own_vectors(tmp_path: Path, encoder: TextEncoder) -> None:
    cache = EmbeddingCache(tmp_path)
    cache.embed(encoder, FRUIT)
    assert cache.get(encoder.fingerprint, encoder.dim, FRUIT)[1].all()
    assert not cache.get("another", encoder.dim, FRUIT)[1].any()


@pytest.mark.parametrize("content", [b"", b"this is no database" * 100])
def test_a_damaged_file_is_begun_anew(tmp_path: Path, counting: Counting, content: bytes) -> None:
    cache = EmbeddingCache(tmp_path)
    cache.embed(counting, FRUIT)  # type: ignore[arg-type]
    cache.close()
    (file,) = (path for path in tmp_path.iterdir() if path.suffix == ".db")
    file.write_bytes(content)
    cache = EmbeddingCache(tmp_path)
    cache.embed(counting, FRUIT)  # type: ignore[arg-type]
    cache.embed(counting, FRUIT)  # type: ignore[arg-type]
    assert counting.asked == 2 * len(FRUIT), "encoded again once, and remembered"


def test_a_folder_that_cannot_be_made_only_costs_time(tmp_path: Path, encoder: TextEncoder) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    vectors = EmbeddingCache(tmp_path / "file" / "cache").embed(encoder, FRUIT)
    assert vectors.shape == (len(FRUIT), encoder.dim)
    assert vectors.any()


def test_what_was_encoded_before_a_cancellation_is_kept(tmp_path: Path, counting: Counting) -> None:
    texts = [f"apple {n}" for n in range(600)]
    cache = EmbeddingCache(tmp_path)
    stop = threading.Event()
    with pytest.raises(Stopped):
        cache.embed(
            counting,  # type: ignore[arg-type]
            texts,
            progress=lambda done, _total: stop.set() if done > 200 else None,
            cancelled=stop.is_set,
        )
    found = cache.get(counting.fingerprint, counting.dim, texts)[1].sum()
    assert 200 < found < 600


def test_threads_share_it(tmp_path: Path, encoder: TextEncoder) -> None:
    cache = EmbeddingCache(tmp_path)
    texts = [f"{one} {other}" for one in FRUIT for other in TOOLS]
    results: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: results.append(cache.embed(encoder, texts))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    assert all(np.array_equal(results[0], other) for other in results)


def test_it_does_not_grow_without_end(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path, max_entries=100)
    for start in range(0, 400, 20):
        texts = [f"text {n}" for n in range(start, start + 20)]
        cache.put("model", texts, np.ones((20, 4), dtype=np.float16))
    found = cache.get("model", 4, [f"text {n}" for n in range(400)])[1]
    assert found.sum() <= 120
    assert found[-20:].all(), "the newest stay"


def test_ten_thousand_lookups_are_quick(tmp_path: Path) -> None:
    cache = EmbeddingCache(tmp_path)
    texts = [f"text number {n}" for n in range(10_000)]
    cache.put("model", texts, np.ones((10_000, 384), dtype=np.float16))
    cache.get("model", 384, texts)
    best = min(_seconds(cache, texts) for _ in range(5))
    assert best < 0.25, f"{best:.3f} s; a quiet machine needs about 0.05"


def _seconds(cache: EmbeddingCache, texts: list[str]) -> float:
    start = time.process_time()
    assert cache.get("model", 384, texts)[1].all()
    return time.process_time() - start
