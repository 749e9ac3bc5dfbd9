"""The axes of a curve: from 0, quiet, with ticks at round numbers only."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QRectF

from fsl_desktop.ui.theme import Theme, blend, contrast

_TICKS = (1.0, 2.0, 5.0)


def nice_step(length: float, most: int) -> float:
    """The smallest of 1, 2, 5, 10, ... (or 0.5, 0.2, ...) that cuts ``length`` into ``most`` parts."""
    if length <= 0 or most < 1:
        return 1.0
    power = 1e-6
    while True:
        for tick in _TICKS:
            if length / (tick * power) <= most * (1 + 1e-9):
                return tick * power
        power *= 10


def readable(theme: Theme, colour: str) -> str:
    """``colour`` moved towards the text's until words in it can be read on a card (4.5:1)."""
    share = 0.0
    while contrast(blend(colour, theme.text, share), theme.surface) < 4.5 and share < 1.0:
        share += 0.05
    return blend(colour, theme.text, min(share, 1.0))


class ChartAxis(pg.AxisItem):  # type: ignore[misc]
    """Ticks at round numbers, none beyond the planned end, at most eight."""

    def __init__(self, side: str, *, whole: bool, percent: bool = False) -> None:
        super().__init__(side)
        self.end = 1.0
        self._whole, self._percent = whole, percent
        self.enableAutoSIPrefix(False)
        self.setStyle(tickLength=0, tickTextOffset=6, autoExpandTextSpace=False, hideOverlappingLabels=False)

    def boundingRect(self) -> QRectF:
        # With a grid pyqtgraph cuts at the view, and the first and last label with it.
        return super().boundingRect().adjusted(-24, -12, 12, 12)

    def tickValues(  # pyqtgraph's own names
        self,
        minVal: float,  # noqa: N803
        maxVal: float,  # noqa: N803
        size: float,
    ) -> list[tuple[float, list[float]]]:
        room = max(2, int(size / (40 if self._whole else 28)))
        step = nice_step(self.end, min(room, 8 if self._whole else 6))
        if self._whole:
            step = max(1.0, step)
        return [(step, [i * step for i in range(int(self.end / step + 1e-9) + 1)])]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        if self._percent:
            return [f"{round(100 * value)} %" for value in values]
        return [f"{value:.0f}" if self._whole or value == 0 else f"{value:.3g}" for value in values]
