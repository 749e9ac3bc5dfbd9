"""How well each class is found, as a table with plain heads."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from fsl_desktop.core.events import ClassScore
from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.ui import speech
from fsl_desktop.ui.chips import paint_chip
from fsl_desktop.ui.interval_bar import paint_interval
from fsl_desktop.ui.style import ROW_HEIGHT
from fsl_desktop.ui.theme import ThemeHolder, class_colour, class_mark
from fsl_desktop.ui.widgets import named

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
CLASS, FOUND, RIGHT, BOTH, LABELS = range(5)
SCORE_ROLE = Qt.ItemDataRole.UserRole
CLASS_ROLE = Qt.ItemDataRole.UserRole + 1


class ClassScoresModel(QAbstractTableModel):
    """One row per class; ``sort`` orders them, at first as the classes are."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[ClassInfo, ClassScore]] = []

    def set_scores(self, scores: Sequence[ClassScore], classes: Sequence[ClassInfo]) -> None:
        """Scores of classes since removed are left out."""
        by_id = {score.class_id: score for score in scores}
        self.beginResetModel()
        self._rows = [(info, by_id[info.id]) for info in classes if info.id in by_id]
        self.endResetModel()

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else 5

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._rows):
            return None
        info, score = self._rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return self._shown(index.column(), info, score)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if index.column() == CLASS else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._explained(index.column(), info, score)
        if role == SCORE_ROLE:
            return score
        return info if role == CLASS_ROLE else None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < 5:
            return None
        heads = (
            (self.tr("Class"), self.tr("The class, with its key.")),
            (
                self.tr("Found"),
                self.tr("Of the rows that have this label, the share the model found (recall)."),
            ),
            (
                self.tr("Right"),
                self.tr("Of the rows the model gave this class, the share that has the label (precision)."),
            ),
            (
                self.tr("Both"),
                self.tr("Found and Right in one number: their harmonic mean (F1)."),
            ),
            (self.tr("Labels"), self.tr("How many of your labels this was checked on (support).")),
        )
        if role == Qt.ItemDataRole.DisplayRole:
            return heads[section][0]
        if role == Qt.ItemDataRole.ToolTipRole:
            return heads[section][1]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignLeft if section == CLASS else Qt.AlignmentFlag.AlignRight
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.layoutAboutToBeChanged.emit()
        self._rows.sort(
            key=lambda row: _sort_key(column, *row), reverse=order == Qt.SortOrder.DescendingOrder
        )
        self.layoutChanged.emit()

    def _shown(self, column: int, info: ClassInfo, score: ClassScore) -> str:
        if column == CLASS:
            return info.name
        if column == LABELS:
            return str(score.support)
        if not score.support:
            return "–"  # nothing to check it on; 0 % would be an accusation
        return speech.percent({FOUND: score.recall, RIGHT: score.precision, BOTH: score.f1}[column])

    def _explained(self, column: int, info: ClassInfo, score: ClassScore) -> str:
        if column == CLASS:
            return info.name
        if not score.support:
            return self.tr("No labelled row of this class yet, so nothing can be said about it.")
        if column == FOUND:
            return self.tr(
                "{value} of {labels} found; between {low} and {high} % with 95 % certainty"
            ).format(
                value=speech.percent(score.recall),
                labels=speech.labels(score.support),
                low=round(100 * score.recall_low),
                high=round(100 * score.recall_high),
            )
        return str(self.headerData(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole))


def _sort_key(column: int, info: ClassInfo, score: ClassScore) -> float:
    return (info.position, score.recall, score.precision, score.f1, score.support)[column]


class _Delegate(QStyledItemDelegate):
    """The class as a chip, and the share found with its interval."""

    def __init__(self, holder: ThemeHolder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._holder = holder

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(60, ROW_HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        theme = self._holder.theme
        info: ClassInfo = index.data(CLASS_ROLE)
        box = QRectF(option.rect)
        painter.save()
        painter.setFont(option.font)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(box, QColor(theme.accent_tint))
        painter.setPen(QColor(theme.line))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        inside = box.adjusted(8, 0, -8, 0)
        colour = class_colour(theme, info.position)
        if index.column() == CLASS:
            paint_chip(painter, inside, info.name, class_mark(info.position), colour, theme)
        else:
            score: ClassScore = index.data(SCORE_ROLE)
            if index.column() == FOUND and score.support:
                number = QFontMetricsF(option.font).horizontalAdvance("100 %") + 8
                bar = inside.adjusted(0, 0, -number, 0)
                paint_interval(painter, bar, score.recall_low, score.recall, score.recall_high, colour, theme)
            painter.setPen(QColor(theme.muted if index.column() == LABELS else theme.text))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(inside, flags, str(index.data()))
        painter.restore()


class ClassScoresTable(QTableView):
    """Sorted by clicking a head; ``scores`` is the model."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, self.tr("Scores of each class"), "class_scores")
        self.scores = ClassScoresModel(self)
        self.setModel(self.scores)
        self.setItemDelegate(_Delegate(holder, self))
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW_HEIGHT)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setFixedHeight(32)
        head.setSortIndicator(CLASS, Qt.SortOrder.AscendingOrder)
        head.setSortIndicatorShown(False)
        self.setSortingEnabled(True)
        head.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        head.setSectionResizeMode(CLASS, QHeaderView.ResizeMode.Stretch)
        self._fit_columns()
        holder.changed.connect(self._on_theme)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit_columns()

    def _fit_columns(self) -> None:
        """No head is cut, whatever the font and the language; the classes get what is left."""
        head = self.horizontalHeader()
        for column, width in ((FOUND, 130), (RIGHT, 66), (BOTH, 66), (LABELS, 66)):
            head.resizeSection(column, max(width, head.sectionSizeHint(column)))

    def _on_theme(self) -> None:
        self.viewport().update()
