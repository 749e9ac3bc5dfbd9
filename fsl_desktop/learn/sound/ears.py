"""What a sound model asks of its encoders, whichever they are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.sound.augment import Lower
from fsl_desktop.learn.sound.clips import ClipKey, Samples
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


@dataclass(frozen=True, slots=True, eq=False)
class Recalled:
    """Clips that need not be read again: their places in what was asked for, blocks, lengths in samples."""

    places: list[int]
    blocks: list[Matrix]
    lengths: list[int]


@runtime_checkable
class RecallingEars(Ears, Protocol):
    """Encoders that know a clip of an unchanged file again without its samples: decoding files takes longer
    than learning from them."""

    def recall(self, keys: Sequence[ClipKey | None]) -> Recalled:
        """What was kept of clips that :meth:`remember` was told of."""

    def remember(self, keys: Sequence[ClipKey | None], samples: Sequence[Samples]) -> None:
        """These are the samples of those clips."""


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
