"""Which files outside a project's folder may be read: those in places that this user has chosen.

A project may come from anybody, and a path in it must not make the program open whatever lies there (on
Windows even the name of another computer would be told who asks). So each place that somebody imports
recordings from is remembered for this user, apart from all projects.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

from fsl_desktop.core.atomic import write_text_atomic
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.paths import config_dir

_FILE = "sound_places.json"
_MAX_BYTES = 10_000_000
_MAX_PLACES = 20_000

NOT_CHOSEN = (
    "{file} lies outside the project's folder, in a place that was not chosen on this computer. "
    "Choose the folder with the recordings, then they can be heard."
)


def known_places() -> frozenset[str]:
    """Folders and files that this user has imported from. Never raises: what cannot be read is not known."""
    path = config_dir() / _FILE
    try:
        if path.stat().st_size > _MAX_BYTES:
            return frozenset()
        plain = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return frozenset()
    return (
        frozenset(item for item in plain if isinstance(item, str)) if isinstance(plain, list) else frozenset()
    )


def remember_places(places: Iterable[Path]) -> None:
    """Add folders or single files. ``UserError`` where it cannot be written down."""
    known = known_places()
    new = [_key(place) for place in places]
    fresh = [place for place in dict.fromkeys(new) if not _covered(place, known)]
    if fresh:
        kept = [*sorted(known), *fresh][-_MAX_PLACES:]
        write_text_atomic(config_dir() / _FILE, json.dumps(kept, indent=0, ensure_ascii=False) + "\n")


def recorded(folder: Path, path: Path) -> str:
    """How the project in ``folder`` writes down ``path``: relative to it with "/" where it lies inside, else
    absolute."""
    full = Path(os.path.abspath(path))
    root = Path(os.path.abspath(folder))
    return full.relative_to(root).as_posix() if full.is_relative_to(root) else str(full)


def resolved(folder: Path, written: str, places: frozenset[str] | None = None) -> Path:
    """The file that the project in ``folder`` means by ``written``; it need not be there.

    ``UserError`` where it is neither inside the folder (links count as where they lead) nor in one of
    ``places`` (those that are known). Nothing outside the folder is touched to find that out.
    """
    path = _local(written)
    if path is not None:
        inside = Path(os.path.normpath(folder / path))
        if _within(os.path.realpath(inside), os.path.realpath(folder)):
            return inside
        if ".." in path.parts:
            raise UserError(NOT_CHOSEN, file=path.name)
        outside = inside
    else:
        outside = Path(os.path.normpath(written))
    if _is_absolute(outside) and _covered(_key(outside), known_places() if places is None else places):
        return outside
    raise UserError(NOT_CHOSEN, file=PureWindowsPath(written).name or written)


def _local(written: str) -> PurePosixPath | None:
    """A path within the project's folder as every system reads it; ``None`` for one that is not relative."""
    windows = PureWindowsPath(written)
    if not written or "\x00" in written or windows.drive or windows.root or written.startswith("/"):
        return None
    return PurePosixPath(written)


def _is_absolute(path: PurePath) -> bool:
    return path.is_absolute() and "\x00" not in str(path)


def _key(place: Path) -> str:
    return os.path.normcase(os.path.abspath(place))


def _covered(key: str, places: frozenset[str]) -> bool:
    path = Path(key)
    return any(str(one) in places for one in (path, *path.parents))


def _within(path: str, folder: str) -> bool:
    try:
        return os.path.commonpath([path, folder]) == folder
    except ValueError:  # another drive
        return False
