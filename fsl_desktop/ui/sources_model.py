"""The files that a project's rows came from."""

from __future__ import annotations

from PySide6.QtCore import QAbstractTableModel, QLocale, QModelIndex, QObject, QPersistentModelIndex, Qt

from fsl_desktop.core.batches import BatchInfo
from fsl_desktop.ui import speech

Index = QModelIndex | QPersistentModelIndex
FILE, ADDED, ROWS, LEFT_OUT = range(4)


class SourcesModel(QAbstractTableModel):
    def __init__(self, parent: QObject | None = None, *, of_sounds: bool = False) -> None:
        super().__init__(parent)
        self._first = self.tr("Folder or file") if of_sounds else self.tr("File")
        self.sources: tuple[BatchInfo, ...] = ()

    def set_sources(self, sources: tuple[BatchInfo, ...]) -> None:
        self.beginResetModel()
        self.sources = sources
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.sources)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 4

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (self._first, self.tr("Added"), self.tr("Rows"), self.tr("Left out"))[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignVCenter | _side(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        source = self.sources[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            cells = (
                source.source,
                speech.when(source.created),
                QLocale().toString(source.rows),
                QLocale().toString(len(source.problems)) if source.problems else "–",
            )
            return cells[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == FILE:
            return source.source
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignVCenter | _side(index.column())
        return None


def _side(column: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if column in (ROWS, LEFT_OUT) else Qt.AlignmentFlag.AlignLeft
