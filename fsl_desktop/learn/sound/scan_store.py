"""Answers to a long recording as they come, so that a scan that was stopped goes on where it was."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import zlib
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.audio.track import Probabilities

log = logging.getLogger(__name__)

KEPT = "scans"
"""Folder in the cache where answers are kept while they come."""
_FORMAT = 1
_MOST_FILES = 200
"""Scans that are remembered; three hours are half a megabyte."""


class ScanStore:
    """A file of answers: a line that says whose, then records of one size, each with a checksum.

    It only saves time: what is damaged is cut off, and where nothing can be written nothing is kept.
    """

    def __init__(self, folder: Path | None, about: dict[str, Any], n_classes: int) -> None:
        """``about``: what the answers depend on; its hash is the file's name. Without a folder nothing is
        kept."""
        head = json.dumps({"format": _FORMAT, **about}, sort_keys=True)
        name = hashlib.blake2b(head.encode(), digest_size=16).hexdigest()
        self.path = None if folder is None else folder / f"{name}.scan"
        self._head = head.encode() + b"\n"
        self._record = np.dtype([("place", "<i4"), ("p", "<f4", (n_classes,)), ("check", "<u4")])
        self._file: Any = None

    def __enter__(self) -> ScanStore:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None

    def known(self) -> tuple[NDArray[np.int64], Probabilities]:
        """(places (n,), probabilities (n, C)) that are there already, ascending. To be asked once, first."""
        found = np.zeros(0, self._record)
        if self.path is not None:
            try:
                found = self._open(self.path)
            except OSError as error:
                log.warning("scan %s: %s", self.path, error)
        _, first = np.unique(found["place"], return_index=True)
        return found["place"][first].astype(np.int64), np.ascontiguousarray(found["p"][first])

    def _open(self, path: Path) -> NDArray[Any]:
        """The records of the file, which is open for more then."""
        path.parent.mkdir(parents=True, exist_ok=True)
        data = path.read_bytes() if path.exists() else b""
        found = np.zeros(0, self._record)
        if data.startswith(self._head):
            found = self._sound(data[len(self._head) :])
            os.truncate(path, len(self._head) + found.nbytes)
        else:
            _prune(path.parent)
            path.write_bytes(self._head)
        self._file = open(path, "ab")  # noqa: SIM115 - closed in __exit__
        return found

    def add(self, places: NDArray[np.int64], probabilities: Probabilities) -> None:
        """Remember answers; they outlive this process when it returns."""
        if self._file is None:
            return
        records = np.zeros(len(places), self._record)
        records["place"], records["p"] = places, probabilities
        records["check"] = [_check(record) for record in records]
        try:
            self._file.write(records.tobytes())
            self._file.flush()
        except OSError as error:
            log.warning("scan %s: %s", self.path, error)
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None

    def _sound(self, data: bytes) -> NDArray[Any]:
        """The records up to the first that is cut off or damaged."""
        count = len(data) // self._record.itemsize
        records = np.frombuffer(data, self._record, count)
        for place, record in enumerate(records):
            if _check(record) != record["check"]:
                return records[:place]
        return records


def _prune(folder: Path) -> None:
    files = sorted(folder.glob("*.scan"), key=lambda path: path.stat().st_mtime)
    for path in files[: max(0, len(files) - _MOST_FILES + 1)]:
        path.unlink(missing_ok=True)


def _check(record: Any) -> int:
    return zlib.crc32(record["place"].tobytes() + record["p"].tobytes())
