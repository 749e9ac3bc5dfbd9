"""What the encoders heard of each row of a project, in memory: a head is fitted after every label."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.clip_table import RowClip
from fsl_desktop.core.message import Message
from fsl_desktop.learn.encoders.text import CancelCall
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.orders.views import compact
from fsl_desktop.learn.sound.clips import Clip, read_clips
from fsl_desktop.learn.sound.ears import Ears

_CHUNK = 32
"""Clips whose sound is in memory at once: 10 MB."""
_NOT_HEARD = -1


@dataclass(slots=True, eq=False)
class RowBlocks:
    """Grows with the project's rows; one thread at a time."""

    ears: Ears
    troubles: dict[int, Message] = field(default_factory=dict)
    """By position: why a row could not be heard."""
    _places: dict[tuple[str, float, float | None], int] = field(default_factory=dict)
    """Where in the store the blocks of a clip are."""
    _widths: list[int] = field(default_factory=list)
    _store: NDArray[np.float16] = field(default_factory=lambda: np.zeros((0, 0), np.float16))
    _n: int = 0
    _seen: Matrix | None = None

    def hear(
        self,
        clips: Sequence[RowClip | Message],
        *,
        progress: Callable[[int, int], None],
        cancelled: CancelCall,
    ) -> NDArray[np.int64]:
        """The place in the store of each row's blocks (n,), -1 where it cannot be heard; ``Stopped`` when
        cancelled, what was heard until then is kept."""
        found = np.full(len(clips), _NOT_HEARD, np.int64)
        missing: list[int] = []
        for position, clip in enumerate(clips):
            if isinstance(clip, Message):
                self.troubles[position] = clip
                continue
            place = self._places.get(_key(clip))
            if place is None:
                missing.append(position)
            else:
                found[position] = place
                self.troubles.pop(position, None)  # its file was moved, and is found again
        done = len(clips) - len(missing)
        for start in range(0, len(missing), _CHUNK):
            part = missing[start : start + _CHUNK]
            self._hear_some(clips, part, found, cancelled)
            done += len(part)
            progress(done, len(clips))
        return found

    def blocks(self, places: NDArray[np.int64]) -> list[Matrix]:
        """The blocks, each (k, d_b), at ``places`` (k,) of the store."""
        rows = self._store[places].astype(np.float32)
        return [np.ascontiguousarray(part) for part in np.split(rows, np.cumsum(self._widths)[:-1], axis=1)]

    def seen(self) -> Matrix:
        """Everything in the store as unit vectors (s, d) that tell clips apart, see ``compact``; worked out
        once as long as nothing more is heard."""
        if self._seen is None or len(self._seen) != self._n:
            self._seen = compact(self._store[: self._n], self._widths)
        return self._seen

    def trouble(self, removed: NDArray[np.bool_]) -> Message | None:
        """What cannot be heard of the rows that were not ``removed`` (n,), in a sentence."""
        wrong = [position for position in sorted(self.troubles) if not removed[position]]
        if not wrong:
            return None
        first = self.troubles[wrong[0]]
        if len(wrong) == 1:
            return first
        return Message.of(
            "{n} recordings cannot be heard. The first: {reason}", n=len(wrong), reason=first.text
        )

    def _hear_some(
        self,
        clips: Sequence[RowClip | Message],
        positions: Sequence[int],
        found: NDArray[np.int64],
        cancelled: CancelCall,
    ) -> None:
        wanted = [clip for position in positions if isinstance(clip := clips[position], RowClip)]
        asked = [Clip(clip.path, clip.start, clip.end) for clip in wanted]
        good, samples, bad = read_clips(asked, cancelled=cancelled)
        for one in bad:
            self.troubles[positions[one.place]] = one.message
        if not samples:
            return
        heard = self.ears.blocks(samples, cancelled=cancelled)
        self._widths = [block.shape[1] for block in heard]
        self._grow(len(good))
        self._store[self._n : self._n + len(good)] = np.concatenate(heard, axis=1)
        for offset, place in enumerate(good):
            self.troubles.pop(positions[place], None)
            self._places[_key(wanted[place])] = found[positions[place]] = self._n + offset
        self._n += len(good)

    def _grow(self, more: int) -> None:
        if self._n + more <= len(self._store):
            return
        grown = np.zeros((max(self._n + more, 2 * len(self._store), 256), sum(self._widths)), np.float16)
        if self._n:
            grown[: self._n] = self._store[: self._n]
        self._store = grown


def _key(clip: RowClip) -> tuple[str, float, float | None]:
    # By content where it is known: a recording that was moved is the same.
    return clip.file.content or str(clip.path), clip.start, clip.end
