"""Models from the Hugging Face hub, or a mirror of it (``HF_ENDPOINT``).

Addresses, proxies and the offline switch are ``huggingface_hub``'s; the transfer itself is ours, because
``hf_hub_download`` (2.4) throws a broken part away and cannot be stopped between two blocks of 10 MB.
"""

from __future__ import annotations

import math
import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urlsplit

from fsl_desktop.core.errors import Stopped
from fsl_desktop.core.fetch.entry import FileEntry, HubSource, ModelEntry
from fsl_desktop.core.fetch.hashing import is_file
from fsl_desktop.core.fetch.watch import SourceFailed, Watch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from typing import Protocol

    class Response(Protocol):
        status_code: int

        def iter_bytes(self) -> Iterator[bytes]: ...


CONNECT_SECONDS = 4.0
"""No network is learnt within this time, whatever the resolver or the firewall does."""
STALL_SECONDS = 15.0
"""A server that says nothing for so long is given up; what came is kept and resumed."""
TRIES = 4
"""Broken transfers in a row, none of which brought a byte, until the source is given up."""


def offline() -> bool:
    """Did the user switch the hub off by its own variable?"""
    return os.environ.get("HF_HUB_OFFLINE", "").upper() in {"1", "ON", "YES", "TRUE"}


def fetch_hub(source: HubSource, entry: ModelEntry, staging: Path, watch: Watch) -> None:
    """Bring every file of ``entry`` into ``staging``, checked; parts stay there for the next try.

    Raises ``Stopped`` within a second of being asked, ``SourceFailed`` within ``CONNECT_SECONDS`` without
    a network, and ``OSError`` where the disk refuses.
    """
    if offline():
        raise SourceFailed("the Hugging Face hub is switched off (HF_HUB_OFFLINE)")
    transfer = _Transfer(source, entry, staging)
    transfer.start()
    try:
        while transfer.is_alive():
            transfer.join(0.05)
            watch.check()
            watch.tell(transfer.done)
            if time.monotonic() - transfer.heard > (STALL_SECONDS if transfer.answered else CONNECT_SECONDS):
                raise SourceFailed(f"{transfer.host} did not answer in time")
    finally:
        transfer.stop.set()
        transfer.join(0.5)
    if transfer.error is not None:
        raise transfer.error
    watch.tell(transfer.done)


class _Transfer(threading.Thread):
    """The network's side, in a thread of its own, because looking up a name cannot be interrupted.

    A thread that was given up writes nothing any more and ends with its socket's time-out.
    """

    def __init__(self, source: HubSource, entry: ModelEntry, staging: Path) -> None:
        super().__init__(name="hub-transfer", daemon=True)
        self.done = 0
        self.heard = math.inf
        self.answered = False
        self.host = "the Hugging Face hub"
        self.error: Exception | None = None
        self.stop = threading.Event()
        self._source, self._entry, self._staging = source, entry, staging

    def run(self) -> None:
        try:
            # Loading the library is no silence of the network: the clock starts with the first request.
            from huggingface_hub import get_session, hf_hub_url

            self._session, self._url = get_session(), hf_hub_url
            for file in self._entry.files:
                self._fetch(file)
        except Exception as error:
            self.error = error

    def _fetch(self, file: FileEntry) -> None:
        target = self._staging / file.name
        part = target.with_name(target.name + ".part")
        start = self.done
        if not is_file(target, file, self._alive):
            target.parent.mkdir(parents=True, exist_ok=True)
            self._fill(file, part, start)
            if not is_file(part, file, self._alive):
                part.unlink()
                raise SourceFailed(f"{file.name} from {self.host} is not the file that the catalogue names")
            part.replace(target)
        self.done = start + file.size

    def _fill(self, file: FileEntry, part: Path, start: int) -> None:
        """Append to ``part`` until it has the size of ``file``, over as many broken transfers as it takes."""
        failures = 0
        while True:
            have = part.stat().st_size if part.exists() else 0
            if have > file.size:
                part.unlink()
                have = 0
            self.done = start + have
            if have == file.size and part.exists():
                return
            try:
                self._transfer(file, part, have, start)
            except (SourceFailed, Stopped):
                raise
            except Exception as error:  # the HTTP library's own, which differ between its versions
                if isinstance(error, OSError) and not isinstance(error, (ConnectionError, TimeoutError)):
                    raise  # the disk
                got = part.stat().st_size if part.exists() else 0
                failures = 0 if got > have else failures + 1
                if not self.answered or failures >= TRIES:
                    raise SourceFailed(f"{self.host}: {type(error).__name__}: {error}") from error
                self.stop.wait(0.25 * (failures + 1))

    def _transfer(self, file: FileEntry, part: Path, have: int, start: int) -> None:
        headers = {"User-Agent": "fsl-desktop", "Accept-Encoding": "identity"}
        if have:
            headers["Range"] = f"bytes={have}-"
        with self._open(file.name, headers) as response:
            self._alive()
            self.answered = True
            if response.status_code == 416:  # the part is not a beginning of that file
                part.unlink()
                return
            if response.status_code not in (200, 206):
                raise SourceFailed(f"{self.host} answered {response.status_code} for {file.name}")
            if response.status_code == 200:
                have = 0
            with part.open("ab" if have else "wb") as out:
                self._pour(response, out, file, have, start)

    def _pour(self, response: Response, out: BinaryIO, file: FileEntry, have: int, start: int) -> None:
        for block in response.iter_bytes():
            self._alive()
            have += len(block)
            if have > file.size:
                raise SourceFailed(f"{file.name} from {self.host} is longer than the catalogue says")
            out.write(block)
            self.done = start + have
        if have < file.size:
            raise ConnectionBreak(f"{file.name} ended after {have} of {file.size} bytes")

    def _open(self, name: str, headers: dict[str, str]) -> AbstractContextManager[Response]:
        endpoint = os.environ.get("HF_ENDPOINT", "").rstrip("/") or None
        url: str = self._url(self._source.repo, name, revision=self._source.revision, endpoint=endpoint)
        self.host = urlsplit(url).netloc
        stream: AbstractContextManager[Response] = self._session.stream(
            "GET", url, headers=headers, timeout=_timeout(), follow_redirects=True
        )
        self.heard = time.monotonic()
        return stream

    def _alive(self, _step: int = 0) -> None:
        if self.stop.is_set():
            raise Stopped
        self.heard = time.monotonic()


class ConnectionBreak(Exception):  # noqa: N818 - mended by resuming
    """The server closed early without an error of its own."""


def _timeout() -> tuple[float, float, float, float]:
    """Connect, read, write and pool, in seconds."""
    return (CONNECT_SECONDS, STALL_SECONDS, STALL_SECONDS, CONNECT_SECONDS)
