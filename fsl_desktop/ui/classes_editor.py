"""The classes of a project, to add, rename, describe, reorder and remove; every change can be undone."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QHideEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QMenu,
    QMessageBox,
    QPushButton,
    QStackedWidget,
    QTableView,
    QToolButton,
    QWidget,
)

from fsl_desktop.core.commands import AddClass, MergeClasses, MoveClass, RemoveClass
from fsl_desktop.core.labels import MAX_CLASSES, ClassInfo
from fsl_desktop.ui import icons, speech
from fsl_desktop.ui.class_dialogs import MergeDialog
from fsl_desktop.ui.classes_delegate import ClassesDelegate
from fsl_desktop.ui.classes_model import KEY, LABELS, NAME, ClassesModel
from fsl_desktop.ui.inline import InlineSentence
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import Card, muted, named, section, with_role

ROW = 38


class ClassesEditor(Card):
    split_wanted = Signal(int)
    """Class id: whoever shows rows lets the user choose those that go to a new class."""

    def __init__(self, session: Session, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent, margin=16, spacing=8)
        self.session = session
        self._holder = holder
        self.model = ClassesModel(session, self)
        self.view = self._make_view()
        self.problem = InlineSentence(holder)
        self._nothing = muted(
            self.tr("No classes yet. Name two or more: what can your texts be about?"), wrap=True
        )
        self.entry = named(QLineEdit(), self.tr("Name of a new class"), "classNew")
        self.entry.setPlaceholderText(self.tr("Name of a new class"))
        self.entry.setMaxLength(80)
        self.entry.returnPressed.connect(self.add)
        self.entry.textEdited.connect(self.problem.clear)
        words = self.tr("Add")
        self.add_button = named(QPushButton(words), self.tr("Add the class"), "classAdd")
        self.add_button.clicked.connect(self.add)
        self.up = self._tool("chevron-up", self.tr("Move up (Alt+Up)"), "classUp")
        self.down = self._tool("chevron-down", self.tr("Move down (Alt+Down)"), "classDown")
        self.remove = self._tool("trash", self.tr("Remove the class (Delete)"), "classRemove")
        self.more = self._tool("more", self.tr("More to do with the class"), "classMore")
        self.more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.more.setMenu(self._make_menu())
        self._lay_out()
        self._connect()
        self._dress()
        self._refresh()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(4)
        self._head = section("")
        head.addWidget(self._head, 1)
        for button in (self.up, self.down, self.remove, self.more):
            head.addWidget(button)
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addWidget(self.entry, 1)
        line.addWidget(self.add_button)
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._list = QStackedWidget()
        self._list.addWidget(self.view)
        self._list.addWidget(self._nothing)
        self.body.addLayout(head)
        self.body.addLayout(line)
        self.body.addWidget(self._list, 1)
        self.body.addWidget(self.problem)
        hint = self.tr("Double-click or F2 changes a name. The model reads names and sentences too.")
        self.body.addWidget(muted(hint, wrap=True))

    def _connect(self) -> None:
        self.up.clicked.connect(lambda: self.move_by(-1))
        self.down.clicked.connect(lambda: self.move_by(1))
        self.remove.clicked.connect(self.ask_remove)
        context = Qt.ShortcutContext.WidgetShortcut
        for keys, do in (
            ("Alt+Up", lambda: self.move_by(-1)),
            ("Alt+Down", lambda: self.move_by(1)),
            ("Delete", self.ask_remove),
        ):
            QShortcut(QKeySequence(keys), self.view, do, context=context)
        self.model.refused.connect(self.problem.tell)
        self.model.modelReset.connect(self._refresh)
        self.model.dataChanged.connect(self._on_data)
        self.model.modelAboutToBeReset.connect(self._remember)
        self.view.selectionModel().currentRowChanged.connect(lambda *_: self._enable())
        self._holder.changed.connect(self._dress)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.model.watch(True)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.model.watch(False)

    @property
    def current(self) -> ClassInfo | None:
        """The class that the buttons are about."""
        row = self.view.currentIndex().row()
        return self.model.classes[row] if 0 <= row < len(self.model.classes) else None

    def choose(self, class_id: int) -> None:
        for row, info in enumerate(self.model.classes):
            if info.id == class_id:
                self.view.setCurrentIndex(self.model.index(row, NAME))

    def add(self) -> None:
        """Make a class of the name in the entry."""
        name = " ".join(self.entry.text().split())
        problem = self.model.problem_with(name)
        if len(self.model.classes) >= MAX_CLASSES:
            problem = self.tr("A project holds up to {n} classes. Remove one first.").format(n=MAX_CLASSES)
        if problem:
            self.problem.tell(problem)
            self.entry.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.problem.clear()
        if self.session.do(AddClass(name)) is not None:
            self.entry.clear()
            self.choose(self.model.classes[-1].id)
            self.view.scrollToBottom()

    def move_by(self, step: int) -> None:
        info = self.current
        if info is not None and 0 <= info.position + step < len(self.model.classes):
            self.session.do(MoveClass(info.id, info.position + step))
            self.choose(info.id)

    def ask_merge(self) -> None:
        """Let the user choose which class takes the rows of the current one."""
        info = self.current
        if info is None or len(self.model.classes) < 2:
            return
        self.model.watch(True)
        dialog = MergeDialog(info, self.model.classes, self.model.count_of, self._holder, self.window())
        dialog.chosen.connect(lambda into: self._merge(info.id, into))
        dialog.open()

    def _merge(self, class_id: int, into: int) -> None:
        if self.session.do(MergeClasses(class_id, into)) is not None:
            self.choose(into)

    def _make_menu(self) -> QMenu:
        menu = QMenu(self)
        self._merge_action = menu.addAction(self.tr("Merge into another class…"), self.ask_merge)
        self._split_action = menu.addAction(
            self.tr("Split: move some rows to a new class…"),
            lambda: self.current and self.split_wanted.emit(self.current.id),
        )
        return menu

    def ask_remove(self) -> None:
        """Remove the current class once the user has read what goes with it."""
        info = self.current
        if info is None or self.session.project.read_only:
            return
        self.model.watch(True)
        n = self.model.count_of(info.id)
        box = QMessageBox(self.window())
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setObjectName("classRemoveQuestion")
        box.setWindowTitle(self.tr("Remove a class"))
        box.setText(self.tr("Remove “{name}”?").format(name=info.name))
        if n:
            words = self.tr("It takes {labels} with it; those rows become unlabelled. You can undo this.")
            box.setInformativeText(words.format(labels=speech.labels(n)))
        else:
            box.setInformativeText(self.tr("No row is labelled with it. You can undo this."))
        yes = box.addButton(self.tr("Remove"), QMessageBox.ButtonRole.DestructiveRole)
        named(with_role(yes, "danger"), self.tr("Remove the class"), "classRemoveYes")
        keep = box.addButton(self.tr("Keep it"), QMessageBox.ButtonRole.RejectRole)
        box.setDefaultButton(keep)
        box.setEscapeButton(keep)
        yes.clicked.connect(lambda: self._remove(info.id))
        box.open()

    def _remove(self, class_id: int) -> None:
        row = self.view.currentIndex().row()
        if self.session.do(RemoveClass(class_id)) is not None and self.model.classes:
            self.view.setCurrentIndex(self.model.index(min(row, len(self.model.classes) - 1), NAME))

    def _make_view(self) -> QTableView:
        view = named(QTableView(), self.tr("Classes"), "classesTable")
        view.setModel(self.model)
        view.setItemDelegate(ClassesDelegate(self._holder, view))
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(ROW)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(KEY, QHeaderView.ResizeMode.Fixed)
        header.setSectionResizeMode(LABELS, QHeaderView.ResizeMode.Fixed)
        view.setColumnWidth(KEY, 56)
        view.setColumnWidth(NAME, 190)
        view.setColumnWidth(LABELS, 80)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        view.setStyleSheet("QTableView::item { padding: 0 8px; }")
        return view

    def _tool(self, icon_name: str, words: str, object_name: str) -> QToolButton:
        button = named(QToolButton(), words, object_name)
        button.setToolTip(words)
        button.setProperty("icon_name", icon_name)
        button.setIconSize(QSize(18, 18))
        return button

    def _dress(self) -> None:
        for button in (self.up, self.down, self.remove, self.more):
            button.setIcon(icons.icon(str(button.property("icon_name")), self._holder.theme))
        self.view.viewport().update()

    def _remember(self) -> None:
        info = self.current
        self._kept = info.id if info else 0

    def _on_data(self) -> None:
        self.problem.clear()
        self._enable()

    def _refresh(self) -> None:
        n = len(self.model.classes)
        words = self.tr("1 class") if n == 1 else self.tr("{n} classes").format(n=n)
        self._head.setText((words if n else self.tr("Classes")).upper())
        self._list.setCurrentWidget(self.view if n else self._nothing)
        self.choose(getattr(self, "_kept", 0))
        self._enable()

    def _enable(self) -> None:
        info, editable = self.current, not self.session.project.read_only
        self.up.setEnabled(editable and info is not None and info.position > 0)
        self.down.setEnabled(editable and info is not None and info.position < len(self.model.classes) - 1)
        self.remove.setEnabled(editable and info is not None)
        self.more.setEnabled(editable and info is not None)
        self._merge_action.setEnabled(len(self.model.classes) > 1)
        self._split_action.setEnabled(info is not None and self.model.count_of(info.id) > 1)
        self.entry.setEnabled(editable)
        self.add_button.setEnabled(editable)
