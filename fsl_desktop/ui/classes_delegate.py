"""Paints the table of classes: the key in the class's colour, and a hint where nothing is written yet."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QLineEdit, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from fsl_desktop.ui.chips import mark_width, paint_mark
from fsl_desktop.ui.classes_model import DESCRIPTION, KEY, NAME, ClassesModel
from fsl_desktop.ui.theme import ThemeHolder, class_colour, class_mark
from fsl_desktop.ui.widgets import named

Index = QModelIndex | QPersistentModelIndex


class ClassesDelegate(QStyledItemDelegate):
    """The key in the class's colour, and a hint where nothing is written yet."""

    def __init__(self, holder: ThemeHolder, parent: QWidget) -> None:
        super().__init__(parent)
        self._holder = holder

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        theme, model = self._holder.theme, index.model()
        if not isinstance(model, ClassesModel):
            return
        info = model.classes[index.row()]
        rect = QRectF(option.rect)
        if index.column() == KEY:
            mark = class_mark(info.position)
            square = QRectF(rect.left() + 12, rect.center().y() - 9, mark_width(mark) + 2, 18)
            paint_mark(painter, square, mark, class_colour(theme, info.position), theme)
        elif (
            index.column() == DESCRIPTION
            and not info.description
            and option.state & QStyle.StateFlag.State_Selected
        ):
            painter.save()
            painter.setPen(QColor(theme.muted))
            words = self.tr("What belongs here? (optional)")
            cut = option.fontMetrics.elidedText(words, Qt.TextElideMode.ElideRight, round(rect.width() - 16))
            painter.drawText(rect.adjusted(8, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, cut)
            painter.restore()
        painter.save()
        painter.setPen(QColor(theme.line))
        painter.drawLine(option.rect.bottomLeft(), option.rect.bottomRight())
        painter.restore()

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        # One row is current, not one cell: no box around a cell.
        option.state &= ~QStyle.StateFlag.State_HasFocus
        if index.column() == KEY:
            option.text = ""

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        words = self.tr("Name of the class") if index.column() == NAME else self.tr("What the class means")
        editor = named(QLineEdit(parent), words, "classCellEditor")
        editor.setMaxLength(80 if index.column() == NAME else 300)
        return editor

    def updateEditorGeometry(self, editor: QWidget, option: QStyleOptionViewItem, index: Index) -> None:
        editor.setGeometry(option.rect.adjusted(0, 2, 0, -2))
