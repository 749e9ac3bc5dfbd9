"""The MP3 decoder inside libsndfile writes remarks about damaged files to the terminal; it should not."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_lock = threading.Lock()
_inside = 0
_kept = -1


@contextmanager
def quiet() -> Iterator[None]:
    """Nothing that C code writes to the standard error stream inside comes out.

    It holds for the whole process, so keep it to milliseconds; may be nested and used by several threads.
    """
    _enter()
    try:
        yield
    finally:
        _leave()


def _enter() -> None:
    global _inside, _kept
    with _lock:
        _inside += 1
        if _inside > 1:
            return
        # A window of Windows has no such stream; then there is nobody to be spared.
        with suppress(OSError):
            _kept = os.dup(2)
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, 2)
            os.close(nowhere)


def _leave() -> None:
    global _inside, _kept
    with _lock:
        _inside -= 1
        if _inside == 0 and _kept >= 0:
            with suppress(OSError):
                os.dup2(_kept, 2)
                os.close(_kept)
            _kept = -1
