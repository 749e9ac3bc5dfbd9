"""The labelled rows that the model finds most like the one being read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QTextLayout
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.ui.chips import CHIP_HEIGHT, paint_chip
from fsl_desktop.ui.table_model import one_line
from fsl_desktop.ui.theme import ThemeHolder, class_colour, class_mark

MOST = 3
_LINES, _GAP = 2, 12
_CHARS = 300


class NeighbourList(QWidget):
    """Paints as many of the neighbours as fit; asks for the same room whatever they are."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self._rows: list[tuple[str, ClassInfo]] = []
        self._known = False
        self._places: list[QRectF] = []
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        holder.changed.connect(self._on_theme)

    def show_rows(self, rows: Sequence[tuple[str, ClassInfo, float]] | None) -> None:
        """Text, class and similarity of each, nearest first; None while they are not known."""
        self._known = rows is not None
        self._rows = [(one_line(text, _CHARS), info) for text, info, _ in (rows or ())[:MOST]]
        words = self.tr("“{text}”, your label: {name}")
        spoken = "; ".join(words.format(text=text, name=info.name) for text, info in self._rows)
        self.setAccessibleName(spoken or self.tr("No labelled row is like it yet"))
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, round(2 * self._entry_height()))

    def minimumSizeHint(self) -> QSize:
        return QSize(100, round(self._entry_height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = self._holder.theme
        painter = QPainter(self)
        painter.setFont(self.font())
        self._places = []
        top = 0.0
        if not self._known:
            return
        if not self._rows:
            painter.setPen(QColor(theme.muted))
            words = self.tr("Label a few rows, and the ones most like this show here.")
            flags = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop
            painter.drawText(QRectF(self.rect()), flags, words)
            return
        for text, info in self._rows:
            words_height = self._paint_words(painter, f"“{text}”", top, draw=False)
            if top and top + words_height + 4 + CHIP_HEIGHT > self.height():
                break
            painter.setPen(QColor(theme.text))
            self._paint_words(painter, f"“{text}”", top, draw=True)
            chip_top = top + words_height + 4
            chip = QRectF(
                0, chip_top, self.width(), max(CHIP_HEIGHT, QFontMetricsF(self.font()).height() + 4)
            )
            colour = class_colour(theme, info.position)
            paint_chip(painter, chip, info.name, class_mark(info.position), colour, theme)
            self._places.append(QRectF(0, top, self.width(), chip.bottom() - top))
            top = chip.bottom() + _GAP

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            for place, (text, _) in zip(self._places, self._rows, strict=False):
                if place.contains(QPointF(event.pos())):
                    QToolTip.showText(event.globalPos(), text, self)
                    return True
            QToolTip.hideText()
            return True
        return super().event(event)

    def _entry_height(self) -> float:
        return _LINES * QFontMetricsF(self.font()).lineSpacing() + 4 + CHIP_HEIGHT + _GAP

    def _paint_words(self, painter: QPainter, text: str, top: float, *, draw: bool) -> float:
        """Up to two lines, the last one elided; returns their height."""
        metrics = QFontMetricsF(self.font())
        layout = QTextLayout(text, self.font())
        layout.beginLayout()
        height = 0.0
        for number in range(_LINES):
            line = layout.createLine()
            if not line.isValid():
                break
            line.setLineWidth(self.width())
            if draw:
                part = text[line.textStart() : line.textStart() + line.textLength()]
                if number == _LINES - 1:
                    rest = text[line.textStart() :]
                    part = metrics.elidedText(rest, Qt.TextElideMode.ElideRight, self.width())
                painter.drawText(QPointF(0, top + height + metrics.ascent()), part)
            height += metrics.lineSpacing()
        layout.endLayout()
        return height

    def _on_theme(self) -> None:
        self.update()
