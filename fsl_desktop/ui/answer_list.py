"""Texts with the model's answer to each: the lines of a paste, and what was tried before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from fsl_desktop.core.answers import Answer
from fsl_desktop.ui import speech
from fsl_desktop.ui.chips import chip_width, paint_chip
from fsl_desktop.ui.style import ROW_HEIGHT
from fsl_desktop.ui.theme import ThemeHolder, class_colour, class_mark
from fsl_desktop.ui.widgets import named

if TYPE_CHECKING:
    from fsl_desktop.ui.session import Session

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_MAX_TEXT = 400


@dataclass(frozen=True, slots=True)
class Tried:
    text: str
    answer: Answer | None = None


class AnswerListModel(QAbstractListModel):
    """Rows of ``Tried``; the display text also says the answer, for screen readers."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._items: list[Tried] = []

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._items):
            return None
        item = self._items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.text[:_MAX_TEXT]
        if role == Qt.ItemDataRole.UserRole:
            return item
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            words = speech.answer_words(item.answer, self._name) if item.answer else ""
            return f"{item.text[:_MAX_TEXT]}\n{words}".strip()
        return None

    def item(self, row: int) -> Tried:
        return self._items[row]

    def items(self) -> tuple[Tried, ...]:
        return tuple(self._items)

    def set_items(self, items: Sequence[Tried]) -> None:
        """Replace everything; where only answers changed, the selection stays."""
        if [item.text for item in items] == [item.text for item in self._items]:
            self._items = list(items)
            if self._items:
                self.dataChanged.emit(self.index(0), self.index(len(self._items) - 1))
            return
        self.beginResetModel()
        self._items = list(items)
        self.endResetModel()

    def _name(self, class_id: int) -> str:
        return next((info.name for info in self._session.classes if info.id == class_id), "")


class _Delegate(QStyledItemDelegate):
    """The text at the left, the chip and its percent at the right."""

    def __init__(self, session: Session, holder: ThemeHolder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session, self._holder = session, holder

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, max(ROW_HEIGHT, option.fontMetrics.height() + 16))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item: Tried = index.data(Qt.ItemDataRole.UserRole)
        theme = self._holder.theme
        box = QRectF(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_tint))
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 6, 6)
        painter.setFont(option.font)
        metrics = QFontMetricsF(option.font)
        right = box.right() - 10
        order = speech.ranked(item.answer) if item.answer else []
        if order:
            class_id, probability = order[0]
            right = self._paint_answer(painter, box, right, metrics, class_id, probability)
        words = QRectF(box.left() + 10, box.top(), max(0.0, right - box.left() - 22), box.height())
        painter.setPen(QColor(theme.text))
        shown = metrics.elidedText(
            " ".join(item.text[:_MAX_TEXT].split()), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, shown)
        painter.restore()

    def _paint_answer(
        self,
        painter: QPainter,
        box: QRectF,
        right: float,
        metrics: QFontMetricsF,
        class_id: int,
        probability: float,
    ) -> float:
        """Returns where the answer begins."""
        theme = self._holder.theme
        number = metrics.horizontalAdvance("> 99 %") + 8
        area = QRectF(right - number, box.top(), number, box.height())
        painter.setPen(QColor(theme.muted))
        painter.drawText(
            area, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, speech.certainty(probability)
        )
        info = next((info for info in self._session.classes if info.id == class_id), None)
        if info is None:
            return area.left()
        mark = class_mark(info.position)
        width = min(chip_width(metrics, info.name, mark), box.width() * 0.4)
        chip = QRectF(area.left() - width, box.top(), width, box.height())
        paint_chip(painter, chip, info.name, mark, class_colour(theme, info.position), theme, dashed=True)
        return chip.left()


class AnswerList(QListView):
    """Shows the model above; keyboard and mouse choose a row."""

    def __init__(
        self,
        session: Session,
        holder: ThemeHolder,
        name: str,
        object_name: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        named(self, name, object_name)
        self.items = AnswerListModel(session, self)
        self.setModel(self.items)
        self.setItemDelegate(_Delegate(session, holder, self))
        self.setUniformItemSizes(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        holder.changed.connect(self._on_theme)

    def _on_theme(self) -> None:
        self.viewport().update()
