"""Find rows by what they say, as one types: case-insensitive substrings, in slices of a few milliseconds."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

BLOCK_CHARS = 20_000
"""Texts are joined to blocks of about this size: searching one takes a fraction of a millisecond."""
MAX_QUERY = 200
MAX_KEPT_CHARS = 40_000_000
"""Folded text that is kept in memory; what is beyond is folded anew in each search."""
_BETWEEN = "\n\x00\n"


class _Block:
    """Rows ``first`` to ``end``, or ``cut`` of the one long row ``first``."""

    __slots__ = ("cut", "end", "first", "folded", "starts")

    def __init__(self, first: int, end: int, cut: slice | None = None) -> None:
        self.first, self.end, self.cut = first, end, cut
        self.folded: str | None = None
        self.starts: list[int] = []

    def fold(self, texts: Sequence[str]) -> str:
        if self.cut is not None:
            self.starts = [0]
            return texts[self.first][self.cut].casefold()
        parts = [text.casefold() for text in texts[self.first : self.end]]
        self.starts, at = [], 0
        for part in parts:
            self.starts.append(at)
            at += len(part) + len(_BETWEEN)
        return _BETWEEN.join(parts)


class TextSearch:
    """Searches a list of texts that may still be growing.

    ``set_query``, then ``step`` until it says True; ``mask`` holds by position what was found so far.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._blocks: list[_Block] = []
        self._planned = 0  # rows that are in blocks
        self._kept = 0  # folded characters in memory
        self._next = 0  # the block to search next
        self.query = ""
        self._needle = ""
        self._mask: NDArray[np.bool_] = np.zeros(0, bool)

    @property
    def mask(self) -> NDArray[np.bool_]:
        """Found rows by position, as long as the rows that were looked at (a copy)."""
        return self._mask.copy()

    @property
    def finished(self) -> bool:
        return self._planned >= len(self._texts) and self._next >= len(self._blocks)

    def set_query(self, query: str) -> None:
        """Start anew with other words; "" finds everything."""
        self.query = query
        self._needle = query[:MAX_QUERY].casefold().replace("\x00", "")
        self._next = 0
        self._mask = np.zeros(len(self._mask), bool)

    def text_changed(self, position: int) -> None:
        """A text was edited; the search starts anew for it and all that come after."""
        for number, block in enumerate(self._blocks):
            if block.end > position:
                self._kept -= sum(len(old.folded or "") for old in self._blocks[number:])
                self._planned = block.first
                del self._blocks[number:]
                # A long row has several blocks: go back to its first.
                while self._blocks and self._blocks[-1].end > self._planned:
                    self._kept -= len(self._blocks.pop().folded or "")
                self._next = min(self._next, len(self._blocks))
                self._mask[self._planned :] = False
                return

    def step(self, seconds: float = 0.005) -> bool:
        """Search on for about this long; True when every row there is has been looked at."""
        until = perf_counter() + seconds
        for _ in self.steps():
            if perf_counter() >= until:
                break
        return self.finished

    def steps(self) -> Iterator[int]:
        """Search block by block, each well under a millisecond or two; yields the blocks done."""
        while not self.finished:
            if self._next >= len(self._blocks):
                self._plan()
            self._look(self._blocks[self._next])
            self._next += 1
            yield self._next

    def _plan(self) -> None:
        """Put the next rows into a block."""
        first = end = self._planned
        total = len(self._texts)
        size = 0
        while end < total and size < BLOCK_CHARS:
            length = len(self._texts[end])
            if length > BLOCK_CHARS:
                break
            # Short texts cost by the piece, too.
            size += max(length, 32)
            end += 1
        if end > first:
            self._blocks.append(_Block(first, end))
        else:
            # One long text: pieces that overlap, so that words across a cut are found.
            length, end = len(self._texts[first]), first + 1
            for start in range(0, length, BLOCK_CHARS):
                cut = slice(start, min(length, start + BLOCK_CHARS + MAX_QUERY))
                self._blocks.append(_Block(first, end, cut))
        self._planned = end
        if len(self._mask) < end:
            self._mask = np.concatenate([self._mask, np.zeros(max(end, total) - len(self._mask), bool)])

    def _look(self, block: _Block) -> None:
        if not self._needle:
            self._mask[block.first : block.end] = True
            return
        folded = block.folded
        if folded is None:
            folded = block.fold(self._texts)
            if self._kept + len(folded) <= MAX_KEPT_CHARS:
                block.folded = folded
                self._kept += len(folded)
        needle, starts, at = self._needle, block.starts, 0
        while (at := folded.find(needle, at)) >= 0:
            row = bisect_right(starts, at) - 1
            self._mask[block.first + row] = True
            if row + 1 >= len(starts):
                break
            at = starts[row + 1]
