"""Paints the table's rows: state dot, a line of text, a solid chip for a label, a dashed one to suggest."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from fsl_desktop.core.labels import UNLABELLED, UNSURE
from fsl_desktop.ui.chips import chip_width, paint_chip
from fsl_desktop.ui.probability_bar import percent
from fsl_desktop.ui.style import ROW_HEIGHT
from fsl_desktop.ui.table_model import Column, Role
from fsl_desktop.ui.theme import Theme, ThemeHolder, blend, class_colour, class_mark

Index = QModelIndex | QPersistentModelIndex
PAD = 8
_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine


class RowDelegate(QStyledItemDelegate):
    """Set ``class_count`` for the hint in open rows, ``hovered`` for the line under the mouse."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self.class_count = 0
        self.hovered = -1
        self.current = -1

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, max(ROW_HEIGHT, option.fontMetrics.height() + 16))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._holder.theme
        box = QRectF(option.rect)
        painter.save()
        self._paint_ground(painter, option, index, theme)
        painter.setFont(option.font)
        column = index.column()
        if column == Column.STATE:
            self._paint_state(painter, box, int(index.data(Role.LABEL)), theme)
        elif column == Column.TEXT:
            words = box.adjusted(PAD, 0, -PAD, 0)
            shown = _elided(QFontMetricsF(option.font), index.data(), words.width())
            painter.setPen(QColor(theme.text))
            painter.drawText(words, _MIDDLE, shown)
        elif column == Column.LABEL:
            self._paint_label(painter, box, index, theme)
        else:
            self._paint_suggestion(painter, box, index, theme)
        painter.restore()

    def _paint_ground(
        self, painter: QPainter, option: QStyleOptionViewItem, index: Index, theme: Theme
    ) -> None:
        box = option.rect
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        if selected:
            painter.fillRect(box, QColor(theme.accent_tint))
        elif index.row() == self.hovered:
            painter.fillRect(box, QColor(blend(theme.surface, theme.text, 0.03)))
        painter.fillRect(
            box.left(), box.bottom(), box.width(), 1, QColor(blend(theme.line, theme.surface, 0.25))
        )
        if index.row() == self.current and index.column() == Column.STATE:
            # Where the keys go, told apart from other selected rows without colour alone.
            painter.fillRect(box.left(), box.top(), 3, box.height(), QColor(theme.accent))

    @staticmethod
    def _paint_state(painter: QPainter, box: QRectF, label: int, theme: Theme) -> None:
        """A full dot for a label, a faint one for none, a ring for unsure, a dash for skipped."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centre = QPointF(round(box.center().x()) + 0.5, round(box.center().y()) + 0.0)
        painter.setPen(Qt.PenStyle.NoPen)
        if label > 0:
            painter.setBrush(QColor(theme.good))
            painter.drawEllipse(centre, 4, 4)
        elif label == UNLABELLED:
            painter.setBrush(QColor(blend(theme.line, theme.muted, 0.15)))
            painter.drawEllipse(centre, 4, 4)
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            pen = QPen(QColor(theme.warning if label == UNSURE else theme.muted), 1.75)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            if label == UNSURE:
                painter.drawEllipse(centre, 3.5, 3.5)
            else:
                painter.drawLine(centre - QPointF(3.5, 0), centre + QPointF(3.5, 0))

    def _paint_label(self, painter: QPainter, box: QRectF, index: Index, theme: Theme) -> None:
        room = box.adjusted(PAD, 0, -PAD, 0)
        position = int(index.data(Role.POSITION))
        name = str(index.data())
        if position >= 0:
            colour = class_colour(theme, position)
            paint_chip(painter, room, name, class_mark(position), colour, theme)
            return
        painter.setPen(QColor(theme.muted))
        words = _elided(QFontMetricsF(painter.font()), name or self.hint(), room.width())
        painter.drawText(room, _MIDDLE, words)

    def _paint_suggestion(self, painter: QPainter, box: QRectF, index: Index, theme: Theme) -> None:
        position = int(index.data(Role.POSITION))
        if position < 0:
            return
        metrics = QFontMetricsF(painter.font())
        sure = percent(float(index.data(Role.CONFIDENCE)))
        beside = metrics.horizontalAdvance(sure) + PAD
        room = box.adjusted(PAD, 0, -PAD, 0)
        name, mark = str(index.data()), class_mark(position)
        chip = QRectF(room)
        chip.setWidth(min(chip_width(metrics, name, mark), max(room.width() - beside, 0.0)))
        took = paint_chip(painter, chip, name, mark, class_colour(theme, position), theme, True)
        after = QRectF(took.right() + PAD, box.top(), beside, box.height())
        painter.setPen(QColor(theme.muted))
        painter.drawText(after, _MIDDLE, sure)

    def hint(self) -> str:
        """What to press in a row without a label."""
        if self.class_count < 2:
            return self.tr("press 1") if self.class_count else ""
        if self.class_count > 9:
            return self.tr("press a key")
        return self.tr("press 1 to {last}").format(last=self.class_count)


def _elided(metrics: QFontMetricsF, text: object, width: float) -> str:
    return metrics.elidedText(str(text), Qt.TextElideMode.ElideRight, int(width))
