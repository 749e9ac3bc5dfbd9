"""What was labelled against what the model said, as a table model whose cells know their rows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from fsl_desktop.core.events import HeldOut
from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.ui import speech

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
FIRST = 20
"""So many classes are shown at first, the most confused ones."""
SHARE_ROLE = Qt.ItemDataRole.UserRole
CLASS_ROLE = Qt.ItemDataRole.UserRole + 1


class ConfusionModel(QAbstractTableModel):
    """Rows: the label a person gave. Columns: what a model said that had not seen it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._classes: tuple[ClassInfo, ...] = ()
        self._counts = np.zeros((0, 0), np.int64)
        self._order: list[int] = []
        self._shown = 0
        self._row_ids = np.zeros(0, np.int64)
        self._true = np.zeros(0, np.int64)
        self._predicted = np.zeros(0, np.int64)

    def set_held_out(self, held_out: HeldOut, classes: Sequence[ClassInfo], *, every: bool = False) -> None:
        """Show these answers for the classes there are; answers for classes since removed are left out."""
        self.beginResetModel()
        self._classes = tuple(classes)
        places = {info.id: place for place, info in enumerate(self._classes)}
        self._row_ids = np.array(held_out.row_ids, np.int64)
        self._true = np.array([places.get(c, -1) for c in held_out.true], np.int64)
        self._predicted = np.array([places.get(c, -1) for c in held_out.predicted], np.int64)
        n = len(self._classes)
        known = (self._true >= 0) & (self._predicted >= 0)
        flat = self._true[known] * n + self._predicted[known]
        self._counts = np.bincount(flat, minlength=n * n).reshape(n, n) if n else np.zeros((0, 0), np.int64)
        self._order = list(range(n))
        self._shown = n
        if n > FIRST:
            wrong = self._counts.sum(0) + self._counts.sum(1) - 2 * np.diag(self._counts)
            self._order = [int(place) for place in np.argsort(-wrong, kind="stable")]
            self._shown = n if every else FIRST
        self.endResetModel()

    @property
    def n_classes(self) -> int:
        return len(self._classes)

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else self._shown

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else self._shown

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= self._shown or index.column() >= self._shown:
            return None
        true, said = self._order[index.row()], self._order[index.column()]
        count = int(self._counts[true, said])
        if role == Qt.ItemDataRole.DisplayRole:
            return str(count) if count else ""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignCenter
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            return self.words(index)
        if role == SHARE_ROLE:
            total = int(self._counts[true].sum())
            return count / total if total else 0.0
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if not 0 <= section < self._shown:
            return None
        info = self._classes[self._order[section]]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return info.name
        return info if role == CLASS_ROLE else None

    def words(self, index: Index) -> str:
        """ "3 rows labelled card arrival, answered exchange rate" """
        true, said = self._order[index.row()], self._order[index.column()]
        n = int(self._counts[true, said])
        count = speech.rows(n) if n else self.tr("No row")
        label, answer = self._classes[true].name, self._classes[said].name
        if true == said:
            return self.tr("{rows} labelled {label}, answered rightly").format(rows=count, label=label)
        return self.tr("{rows} labelled {label}, answered {answer}").format(
            rows=count, label=label, answer=answer
        )

    def rows_of(self, index: Index) -> list[int]:
        """Ids of the rows that a cell counts, ascending."""
        true, said = self._order[index.row()], self._order[index.column()]
        found = self._row_ids[(self._true == true) & (self._predicted == said)]
        return [int(row) for row in np.sort(found)]
