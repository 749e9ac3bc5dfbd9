"""The runs of a project: when, how, on how many labels, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from fsl_desktop.ui import speech
from fsl_desktop.ui.interval_bar import paint_interval
from fsl_desktop.ui.theme import ThemeHolder, class_colour
from fsl_desktop.ui.widgets import named

if TYPE_CHECKING:
    from fsl_desktop.core.runs import RunRecord

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
_SCORE_PX = 84
_PAD = 10


class RunListModel(QAbstractListModel):
    """Runs, newest first; ``UserRole`` is the record, ``UserRole + 1`` whether its model is in use."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runs: tuple[RunRecord, ...] = ()
        self._active: str | None = None

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._runs)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._runs):
            return None
        run = self._runs[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return speech.preset_name(run.config.preset)
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._words(run)
        if role == Qt.ItemDataRole.UserRole:
            return run
        if role == Qt.ItemDataRole.UserRole + 1:
            return run.id == self._active
        return None

    def set_runs(self, runs: Sequence[RunRecord], active: str | None) -> None:
        """Show these. Only what is new makes the list jump: changed records are changed in place."""
        same = [run.id for run in runs] == [run.id for run in self._runs]
        if same:
            self._runs, self._active = tuple(runs), active
            if self._runs:
                self.dataChanged.emit(self.index(0), self.index(len(self._runs) - 1))
            return
        self.beginResetModel()
        self._runs, self._active = tuple(runs), active
        self.endResetModel()

    def row_of(self, run_id: str) -> int:
        return next((i for i, run in enumerate(self._runs) if run.id == run_id), -1)

    def _words(self, run: RunRecord) -> str:
        parts = [speech.preset_name(run.config.preset), run_facts(run)]
        if run.summary is not None and run.summary.accuracy is not None:
            parts.append(speech.score_words(run.summary.accuracy))
        if run.message is not None:
            parts.append(speech.say(run.message))
        return "\n".join(part for part in parts if part)


def run_facts(run: RunRecord) -> str:
    """ "today, 14:05 · 25 labels · 12 s · stopped" """
    facts = [speech.when(run.created)]
    if run.summary is not None:
        facts += [speech.labels(run.summary.n_labelled), speech.duration(run.summary.seconds)]
    facts.append(speech.state_words(run))
    return " · ".join(fact for fact in facts if fact)


class _Delegate(QStyledItemDelegate):
    def __init__(self, holder: ThemeHolder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._holder = holder

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(220, round(2 * option.fontMetrics.lineSpacing() + 26))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        run: RunRecord = index.data(Qt.ItemDataRole.UserRole)
        theme = self._holder.theme
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = QRectF(option.rect).adjusted(1, 2, -1, -2)
        if option.state & QStyle.StateFlag.State_Selected:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent_tint))
            painter.drawRoundedRect(box, 7, 7)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QColor(theme.accent))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 7, 7)
        inside = box.adjusted(_PAD, 6, -_PAD, -6)
        self._paint_score(painter, option.font, inside, run)
        words = inside.adjusted(0, 0, -_SCORE_PX - 8, 0)
        self._paint_words(painter, option.font, words, run, bool(index.data(Qt.ItemDataRole.UserRole + 1)))
        painter.restore()

    def _paint_words(self, painter: QPainter, font: QFont, box: QRectF, run: RunRecord, used: bool) -> None:
        theme = self._holder.theme
        bold = _bold(font)
        metrics = QFontMetricsF(bold)
        half = box.height() / 2
        title = speech.preset_name(run.config.preset)
        used_words = self.tr("in use")
        used_width = QFontMetricsF(font).horizontalAdvance(used_words) + 14 if used else 0.0
        top = QRectF(box.left(), box.top(), box.width() - used_width, half)
        shown = metrics.elidedText(title, Qt.TextElideMode.ElideRight, top.width())
        painter.setFont(bold)
        painter.setPen(QColor(theme.text))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(top, middle, shown)
        painter.setFont(font)
        if used:
            pill = QRectF(
                top.left() + metrics.horizontalAdvance(shown) + 8, top.top() + 1, used_width, half - 2
            )
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent))
            painter.drawRoundedRect(pill, pill.height() / 2, pill.height() / 2)
            painter.setPen(QColor(theme.on_accent))
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, used_words)
        failed = run.state in ("failed", "interrupted")
        painter.setPen(QColor(theme.danger if failed else theme.muted))
        bottom = QRectF(box.left(), box.top() + half, box.width(), half)
        facts = QFontMetricsF(font).elidedText(run_facts(run), Qt.TextElideMode.ElideRight, bottom.width())
        painter.drawText(bottom, middle, facts)

    def _paint_score(self, painter: QPainter, font: QFont, box: QRectF, run: RunRecord) -> None:
        score = run.summary.accuracy if run.summary is not None else None
        if score is None:
            return
        theme = self._holder.theme
        half = box.height() / 2
        area = QRectF(box.right() - _SCORE_PX, box.top(), _SCORE_PX, half)
        painter.setFont(_bold(font))
        painter.setPen(QColor(theme.text))
        flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(area, flags, speech.percent(score.value))
        bar = area.translated(0, half)
        paint_interval(painter, bar, score.low, score.value, score.high, class_colour(theme, 2), theme)


def _bold(font: QFont) -> QFont:
    made = QFont(font)
    made.setWeight(QFont.Weight.DemiBold)
    return made


class RunList(QListView):
    """Choose one run to see it, two to compare them."""

    chosen = Signal(list)  # run ids, at most two

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, self.tr("Runs"), "run_list")
        self.runs = RunListModel(self)
        self.setModel(self.runs)
        self.setItemDelegate(_Delegate(holder, self))
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.selectionModel().selectionChanged.connect(self._on_selection)
        holder.changed.connect(self._on_theme)

    def select_run(self, run_id: str) -> None:
        row = self.runs.row_of(run_id)
        if row >= 0:
            flags = QItemSelectionModel.SelectionFlag
            self.selectionModel().setCurrentIndex(self.runs.index(row), flags.ClearAndSelect)

    def selected_ids(self) -> list[str]:
        rows = sorted(index.row() for index in self.selectionModel().selectedIndexes())
        return [self.runs.index(row).data(Qt.ItemDataRole.UserRole).id for row in rows][:2]

    def _on_selection(self) -> None:
        self.chosen.emit(self.selected_ids())

    def _on_theme(self) -> None:
        self.viewport().update()
