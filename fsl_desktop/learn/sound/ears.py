"""What a sound model asks of its encoders, whichever they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.sound.clips import Samples

Progress = Callable[[int, int], None]
Cancelled = Callable[[], bool]


class Ears(Protocol):
    """One or more frozen encoders, each giving blocks of numbers per clip."""

    @property
    def models(self) -> tuple[str, ...]:
        """Catalogue ids of the encoders."""

    def blocks(
        self,
        samples: Sequence[Samples],
        *,
        progress: Progress | None = None,
        cancelled: Cancelled | None = None,
    ) -> list[Matrix]:
        """The blocks, each (n, d_b), of mono clips at 16 kHz; ``Stopped`` when cancelled."""

    def save(self, folder: Path) -> None:
        """Write the encoders into ``folder``, which is there and empty."""
