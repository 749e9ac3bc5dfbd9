"""From what a table says about a file to the file."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

from fsl_desktop.core.audio.kinds import ENDINGS
from fsl_desktop.core.audio.trees import walk
from fsl_desktop.core.message import Message

ADDRESS = "Row {row} names an address and not a file on this computer: {file}. Download it and name the file."
NOT_THERE = "Row {row}: the file {file} is not there. Correct its name, or put it beside the table."
SEVERAL = "Row {row}: there is more than one file called {file}. Write the folder before its name."
OUTSIDE = "Row {row}: {file} leads out of the folder and is left out. Put the sound into the folder."
_SHOWN = 200
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/|[\\/]{2}")
"""Also ``\\\\server\\share``: opening that would tell a strange computer who asks."""


class Lookup:
    """Finds files named in a table of ``folder``; with ``inside`` nothing out of that folder is found.

    What is not there is looked for under ``search``, or ``folder``.
    """

    def __init__(self, folder: Path, inside: Path | None = None, search: Path | None = None) -> None:
        self._folder = folder
        self._search = search or folder
        self._inside = os.path.realpath(inside) if inside is not None else None
        self._by_name: dict[str, list[tuple[str, ...]]] | None = None

    def find(self, cell: str, row: int) -> Path | Message:
        """The file, or what is wrong with the row.

        Tried are the path as it is, then the same with Windows' separators, then files under ``search`` whose
        path ends as this one does, in any case of letters and with a missing ending.
        """
        name = cell.strip()
        if _ADDRESS.match(name):
            return Message.of(ADDRESS, row=row, file=name[:_SHOWN])
        for spelling in dict.fromkeys((name, name.replace("\\", "/"))):
            path = self._folder / spelling
            if _is_file(path):
                if self._leads_out(path):
                    return Message.of(OUTSIDE, row=row, file=name[:_SHOWN])
                return Path(os.path.normpath(path)) if ".." in path.parts else path
        alike = self._alike(name)
        if len(alike) == 1:
            path = self._search.joinpath(*alike[0])
            return Message.of(OUTSIDE, row=row, file=name[:_SHOWN]) if self._leads_out(path) else path
        return Message.of(SEVERAL if alike else NOT_THERE, row=row, file=name[:_SHOWN])

    def _leads_out(self, path: Path) -> bool:
        if self._inside is None:
            return False
        real = os.path.realpath(path)
        try:
            return os.path.commonpath([real, self._inside]) != self._inside
        except ValueError:  # another drive
            return True

    def _alike(self, name: str) -> list[tuple[str, ...]]:
        wanted = [folded(part) for part in PurePosixPath(PureWindowsPath(name).as_posix()).parts]
        wanted = [part for part in wanted if part not in (".", "..", "/") and not part.endswith(":")]
        if not wanted:
            return []
        known = self._index()
        found = known.get(wanted[-1], [])
        if not found and os.path.splitext(wanted[-1])[1] not in ENDINGS:
            found = [parts for ending in sorted(ENDINGS) for parts in known.get(wanted[-1] + ending, [])]
        return [parts for parts in found if _end_alike(list(map(folded, parts[:-1])), wanted[:-1])]

    def _index(self) -> dict[str, list[tuple[str, ...]]]:
        if self._by_name is None:
            self._by_name = {}
            for parts in walk(self._search).sounds:
                self._by_name.setdefault(folded(parts[-1]), []).append(parts)
        return self._by_name


def _end_alike(a: list[str], b: list[str]) -> bool:
    """Is one path the end of the other? Else ``b/x.wav`` would be found as ``a/x.wav``."""
    shorter = min(len(a), len(b))
    return a[len(a) - shorter :] == b[len(b) - shorter :]


def folded(name: str) -> str:
    """A file's name as it is compared: systems differ in cases and in how they write accents."""
    return unicodedata.normalize("NFC", name).casefold()


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False
