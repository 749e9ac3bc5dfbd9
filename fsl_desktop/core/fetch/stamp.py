"""What was verified in an installed model, so that starting the program does not hash 90 MB again."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.fetch.entry import FileEntry, ModelEntry
from fsl_desktop.core.fetch.hashing import is_file
from fsl_desktop.core.message import Message

STAMP = "installed.json"


def write_stamp(entry: ModelEntry, folder: Path, origin: str) -> None:
    """Record size, hash and time of every file; call it only when all of them have been compared."""
    from fsl_desktop.core.atomic import write_text_atomic

    files = {
        file.name: {
            "size": file.size,
            "sha256": file.sha256,
            "mtime_ns": (folder / file.name).stat().st_mtime_ns,
        }
        for file in entry.files
    }
    record = {
        "model": entry.id,
        "origin": origin,
        "verified": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "files": files,
    }
    write_text_atomic(folder / STAMP, json.dumps(record, indent=1) + "\n")


def read_stamp(folder: Path) -> dict[str, object]:
    """The record's ``files`` part; empty where there is none or it is damaged."""
    try:
        files = json.loads((folder / STAMP).read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return {}
    return files if isinstance(files, dict) else {}


def read_origin(folder: Path) -> str:
    """Which source the model came from; "" where it is not known."""
    try:
        return str(json.loads((folder / STAMP).read_text(encoding="utf-8"))["origin"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""


def unverified(entry: ModelEntry, folder: Path) -> list[FileEntry]:
    """Files that were touched since they were compared, or never were."""
    files = read_stamp(folder)
    changed: list[FileEntry] = []
    for file in entry.files:
        try:
            mtime = (folder / file.name).stat().st_mtime_ns
        except OSError:
            changed.append(file)
            continue
        if files.get(file.name) != {"size": file.size, "sha256": file.sha256, "mtime_ns": mtime}:
            changed.append(file)
    return changed


def check_sizes(entry: ModelEntry, folder: Path) -> Message | None:
    """The cheap look: is every file there, with its size? Otherwise the sentence with the fix."""
    for file in entry.files:
        try:
            size = (folder / file.name).stat().st_size
        except OSError:
            return _problem("{file} of {model} is missing. Install {model} again.", file, entry)
        if size != file.size:
            return _problem("{file} of {model} is damaged. Install {model} again.", file, entry)
    return None


def check_hashes(
    entry: ModelEntry,
    folder: Path,
    files: list[FileEntry],
    progress: Callable[[int, int], None] | None = None,
) -> Message | None:
    """The thorough look, at ``files``."""
    total, done = sum(file.size for file in files), 0

    def step(n: int) -> None:
        nonlocal done
        done += n
        if progress is not None:
            progress(done, total)

    for file in files:
        try:
            right = is_file(folder / file.name, file, step)
        except OSError as error:
            raise UserError(
                "{file} cannot be read. Check the disk, then try again.", file=file.name, details=str(error)
            ) from error
        if not right:
            return _problem("{file} of {model} was changed or damaged. Install {model} again.", file, entry)
    return None


def _problem(template: str, file: FileEntry, entry: ModelEntry) -> Message:
    return Message.of(template, file=file.name, model=entry.name)
