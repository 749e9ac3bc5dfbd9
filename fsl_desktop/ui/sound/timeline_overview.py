"""The whole recording in a strip: its waveform, and the part that is to be seen below as a frame."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLine, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fsl_desktop.core.audio.peaks import Peaks
from fsl_desktop.ui.sound.timeline_range import Range
from fsl_desktop.ui.theme import ThemeHolder, blend

HEIGHT = 44


def paint_wave(
    painter: QPainter, peaks: Peaks, start: float, end: float, box: QRectF, colour: str, loudest: float
) -> None:
    """The waveform from ``start`` to ``end`` seconds into ``box``; ``loudest`` fills its height."""
    columns = max(1, int(box.width()))
    found = peaks.between(start, end, columns) / max(loudest, 1e-4)
    middle, half = box.center().y(), box.height() / 2
    tops = np.round(middle - np.clip(found[:, 1], -1, 1) * half).astype(int)
    bottoms = np.round(middle - np.clip(found[:, 0], -1, 1) * half).astype(int)
    left = int(box.left())
    painter.setPen(QPen(QColor(colour), 1))
    painter.drawLines(
        [
            QLine(left + x, top, left + x, bottom)
            for x, (top, bottom) in enumerate(zip(tops.tolist(), bottoms.tolist(), strict=True))
        ]
    )


def loudest_of(peaks: Peaks) -> float:
    """What the waveform is drawn relative to: loudness never decides, and faint recordings are to be seen."""
    return float(np.abs(peaks.levels[-1].astype(np.float32)).max(initial=0.0))


class Overview(QWidget):
    """``moved``: the moment that was clicked or dragged to should be in the middle of what is seen."""

    moved = Signal(float)

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self._peaks: Peaks | None = None
        self._shown = Range()
        self._picture: QPixmap | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        holder.changed.connect(self._on_theme)

    def set_peaks(self, peaks: Peaks | None) -> None:
        self._peaks, self._picture = peaks, None
        self.update()

    def set_shown(self, shown: Range) -> None:
        self._shown = shown
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(400, HEIGHT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._picture = None
        super().resizeEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._go(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._go(event)

    def _go(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and self._shown.seconds:
            share = event.position().x() / max(1, self.width())
            self.moved.emit(min(max(share, 0.0), 1.0) * self._shown.seconds)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme, box = self._holder.theme, QRectF(self.rect())
        painter = QPainter(self)
        if self._picture is None:
            self._picture = self._draw()
        painter.drawPixmap(0, 0, self._picture)
        if self._shown.seconds <= 0:
            return
        scale = box.width() / self._shown.seconds
        left = self._shown.start * scale
        frame = QRectF(left, 0, max(3.0, (self._shown.end - self._shown.start) * scale), box.height())
        tint = QColor(theme.accent)
        tint.setAlphaF(0.16)
        painter.fillRect(frame, tint)
        painter.setPen(QPen(QColor(theme.accent), 1.5))
        painter.drawRect(frame.adjusted(0.75, 0.75, -0.75, -0.75))

    def _draw(self) -> QPixmap:
        """The waveform, once for a size and theme."""
        theme, ratio = self._holder.theme, self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(QColor(blend(theme.surface, theme.muted, 0.07)))
        if self._peaks is not None:
            painter = QPainter(picture)
            box = QRectF(self.rect()).adjusted(0, 3, 0, -3)
            paint_wave(
                painter, self._peaks, 0.0, self._peaks.seconds, box, theme.muted, loudest_of(self._peaks)
            )
            painter.end()
        return picture

    def _on_theme(self) -> None:
        self._picture = None
        self.update()
