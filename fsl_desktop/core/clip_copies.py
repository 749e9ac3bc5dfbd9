"""Recordings that are copied into a project's own folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from pathlib import Path

from fsl_desktop.core.atomic import write_error
from fsl_desktop.core.audio.archives import safe_part
from fsl_desktop.core.audio.content import content_hash
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.readers.files import open_binary
from fsl_desktop.core.readers.source import Cancelled, stop_if

MEDIA = "media"
_BLOCK = 1 << 20


class Copies:
    """What one import puts into ``media/``; :meth:`discard` takes it away again."""

    def __init__(self, project: Path) -> None:
        self.folder = project / MEDIA
        self._made: list[Path] = []
        self._unpacked: Path | None = None

    @property
    def unpack_to(self) -> Path:
        """A folder in ``media/`` of this import alone, for what comes out of archives; not made yet."""
        if self._unpacked is None:
            number = 1
            while os.path.lexists(self.folder / f"unpacked {number}"):
                number += 1
            self._unpacked = self.folder / f"unpacked {number}"
        return self._unpacked

    def take(self, path: Path, name: str, content: str, cancelled: Cancelled) -> Path:
        """Copy a file under ``name`` (a relative path) and return where it is; whole or not at all.

        A file of that name and content that is there already is taken as it is. Raises ``UserError``
        (unreadable, disk full) and ``Stopped``.
        """
        if path.is_relative_to(self.folder):
            return path
        parts = [safe_part(part) for part in name.split("/") if part not in ("", ".", "..")]
        target = self.folder.joinpath(*parts or ["recording"])
        number = 2
        stem = target.stem
        while os.path.lexists(target):
            with contextlib.suppress(UserError):
                if content_hash(target) == content:
                    return target
            target = target.with_name(f"{stem} {number}{target.suffix}")
            number += 1
        self._copy(path, target, cancelled)
        return target

    def discard(self) -> None:
        """Remove what was copied and unpacked. Never raises."""
        for path in self._made:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
                path.parent.rmdir()  # if it was the last in it
        if self._unpacked is not None:
            shutil.rmtree(self._unpacked, ignore_errors=True)
        with contextlib.suppress(OSError):
            self.folder.rmdir()

    def _copy(self, path: Path, target: Path, cancelled: Cancelled) -> None:
        with open_binary(path) as source:
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                handle, part = tempfile.mkstemp(dir=target.parent, prefix=".copying-")
                try:
                    with os.fdopen(handle, "wb") as file:
                        while block := source.read(_BLOCK):
                            stop_if(cancelled)
                            file.write(block)
                    os.replace(part, target)
                except BaseException:
                    with contextlib.suppress(OSError):
                        os.unlink(part)
                    raise
            except OSError as error:
                raise write_error(error, target) from error
        self._made.append(target)
