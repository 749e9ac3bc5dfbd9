"""A score with its interval as a small bar: the track is 0 to 100 %, the band the interval."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from fsl_desktop.ui.theme import Theme, blend

HEIGHT = 6.0


def paint_interval(
    painter: QPainter, rect: QRectF, low: float, value: float, high: float, colour: str, theme: Theme
) -> None:
    """Paint into the middle of ``rect``; the three numbers are shares in 0..1."""
    track = QRectF(rect.left(), rect.center().y() - HEIGHT / 2, rect.width(), HEIGHT)
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(blend(theme.surface, theme.muted, 0.16)))
    painter.drawRoundedRect(track, HEIGHT / 2, HEIGHT / 2)
    low, high = max(0.0, min(low, high)), min(1.0, max(low, high))
    left, width = track.left() + low * track.width(), max(HEIGHT, (high - low) * track.width())
    band = QRectF(min(left, track.right() - width), track.top(), width, HEIGHT)
    painter.setBrush(QColor(blend(theme.surface, colour, 0.45)))
    painter.drawRoundedRect(band, HEIGHT / 2, HEIGHT / 2)
    painter.setBrush(QColor(colour))
    middle = track.left() + value * track.width()
    tick = QRectF(0, 0, 4, HEIGHT + 4)
    tick.moveCenter(track.center())
    tick.moveLeft(min(max(middle - 2, track.left()), track.right() - 4))
    painter.drawRoundedRect(tick, 2, 2)
    painter.restore()
