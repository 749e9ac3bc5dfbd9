"""What a view or a player is given: a recording, or a part of one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Clip:
    """Seconds of a file, from ``start`` to ``end``; ``None`` is where the file ends."""

    path: Path
    start: float = 0.0
    end: float | None = None

    @property
    def name(self) -> str:
        return self.path.name
