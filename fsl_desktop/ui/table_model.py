"""The rows as Qt's views see them: plain values, looked up through the row order."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from fsl_desktop.core.clip_table import ClipTable
from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.ui.cells import CELL_CHARS, TEXT_COLUMNS, Cells, Column, Remark, Role, one_line
from fsl_desktop.ui.row_order import Filter, Mask, Order, RowOrder, Rows, Suggested

Index = QModelIndex | QPersistentModelIndex

__all__ = ["CELL_CHARS", "Column", "Role", "TableModel", "one_line"]

#: Above this many separate lines, one signal for the whole span is cheaper than one each.
MANY_LINES = 64


class TableModel(QAbstractTableModel):
    """Rows of a table in the order of a ``RowOrder``; read only, edits go through the session.

    ``about_to_reorder`` and ``reordered`` enclose every change of order or filter, so that a view can
    keep its place by row id.
    """

    about_to_reorder = Signal()
    reordered = Signal(str)  # "order", "filter" or "rows"
    classes_changed = Signal()

    def __init__(
        self,
        table: Rows,
        suggested: Suggested,
        classes: Sequence[ClassInfo] = (),
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._table, self._suggested = table, suggested
        self.order = RowOrder(table, suggested)
        self._rows_shown = len(self.order)
        self._classes: dict[int, ClassInfo] = {}
        self.cells = Cells(table, suggested, self)
        self.set_classes(classes)

    def show_clips(self, clips: ClipTable, remark: Callable[[int], Remark | None]) -> None:
        """The rows are recordings: there is a column for their picture and one for their length. ``remark``
        says what is odd about the recording at a position."""
        self.beginInsertColumns(QModelIndex(), Column.PICTURE, Column.LENGTH)
        self.cells.clips, self.cells.remark = clips, remark
        self.endInsertColumns()
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, Column.TEXT, Column.TEXT)

    # Qt asks

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else self._rows_shown

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if parent.isValid():
            return 0
        return TEXT_COLUMNS if self.cells.clips is None else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= self._rows_shown:
            return None
        position = int(self.order.rows[index.row()])
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self.cells.display(column, position)
        if role == Role.PLACE:
            return position
        if role == Role.ROW_ID:
            return int(self._table.ids[position])
        if role == Role.LABEL:
            return int(self._table.labels[position])
        if role == Role.POSITION:
            return self.cells.class_position(column, position)
        if role == Role.CONFIDENCE:
            return self.cells.confidence_at(position)
        if role == Role.LONG:
            return self.cells.is_long(position)
        if role == Role.STRANGE:
            return self.cells.fits_none(position)
        if role == Role.REMARK:
            return self.cells.remark(position)
        if role == Role.CHIPS:
            return self.cells.chips(column, position)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.cells.spoken(column, position)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self.cells.tool_tip(column, position)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Vertical:
            return section + 1 if role == Qt.ItemDataRole.DisplayRole else None
        if role == Qt.ItemDataRole.DisplayRole:
            heads = {
                Column.TEXT: self.tr("Text") if self.cells.clips is None else self.tr("Recording"),
                Column.LABEL: self.tr("Your label"),
                Column.SUGGESTION: self.tr("Suggestion"),
                Column.PICTURE: self.tr("Sound"),
                Column.LENGTH: self.tr("Length"),
            }
            return heads.get(section, "")  # type: ignore[call-overload]
        if role == Qt.ItemDataRole.AccessibleTextRole and section == Column.STATE:
            return self.tr("State")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == Column.LENGTH else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None

    # what happened

    def set_classes(self, classes: Sequence[ClassInfo]) -> None:
        """Names, keys or colours of classes changed."""
        self._classes = {info.id: info for info in classes}
        self.cells.classes = self._classes
        self.order.set_classes(classes)
        self._touch(0, self._rows_shown - 1, Column.LABEL, Column.SUGGESTION)
        self.classes_changed.emit()

    def classes(self) -> tuple[ClassInfo, ...]:
        return tuple(self._classes.values())

    @property
    def class_count(self) -> int:
        return len(self._classes)

    def class_of(self, class_id: int) -> ClassInfo | None:
        return self._classes.get(class_id)

    def rows_loaded(self) -> None:
        """The table grew at its end; rows that pass the filter appear below."""
        before = self._rows_shown
        # The signal must enclose the growth that Qt sees: rowCount follows ``_rows_shown``.
        added = self.order.rows_added()
        if added:
            self.beginInsertRows(QModelIndex(), before, before + added - 1)
            self._rows_shown = before + added
            self.endInsertRows()

    def rows_changed(self) -> None:
        """Rows were removed, or came back."""
        self._reset("rows", self.order.rows_removed)

    def labels_changed(self, row_ids: Iterable[int] | NDArray[np.int64]) -> None:
        """Labels of these rows changed; only their cells are painted anew."""
        self.order.labels_changed()
        self._touch_rows(row_ids, Column.STATE, Column.LABEL)

    def texts_changed(self, row_ids: Iterable[int] | NDArray[np.int64]) -> None:
        self.order.texts_changed()
        self._touch_rows(row_ids, Column.TEXT, Column.TEXT)

    def suggestions_changed(self) -> None:
        self.order.suggestions_changed()
        self._touch(0, self._rows_shown - 1, Column.TEXT, Column.SUGGESTION)

    # what the user asks for

    def set_order(self, order: Order) -> None:
        self._reset("order", lambda: self.order.set_order(order))

    def set_ranking(self, order: Order, row_ids: NDArray[np.int64]) -> None:
        """An order that the child has worked out."""
        self._reset("order", lambda: self.order.set_ranking(order, row_ids))

    def set_filter(self, wanted: Filter) -> None:
        self._reset("filter", lambda: self.order.set_filter(wanted))

    def set_search(self, found: Mask | None) -> None:
        self._reset("filter", lambda: self.order.set_search(found))

    def refresh_order(self) -> None:
        """Compute order and filter anew (``order.stale`` says whether that changes something)."""
        self._reset("order", self.order.refresh)

    # where is what

    def row_id(self, line: int) -> int | None:
        """The row id shown on a line (0 and up), None outside."""
        if 0 <= line < self._rows_shown:
            return int(self._table.ids[self.order.rows[line]])
        return None

    def row_ids(self, spans: Iterable[tuple[int, int]]) -> list[int]:
        """Row ids on the lines of each ``(first, end)``, top to bottom, each once."""
        wanted = sorted((max(first, 0), min(end, self._rows_shown)) for first, end in spans)
        found: list[int] = []
        below = 0
        for first, end in wanted:
            found += self._table.ids[self.order.rows[max(first, below) : max(end, below)]].tolist()
            below = max(below, end)
        return found

    def line_of(self, row_id: int) -> int:
        """The line that shows a row, or -1."""
        place = int(np.searchsorted(self._table.ids, row_id))
        if place < len(self._table.ids) and self._table.ids[place] == row_id:
            return self.order.index_of(place)
        return -1

    def next_unlabelled(self, line: int) -> int:
        return self.order.next_unlabelled(line)

    # how

    def _touch(self, first: int, last: int, left: Column, right: Column) -> None:
        if last >= first:
            self.dataChanged.emit(self.index(first, left), self.index(last, right))

    def _touch_rows(self, row_ids: Iterable[int] | NDArray[np.int64], left: Column, right: Column) -> None:
        ids = np.asarray(row_ids if isinstance(row_ids, np.ndarray) else list(row_ids), np.int64)
        places = np.searchsorted(self._table.ids, ids)
        lines = self.order.lines_of(places)
        lines = lines[(lines >= 0) & (lines < self._rows_shown)]
        if len(lines) <= MANY_LINES:
            lines = np.unique(lines)
        else:
            # A mask, because np.unique takes 30 ms for 100,000 numbers.
            changed = np.zeros(self._rows_shown, bool)
            changed[lines] = True
            lines = np.flatnonzero(changed)
        if not len(lines):
            return
        ends = np.flatnonzero(np.diff(lines) > 1)
        if len(ends) > MANY_LINES:
            self._touch(int(lines[0]), int(lines[-1]), left, right)
            return
        firsts = [0, *(ends + 1).tolist()]
        lasts = [*ends.tolist(), len(lines) - 1]
        for first, last in zip(firsts, lasts, strict=True):
            self._touch(int(lines[first]), int(lines[last]), left, right)

    def _reset(self, what: str, change: Callable[[], None]) -> None:
        self.about_to_reorder.emit()
        self.beginResetModel()
        change()
        self._rows_shown = len(self.order)
        self.endResetModel()
        self.reordered.emit(what)
