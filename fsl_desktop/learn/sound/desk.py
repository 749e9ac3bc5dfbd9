"""One open project of recordings as its bench sees it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.answers import Suggestions
from fsl_desktop.core.clip_table import NOT_KNOWN, RowClip
from fsl_desktop.core.labels import UNLABELLED, ClassInfo
from fsl_desktop.core.message import Message
from fsl_desktop.core.snapshot import ProjectReader
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.encoders.text import CancelCall
from fsl_desktop.learn.sound.clips import Clip
from fsl_desktop.learn.sound.data import SoundData, only
from fsl_desktop.learn.sound.ears import Ears
from fsl_desktop.learn.sound.fitted import FittedMix
from fsl_desktop.learn.sound.rows import RowBlocks


@dataclass(frozen=True, slots=True, eq=False)
class SoundSnapshot:
    """A project's rows at one revision; ``clips`` (n,) by position."""

    revision: int
    row_ids: NDArray[np.int64]
    texts: list[str]
    labels: NDArray[np.int32]
    removed: NDArray[np.bool_]
    labelled: NDArray[np.bool_]
    classes: tuple[ClassInfo, ...]
    data: TrainingData
    clips: list[RowClip | Message]

    @property
    def free(self) -> NDArray[np.int64]:
        """The rows that nobody has labelled, skipped or removed, ascending."""
        return np.flatnonzero((self.labels == UNLABELLED) & ~self.removed)

    def groups(self, positions: NDArray[np.int64]) -> NDArray[np.int64]:
        """Equal numbers for rows out of one recording, (k,)."""
        seen: dict[object, int] = {}
        keys = [_recording(self.clips[int(position)], int(position)) for position in positions]
        return np.array([seen.setdefault(key, len(seen)) for key in keys], np.int64)

    def without_answers(self, model: str, note: Message | None, began: float) -> Suggestions:
        """Nothing can be said of any row, and why; ``began`` by ``time.perf_counter``."""
        n = len(self.row_ids)
        none, zero = np.zeros(n, np.int32), np.zeros(n, np.float32)
        seconds = time.perf_counter() - began
        return Suggestions(self.revision, model, self.row_ids, none, zero, zero.copy(), None, note, seconds)

    def training_data(self) -> SoundData:
        """What a run learns from: labelled rows whose recording may be read, and the others."""
        positions = np.searchsorted(self.row_ids, self.data.row_ids)
        good = [place for place, one in enumerate(positions) if isinstance(self.clips[one], RowClip)]
        return SoundData(self._readable(positions[good]), only(self.data, good), self._readable(self.free))

    def _readable(self, positions: NDArray[np.int64]) -> list[Clip]:
        found = (self.clips[int(position)] for position in positions)
        return [Clip(clip.path, clip.start, clip.end) for clip in found if isinstance(clip, RowClip)]


class SoundDesk:
    """Thread-safe: lanes of the child share it."""

    def __init__(self, folder: Path) -> None:
        self._reader = ProjectReader(folder)
        self._lock = threading.Lock()
        self._hearing = threading.Lock()
        self._blocks: RowBlocks | None = None
        self._fitted: dict[str, FittedMix] = {}

    def snapshot(self) -> SoundSnapshot:
        """Take in what changed in the project; copies what a later refresh would change."""
        with self._lock:
            self._reader.refresh()
            table, classes = self._reader.table, tuple(self._reader.classes)
            n = len(table)
            clips: list[RowClip | Message] = (
                table.clips.many(range(n)) if table.clips is not None else [Message.of(NOT_KNOWN)] * n
            )
            return SoundSnapshot(
                self._reader.revision,
                table.ids.copy(),
                list(table.texts),
                table.labels.copy(),
                table.removed.copy(),
                table.labelled(),
                classes,
                TrainingData.of_table(table, classes),
                clips,
            )

    @contextmanager
    def hearing(
        self,
        ears: Ears,
        clips: Sequence[RowClip | Message],
        *,
        progress: Callable[[int, int], None],
        cancelled: CancelCall,
    ) -> Iterator[tuple[RowBlocks, NDArray[np.int64]]]:
        """What was heard of all rows, and where each row's is (n,), see ``RowBlocks.hear``; held until the
        block of code ends."""
        with self._hearing:
            if self._blocks is None or self._blocks.ears is not ears:
                self._blocks = RowBlocks(ears)
            yield self._blocks, self._blocks.hear(clips, progress=progress, cancelled=cancelled)

    def fitted(self, model: str) -> FittedMix | None:
        with self._lock:
            return self._fitted.get(model)

    def keep(self, model: str, fitted: FittedMix) -> None:
        with self._lock:
            self._fitted[model] = fitted


def _recording(clip: RowClip | Message, position: int) -> object:
    return (clip.file.content or str(clip.path)) if isinstance(clip, RowClip) else position
