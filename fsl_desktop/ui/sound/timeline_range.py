"""Which part of a recording is to be seen, and where on the screen a moment is."""

from __future__ import annotations

from dataclasses import dataclass, replace

CLOSEST = 0.5
"""Seconds that are to be seen at least."""
_STEPS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 43200)


@dataclass(frozen=True, slots=True)
class Range:
    """From ``start`` to ``end`` of a recording of ``seconds``, on ``width`` pixels."""

    seconds: float = 0.0
    start: float = 0.0
    end: float = 0.0
    width: int = 1

    @property
    def per_pixel(self) -> float:
        """Seconds of a pixel."""
        return (self.end - self.start) / max(1, self.width)

    def x(self, moment: float) -> float:
        return (moment - self.start) / max(self.per_pixel, 1e-12)

    def moment(self, x: float) -> float:
        """Within the recording."""
        return min(max(self.start + x * self.per_pixel, 0.0), self.seconds)

    def whole(self) -> Range:
        return replace(self, start=0.0, end=self.seconds)

    def zoomed(self, factor: float, around: float) -> Range:
        """``factor`` times as much is to be seen; the moment ``around`` stays where it is."""
        length = self.end - self.start
        wanted = min(max(length * factor, min(CLOSEST, self.seconds)), self.seconds)
        share = (around - self.start) / length if length > 0 else 0.5
        return self._from(around - share * wanted, wanted)

    def moved(self, seconds: float) -> Range:
        return self._from(self.start + seconds, self.end - self.start)

    def showing(self, start: float, end: float) -> Range:
        """Moved so that a span is to be seen, in the middle where it was not; wider where it must."""
        length = self.end - self.start
        if start >= self.start and end <= self.end:
            return self
        wanted = min(max(length, 1.2 * (end - start)), self.seconds)
        return self._from((start + end - wanted) / 2, wanted)

    def _from(self, start: float, length: float) -> Range:
        first = min(max(0.0, start), max(0.0, self.seconds - length))
        return replace(self, start=first, end=min(self.seconds, first + length))

    def ticks(self, apart: float) -> tuple[list[float], float]:
        """(moments for marks at least ``apart`` pixels from each other, the seconds between them)."""
        least = apart * self.per_pixel
        step = next((step for step in _STEPS if step >= least), 86400.0)
        first = int(self.start / step)
        count = int((self.end - self.start) / step) + 2
        moments = [(first + k) * step for k in range(count)]
        return [moment for moment in moments if self.start - 1e-9 <= moment <= self.end + 1e-9], float(step)


def clock(moment: float, step: float = 1.0) -> str:
    """1:02:03, or 2:03.5 where steps are parts of seconds."""
    tenths = round(moment * 10)
    hours, rest = divmod(tenths // 10, 3600)
    minutes, seconds = divmod(rest, 60)
    text = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{text}.{tenths % 10}" if step < 1 else text
