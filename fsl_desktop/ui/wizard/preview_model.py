"""The first rows of a file, with the columns that hold the text and the labels marked."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QBrush, QColor

from fsl_desktop.core.readers.types import Preview
from fsl_desktop.ui import icons
from fsl_desktop.ui.theme import ThemeHolder, blend

Index = QModelIndex | QPersistentModelIndex
MAX_COLUMNS = 60
_MAX_CELL = 200


class PreviewModel(QAbstractTableModel):
    def __init__(self, holder: ThemeHolder, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self._preview: Preview | None = None
        self.text_column = -1
        self.label_column = -1
        holder.changed.connect(self._on_theme)

    def set_preview(self, preview: Preview | None) -> None:
        self.beginResetModel()
        self._preview = preview
        names = [column.name for column in preview.columns] if preview else []
        asked = preview.options if preview else None
        self.text_column = _place(names, asked.text_column if asked else None)
        self.label_column = _place(names, asked.label_column if asked else None)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() or self._preview is None else len(self._preview.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        if parent.isValid() or self._preview is None:
            return 0
        return min(MAX_COLUMNS, len(self._preview.columns))

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal or self._preview is None:
            return None
        if section >= self.columnCount():
            return None
        name = self._preview.columns[section].name
        if role == Qt.ItemDataRole.DisplayRole:
            return name[:_MAX_CELL]
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._purpose(section, name)
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        if role == Qt.ItemDataRole.DecorationRole and section in (self.text_column, self.label_column):
            sign = "file-text" if section == self.text_column else "tag"
            return icons.icon(sign, self._holder.theme, self._holder.theme.accent, 16)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or self._preview is None:
            return None
        row = self._preview.rows[index.row()]
        cell = row[index.column()] if index.column() < len(row) else ""
        if role == Qt.ItemDataRole.DisplayRole:
            return " ".join(cell[:_MAX_CELL].split())
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell if len(cell) > 40 else None
        theme = self._holder.theme
        if role == Qt.ItemDataRole.BackgroundRole and index.column() == self.text_column:
            return QBrush(QColor(theme.accent_tint))
        if role == Qt.ItemDataRole.BackgroundRole and index.column() == self.label_column:
            return QBrush(QColor(blend(theme.surface, theme.accent_tint, 0.45)))
        if role == Qt.ItemDataRole.ForegroundRole and index.column() not in (
            self.text_column,
            self.label_column,
        ):
            return QBrush(QColor(theme.muted))
        return None

    def _purpose(self, section: int, name: str) -> str:
        if section == self.text_column:
            return self.tr("{name}: the text").format(name=name)
        if section == self.label_column:
            return self.tr("{name}: the label").format(name=name)
        return self.tr("{name}: kept beside the text").format(name=name)

    def _on_theme(self) -> None:
        if self.columnCount():
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, self.columnCount() - 1)
            last = self.index(self.rowCount() - 1, self.columnCount() - 1)
            self.dataChanged.emit(self.index(0, 0), last)


def _place(names: list[str], wanted: str | None) -> int:
    return names.index(wanted) if wanted and wanted in names else -1
