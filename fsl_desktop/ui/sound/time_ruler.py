"""The seconds under a waveform and a spectrogram."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fsl_desktop.ui.sound.pane import GUTTER
from fsl_desktop.ui.sound.time_view import TimeView
from fsl_desktop.ui.sound.times import clock, decimals_for, tick_step
from fsl_desktop.ui.theme import ThemeHolder


class TimeRuler(QWidget):
    def __init__(self, holder: ThemeHolder, view: TimeView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder, self._view = holder, view
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        view.changed.connect(self.update)
        holder.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(200, self.fontMetrics().height() + 8)

    def ticks(self) -> list[tuple[float, str]]:
        """(seconds in the file, words), evenly spaced and as many as are easily read."""
        view = self._view
        width = max(1, self.width() - GUTTER)
        widest = self.fontMetrics().horizontalAdvance(clock(view.end, 3)) + 28
        step = tick_step(view.span, int(width / widest))
        decimals = decimals_for(step)
        first = -int(-view.start / step // 1) if view.start > 0 else 0
        found: list[tuple[float, str]] = []
        number = first
        while number * step <= view.end + 1e-9:
            if number * step >= view.start - 1e-9:
                found.append((number * step, clock(number * step, decimals)))
            number += 1
        return found

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        theme, view, metrics = self._holder.theme, self._view, self.fontMetrics()
        width = max(1, self.width() - GUTTER)
        for seconds, words in self.ticks():
            x = GUTTER + (seconds - view.start) / view.span * width
            painter.fillRect(QRectF(round(x), 0, 1, 4), QColor(theme.muted))
            wide = metrics.horizontalAdvance(words) + 2
            left = min(max(x - wide / 2, 0.0), self.width() - wide)
            painter.setPen(QColor(theme.muted))
            painter.drawText(QRectF(left, 6, wide, metrics.height()), Qt.AlignmentFlag.AlignCenter, words)
