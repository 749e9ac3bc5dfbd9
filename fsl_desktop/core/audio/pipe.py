"""Samples out of another program's output, which may come slowly, never, or be unwanted half way."""

from __future__ import annotations

import queue
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.audio.trouble import unreadable
from fsl_desktop.core.readers.source import Cancelled, stop_if

Samples = NDArray[np.float32]

_BLOCK_BYTES = 1 << 18
_WAITING_BLOCKS = 16
_PATIENCE = 60.0
"""Seconds without a sample after which the program is thought to hang."""
_STEP = 0.1
"""Seconds after which a wish to stop is heard at the latest."""
_TOLD = 4_000
NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""Else a black window flashes up on Windows for every file."""


class Pipe:
    """A running program that writes 32-bit floats; leaving the ``with`` ends it, whatever it does."""

    def __init__(self, command: list[str], path: Path, cancelled: Cancelled) -> None:
        """Raises :class:`UserError` where it cannot be started."""
        self._path = path
        self._cancelled = cancelled
        self._told = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self._blocks: queue.Queue[bytes] = queue.Queue(_WAITING_BLOCKS)
        self._leave = threading.Event()
        try:
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=self._told,
                creationflags=NO_WINDOW,
            )
        except OSError as error:
            self._told.close()
            raise unreadable(path, str(error)) from error
        # A thread, because a pipe cannot be waited for with a time limit on every system.
        self._reader = threading.Thread(target=self._read, name="ffmpeg pipe", daemon=True)
        self._reader.start()

    def samples(self) -> Iterator[Samples]:
        """Blocks until the program closes its output. Raises :class:`UserError` and ``Stopped``."""
        rest = b""
        patience = time.monotonic() + _PATIENCE
        while True:
            stop_if(self._cancelled)
            try:
                data = self._blocks.get(timeout=_STEP)
            except queue.Empty:
                if time.monotonic() > patience:
                    raise unreadable(self._path, "ffmpeg gives no more samples") from None
                continue
            if not data:
                return
            data = rest + data
            whole = len(data) - len(data) % 4
            rest = data[whole:]
            yield np.frombuffer(data[:whole], dtype="<f4").astype(np.float32)
            patience = time.monotonic() + _PATIENCE

    def finish(self) -> tuple[int, str]:
        """Exit code and last words, once all samples are read."""
        try:
            code = self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            code = -1
        size = self._told.seek(0, 2)
        self._told.seek(max(0, size - _TOLD))
        return code, self._told.read(_TOLD).decode("utf-8", errors="replace")

    def __enter__(self) -> Pipe:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave.set()
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        self._reader.join(timeout=5)
        if self._process.stdout is not None and not self._reader.is_alive():
            self._process.stdout.close()
        self._told.close()

    def _read(self) -> None:
        stream = self._process.stdout
        assert stream is not None
        data = b"-"
        while data and not self._leave.is_set():
            data = stream.read1(_BLOCK_BYTES)  # type: ignore[attr-defined]
            while not self._leave.is_set():
                try:
                    self._blocks.put(data, timeout=_STEP)
                    break
                except queue.Full:
                    continue
