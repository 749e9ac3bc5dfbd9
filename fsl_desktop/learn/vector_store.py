"""Vectors on disk by key: a small database that may be thrown away at any time."""

from __future__ import annotations

import contextlib
import logging
import sqlite3
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger(__name__)

_PARAMETERS = 500


class VectorStore:
    """float16 vectors by key. Safe to use from several threads and processes. A damaged file is thrown away
    and begun anew; the oldest tenth goes when ``max_entries`` are there."""

    def __init__(self, path: Path, max_entries: int) -> None:
        self._path = path
        self._max_entries = max_entries
        self._lock = threading.Lock()
        self._connection: sqlite3.Connection | None = None
        self._puts = 0

    def get(self, keys: Sequence[bytes], dim: int) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
        """(vectors (n, dim), which are known (n,)); rows that are not known are zero."""
        vectors = np.zeros((len(keys), dim), dtype=np.float32)
        found = np.zeros(len(keys), dtype=np.bool_)
        places: dict[bytes, list[int]] = {}
        for index, key in enumerate(keys):
            places.setdefault(key, []).append(index)
        size = 2 * dim

        def read(connection: sqlite3.Connection) -> None:
            asked = list(places)
            for start in range(0, len(asked), _PARAMETERS):
                part = asked[start : start + _PARAMETERS]
                marks = ",".join("?" * len(part))
                query = f"SELECT key, vector FROM embedding WHERE key IN ({marks})"
                for key, blob in connection.execute(query, part):
                    if len(blob) == size:
                        at = places[key]
                        vectors[at] = np.frombuffer(blob, dtype=np.float16)
                        found[at] = True

        self._with_connection(read)
        return vectors, found

    def put(self, keys: Sequence[bytes], vectors: NDArray[np.float16]) -> None:
        """Remember ``vectors`` (n, d)."""
        rows = [(key, vector.tobytes()) for key, vector in zip(keys, vectors, strict=True)]

        def write(connection: sqlite3.Connection) -> None:
            with connection:
                connection.executemany("INSERT OR REPLACE INTO embedding (key, vector) VALUES (?, ?)", rows)
                self._puts += len(rows)
                if self._puts > self._max_entries // 20:
                    self._puts = 0
                    self._prune(connection)

        self._with_connection(write)

    def close(self) -> None:
        with self._lock:
            self._drop()

    def _prune(self, connection: sqlite3.Connection) -> None:
        (count,) = connection.execute("SELECT count(*) FROM embedding").fetchone()
        if count > self._max_entries:
            excess = count - self._max_entries * 9 // 10
            connection.execute(
                "DELETE FROM embedding WHERE rowid IN (SELECT rowid FROM embedding ORDER BY rowid LIMIT ?)",
                (excess,),
            )

    def _with_connection(self, work: Callable[[sqlite3.Connection], None]) -> None:
        """The cache only saves time: whatever is wrong with it, the answer is to go on without."""
        with self._lock:
            for attempt in (1, 2):
                try:
                    if self._connection is None:
                        self._connection = self._open()
                    work(self._connection)
                    return
                except sqlite3.DatabaseError as error:
                    log.warning("embedding cache %s: %s (attempt %d)", self._path, error, attempt)
                    self._drop()
                    if isinstance(error, sqlite3.OperationalError):
                        return  # busy, full or read-only: nothing is damaged
                    self._discard()
                except OSError as error:
                    log.warning("embedding cache %s: %s", self._path, error)
                    return

    def _open(self) -> sqlite3.Connection:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(self._path, timeout=2.0, check_same_thread=False)
        try:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=OFF")  # losing a cache to a power cut costs only time
            connection.execute(
                "CREATE TABLE IF NOT EXISTS embedding (key BLOB NOT NULL UNIQUE, vector BLOB NOT NULL)"
            )
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    def _drop(self) -> None:
        if self._connection is not None:
            with contextlib.suppress(sqlite3.Error):
                self._connection.close()
            self._connection = None

    def _discard(self) -> None:
        for suffix in ("", "-wal", "-shm"):
            with contextlib.suppress(OSError):
                self._path.with_name(self._path.name + suffix).unlink(missing_ok=True)
