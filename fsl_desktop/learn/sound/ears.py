"""What a sound model asks of its encoders, whichever they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol, runtime_checkable

from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.sound.augment import Lower
from fsl_desktop.learn.sound.clips import Samples
from fsl_desktop.learn.sound.upper import Upper

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


@runtime_checkable
class TunableEars(Ears, Protocol):
    """Encoders of which some have upper layers that can be tuned."""

    def tunable(self, models: Sequence[str] | None = None) -> tuple[str, ...]:
        """Those of ``models`` (all that are there) whose upper layers can be tuned."""

    def upper(self, models: Sequence[str]) -> Upper:
        """A copy of the upper layers of ``models``, which are among :meth:`tunable`."""

    def lower(
        self, samples: Sequence[Samples], models: Sequence[str], *, cancelled: Cancelled | None = None
    ) -> list[Lower]:
        """What is below those layers, for each of the clips; ``Stopped`` when cancelled."""
