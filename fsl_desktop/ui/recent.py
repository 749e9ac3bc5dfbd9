"""Projects opened before, as the start screen shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class RecentProject:
    """``changed`` is an ISO time in UTC, or "" where it is not known."""

    folder: str
    name: str
    where: str
    changed: str = ""
    exists: bool = True
    detail: str = ""


def recent_projects(folders: Iterable[str], most: int = 8) -> tuple[RecentProject, ...]:
    """What can be said about project folders without opening them: one look at each folder's times."""
    return tuple(_describe(folder) for folder in list(folders)[:most])


def _describe(folder: str) -> RecentProject:
    path = Path(folder)
    where = _short(path.parent)
    newest = 0.0
    for name in ("project.db-wal", "project.db"):
        try:
            newest = max(newest, (path / name).stat().st_mtime)
        except OSError:
            continue
    changed = datetime.fromtimestamp(newest, UTC).isoformat() if newest else ""
    return RecentProject(folder, path.stem, where, changed, exists=bool(newest))


def _short(parent: Path) -> str:
    """The folder, with the user's home as ``~``."""
    try:
        inside = parent.relative_to(Path.home())
    except (ValueError, RuntimeError):
        return str(parent)
    return "~" if inside == Path() else str(Path("~") / inside)
