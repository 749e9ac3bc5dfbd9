"""How many rows say the same as an earlier row, counted in slices between the window's other work."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QElapsedTimer, QLocale, QObject, QTimer, Signal

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

    def _key(self) -> Callable[[int], object]:
        """What of a row must be the same: its text, or the part of which sound it is."""
        clips, texts = self._table.clips, self._table.texts
        if clips is None:
            return lambda position: texts[position].strip()
        sounds = {file_id: file.content or file_id for file_id, file in clips.files.items()}

        def sound(position: int) -> object:
            file_id, start, end = clips.span(position)
            # A row without a recording is like no other one.
            return (sounds.get(file_id, file_id), start, end) if file_id else (0, position)

        return sound

    def _slice(self) -> None:
        clock = QElapsedTimer()
        clock.start()
        texts, removed, key = self._table.texts, self._table.removed, self._key()
        while clock.elapsed() < SLICE_MS and self._place < len(texts):
            stop = min(self._place + _STEP, len(texts))
            for position in range(self._place, stop):
                if removed[position]:
                    continue
                # 64 bits of hash instead of the text: among a million rows one wrong hit in 10^7 projects.
                mark = hash(key(position))
                if mark in self._seen:
                    self._twice += 1
                else:
                    self._seen.add(mark)
            self._place = stop
        if self._place >= len(texts):
            self.stop()
            self.counted.emit(self._twice)


def duplicate_words(n: int, *, of_sounds: bool = False) -> str:
    """ "3 rows say the same as earlier ones. …" """
    if of_sounds:
        one = _tr("1 row has the same sound as an earlier one.")
        many = _tr("{n} rows have the same sound as earlier ones. They are kept; label one of each.")
    else:
        one = _tr("1 row says the same as an earlier one.")
        many = _tr("{n} rows say the same as earlier ones. They are kept; label one of each.")
    return one if n == 1 else many.format(n=QLocale().toString(n))


def _tr(text: str) -> str:
    return QCoreApplication.translate("DataPage", text)
