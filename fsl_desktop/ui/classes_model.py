"""The classes of a project as a table: key, name, what it means, and how many rows have it."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import (
    QAbstractTableModel,
    QCoreApplication,
    QLocale,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from fsl_desktop.core.commands import Change, DescribeClass, RenameClass
from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.ui import speech
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.theme import class_mark

Index = QModelIndex | QPersistentModelIndex
KEY, NAME, DESCRIPTION, LABELS = range(4)


def folded(name: str) -> str:
    """Two names that a reader takes for the same are the same."""
    return " ".join(name.split()).casefold()


def problem_with(classes: Iterable[ClassInfo], name: str, besides: int | None = None) -> str:
    """Why a class (other than ``besides``) cannot be called so; "" where it can."""
    if not name.strip():
        return _tr("A class needs a name.")
    same = next((info for info in classes if folded(info.name) == folded(name) and info.id != besides), None)
    if same is not None:
        return _tr("There is a class “{name}” already. Choose another name.").format(name=same.name)
    return ""


def _tr(text: str) -> str:
    return QCoreApplication.translate("ClassesModel", text)


class ClassesModel(QAbstractTableModel):
    """Editing a cell is an edit of the project; a name that cannot be is told by ``refused``."""

    refused = Signal(str)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.classes: tuple[ClassInfo, ...] = session.classes
        self._counts: dict[int, int] = {}
        self._watching = True
        self._count()
        session.changed.connect(self._on_changed)
        session.loaded.connect(self._on_counts)

    def count_of(self, class_id: int) -> int:
        """Rows that have the class as their label."""
        return self._counts.get(class_id, 0)

    def watch(self, on: bool) -> None:
        """Follow the labels, or (while nobody looks) leave counting 100,000 rows after each key."""
        self._watching = on
        if on:
            self._on_counts()

    def problem_with(self, name: str, besides: int | None = None) -> str:
        """Why a class (other than ``besides``) cannot be called so; "" where it can."""
        return problem_with(self.classes, name, besides)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.classes)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else 4

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("Key"), self.tr("Name"), self.tr("What it means"), self.tr("Labels"))[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if section == LABELS else Qt.AlignmentFlag.AlignLeft
            return Qt.AlignmentFlag.AlignVCenter | side
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        info, column = self.classes[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            cells = (
                class_mark(info.position),
                info.name,
                info.description,
                QLocale().toString(self.count_of(info.id)),
            )
            return cells[column]
        if role == Qt.ItemDataRole.EditRole:
            return info.description if column == DESCRIPTION else info.name
        if role == Qt.ItemDataRole.ToolTipRole and column in (NAME, DESCRIPTION):
            return (info.name, info.description)[column - NAME] or None
        if role == Qt.ItemDataRole.TextAlignmentRole and column == LABELS:
            return Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        if role == Qt.ItemDataRole.AccessibleTextRole and column == LABELS:
            return speech.labels(self.count_of(info.id))
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.isValid() and index.column() in (NAME, DESCRIPTION) and not self.session.project.read_only:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if not index.isValid() or role != Qt.ItemDataRole.EditRole:
            return False
        info, words = self.classes[index.row()], " ".join(str(value).split())
        if index.column() == DESCRIPTION:
            if words == info.description:
                return True
            return self.session.do(DescribeClass(info.id, words)) is not None
        if words == info.name:
            return True
        if problem := self.problem_with(words, info.id):
            self.refused.emit(problem)
            return False
        return self.session.do(RenameClass(info.id, words)) is not None

    def _on_changed(self, change: Change) -> None:
        if change.classes_changed:
            same = [c.id for c in self.classes] == [c.id for c in self.session.classes]
            if same:
                # Renamed or described: whoever is on a row stays there.
                self.classes = self.session.classes
                self._tell(NAME, DESCRIPTION)
            else:
                self.beginResetModel()
                self.classes = self.session.classes
                self._count()
                self.endResetModel()
        self._on_counts()

    def _on_counts(self) -> None:
        if not self._watching:
            return
        before = self._counts
        self._count()
        if before != self._counts:
            self._tell(LABELS, LABELS)

    def _tell(self, first: int, last: int) -> None:
        if self.classes:
            end = len(self.classes) - 1
            self.dataChanged.emit(self.index(0, first), self.index(end, last))

    def _count(self) -> None:
        self._counts = {int(key): int(n) for key, n in self.session.table.counts().items()}
