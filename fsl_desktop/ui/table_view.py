"""The table: keyboard first, fixed row heights, and a place that is kept when the order changes."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QGuiApplication,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from fsl_desktop.ui.row_delegate import PaintPicture, RowDelegate
from fsl_desktop.ui.style import ROW_HEIGHT
from fsl_desktop.ui.table_columns import STATE_WIDTH, ColumnSharing
from fsl_desktop.ui.table_keys import command_of, is_for_the_view
from fsl_desktop.ui.table_model import Column, TableModel
from fsl_desktop.ui.table_tips import show_tool_tip
from fsl_desktop.ui.theme import ThemeHolder


class TableView(QTableView):
    """``key_command`` is a class's mark ("1", "A") or accept, skip, unsure, clear, undo, next, none, play."""

    current_row_changed = Signal(object)  # row id, or None
    places_changed = Signal()  # line numbers or their count changed; the current row may be the same
    key_command = Signal(str)
    row_activated = Signal(object)  # double click: row id
    picture_clicked = Signal(bool)
    """The waveform of what is the current row now; whether it had been before."""
    menu_wanted = Signal(QPoint)  # in global coordinates; the row under it is selected then

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self._told: int | None = None
        self._kept_row: int | None = None
        self._kept_line = 0
        self._line_before = -1
        self.rows = RowDelegate(holder, self)
        self.setItemDelegate(self.rows)
        self.setAccessibleName(self.tr("Rows"))
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        # Opaque, so that scrolling by a row moves pixels and paints one row: a quarter of the time.
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        # Single letters are commands; an input method would swallow them.
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setMinimumSectionSize(STATE_WIDTH)
        self.columns = ColumnSharing(self, self.rows)
        self._fit_heights()
        self.clicked.connect(self._on_clicked)
        self.doubleClicked.connect(lambda index: self.row_activated.emit(self.row_id_of(index)))
        holder.changed.connect(self._repaint)

    def set_model(self, model: TableModel) -> None:
        """Show a model; its first row becomes current."""
        self.setModel(model)
        model.about_to_reorder.connect(self._remember_place)
        model.reordered.connect(self._find_place)
        model.rowsInserted.connect(self._on_inserted)
        model.classes_changed.connect(self._on_classes)
        self.selectionModel().currentChanged.connect(self._on_current)
        self._on_classes()
        self.go_to_line(0)

    def show_pictures(self, paint: PaintPicture) -> None:
        """The model's columns for recordings come beside the text."""
        self.rows.picture = paint
        self.columns.show_pictures()

    def repaint_pictures(self) -> None:
        """More of them are known."""
        left, width = self.columnViewportPosition(Column.PICTURE), self.columnWidth(Column.PICTURE)
        self.viewport().update(left, 0, width, self.viewport().height())

    def table_model(self) -> TableModel:
        model = self.model()
        assert isinstance(model, TableModel)
        return model

    def save_state(self) -> str:
        """The column widths that the user chose, to be kept in the settings."""
        return self.columns.save()

    def restore_state(self, state: str) -> None:
        self.columns.restore(state)

    # where one is

    def row_count(self) -> int:
        """Rows that are shown."""
        return self.model().rowCount() if self.model() is not None else 0

    def row_id_of(self, index: QModelIndex) -> int | None:
        return self.table_model().row_id(index.row()) if index.isValid() else None

    def current_row(self) -> int | None:
        """The id of the current row."""
        return self.row_id_of(self.currentIndex()) if self.model() is not None else None

    def selected_row_ids(self) -> list[int]:
        """Ids of the selected rows, top to bottom."""
        if self.model() is None:
            return []
        spans = [(part.top(), part.bottom() + 1) for part in self.selectionModel().selection()]
        return self.table_model().row_ids(spans)

    def place_of(self, row_id: int) -> int:
        """The number of the line that shows a row, from 1; 0 where it is not shown."""
        if row_id == self.current_row():
            return self.currentIndex().row() + 1
        return self.table_model().line_of(row_id) + 1

    def go_to_line(self, line: int) -> None:
        if 0 <= line < self.row_count():
            self._select(self.model().index(line, Column.TEXT))

    def go_to_row(self, row_id: int) -> bool:
        """Make a row current and visible; False where filter or search hide it."""
        line = self.table_model().line_of(row_id)
        self.go_to_line(line)
        return line >= 0

    def go_to_next_unlabelled(self) -> bool:
        """Move to the next row without a label; where there is none, stay and return False."""
        line = self.table_model().next_unlabelled(self.currentIndex().row())
        self.go_to_line(line)
        return line >= 0

    # keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_for_the_view(event):
            super().keyPressEvent(event)
            return
        if event.key() in (Qt.Key.Key_Escape, Qt.Key.Key_Tab, Qt.Key.Key_Backtab):
            event.ignore()
            return
        command = command_of(event)
        # A key held down must not label row after row.
        if command is not None and not event.isAutoRepeat():
            self.key_command.emit(command)

    def keyboardSearch(self, search: str) -> None:
        """Letters are commands here, not a search."""

    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        moves = QAbstractItemView.CursorAction
        if action in (moves.MoveLeft, moves.MoveRight):
            return self.currentIndex()
        if action == moves.MoveHome:
            return self.model().index(0, Column.TEXT)
        if action == moves.MoveEnd:
            return self.model().index(self.row_count() - 1, Column.TEXT)
        return super().moveCursor(action, modifiers)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._line_before = self.currentIndex().row()
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._hover(self.rowAt(event.position().toPoint().y()))

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._hover(-1)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.currentIndex().isValid():
            at = event.globalPos()
            if event.reason() == QContextMenuEvent.Reason.Keyboard:
                at = self.viewport().mapToGlobal(self.visualRect(self.currentIndex()).bottomLeft())
            self.menu_wanted.emit(at)

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            show_tool_tip(self, event)
            return True
        return super().viewportEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        for rect in event.region():
            painter.fillRect(rect, QColor(self._holder.theme.surface))
        painter.end()
        super().paintEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.columns.share()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "columns"):
            self._fit_heights()
            self.columns.share()

    # how

    def _fit_heights(self) -> None:
        height = max(ROW_HEIGHT, self.fontMetrics().height() + 16)
        self.verticalHeader().setMinimumSectionSize(height)
        self.verticalHeader().setDefaultSectionSize(height)
        self.horizontalHeader().setFixedHeight(height + 2)

    def _on_clicked(self, index: QModelIndex) -> None:
        # With a key held down, rows are being chosen.
        if index.column() == Column.PICTURE and not QGuiApplication.keyboardModifiers():
            self.picture_clicked.emit(index.row() == self._line_before)

    def _hover(self, line: int) -> None:
        if line != self.rows.hovered:
            old, self.rows.hovered = self.rows.hovered, line
            self._repaint_line(old)
            self._repaint_line(line)

    def _repaint_line(self, line: int) -> None:
        if line >= 0:
            self.viewport().update(
                0, self.rowViewportPosition(line), self.viewport().width(), self.rowHeight(line)
            )

    def _on_current(self, now: QModelIndex, before: QModelIndex) -> None:
        self.rows.current = now.row()
        self._repaint_line(before.row())
        self._repaint_line(now.row())
        self._tell_current()

    def _tell_current(self) -> None:
        row = self.current_row()
        if row != self._told:
            self._told = row
            self.current_row_changed.emit(row)

    def _on_inserted(self) -> None:
        if not self.currentIndex().isValid():
            self.go_to_line(0)
        self.places_changed.emit()

    def _on_classes(self) -> None:
        self.rows.class_count = self.table_model().class_count
        self.columns.share()
        self._repaint()

    def _select(self, index: QModelIndex) -> None:
        # Qt's own way would add the row to those selected while Ctrl is down, as it is in Ctrl+Z: the next
        # key would then label rows that nobody looks at.
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)
        self.scrollTo(index)

    def _remember_place(self) -> None:
        self._kept_row, self._kept_line = self.current_row(), self.currentIndex().row()

    def _find_place(self, what: str) -> None:
        """After a new order start at its top; otherwise stay on the row, or near it where it is gone."""
        line = 0
        if what != "order" and self._kept_row is not None:
            line = self.table_model().line_of(self._kept_row)
            if line < 0:
                line = min(max(self._kept_line, 0), self.row_count() - 1) if what == "rows" else 0
        self.rows.current = -1
        if self.row_count():
            self._select(self.model().index(line, Column.TEXT))
        self._tell_current()
        self.places_changed.emit()

    def _repaint(self) -> None:
        self.viewport().update()
