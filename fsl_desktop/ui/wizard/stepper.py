"""Where in the wizard we are: numbered steps in a line, those behind us ticked off."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from fsl_desktop.ui import icons
from fsl_desktop.ui.start_parts import larger
from fsl_desktop.ui.theme import ThemeHolder

_DOT = 22.0
_GAP = 8.0
_LINE = 28.0


class Stepper(QWidget):
    def __init__(self, holder: ThemeHolder, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self._names = tuple(names)
        self._current = 0
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        holder.changed.connect(self.update)
        self.set_current(0)

    def set_current(self, number: int) -> None:
        self._current = number
        words = self.tr("Step {n} of {total}: {name}")
        self.setAccessibleName(words.format(n=number + 1, total=len(self._names), name=self._names[number]))
        self.update()

    def sizeHint(self) -> QSize:
        metrics = QFontMetricsF(self._font(bold=True))
        words = sum(metrics.horizontalAdvance(name) for name in self._names)
        n = len(self._names)
        return QSize(round(words + n * (_DOT + _GAP) + (n - 1) * (_LINE + 2 * _GAP)) + 2, 34)

    def minimumSizeHint(self) -> QSize:
        n = len(self._names)
        return QSize(round(n * _DOT + (n - 1) * 3 * _GAP) + 2, 34)

    def _font(self, *, bold: bool) -> QFont:
        return larger(self.font(), 1.0, bold=bold)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._holder.theme
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        # Where the names do not fit, the numbers alone say it; a reader's name has the rest.
        named = self.width() >= self.sizeHint().width() - 2
        x = 0.5
        for number, name in enumerate(self._names):
            done, here = number < self._current, number == self._current
            dot = QRectF(x, middle - _DOT / 2, _DOT, _DOT)
            edge = theme.accent if done or here else theme.muted
            painter.setPen(QPen(QColor(edge), 1))
            painter.setBrush(QColor(theme.accent if here else theme.accent_tint if done else theme.surface))
            painter.drawEllipse(dot)
            if done:
                tick = icons.pixmap("check", theme.accent, 14, self.devicePixelRatioF())
                painter.drawPixmap(QPointF(x + 4, middle - 7), tick)
            else:
                painter.setPen(QColor(theme.on_accent if here else theme.muted))
                painter.setFont(larger(self.font(), 12 / 13, bold=True))
                painter.drawText(dot, Qt.AlignmentFlag.AlignCenter, str(number + 1))
            x += _DOT + _GAP
            if named:
                font = self._font(bold=here)
                painter.setFont(font)
                painter.setPen(QColor(theme.text if here else theme.muted))
                wide = QFontMetricsF(font).horizontalAdvance(name)
                painter.drawText(QRectF(x, 0, wide + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, name)
                x += wide + _GAP
            if number < len(self._names) - 1:
                painter.setPen(QPen(QColor(theme.line), 1))
                painter.drawLine(QPointF(x, middle), QPointF(x + _LINE, middle))
                x += _LINE + _GAP
