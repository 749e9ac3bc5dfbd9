"""How many rows say the same as an earlier row, counted in slices between the window's other work."""

from __future__ import annotations

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from fsl_desktop.core.table import ExampleTable

SLICE_MS = 4
_STEP = 500


class DuplicateCount(QObject):
    """``counted`` comes once after each :meth:`start`."""

    counted = Signal(int)

    def __init__(self, table: ExampleTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._table = table
        self._seen: set[int] = set()
        self._place = 0
        self._twice = 0
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._slice)

    def start(self) -> None:
        """Count from the beginning."""
        self._seen.clear()
        self._place = self._twice = 0
        self._timer.start()

    def stop(self) -> None:
        self._timer.stop()
        self._seen.clear()

    def _slice(self) -> None:
        clock = QElapsedTimer()
        clock.start()
        texts, removed = self._table.texts, self._table.removed
        while clock.elapsed() < SLICE_MS and self._place < len(texts):
            stop = min(self._place + _STEP, len(texts))
            for position in range(self._place, stop):
                if removed[position]:
                    continue
                # 64 bits of hash instead of the text: among a million rows one wrong hit in 10^7 projects.
                mark = hash(texts[position].strip())
                if mark in self._seen:
                    self._twice += 1
                else:
                    self._seen.add(mark)
            self._place = stop
        if self._place >= len(texts):
            self.stop()
            self.counted.emit(self._twice)
