"""The confusion matrix: chips on both axes, counts in tinted cells, every cell leads to its rows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QKeyEvent, QPainter, QPen, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.core.events import HeldOut
from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.ui.chips import chip_width, mark_width, paint_chip, paint_mark
from fsl_desktop.ui.confusion_model import CLASS_ROLE, FIRST, SHARE_ROLE, ConfusionModel
from fsl_desktop.ui.theme import Theme, ThemeHolder, blend, class_colour, class_mark, contrast
from fsl_desktop.ui.widgets import ElidedLabel, named, section, with_role

Index = QModelIndex | QPersistentModelIndex
CELL_W, CELL_H = 44, 34
# A small matrix uses the room there is, up to these.
_MOST_W, _MOST_H = 84, 46
_NAMES = (90, 210)


class _Header(QHeaderView):
    """Classes as chips at the left, as marks above."""

    def __init__(self, orientation: Qt.Orientation, holder: ThemeHolder, parent: QWidget) -> None:
        super().__init__(orientation, parent)
        self._holder = holder
        self.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setDefaultSectionSize(CELL_H if orientation == Qt.Orientation.Vertical else CELL_W)
        self.setMinimumSectionSize(20)
        self.setSectionsClickable(False)
        holder.changed.connect(self._on_theme)

    def sizeHint(self) -> QSize:
        hint = super().sizeHint()
        if self.orientation() == Qt.Orientation.Horizontal:
            return QSize(hint.width(), 32)
        metrics = QFontMetricsF(self.font())
        model = self.model()
        widths = [_NAMES[0]]
        for place in range(model.rowCount() if model else 0):
            info: ClassInfo = model.headerData(place, self.orientation(), CLASS_ROLE)
            widths.append(round(chip_width(metrics, info.name, class_mark(info.position))) + 14)
        return QSize(min(max(widths), _NAMES[1]), hint.height())

    def paintSection(self, painter: QPainter, rect: QRect, place: int) -> None:
        info = self.model().headerData(place, self.orientation(), CLASS_ROLE)
        if info is None:
            return
        theme = self._holder.theme
        mark, colour = class_mark(info.position), class_colour(theme, info.position)
        box = QRectF(rect)
        painter.save()
        painter.setFont(self.font())
        if self.orientation() == Qt.Orientation.Vertical:
            paint_chip(painter, box.adjusted(0, 0, -8, 0), info.name, mark, colour, theme)
        else:
            square = QRectF(0, 0, mark_width(mark) + 2, 18)
            square.moveCenter(box.center())
            paint_mark(painter, square, mark, colour, theme)
        painter.restore()

    def _on_theme(self) -> None:
        self.viewport().update()


class _Cells(QStyledItemDelegate):
    def __init__(self, holder: ThemeHolder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._holder = holder

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._holder.theme
        share = float(index.data(SHARE_ROLE) or 0.0)
        fill = cell_colour(theme, share, right=index.row() == index.column())
        box = QRectF(option.rect).adjusted(1.5, 1.5, -1.5, -1.5)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(fill))
        painter.drawRoundedRect(box, 5, 5)
        if option.state & (QStyle.StateFlag.State_HasFocus | QStyle.StateFlag.State_Selected):
            focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(QPen(QColor(theme.accent if focused else theme.muted), 2 if focused else 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 5, 5)
        if share:
            self._paint_count(painter, option, box, str(index.data()), fill)
        painter.restore()

    def _paint_count(
        self, painter: QPainter, option: QStyleOptionViewItem, box: QRectF, words: str, fill: str
    ) -> None:
        theme = self._holder.theme
        font = QFont(option.font)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        ink = theme.text if contrast(theme.text, fill) >= contrast(theme.surface, fill) else theme.surface
        painter.setPen(QColor(ink))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, words)


def cell_colour(theme: Theme, share: float, *, right: bool) -> str:
    """A cell's tint: the accent where the model was right, the warning colour where it was not."""
    ground = blend(theme.surface, theme.muted, 0.07)
    if share <= 0:
        return ground
    # Further than this, a dark theme's tint is neither light nor dark enough to read on.
    reach = 0.28 if theme.is_dark else 0.5
    return blend(ground, theme.accent if right else theme.warning, 0.14 + reach * min(share, 1.0))


class _Table(QTableView):
    resized = Signal()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.resized.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.activated.emit(self.currentIndex())
            return
        super().keyPressEvent(event)


class ConfusionView(QWidget):
    """``rows_chosen``: the rows of a cell that was clicked (or opened with Enter), and what they are."""

    rows_chosen = Signal(list, str)

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held_out = HeldOut()
        self._classes: tuple[ClassInfo, ...] = ()
        self._every = False
        self.cells = ConfusionModel(self)
        self.table = named(_Table(), self.tr("What was labelled against what the model said"), "confusion")
        self.table.setModel(self.cells)
        self.table.setItemDelegate(_Cells(holder, self.table))
        self._head = _Header(Qt.Orientation.Horizontal, holder, self.table)
        self._side = _Header(Qt.Orientation.Vertical, holder, self.table)
        self.table.setHorizontalHeader(self._head)
        self.table.setVerticalHeader(self._side)
        self.table.setShowGrid(False)
        self.table.setCornerButtonEnabled(False)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.table.setTabKeyNavigation(False)
        self.table.resized.connect(self._fit_cells)
        self.table.clicked.connect(self._open)
        self.table.activated.connect(self._open)
        self.table.selectionModel().currentChanged.connect(self._on_current)
        self.caption = ElidedLabel(role="muted")
        self.caption.setObjectName("confusion_caption")
        self.more = named(with_role(QPushButton(), "quiet"), self.tr("Show all classes"), "confusion_all")
        self.more.clicked.connect(self._on_more)
        head = QHBoxLayout()
        head.addWidget(section(self.tr("What is confused with what")))
        head.addStretch(1)
        head.addWidget(self.more)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addLayout(head)
        box.addWidget(self.table, 1)
        box.addWidget(self.caption)

    def set_held_out(self, held_out: HeldOut, classes: Sequence[ClassInfo]) -> None:
        self._held_out, self._classes = held_out, tuple(classes)
        self._fill()

    def _fill(self) -> None:
        self.cells.set_held_out(self._held_out, self._classes, every=self._every)
        self._side.setFixedWidth(self._side.sizeHint().width())
        many = self.cells.n_classes > FIRST
        self.more.setVisible(many)
        self.more.setText(
            self.tr("Show the {n} most confused").format(n=FIRST)
            if self._every
            else self.tr("Show all {n} classes").format(n=self.cells.n_classes)
        )
        self._fit_cells()
        self._say_how()

    def _fit_cells(self) -> None:
        n = max(1, self.cells.rowCount())
        room = self.table.viewport().size()
        self._head.setDefaultSectionSize(min(max(room.width() // n, CELL_W), _MOST_W))
        self._side.setDefaultSectionSize(min(max(room.height() // n, CELL_H), _MOST_H))

    def _say_how(self) -> None:
        self.caption.setText(
            self.tr("Down: your label. Across: what the model said. Click a cell to see its rows.")
        )

    def _on_current(self, current: QModelIndex) -> None:
        if current.isValid():
            self.caption.setText(self.cells.words(current))
        else:
            self._say_how()

    def _open(self, index: QModelIndex) -> None:
        if not index.isValid():
            return
        rows = self.cells.rows_of(index)
        if rows:
            self.rows_chosen.emit(rows, self.cells.words(index))

    def _on_more(self) -> None:
        self._every = not self._every
        self._fill()
