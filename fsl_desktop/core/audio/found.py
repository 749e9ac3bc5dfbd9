"""What looking for sound in folders, tables and archives gives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from fsl_desktop.core.message import Message

Progress = Callable[[float], None]
"""Told the share that is done, 0 to 1."""


@dataclass(frozen=True, slots=True)
class FoundClip:
    """A recording or a part of one; nothing about it is decoded yet."""

    path: Path
    label: str | None = None
    start: float | None = None
    end: float | None = None
    """Seconds; ``None`` for the file's own start and end."""
    extra: dict[str, str] = field(default_factory=dict)
    """The other columns of the table, and ``split`` where folders or archives are parted so."""
    row: int | None = None
    """In the table that named it, as the user's editor counts."""


@dataclass(frozen=True, slots=True)
class FoundProblem:
    """Something that could not be used; everything else is."""

    path: Path
    """The sound, or the table that has the row."""
    row: int | None
    message: Message


@dataclass(frozen=True, slots=True)
class Found:
    clips: tuple[FoundClip, ...] = ()
    problems: tuple[FoundProblem, ...] = ()
    notes: tuple[Message, ...] = ()

    def and_(self, other: Found) -> Found:
        return Found(self.clips + other.clips, self.problems + other.problems, (*self.notes, *other.notes))
