"""The objects of a JSON list one after the other, without holding the list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from fsl_desktop.core.readers.source import MAX_RECORD

_MARK = re.compile(r'["{}\[\]]')
_STRING_MARK = re.compile(r'["\\\n]')
_BETWEEN = re.compile(r"[\s,\]}\ufeff]*")
_BARE = re.compile(r"[^\s,\[\]{}\"]+")

Item = tuple[str, str | None]
"""The JSON of an item, or "" and what is wrong with it: "long" or "broken"."""


class JsonItems:
    """Iterates over the items of a list, or over objects that merely follow each other.

    ``blocks`` is the text of the file in pieces of any size. Only brackets and strings are looked at;
    what lies between is for the caller to parse. So an object with a mistake in it costs itself
    alone, unless its brackets do not close.
    """

    def __init__(self, blocks: Iterable[str]) -> None:
        self._blocks = blocks
        self._reset()

    def _reset(self) -> None:
        self._depth = 0
        self._open = False
        """Within an item."""
        self._in_string = False
        self._escaped = False
        """The block ended on a backslash."""
        self._parts: list[str] = []
        self._size = 0

    def __iter__(self) -> Iterator[Item]:
        first = True
        for block in self._blocks:
            if first:
                # The bracket of the list itself, which would make one item of everything.
                stripped = block.lstrip("\ufeff \t\r\n")
                block = stripped.removeprefix("[")
                first = not stripped
            yield from self._feed(block)
        if self._open:
            yield "", "long" if self._size > MAX_RECORD else "broken"

    def _feed(self, block: str) -> Iterator[Item]:
        start = position = 0
        while position < len(block):
            if self._in_string:
                position = self._leave_string(block, position)
                if self._in_string:
                    break
            elif not self._open:
                start = position = _after(_BETWEEN, block, position)
                bare = _after(_BARE, block, position)
                if bare > position:
                    yield block[position:bare], None
                    position = bare
                    continue
                if position == len(block):
                    break
                self._open = True
                position = self._take_mark(block, position)
            else:
                position = self._take_mark(block, position)
            if self._open and self._depth <= 0 and not self._in_string:
                self._keep(block[start:position])
                yield ("", "long") if self._size > MAX_RECORD else ("".join(self._parts), None)
                self._reset()
        if self._open:
            self._keep(block[start:])

    def _take_mark(self, block: str, position: int) -> int:
        mark = _MARK.search(block, position)
        if mark is None:
            return len(block)
        if mark.group() == '"':
            self._in_string = True
        else:
            self._depth += 1 if mark.group() in "{[" else -1
        return mark.end()

    def _leave_string(self, block: str, position: int) -> int:
        if self._escaped:
            position += 1
            self._escaped = False
        while True:
            mark = _STRING_MARK.search(block, position)
            if mark is None:
                return len(block)
            position = mark.end()
            if mark.group() != "\\":
                # JSON writes a line end inside a string as \n: at a real one the quote was forgotten.
                self._in_string = False
                return position
            if position == len(block):
                self._escaped = True
                return position
            position += 1

    def _keep(self, part: str) -> None:
        self._size += len(part)
        if self._size > MAX_RECORD:
            self._parts = []
        else:
            self._parts.append(part)


def _after(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position
