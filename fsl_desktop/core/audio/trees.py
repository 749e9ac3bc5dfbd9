"""Every file under a folder, in one order on every computer, and nothing that is hidden or a loop."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from fsl_desktop.core.audio.found import FoundProblem
from fsl_desktop.core.audio.kinds import EVENT_ENDINGS, is_sound_name
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.files import FORMATS
from fsl_desktop.core.readers.source import Cancelled, stop_if

_SYSTEM = frozenset(["__MACOSX", "$RECYCLE.BIN", "System Volume Information", "lost+found"])
_MAX_DEPTH = 30
CLOSED = "The folder {folder} may not be opened. Ask for permission to read it, or remove it."


@dataclass(frozen=True, slots=True)
class Tree:
    root: Path
    sounds: tuple[tuple[str, ...], ...]
    """Files whose names promise sound, as parts of their paths under ``root``."""
    tables: tuple[tuple[str, ...], ...]
    events: tuple[tuple[str, ...], ...]
    """Files that say what is to be heard when, and cannot be anything else."""
    others: int
    """Files that are neither."""
    hidden: int
    """Files and folders that are hidden or the system's own."""
    problems: tuple[FoundProblem, ...]


def is_hidden(name: str) -> bool:
    return (name.startswith(".") and name not in (".", "..")) or name in _SYSTEM


def is_table_name(name: str) -> bool:
    return os.path.splitext(name)[1].lower() in FORMATS


def walk(root: Path, cancelled: Cancelled = lambda: False) -> Tree:
    """Look through a folder. Links to files are followed, links to folders are not: they may lead in circles.

    Folders that may not be opened become problems. Raises ``Stopped`` alone.
    """
    sounds: list[tuple[str, ...]] = []
    tables: list[tuple[str, ...]] = []
    events: list[tuple[str, ...]] = []
    problems: list[FoundProblem] = []
    others = hidden = 0
    waiting: list[tuple[str, ...]] = [()]
    while waiting:
        stop_if(cancelled)
        parts = waiting.pop()
        folder = root.joinpath(*parts)
        try:
            with os.scandir(folder) as entries:
                listed = [(entry.name, entry.is_dir(), entry.is_symlink()) for entry in entries]
        except OSError:
            problems.append(FoundProblem(folder, None, Message.of(CLOSED, folder=str(folder))))
            continue
        for name, is_folder, is_link in listed:
            if is_hidden(name):
                hidden += 1
            elif is_folder:
                if not is_link and len(parts) < _MAX_DEPTH:
                    waiting.append((*parts, name))
            elif is_sound_name(name):
                sounds.append((*parts, name))
            elif is_table_name(name):
                tables.append((*parts, name))
            elif os.path.splitext(name)[1].lower() in EVENT_ENDINGS:
                events.append((*parts, name))
            else:
                others += 1
    return Tree(
        root,
        tuple(sorted(sounds, key=_order)),
        tuple(sorted(tables)),
        tuple(sorted(events)),
        others,
        hidden,
        tuple(problems),
    )


def _order(parts: tuple[str, ...]) -> tuple[tuple[tuple[int, str], ...], tuple[str, ...]]:
    """``clip 2`` before ``clip 10``."""
    return tuple(piece for part in parts for piece in _pieces(part)), parts


def _pieces(name: str) -> list[tuple[int, str]]:
    pieces: list[tuple[int, str]] = []
    word = ""
    for letter in name.casefold():
        # isdecimal takes in digits of other scripts, which int() reads as well.
        if word and word[-1].isdecimal() != letter.isdecimal():
            pieces.append(_piece(word))
            word = ""
        word += letter
    return [*pieces, _piece(word), (-1, "")]


def _piece(word: str) -> tuple[int, str]:
    # Names may have thousands of digits, and int() refuses those.
    return (int(word), "") if word.isdecimal() and len(word) < 19 else (1 << 62, word)
