"""An entry of the list of orders: its name, and below it the sentence on it."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QPainter, QPalette, QTextLayout, QTextOption
from PySide6.QtWidgets import QApplication, QStyle, QStyledItemDelegate, QStyleOptionViewItem

_ACROSS, _ABOVE, _BETWEEN = 10, 6, 2
_SMALLER = 0.88
_FAINTER = 0.75


class OrderDelegate(QStyledItemDelegate):
    WIDTH = 400

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        name, sentence = self._words(index)
        plain = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        font, palette, state = plain.font, plain.palette, plain.state
        plain.text = ""
        style = plain.widget.style() if plain.widget else QApplication.style()
        style.drawControl(QStyle.ControlElement.CE_ItemViewItem, plain, painter, plain.widget)
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        able = bool(state & QStyle.StateFlag.State_Enabled)
        group = QPalette.ColorGroup.Active if able else QPalette.ColorGroup.Disabled
        role = QPalette.ColorRole.HighlightedText if chosen else QPalette.ColorRole.Text
        room = QRectF(plain.rect).adjusted(_ACROSS, _ABOVE, -_ACROSS, -_ABOVE)
        painter.save()
        painter.setPen(palette.color(group, role))
        title = _laid_out(name, font, room.width())
        title.draw(painter, room.topLeft())
        painter.setOpacity(_FAINTER if able else 1.0)  # what is out of reach is faint enough
        about = _laid_out(sentence, _smaller(font), room.width())
        about.draw(painter, room.topLeft() + QPointF(0, title.boundingRect().height() + _BETWEEN))
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        name, sentence = self._words(index)
        plain = QStyleOptionViewItem(option)
        self.initStyleOption(plain, index)
        # A frame and a scroll bar may take some of the list's width.
        width = self.WIDTH - 2 * _ACROSS - 24
        height = _laid_out(name, plain.font, width).boundingRect().height()
        height += _laid_out(sentence, _smaller(plain.font), width).boundingRect().height()
        return QSize(self.WIDTH - 24, round(height) + _BETWEEN + 2 * _ABOVE)

    @staticmethod
    def _words(index: QModelIndex | QPersistentModelIndex) -> tuple[str, str]:
        name = index.data(Qt.ItemDataRole.DisplayRole)
        return str(name or ""), str(index.data(Qt.ItemDataRole.ToolTipRole) or "")


def _smaller(font: QFont) -> QFont:
    other = QFont(font)
    if font.pixelSize() > 0:
        other.setPixelSize(max(1, round(_SMALLER * font.pixelSize())))
    else:
        other.setPointSizeF(max(1.0, _SMALLER * font.pointSizeF()))
    return other


def _laid_out(words: str, font: QFont, width: float) -> QTextLayout:
    layout = QTextLayout(words, font)
    layout.setTextOption(QTextOption(Qt.AlignmentFlag.AlignLeft))
    layout.beginLayout()
    top = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        line.setPosition(QPointF(0, top))
        top += line.height()
    layout.endLayout()
    return layout
