"""The search of the table, between the window's other work."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, QTimer, Signal

from fsl_desktop.ui.search import TextSearch

SLICE_S = 0.004
WARM_EVERY_MS = 12
WARM_SLICE_S = 0.003


class Searcher(QObject):
    """``found``: what the words asked for are in, as a mask by table position; None where none were asked."""

    found = Signal(object)

    def __init__(self, texts: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._search = TextSearch(texts)
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._slice)
        self._warm_timer = QTimer(self)
        self._warm_timer.setInterval(WARM_EVERY_MS)
        self._warm_timer.timeout.connect(self._warm_slice)

    @property
    def busy(self) -> bool:
        return self._timer.isActive()

    def ask(self, words: str) -> None:
        """Search all rows for the words; "" asks for all rows."""
        self._search.set_query(words.strip())
        if words.strip():
            self._timer.start()
        else:
            self._timer.stop()
            self.found.emit(None)

    def warm(self) -> None:
        """Get ready, so that the first search is as quick as the others."""
        self._warm_timer.start()

    def text_changed(self, position: int) -> None:
        self._search.text_changed(position)

    def stop(self) -> None:
        self._timer.stop()
        self._warm_timer.stop()

    def _slice(self) -> None:
        if self._search.step(SLICE_S):
            self._timer.stop()
            self.found.emit(self._search.mask)

    def _warm_slice(self) -> None:
        if self._search.warm(WARM_SLICE_S):
            self._warm_timer.stop()
