"""Are these the bytes that the catalogue promises?"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from fsl_desktop.core.fetch.entry import FileEntry

BLOCK = 1 << 20
GIT = "git:"
"""Before a hash that is git's (SHA-1 of a header and the content) and not a sha256."""


class Readable(Protocol):
    """Anything opened for reading bytes."""

    def read(self, n: int, /) -> bytes: ...


def sha256_of(path: Path, step: Callable[[int], None] | None = None) -> str:
    """Hash a file; ``step(n)`` is called after each block of n bytes and may raise to stop."""
    with path.open("rb") as file:
        return sha256_of_stream(file, step)


def sha256_of_stream(stream: Readable, step: Callable[[int], None] | None = None) -> str:
    """As :func:`sha256_of`, for anything opened for reading bytes."""
    digest = hashlib.sha256()
    while block := stream.read(BLOCK):
        digest.update(block)
        if step is not None:
            step(len(block))
    return digest.hexdigest()


def is_file(path: Path, entry: FileEntry, step: Callable[[int], None] | None = None) -> bool:
    """Has ``path`` the size and the hash of ``entry``? A missing file is none."""
    if not path.is_file() or path.stat().st_size != entry.size:
        return False
    if entry.sha256.startswith(GIT):
        return GIT + _git_hash(path, entry.size, step) == entry.sha256
    return sha256_of(path, step) == entry.sha256


def _git_hash(path: Path, size: int, step: Callable[[int], None] | None) -> str:
    digest = hashlib.sha1(f"blob {size}\0".encode(), usedforsecurity=False)
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
            if step is not None:
                step(len(block))
    return digest.hexdigest()
