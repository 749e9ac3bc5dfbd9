"""Which rows were labelled in this session, and with what last: to go back along them, and to repeat."""

from __future__ import annotations

from collections.abc import Iterable

MOST = 1000
"""Rows that are remembered."""


class Trail:
    def __init__(self) -> None:
        self.last: int | None = None
        """The label that was given last; None before the first."""
        self._rows: list[int] = []
        self._at = 0

    def add(self, rows: Iterable[int], label: int | None = None) -> None:
        """These rows were labelled, with ``label`` where it can be repeated."""
        self.last = self.last if label is None else label
        self._rows = [*self._rows, *rows][-MOST:]
        self._at = len(self._rows)

    def back(self, current: int | None) -> int | None:
        """The row that was labelled before where one is on the trail; None at its beginning."""
        while self._at > 0:
            self._at -= 1
            if self._rows[self._at] != current:
                return self._rows[self._at]
        return None
