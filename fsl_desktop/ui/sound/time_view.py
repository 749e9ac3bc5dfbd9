"""Which seconds of a clip are seen, where the cursor is, what is selected: shared by all that draws it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

MIN_SPAN = 0.02
"""Seconds; closer there is nothing more to see at 16 kHz."""
MIN_REGION = 0.005


class TimeView(QObject):
    """All times are seconds in the file. ``changed`` is the visible part, ``selected`` the region."""

    changed = Signal()
    cursor_moved = Signal(float)
    selected = Signal(object)
    """(start, end) or None, whenever it changes."""
    chosen = Signal(object)
    """The same once the hand has let go."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.first, self.last = 0.0, 1.0
        self.start, self.end = 0.0, 1.0
        self.cursor = 0.0
        self.region: tuple[float, float] | None = None

    @property
    def span(self) -> float:
        return self.end - self.start

    @property
    def is_whole(self) -> bool:
        return self.start <= self.first and self.end >= self.last

    def set_limits(self, first: float, last: float) -> None:
        """Another clip: all of it is seen, the cursor at its start, nothing selected."""
        self.first, self.last = first, max(last, first + MIN_REGION)
        self.select(None)
        self.start, self.end = self.first, self.last
        self.move_cursor(first)
        self.changed.emit()

    def show(self, start: float, end: float) -> None:
        """See these seconds, moved and cut to the clip."""
        whole = self.last - self.first
        span = min(max(end - start, min(MIN_SPAN, whole)), whole)
        start = min(max(start, self.first), self.last - span)
        if (start, start + span) != (self.start, self.end):
            self.start, self.end = start, start + span
            self.changed.emit()

    def zoom(self, factor: float, at: float | None = None) -> None:
        """See ``factor`` times as many seconds; the place ``at`` stays where it is."""
        if at is None:
            at = self.cursor if self.start <= self.cursor <= self.end else (self.start + self.end) / 2
        whole = self.last - self.first
        span = min(max(self.span * factor, min(MIN_SPAN, whole)), whole)
        start = at - (at - self.start) * span / self.span
        self.show(start, start + span)

    def scroll(self, seconds: float) -> None:
        self.show(self.start + seconds, self.end + seconds)

    def show_all(self) -> None:
        self.show(self.first, self.last)

    def show_region(self) -> None:
        """The region with a little around it."""
        if self.region is not None:
            start, end = self.region
            margin = 0.1 * (end - start)
            self.show(start - margin, end + margin)

    def reveal(self, seconds: float) -> None:
        """Turn the page where the place is not seen."""
        if not self.start <= seconds <= self.end:
            start = seconds - 0.05 * self.span
            self.show(start, start + self.span)

    def move_cursor(self, seconds: float, *, select: bool = False) -> None:
        """``select``: the region grows or shrinks with the cursor, from where the cursor was."""
        seconds = min(max(seconds, self.first), self.last)
        before = self.cursor
        if seconds != before:
            self.cursor = seconds
            self.cursor_moved.emit(seconds)
        if select and seconds != before:
            anchor = before
            if self.region is not None and before in self.region:
                anchor = self.region[0] if before == self.region[1] else self.region[1]
            self.select((anchor, seconds))

    def select(self, region: tuple[float, float] | None) -> None:
        """Select from one place to another, in either order; closer than 5 ms is nothing."""
        if region is not None:
            low, high = (min(max(place, self.first), self.last) for place in sorted(region))
            region = (low, high) if high - low >= MIN_REGION else None
        if region != self.region:
            self.region = region
            self.selected.emit(region)

    def choose(self) -> None:
        """The hand has let go of the region."""
        self.chosen.emit(self.region)
