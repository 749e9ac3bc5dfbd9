"""How loud the microphone hears: mean and peak on a scale of decibels."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from fsl_desktop.ui.sound.take import Level
from fsl_desktop.ui.theme import ThemeHolder

QUIETEST_DB = -60.0
LOUD_DB, TOO_LOUD_DB = -12.0, -1.0
QUIET_DB = -40.0
_FALL_DB = 1.2
"""Decibels that the bar falls between two levels; it rises at once."""
_FORGET_DB = 0.25
"""The same for the loudest of late, which the words are about: they must not flicker between syllables."""
_HOLD = 40
"""Levels that the mark of the peak stands still."""
_BAR = 14
_TICKS = (-48, -36, -24, -12, 0)


def decibels(value: float) -> float:
    """0 for full scale; not below ``QUIETEST_DB``."""
    return max(QUIETEST_DB, 20 * math.log10(value)) if value > 0 else QUIETEST_DB


class LevelMeter(QWidget):
    """A bar for the mean, a mark for the peak; ``verdict`` says it in words."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self._rms = self._peak = self._loudest = QUIETEST_DB
        self._held = 0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Level of the microphone"))
        holder.changed.connect(self.update)

    def sizeHint(self) -> QSize:
        return QSize(320, _BAR + 6 + self.fontMetrics().height())

    @property
    def verdict(self) -> str:
        if self._peak >= TOO_LOUD_DB:
            return self.tr("Too loud: move away from the microphone.")
        if self._loudest > QUIET_DB:
            return self.tr("The level is good.")
        return self.tr("Very quiet: speak up, or move closer.")

    def show_level(self, level: Level) -> None:
        peak, rms = decibels(level.peak), decibels(level.rms)
        self._rms = max(rms, self._rms - _FALL_DB)
        self._loudest = max(peak, self._loudest - _FORGET_DB)
        self._held -= 1
        if peak >= self._peak or self._held <= 0:
            self._peak, self._held = peak, _HOLD
        words = self.verdict
        if words != self.accessibleDescription():
            self.setAccessibleDescription(words)
        self.update()

    def reset(self) -> None:
        """Nothing is heard."""
        self._rms = self._peak = self._loudest = QUIETEST_DB
        self._held = 0
        self.setAccessibleDescription("")
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        theme = self._holder.theme
        whole = QRectF(0, 0, self.width(), _BAR)
        painter.setBrush(QColor(theme.line))
        painter.drawRoundedRect(whole, 4, 4)
        for low, high, colour in (
            (QUIETEST_DB, LOUD_DB, theme.good),
            (LOUD_DB, TOO_LOUD_DB - 3, theme.warning),
            (TOO_LOUD_DB - 3, 0.0, theme.danger),
        ):
            high = min(high, self._rms)
            if high > low:
                painter.setClipRect(QRectF(self._x(low), 0, self._x(high) - self._x(low), _BAR))
                painter.setBrush(QColor(colour))
                painter.drawRoundedRect(whole, 4, 4)
        painter.setClipping(False)
        if self._peak > QUIETEST_DB:
            painter.setBrush(QColor(theme.danger if self._peak >= TOO_LOUD_DB else theme.text))
            painter.drawRect(QRectF(min(self._x(self._peak), self.width() - 3.0), 0, 2.5, _BAR))
        self._paint_scale(painter)

    def _paint_scale(self, painter: QPainter) -> None:
        metrics = self.fontMetrics()
        painter.setPen(QColor(self._holder.theme.muted))
        for value in _TICKS:
            words = self.tr("{value} dB").format(value=f"{value}".replace("-", "\N{MINUS SIGN}"))
            wide = metrics.horizontalAdvance(words) + 2
            left = min(self._x(value) - wide / 2, self.width() - wide)
            box = QRectF(left, _BAR + 4, wide, metrics.height())
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)

    def _x(self, value: float) -> float:
        return (value - QUIETEST_DB) / -QUIETEST_DB * self.width()
