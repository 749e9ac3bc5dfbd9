"""Find rows by what they say, as one types: case-insensitive substrings, in slices of a few milliseconds.

Rows are folded, joined and kept as UTF-8, some thousand to a block, and a block is searched as one array of
bytes: a million short rows take less than a tenth of a second (see docs/decisions/0009-search.md). A part of
a UTF-8 text is found in it exactly where its characters are, whatever the language.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from time import perf_counter

import numpy as np
from numpy.typing import NDArray

BLOCK_CHARS = 300_000
"""Texts are joined to blocks of about this size: searching one takes a fraction of a millisecond."""
MAX_QUERY = 200
MAX_KEPT_BYTES = 200_000_000
"""Folded text that is kept in memory; what is beyond is folded anew in each search."""
_BETWEEN = "\x00"
# Of so many blocks, every so manyth byte is counted to know which ones are rare.
_COUNTED_BLOCKS, _COUNTED_EVERY = 8, 16
# Where more than one byte of so many is found, there is no list of places.
_DENSE = 256


class _Scratch:
    """Room for truths that lives until the next block is searched: asking the system for new memory, page by
    page, takes longer than to compare."""

    def __init__(self) -> None:
        self._rooms = [np.empty(0, bool), np.empty(0, bool)]

    def room(self, which: int, n: int) -> NDArray[np.bool_]:
        if len(self._rooms[which]) < n:
            self._rooms[which] = np.empty(2 * n, bool)
        return self._rooms[which][:n]


class _Block:
    """Rows ``first`` to ``end``, or ``cut`` of the one long row ``first``."""

    __slots__ = ("at", "cut", "end", "first", "folded", "sought", "starts")

    def __init__(self, first: int, end: int, cut: slice | None = None) -> None:
        self.first, self.end, self.cut = first, end, cut
        self.folded: bytes | None = None
        self.starts: NDArray[np.int64] = np.zeros(1, np.int64)
        self.sought = b""
        """What was looked for last, and ``at`` which bytes it begins: one letter more is looked for there."""
        self.at: NDArray[np.int64] | None = None

    def fold(self, texts: Sequence[str]) -> bytes:
        """Its text, and in ``starts`` where in it each row begins."""
        if self.cut is not None:
            return _bytes(texts[self.first][self.cut])
        rows = texts[self.first : self.end]
        joined = _BETWEEN.join(rows)
        if joined.count(_BETWEEN) != len(rows) - 1:
            joined = _BETWEEN.join(text.replace(_BETWEEN, "\x01") for text in rows)
        folded = _bytes(joined)
        ends = np.flatnonzero(np.frombuffer(folded, np.uint8) == 0)
        self.starts = np.concatenate([self.starts[:1], ends + 1])
        return folded

    def rows_with(
        self, needle: bytes, rarest: Sequence[int], folded: bytes, scratch: _Scratch
    ) -> NDArray[np.bool_] | None:
        """Which of its rows have the needle in them; None: none. ``rarest``: which bytes of the needle are
        looked for first, because few places have them."""
        text = np.frombuffer(folded, np.uint8)
        room = max(0, len(text) - len(needle) + 1)
        if self.at is not None and needle.startswith(self.sought):
            at, left = self.at[: np.searchsorted(self.at, room)], range(len(self.sought), len(needle))
        else:
            hit = np.equal(text[rarest[0] : rarest[0] + room], needle[rarest[0]], out=scratch.room(0, room))
            for place in rarest[1:2]:
                hit &= np.equal(text[place : place + room], needle[place], out=scratch.room(1, room))
            if len(needle) <= 2 and np.count_nonzero(hit) * _DENSE > room:
                self.at = None
                return self._rows_hit(hit)
            at, left = np.flatnonzero(hit), rarest[2:]
        for place in left:
            at = at[text[at + place] == needle[place]]
        self.sought, self.at = needle, at
        if not len(at):
            return None
        found = np.zeros(len(self.starts), bool)
        found[np.searchsorted(self.starts, at, "right") - 1] = True
        return found

    def _rows_hit(self, hit: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Which rows have any of these bytes."""
        found = np.zeros(len(self.starts), bool)
        starts = self.starts[: np.searchsorted(self.starts, len(hit))]
        # On bools numpy's loop depends on what is in them; on bytes it is as quick as its best case.
        found[: len(starts)] = np.bitwise_or.reduceat(hit.view(np.uint8), starts)
        return found


class TextSearch:
    """Searches a list of texts that may still be growing.

    ``set_query``, then ``step`` until it says True; ``mask`` holds by position what was found so far.
    """

    def __init__(self, texts: Sequence[str]) -> None:
        self._texts = texts
        self._blocks: list[_Block] = []
        self._planned = 0  # rows that are in blocks
        self._kept = 0  # bytes of folded text in memory
        self._next = 0  # the block to search next
        self._warm = 0  # the block to fold next
        self._scratch = _Scratch()
        self.query = ""
        self._needle = b""
        self._counts: NDArray[np.int64] = np.zeros(256, np.int64)
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
        self._needle = _bytes(query[:MAX_QUERY].replace(_BETWEEN, ""))
        self._next = 0
        self._mask = np.zeros(len(self._mask), bool)

    def text_changed(self, position: int) -> None:
        """A text was edited: it is searched anew."""
        number = bisect_right(self._blocks, position, key=lambda block: block.end)
        if number == len(self._blocks):
            return
        block = self._blocks[number]
        if block.cut is None and len(self._texts[position]) <= BLOCK_CHARS:
            self._kept -= len(block.folded or b"")
            block.folded = block.at = None
            self._mask[block.first : block.end] = False
            if number < self._next:
                self._look(block)
            return
        # A long row has several blocks, or will have: all is planned anew from its first one on.
        while number and self._blocks[number - 1].end > block.first:
            number -= 1
        self._kept -= sum(len(old.folded or b"") for old in self._blocks[number:])
        self._planned = self._blocks[number].first
        del self._blocks[number:]
        self._next, self._warm = min(self._next, number), min(self._warm, number)
        self._mask[self._planned :] = False

    def warm(self, seconds: float = 0.004) -> bool:
        """Fold texts for about this long before anybody searches; True when all are, or memory is used up."""
        until = perf_counter() + seconds
        while self._kept < MAX_KEPT_BYTES:
            if self._warm >= len(self._blocks):
                if self._planned >= len(self._texts):
                    return True
                self._plan()
            self._folded(self._blocks[self._warm])
            self._warm += 1
            if perf_counter() >= until:
                return False
        return True

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

    def _folded(self, block: _Block) -> bytes:
        if block.folded is not None:
            return block.folded
        folded = block.fold(self._texts)
        if block in self._blocks[:_COUNTED_BLOCKS]:
            every = np.frombuffer(folded, np.uint8)[::_COUNTED_EVERY]
            self._counts += np.bincount(every, minlength=256)
        if self._kept + len(folded) <= MAX_KEPT_BYTES:
            block.folded = folded
            self._kept += len(folded)
        return folded

    def _look(self, block: _Block) -> None:
        if not self._needle:
            self._mask[block.first : block.end] = True
            return
        folded = self._folded(block)
        needle = self._needle
        rarest = sorted(range(len(needle)), key=lambda place: self._counts[needle[place]])
        found = block.rows_with(needle, rarest, folded, self._scratch)
        if found is not None:
            self._mask[block.first : block.end] |= found


def _bytes(text: str) -> bytes:
    # What a file held may be half of a pair of surrogates, which is no text to UTF-8 proper.
    return text.casefold().encode("utf-8", "surrogatepass")
