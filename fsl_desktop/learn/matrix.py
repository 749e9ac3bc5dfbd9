"""The embeddings of a project's rows in memory, kept in step with its table."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.learn.cache import EmbeddingCache
from fsl_desktop.learn.encoders.text import CancelCall, ProgressCall, TextEncoder
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.orders.views import compact
from fsl_desktop.learn.surroundings import Surroundings
from fsl_desktop.learn.unknown import Near, UnknownGauge

_CHUNK = 1024
_MARKS = 16
"""Tokens that are no text: the marks at both ends, and a prefix."""


class RowMatrix:
    """One vector per table position, of one encoder. Only rows that are new or changed are read.

    :meth:`update` may be called from several threads; they wait for each other, and what one of them
    encoded before it was cancelled is there for the next.
    """

    def __init__(self, encoder: TextEncoder, cache: EmbeddingCache) -> None:
        self.encoder = encoder
        self._cache = cache
        self._lock = threading.Lock()
        self._vectors: Matrix = np.zeros((0, encoder.dim), dtype=np.float32)
        self._long = np.zeros(0, dtype=np.bool_)
        self._texts: list[str | None] = []
        self._seen: Matrix | None = None
        self._around = Surroundings()
        self._given = 0

    def update(
        self,
        texts: Sequence[str],
        *,
        progress: ProgressCall | None = None,
        cancelled: CancelCall | None = None,
    ) -> Matrix:
        """Embeddings (n, d) of the table's ``texts``, by position."""
        with self._lock:
            n = len(texts)
            self._grow(n)
            self._read(texts, self._stale(texts, range(n)), progress, cancelled)
            self._given = max(self._given, n)
            return self._vectors[:n]

    def part(
        self,
        texts: Sequence[str],
        places: NDArray[np.int64],
        *,
        progress: ProgressCall | None = None,
        cancelled: CancelCall | None = None,
    ) -> Matrix:
        """Embeddings (k, d) of some of the table's ``texts``, those at ``places``."""
        with self._lock:
            self._grow(len(texts))
            self._read(texts, self._stale(texts, places.tolist()), progress, cancelled)
            return self._vectors[places]

    def unread(self, texts: Sequence[str]) -> NDArray[np.int64]:
        """The places of the table's ``texts`` that :meth:`update` would have to read, ascending."""
        with self._lock:
            self._grow(len(texts))
            return np.array(self._stale(texts, range(len(texts))), np.int64)

    def long(self, n: int) -> NDArray[np.bool_]:
        """Which of the first ``n`` rows the encoder reads in parts, (n,)."""
        with self._lock:
            return self._long[:n].copy()

    def seen(self, vectors: Matrix) -> Matrix:
        """:func:`compact` of the rows, computed once as long as no text changes."""
        with self._lock:
            if self._seen is None or len(self._seen) != len(vectors):
                self._seen = compact(vectors)
            return self._seen

    def names(self, texts: list[str]) -> Matrix:
        """Embeddings (k, d) of what the classes are called."""
        return self._cache.embed(self.encoder, texts)

    def pool(self, vectors: Matrix, free: NDArray[np.int64]) -> Matrix:
        """A sample of the rows that are ``free``, as long as no text changes nearly the same one."""
        with self._lock:
            return self._around.pool(vectors, free)

    def near(self, vectors: Matrix, gauge: UnknownGauge | None) -> Near | None:
        """Each row's nearest in the gauge's pool, computed once as long as no text changes."""
        if gauge is None:
            return None
        with self._lock:
            return self._around.near(vectors, gauge.pool)

    def _stale(self, texts: Sequence[str], places: Iterable[int]) -> list[int]:
        known = self._texts
        return [place for place in places if known[place] != texts[place]]

    def _read(
        self,
        texts: Sequence[str],
        stale: list[int],
        progress: ProgressCall | None,
        cancelled: CancelCall | None,
    ) -> None:
        if stale:
            self._seen, self._around = None, Surroundings()
            # A matrix that was handed out before must not change under its reader.
            if min(stale) < self._given:
                self._vectors, self._given = self._vectors.copy(), 0
        for start in range(0, len(stale), _CHUNK):
            part = stale[start : start + _CHUNK]
            chunk = [texts[place] for place in part]

            def tell(done: int, _total: int, before: int = start) -> None:
                if progress is not None:
                    progress(before + done, len(stale))

            self._vectors[part] = self._cache.embed(self.encoder, chunk, progress=tell, cancelled=cancelled)
            for place, text in zip(part, chunk, strict=True):
                self._texts[place] = text
                # A token is at least a character, so that short texts need not be taken apart again.
                short = len(text) <= self.encoder.max_tokens - _MARKS
                self._long[place] = not short and self.encoder.is_long(text)

    def _grow(self, n: int) -> None:
        if n > len(self._vectors):
            grown = np.zeros((max(n, len(self._vectors) * 3 // 2), self.encoder.dim), dtype=np.float32)
            grown[: len(self._vectors)] = self._vectors
            self._long = np.concatenate([self._long, np.zeros(len(grown) - len(self._long), np.bool_)])
            self._vectors = grown
        self._texts += [None] * (n - len(self._texts))
