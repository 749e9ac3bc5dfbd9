"""The Data page: where the rows came from, what was left out of them, and the classes."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QLocale, QMimeData, Qt, Signal
from PySide6.QtGui import QFontMetrics, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.core.commands import Change, RenameProject, SetSeveral
from fsl_desktop.ui import speech
from fsl_desktop.ui.base_model import BaseModel
from fsl_desktop.ui.classes_editor import ClassesEditor
from fsl_desktop.ui.drops import DropTarget, dropped_path, dropped_paths, is_project
from fsl_desktop.ui.duplicates import DuplicateCount, duplicate_words
from fsl_desktop.ui.problems_view import ProblemsView
from fsl_desktop.ui.reader_box import ProjectReader
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.sources_model import FILE, SourcesModel
from fsl_desktop.ui.start_parts import larger
from fsl_desktop.ui.style import TEXT_PX, TITLE_PX
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import Card, ElidedLabel, EmptyState, muted, named, section, with_role


class DataPage(QWidget):
    """Emits ``add_file_requested`` with a path, or "" where one is still to be chosen."""

    add_file_requested = Signal(str)
    recordings_dropped = Signal(object)
    """list[str], in a project of recordings."""

    def __init__(
        self,
        session: Session,
        holder: ThemeHolder,
        base: BaseModel | None = None,
        about_sounds: QWidget | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        named(with_role(self, "page"), self.tr("Data"), "dataPage")
        self.session = session
        self.reader = ProjectReader(base, read_only=session.project.read_only) if base else None
        self._about_sounds = about_sounds
        self.sources = SourcesModel(self, of_sounds=session.of_sounds)
        self.files = self._make_files()
        self.problems = ProblemsView(holder)
        self.classes = ClassesEditor(session, holder)
        words = self.tr("No rows yet. Add a file with your texts, or drop one here.")
        if session.of_sounds:
            words = self.tr("No rows yet. Add recordings or a folder with them, or drop them here.")
        self.empty = EmptyState("sound" if session.of_sounds else "file-text", words, "")
        self.duplicates = DuplicateCount(session.table, self)
        self._twice: int | None = None
        self._lay_out()
        self._size_name()
        words = self.tr("Drop to add this file to the project")
        if session.of_sounds:
            words = self.tr("Drop to add these recordings to the project")
        self._drops = DropTarget(self, holder, words, self.paths_in)
        self._drops.dropped.connect(self._on_dropped)
        self.duplicates.counted.connect(self._on_counted)
        session.changed.connect(self._on_changed)
        session.rows_loaded.connect(lambda _: self._facts_changed())
        session.loaded.connect(self._on_loaded)
        self._show_sources()
        if not session.loading and len(session.table):
            self._on_loaded()

    def _lay_out(self) -> None:
        self.name = named(QLineEdit(), self.tr("Name of the project"), "projectName")
        self.name.setMaxLength(80)
        self.name.setToolTip(self.tr("Click to rename the project"))
        self.name.textChanged.connect(self._fit_name)
        self.name.editingFinished.connect(self._rename)
        self.facts = ElidedLabel(role="muted")
        words = self.tr("Add recordings…") if self.session.of_sounds else self.tr("Add a file…")
        self.add_button = named(with_role(QPushButton(words), "primary"), words, "dataAddFile")
        self.add_button.clicked.connect(lambda: self.add_file_requested.emit(""))
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.name)
        head.addWidget(self.facts, 1)
        head.addWidget(self.add_button)
        left = Card(spacing=8)
        head_words = self.tr("Where they come from") if self.session.of_sounds else self.tr("Files")
        left.body.addWidget(section(head_words))
        self._files_stack = QStackedWidget()
        self._files_stack.addWidget(self.files)
        self._files_stack.addWidget(self.empty)
        left.body.addWidget(self._files_stack, 3)
        self._duplicates_note = muted("", wrap=True)
        left.body.addWidget(self._duplicates_note)
        self._problems_head = section(self.tr("Left out"))
        left.body.addSpacing(4)
        left.body.addWidget(self._problems_head)
        self._none = muted("", wrap=True)
        left.body.addWidget(self._none)
        left.body.addWidget(self.problems, 3)
        words = self.tr("A row may have several labels")
        self.several = named(QCheckBox(words), words, "dataSeveral")
        self.several.clicked.connect(self._set_several)
        # A clip has one class so far.
        self.several.setVisible(not self.session.of_sounds)
        left.body.addSpacing(4)
        left.body.addWidget(self.several)
        if self._about_sounds is not None:
            left.body.addWidget(self._about_sounds)
        if self.reader is not None:
            left.body.addSpacing(4)
            left.body.addWidget(self.reader)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.addWidget(left)
        self.split.addWidget(self.classes)
        self.split.setSizes([500, 560])
        self.split.setHandleWidth(12)
        self.split.setChildrenCollapsible(False)
        left.setMinimumWidth(360)
        self.classes.setMinimumWidth(420)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 16)
        column.setSpacing(12)
        column.addLayout(head)
        column.addWidget(self.split, 1)

    def _make_files(self) -> QTableView:
        view = named(QTableView(), self.tr("Files in this project"), "dataFiles")
        view.setModel(self.sources)
        view.verticalHeader().hide()
        view.verticalHeader().setDefaultSectionSize(38)
        header = view.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(FILE, QHeaderView.ResizeMode.Stretch)
        view.setShowGrid(False)
        view.setWordWrap(False)
        view.setTabKeyNavigation(False)
        view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        view.setStyleSheet("QTableView::item { padding: 0 8px; }")
        view.selectionModel().currentRowChanged.connect(lambda *_: self._show_problems())
        return view

    def close_page(self) -> None:
        """The project closes; counting stops."""
        self.duplicates.stop()

    # what is shown

    def _show_sources(self) -> None:
        chosen = self.files.currentIndex().row()
        self.sources.set_sources(self.session.project.sources())
        n = self.sources.rowCount()
        if n:
            with_problems = [i for i, s in enumerate(self.sources.sources) if s.problems]
            row = chosen if 0 <= chosen < n else (with_problems or [0])[-1]
            self.files.setCurrentIndex(self.sources.index(row, FILE))
        self._files_stack.setCurrentWidget(self.files if n else self.empty)
        self._show_problems()
        self._facts_changed()

    def _show_problems(self) -> None:
        row = self.files.currentIndex().row()
        source = self.sources.sources[row] if 0 <= row < self.sources.rowCount() else None
        problems = source.problems if source else ()
        self._problems_head.setVisible(source is not None)
        self.problems.setVisible(bool(problems))
        self._none.setVisible(source is not None and not problems)
        if problems:
            self.problems.set_problems(problems)
        elif source is not None:
            self._none.setText(self.tr("Every row of {file} is in.").format(file=source.source))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._facts_changed()

    def _facts_changed(self) -> None:
        if not self.isVisible():
            # Every key on the Label page comes by here; what nobody sees is counted when it is shown.
            return
        table = self.session.table
        n = int(np.count_nonzero(~table.removed))
        labelled = int(np.count_nonzero(table.labelled()))
        words = [speech.rows(n), self.tr("{n} labelled").format(n=QLocale().toString(labelled))]
        if self.session.project.read_only:
            words.append(self.tr("read only"))
        self.facts.setText("  ·  ".join(words))
        if not self.name.hasFocus():
            self.name.setText(self.session.project.name)
            self.name.setCursorPosition(0)
        self.name.setReadOnly(self.session.project.read_only)
        self.several.setChecked(self.session.several)
        self.several.setEnabled(not self.session.project.read_only)
        self.add_button.setEnabled(not self.session.project.read_only)
        twice = self._twice or 0
        self._duplicates_note.setVisible(twice > 0)
        if twice:
            self._duplicates_note.setText(duplicate_words(twice, of_sounds=self.session.of_sounds))

    def _on_changed(self, change: Change) -> None:
        if change.rows_changed:
            self._show_sources()
        if change.kind in ("rows", "text") and not self.session.loading:
            self.duplicates.start()
        self._facts_changed()

    def _on_loaded(self) -> None:
        self._show_sources()
        self.duplicates.start()

    def _on_counted(self, twice: int) -> None:
        self._twice = twice
        self._facts_changed()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "name"):
            self._size_name()

    def _size_name(self) -> None:
        """A title that can be written in; its box shows only under the mouse or the keyboard."""
        px = larger(self.font(), TITLE_PX / TEXT_PX).pixelSize()
        self.name.setStyleSheet(
            f"QLineEdit {{ font-size: {px}px; font-weight: 600; padding: 0 6px; background: transparent; }}"
            "QLineEdit:!focus:!hover { border-color: transparent; }"
        )
        self._fit_name()

    def _fit_name(self) -> None:
        """As wide as its words, so that the facts stand beside them."""
        font = larger(self.font(), TITLE_PX / TEXT_PX, bold=True)
        wide = QFontMetrics(font).horizontalAdvance(self.name.text()) + 32
        self.name.setFixedWidth(max(120, min(wide, 460)))

    def _set_several(self, on: bool) -> None:
        # Refused where rows would lose labels: then it says so, and the box goes back.
        self.session.do(SetSeveral(on))
        self.several.setChecked(self.session.several)

    def _rename(self) -> None:
        name = " ".join(self.name.text().split())
        if not name:
            self.name.setText(self.session.project.name)
        elif name != self.session.project.name:
            self.session.do(RenameProject(name))

    # dropping

    def paths_in(self, data: QMimeData) -> list[str]:
        """What of it can be added: one file of texts, or any number of recordings."""
        one = dropped_path(data)
        paths = dropped_paths(data) if self.session.of_sounds else [one] if one else []
        usable = not self.session.project.read_only and not any(map(is_project, paths))
        return paths if usable else []

    def _on_dropped(self, paths: list[str]) -> None:
        if self.session.of_sounds:
            self.recordings_dropped.emit(paths)
        else:
            self.add_file_requested.emit(paths[0])
