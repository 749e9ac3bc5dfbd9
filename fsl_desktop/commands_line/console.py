"""What a command says: results on standard output, progress and sentences on standard error."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from typing import TextIO


def prepare_streams() -> None:
    """Make both streams usable: a windowed program on Windows has none, a pipe there is not UTF-8."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115 - open until we exit
        elif hasattr(stream, "reconfigure"):
            encoding = (stream.encoding or "").lower().replace("-", "")
            stream.reconfigure(encoding=None if encoding == "utf8" else "utf-8", errors="replace")


QUIET_SECONDS = 10.0
"""Where nobody watches, a short job says nothing and a long one says a line now and then."""


class Console:
    """Progress is one line that changes on a terminal, and a line now and then elsewhere.

    Bad input is answered with one sentence and nothing else, so notes wait until the command is through.
    """

    def __init__(
        self, *, as_json: bool = False, out: TextIO | None = None, err: TextIO | None = None
    ) -> None:
        self.as_json = as_json
        self._out = out or sys.stdout
        self._err = err or sys.stderr
        self._shown = ""
        self._last = time.monotonic()
        self._notes: list[str] = []
        self._phase = ""

    def say(self, text: str = "") -> None:
        """A line of the result, for people; left out with ``--json``."""
        self.clear()
        if not self.as_json:
            print(text, file=self._out)

    def result(self, record: dict[str, object]) -> None:
        """The result for programs: the last line of standard output, with ``--json`` only."""
        self.clear()
        if self.as_json:
            print(json.dumps(record, ensure_ascii=False), file=self._out, flush=True)

    def note(self, text: str) -> None:
        """Something worth knowing, for standard error, once the command is through."""
        self._notes.append(text)

    def tell_notes(self) -> None:
        self.clear()
        for text in self._notes:
            print(text, file=self._err, flush=True)
        self._notes.clear()

    def progress(self, phase: str, done: int = 0, total: int = 0, more: str = "") -> None:
        """Where a long job is; cheap enough to be called for every step."""
        now = time.monotonic()
        terminal = self._err.isatty()
        news = phase != self._phase or (total and done >= total)
        if now - self._last < (0.1 if terminal else QUIET_SECONDS) and not (terminal and news):
            return
        share = f" {100 * done // total} %" if total else ""
        line = f"{phase}{share}{'  ' + more if more else ''}"
        self._phase, self._last = phase, now
        if terminal:
            self._err.write("\r" + line.ljust(len(self._shown)))
            self._err.flush()
        elif line != self._shown:
            print(line, file=self._err, flush=True)
        self._shown = line

    def clear(self) -> None:
        """End the line of progress, where there is one."""
        if self._shown and self._err.isatty():
            self._err.write("\r" + " " * len(self._shown) + "\r")
            self._err.flush()
        self._shown, self._phase = "", ""

    def counter(self, phase: str) -> Callable[[int, int], None]:
        """``progress`` for callers that tell (done, total) alone."""
        return lambda done, total: self.progress(phase, done, total)
