"""Embeddings on disk, by model and content, so that no text is read twice by the same model."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.encoders.text import CancelCall, ProgressCall, TextEncoder
from fsl_desktop.learn.vector_store import VectorStore

MAX_ENTRIES = 500_000
"""About 450 MB at 384 dimensions; the oldest tenth goes when it is full."""
_CHUNK = 256


class EmbeddingCache:
    """Safe to use from several threads and processes. A damaged file is thrown away and begun anew.

    Vectors are kept as float16 (cosine to the original above 0.99999). Fresh vectors are rounded in the
    same way before they are returned, so that a run does not depend on what was in the cache.
    """

    def __init__(self, folder: Path, *, max_entries: int = MAX_ENTRIES) -> None:
        self._store = VectorStore(Path(folder) / "embeddings.db", max_entries)

    def embed(
        self,
        encoder: TextEncoder,
        texts: Sequence[str],
        *,
        progress: ProgressCall | None = None,
        cancelled: CancelCall | None = None,
    ) -> NDArray[np.float32]:
        """Embeddings (n, d) of ``texts``, encoding only what is not known yet.

        What was encoded before a cancellation stays known.
        """
        vectors, found = self.get(encoder.fingerprint, encoder.dim, texts)
        fresh: dict[str, list[int]] = {}
        for index in np.flatnonzero(~found):
            fresh.setdefault(texts[int(index)], []).append(int(index))
        done = len(texts) - sum(map(len, fresh.values()))
        # Alike lengths together, or each chunk would hold every length there is.
        waiting = sorted(fresh, key=len)
        for start in range(0, len(waiting), _CHUNK):
            chunk = waiting[start : start + _CHUNK]
            rows = encoder.encode(chunk, cancelled=cancelled).astype(np.float16)
            self.put(encoder.fingerprint, chunk, rows)
            for text, row in zip(chunk, rows, strict=True):
                vectors[fresh[text]] = row
                done += len(fresh[text])
            if progress is not None:
                progress(done, len(texts))
        return vectors

    def get(
        self, fingerprint: str, dim: int, texts: Sequence[str]
    ) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """(vectors (n, dim), which are known (n,)); rows that are not known are zero."""
        return self._store.get([_key(fingerprint, text) for text in texts], dim)

    def put(self, fingerprint: str, texts: Sequence[str], vectors: NDArray[np.float16]) -> None:
        """Remember ``vectors`` (n, d) of ``texts``."""
        self._store.put([_key(fingerprint, text) for text in texts], vectors)

    def close(self) -> None:
        self._store.close()


def _key(fingerprint: str, text: str) -> bytes:
    return hashlib.blake2b(
        text.encode("utf-8", "surrogatepass"), digest_size=16, key=fingerprint.encode()
    ).digest()
