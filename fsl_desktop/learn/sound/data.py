"""The labelled clips that a run learns from."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fsl_desktop.core.audio.content import content_hash
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.sound.clips import Clip


def only(rows: TrainingData, places: ArrayLike) -> TrainingData:
    """Those of the labelled rows; classes stay as they are."""
    chosen = np.asarray(places, dtype=np.int64)
    return replace(
        rows,
        texts=[rows.texts[place] for place in chosen],
        labels=rows.labels[chosen],
        row_ids=rows.row_ids[chosen],
    )


@dataclass(frozen=True, eq=False)
class SoundData:
    """``clips`` with the classes of ``rows``, whose texts are the clips' names, and clips without a label."""

    clips: Sequence[Clip]
    rows: TrainingData
    unlabelled: Sequence[Clip] = ()

    @classmethod
    def of_lists(
        cls,
        clips: Sequence[Clip],
        labels: Sequence[str],
        class_names: Sequence[str] | None = None,
        unlabelled: Sequence[Clip] = (),
    ) -> SoundData:
        """From clips and the names of their classes; see ``TrainingData.of_lists``. Raises ``UserError``."""
        names = [str(clip.path) + f"@{clip.start:g}" for clip in clips]
        return cls(clips, TrainingData.of_lists(names, labels, class_names), unlabelled)

    def only(self, places: Sequence[int]) -> SoundData:
        """Those of the labelled clips that could be read; classes stay as they are."""
        return SoundData([self.clips[place] for place in places], only(self.rows, places), self.unlabelled)

    def groups(self) -> NDArray[np.int64]:
        """Equal numbers for clips out of one recording, (n,): a model must not be judged by one part of what
        it has learnt another part of."""
        seen: dict[str, int] = {}
        found = [seen.setdefault(self._contents[clip.path], len(seen)) for clip in self.clips]
        return np.array(found, dtype=np.int64)

    @cached_property
    def _contents(self) -> dict[Path, str]:
        """What identifies each recording; one may have many clips, and its file is read for this."""
        return {path: content_hash(path) for path in {clip.path for clip in self.clips}}

    def sha256(self) -> str:
        """Identifies sounds, labels and classes; goes into the model card."""
        digest = hashlib.sha256("\0".join(self.rows.class_names).encode())
        for clip in self.clips:
            digest.update(f"{self._contents[clip.path]} {clip.start} {clip.end}\n".encode())
        digest.update(self.rows.labels.astype("<i8").tobytes())
        return digest.hexdigest()
