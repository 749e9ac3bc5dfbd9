"""Paints the table's rows: state dot, a line of text, a solid chip for a label, a dashed one to suggest."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from fsl_desktop.core.labels import UNLABELLED, UNSURE
from fsl_desktop.ui import icons
from fsl_desktop.ui.chips import ChipPainter, chip_width
from fsl_desktop.ui.label_sets import SEVERAL
from fsl_desktop.ui.probability_bar import percent
from fsl_desktop.ui.style import ROW_HEIGHT
from fsl_desktop.ui.table_model import Column, Role
from fsl_desktop.ui.theme import Theme, ThemeHolder, blend, class_colour, class_mark, distinct

Index = QModelIndex | QPersistentModelIndex
PAD = 8
CHIP_GAP = 4
LEAST_CHIP = 56
"""A chip that would be narrower than this is counted instead, as "+2"."""
_SIGN = 16
"""Pixels of the warning sign beside a waveform."""
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight | Qt.TextFlag.TextSingleLine
_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine


PaintPicture = Callable[[QPainter, QRectF, int, str], None]
"""Painter, box, position in the table, and a colour as #RRGGBB."""


class _Inks(NamedTuple):
    text: QColor
    muted: QColor
    line: QColor
    selected: QColor
    hovered: QColor
    accent: QColor
    good: QColor
    open: QColor
    warning: QColor
    strange: QColor
    picture: str


@lru_cache(maxsize=4)
def _inks(theme: Theme) -> _Inks:
    return _Inks(
        QColor(theme.text),
        QColor(theme.muted),
        QColor(blend(theme.line, theme.surface, 0.25)),
        QColor(theme.accent_tint),
        QColor(blend(theme.surface, theme.text, 0.03)),
        QColor(theme.accent),
        QColor(theme.good),
        QColor(blend(theme.line, theme.muted, 0.15)),
        QColor(theme.warning),
        QColor(distinct(theme.warning, theme.surface, 4.5)),
        distinct(theme.accent, theme.accent_tint, 3.0),
    )


class RowDelegate(QStyledItemDelegate):
    """Set ``class_count`` for the hint in open rows, ``hovered`` for the line under the mouse."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self.class_count = 0
        self.picture: PaintPicture | None = None
        self.hovered = -1
        self.current = -1
        self._chips = ChipPainter()

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(120, max(ROW_HEIGHT, option.fontMetrics.height() + 16))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        inks = _inks(self._holder.theme)
        box, line, column = option.rect, index.row(), index.column()
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, inks.selected)
        elif line == self.hovered:
            painter.fillRect(box, inks.hovered)
        painter.fillRect(box.left(), box.bottom(), box.width(), 1, inks.line)
        painter.setFont(option.font)
        if column == Column.STATE:
            if line == self.current:
                # Where the keys go, told apart from other selected rows without colour alone.
                painter.fillRect(box.left(), box.top(), 3, box.height(), inks.accent)
            self._paint_state(painter, QRectF(box), int(index.data(Role.LABEL)), inks)
            return
        room = QRectF(box).adjusted(PAD, 0, -PAD, 0)
        if column == Column.TEXT:
            metrics = QFontMetricsF(option.font)
            if index.data(Role.LONG):
                words = self.tr("long")
                painter.setPen(inks.muted)
                wide = metrics.horizontalAdvance(words)
                painter.drawText(QRectF(room.right() - wide, room.top(), wide, room.height()), _MIDDLE, words)
                room.setRight(room.right() - wide - PAD)
            if index.data(Role.STRANGE):
                room.setRight(self._paint_strange(painter, room, metrics, inks) - PAD)
            painter.setPen(inks.text)
            painter.drawText(room, _MIDDLE, _elided(metrics, index.data(), room.width()))
        elif column == Column.LABEL:
            self._paint_label(painter, room, index, inks)
        elif column == Column.PICTURE:
            self._paint_picture(painter, room, index, inks)
        elif column == Column.LENGTH:
            painter.setPen(inks.muted)
            painter.drawText(room, _RIGHT, str(index.data()))
        else:
            self._paint_suggestion(painter, room, index, inks)

    @staticmethod
    def _paint_state(painter: QPainter, box: QRectF, label: int, inks: _Inks) -> None:
        """A full dot for a label, a faint one for none, a ring for unsure, a dash for skipped."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        centre = QPointF(round(box.center().x()) + 0.5, round(box.center().y()))
        painter.setPen(Qt.PenStyle.NoPen)
        if label >= UNLABELLED:
            painter.setBrush(inks.good if label > 0 else inks.open)
            painter.drawEllipse(centre, 4, 4)
        else:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            pen = QPen(inks.warning if label == UNSURE else inks.muted, 1.75)
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            if label == UNSURE:
                painter.drawEllipse(centre, 3.5, 3.5)
            else:
                painter.drawLine(centre - QPointF(3.5, 0), centre + QPointF(3.5, 0))
        painter.restore()

    def _paint_picture(self, painter: QPainter, room: QRectF, index: Index, inks: _Inks) -> None:
        """The recording's waveform, with a mark where something is odd; or that it is unreadable."""
        remark = index.data(Role.REMARK)
        if remark is not None and remark.odd:
            ratio = painter.device().devicePixelRatioF()
            sign = icons.pixmap("warning", inks.strange.name(), _SIGN, ratio)
            left = room.left() if remark.unheard else room.right() - _SIGN
            painter.drawPixmap(QPointF(left, room.center().y() - _SIGN / 2), sign)
            if remark.unheard:
                painter.setPen(inks.strange)
                room.setLeft(room.left() + _SIGN + PAD)
                words = self.tr("unreadable")
                painter.drawText(room, _MIDDLE, _elided(QFontMetricsF(painter.font()), words, room.width()))
                return
            room.setRight(room.right() - _SIGN - PAD)
        if self.picture is not None:
            self.picture(painter, room.adjusted(0, 5, 0, -6), int(index.data(Role.PLACE)), inks.picture)

    def _paint_strange(self, painter: QPainter, room: QRectF, metrics: QFontMetricsF, inks: _Inks) -> float:
        """A small outlined chip at the right of the text; returns where it begins."""
        words = self.tr("fits none?")
        wide, high = metrics.horizontalAdvance(words) + 16, metrics.height() + 4
        box = QRectF(room.right() - wide, room.center().y() - high / 2, wide, high)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(inks.warning, 1.25))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), high / 2, high / 2)
        painter.setPen(inks.strange)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextSingleLine, words)
        painter.restore()
        return box.left()

    def _paint_label(self, painter: QPainter, room: QRectF, index: Index, inks: _Inks) -> None:
        position = int(index.data(Role.POSITION))
        name = str(index.data())
        if position == SEVERAL:
            self._paint_chips(painter, room, index, dashed=False, inks=inks)
            return
        if position >= 0:
            theme = self._holder.theme
            self._chips.paint(painter, room, name, class_mark(position), class_colour(theme, position), theme)
            return
        painter.setPen(inks.muted)
        words = _elided(QFontMetricsF(painter.font()), name or self.hint(), room.width())
        painter.drawText(room, _MIDDLE, words)

    def _paint_suggestion(self, painter: QPainter, room: QRectF, index: Index, inks: _Inks) -> None:
        position = int(index.data(Role.POSITION))
        if position == -1 and not index.data():
            return
        theme = self._holder.theme
        sure = percent(float(index.data(Role.CONFIDENCE)))
        # Room for the widest number, so that chips end at the same place whatever theirs is.
        beside = QFontMetricsF(painter.font()).horizontalAdvance("> 99 %") + PAD
        chip = QRectF(room)
        chip.setWidth(max(room.width() - beside, 0.0))
        if position >= 0:
            colour = class_colour(theme, position)
            name = str(index.data())
            end = self._chips.paint(painter, chip, name, class_mark(position), colour, theme, True).right()
        elif position == SEVERAL:
            end = self._paint_chips(painter, chip, index, dashed=True, inks=inks)
        else:
            painter.setPen(inks.muted)
            metrics = QFontMetricsF(painter.font())
            words = _elided(metrics, index.data(), chip.width())
            painter.drawText(chip, _MIDDLE, words)
            end = chip.left() + metrics.horizontalAdvance(words)
        painter.setPen(inks.muted)
        painter.drawText(QRectF(end + PAD, room.top(), beside, room.height()), _MIDDLE, sure)

    def _paint_chips(
        self, painter: QPainter, room: QRectF, index: Index, *, dashed: bool, inks: _Inks
    ) -> float:
        """Chips side by side, and how many more there are where the room ends; returns where they end."""
        chips = index.data(Role.CHIPS)
        theme = self._holder.theme
        metrics = QFontMetricsF(painter.font())
        left = room.left()
        for place, chip in enumerate(chips):
            rest = len(chips) - place - 1
            # The last ones may need the room for "+2" instead.
            free = room.right() - left - (metrics.horizontalAdvance(f"+{rest}") + PAD if rest else 0)
            wanted = chip_width(metrics, chip.name, class_mark(chip.position))
            if place and free < min(wanted, LEAST_CHIP):
                painter.setPen(inks.muted)
                more = f"+{rest + 1}"
                painter.drawText(QRectF(left, room.top(), room.right() - left, room.height()), _MIDDLE, more)
                return left + metrics.horizontalAdvance(more)
            box = QRectF(left, room.top(), max(0.0, min(free, wanted)), room.height())
            colour, mark = class_colour(theme, chip.position), class_mark(chip.position)
            took = self._chips.paint(painter, box, chip.name, mark, colour, theme, dashed)
            left = took.right() + CHIP_GAP
        return left - CHIP_GAP

    def hint(self) -> str:
        """What to press in a row without a label."""
        if self.class_count < 2:
            return self.tr("press 1") if self.class_count else ""
        if self.class_count > 9:
            return self.tr("press a key")
        return self.tr("press 1 to {last}").format(last=self.class_count)


def _elided(metrics: QFontMetricsF, text: object, width: float) -> str:
    return metrics.elidedText(str(text), Qt.TextElideMode.ElideRight, int(width))
