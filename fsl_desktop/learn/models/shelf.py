"""Encoders and trained models that are in memory, each loaded once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from fsl_desktop.learn.models.loading import WEIGHTS

T = TypeVar("T")

KEPT = 3
"""Models kept in memory; MiniLM takes 90 MB."""


class Shelf(Generic[T]):
    """Loads by folder; a folder whose weights were replaced is loaded again. Thread-safe."""

    def __init__(self, load: Callable[[Path], T]) -> None:
        self._load = load
        self._lock = threading.Lock()
        self._loading: dict[Path, threading.Lock] = {}
        self._items: OrderedDict[Path, tuple[tuple[int, int], T]] = OrderedDict()

    def get(self, folder: Path) -> T:
        """The model in ``folder``; whoever asks while it is being loaded waits for it."""
        folder = folder.resolve()
        with self._lock:
            own = self._loading.setdefault(folder, threading.Lock())
        with own:
            stamp = _stamp(folder / WEIGHTS)
            with self._lock:
                known = self._items.get(folder)
                if known is not None and known[0] == stamp:
                    self._items.move_to_end(folder)
                    return known[1]
            item = self._load(folder)
            with self._lock:
                self._items[folder] = (stamp, item)
                self._items.move_to_end(folder)
                while len(self._items) > KEPT:
                    self._items.popitem(last=False)
            return item


def _stamp(path: Path) -> tuple[int, int]:
    try:
        status = path.stat()
    except OSError:
        return 0, 0  # the loader has the sentence for it
    return status.st_size, status.st_mtime_ns
