"""Recordings that were moved: found again by name and content, and written down where they are now."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from fsl_desktop.core.audio.content import content_hash
from fsl_desktop.core.audio.trees import walk
from fsl_desktop.core.clip_table import ClipTable, SoundFile
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.source import Cancelled, stop_if
from fsl_desktop.core.sound_places import remember_places

Places = Sequence[tuple[int, Path]]


@dataclass(frozen=True, slots=True)
class Moved:
    """What was found of the files that are not where they were; ``paths`` are (file id, where it is)."""

    paths: tuple[tuple[int, Path], ...]
    changed: int
    """Files of the right name with another sound in them: not taken."""
    missing: int
    """Files that were not found at all."""


def find_moved(
    clips: ClipTable,
    old: Path | None,
    new: Path,
    *,
    progress: Callable[[int, int], None] = lambda done, total: None,
    cancelled: Cancelled = lambda: False,
) -> Moved:
    """Look under ``new`` for the files that are not there or may not be read; ``old``: only those that were
    below it, and first at the same place below ``new``.

    A file is taken for the same if name and content are (the name alone, where the content is not known).
    Reads nothing else. Raises ``UserError`` where ``new`` is no folder, and ``Stopped``.
    """
    if not new.is_dir():
        raise UserError("There is no folder {folder}. Choose another one.", folder=str(new))
    stop_if(cancelled)
    lost = [clips.files[file_id] for file_id in clips.troubles()]
    lost = [file for file in lost if old is None or _below(clips.folder, file, old) is not None]
    by_name: dict[str, list[Path]] = {}
    for parts in walk(new, cancelled).sounds if lost else ():
        by_name.setdefault(_folded(parts[-1]), []).append(new.joinpath(*parts))
    paths: list[tuple[int, Path]] = []
    changed = 0
    for count, file in enumerate(lost):
        stop_if(cancelled)
        below = _below(clips.folder, file, old) if old is not None else None
        first = [new / below] if below is not None and (new / below).is_file() else []
        alike = sorted(by_name.get(_folded(file.name), []), key=lambda path: -_common(file.path, path))
        candidates = list(dict.fromkeys([*first, *alike]))
        found = next((path for path in candidates if _same(file, path, len(candidates))), None)
        if found is not None:
            paths.append((file.id, found))
        elif candidates:
            changed += 1
        progress(count + 1, len(lost))
    return Moved(tuple(paths), changed, len(lost) - len(paths) - changed)


def relink(project: Project, old: Path | None, new: Path) -> Moved:
    """:func:`find_moved`, and the project knows it: no edit, so not undone. The folder ``new`` counts as
    chosen by this user."""
    clips = project.table.clips
    if clips is None:
        return Moved((), 0, 0)
    moved = find_moved(clips, old, new)
    accept(project, new, moved.paths)
    return moved


def accept(project: Project, new: Path, paths: Places) -> None:
    """Write down what :func:`find_moved` found under ``new``. ``UserError`` where it cannot be written."""
    if paths:
        remember_places([new])
        project.relink(paths)


def _below(folder: Path, file: SoundFile, old: Path) -> Path | None:
    path = Path(os.path.normpath(folder / file.path))
    root = Path(os.path.abspath(old))
    return path.relative_to(root) if path.is_relative_to(root) else None


def _same(file: SoundFile, path: Path, candidates: int) -> bool:
    if not file.content:
        return candidates == 1
    try:
        return content_hash(path) == file.content
    except UserError:
        return False


def _common(written: str, path: Path) -> int:
    """How many parts two paths have in common, from their ends."""
    count = 0
    for one, other in zip(
        reversed(written.replace("\\", "/").split("/")), reversed(path.parts), strict=False
    ):
        if _folded(one) != _folded(other):
            break
        count += 1
    return count


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()
