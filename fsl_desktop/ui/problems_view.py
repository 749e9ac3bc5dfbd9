"""Rows that could not be used: the number that the user's own program shows, and the reason."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QLocale, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QPushButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.core.readers.types import RowProblem
from fsl_desktop.ui import speech
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import muted, named, with_role

Index = QModelIndex | QPersistentModelIndex
ROW, REASON = range(2)


class ProblemsModel(QAbstractTableModel):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.problems: tuple[RowProblem, ...] = ()

    def set_problems(self, problems: Sequence[RowProblem]) -> None:
        self.beginResetModel()
        self.problems = tuple(problems)
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.problems)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 2

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Row"), self.tr("Why it was left out"))[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            return Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        problem = self.problems[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return QLocale().toString(problem.row) if index.column() == ROW else speech.say(problem.message)
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == REASON:
            return speech.say(problem.message)
        return None


class ProblemsView(QWidget):
    """The list, with a button that copies it for the person who can mend the file."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self.model = ProblemsModel(self)
        self.table = named(QTableView(), self.tr("Rows that were left out"), "problemsTable")
        self.table.setModel(self.model)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(30)
        self.table.horizontalHeader().setStretchLastSection(True)
        self.table.horizontalHeader().setSectionResizeMode(ROW, QHeaderView.ResizeMode.Fixed)
        self.table.horizontalHeader().setHighlightSections(False)
        self.table.setColumnWidth(ROW, 96)
        self.table.setShowGrid(False)
        self.table.setWordWrap(False)
        self.table.setTabKeyNavigation(False)
        self.table.setStyleSheet("QTableView::item { padding: 0 8px; }")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._count = muted("", wrap=True)
        words = self.tr("Copy list")
        self.copy = named(with_role(QPushButton(words), "quiet"), words, "problemsCopy")
        self.copy.clicked.connect(self._copy)
        head = QHBoxLayout()
        head.setContentsMargins(8, 4, 0, 0)
        head.addWidget(self._count, 1)
        head.addWidget(self.copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)

    def set_problems(self, problems: Sequence[RowProblem], total: int | None = None) -> None:
        """``total`` counts all of them where ``problems`` holds only the first."""
        self.model.set_problems(problems)
        n = max(len(problems), total or 0)
        shown = QLocale().toString(n)
        if n > len(problems):
            self._count.setText(
                self.tr(
                    "{n} rows were left out; these are the first {shown}. Mend them and add the file again."
                ).format(n=shown, shown=QLocale().toString(len(problems)))
            )
        elif n == 1:
            self._count.setText(self.tr("1 row was left out. Mend it and add the file again."))
        else:
            self._count.setText(
                self.tr("{n} rows were left out. Mend them and add the file again.").format(n=shown)
            )

    def as_text(self) -> str:
        """The list as it is copied: a line per row, with a tab between number and reason."""
        return "\n".join(f"{p.row}\t{speech.say(p.message)}" for p in self.model.problems)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.as_text())
        self.copy.setText(self.tr("Copied"))
