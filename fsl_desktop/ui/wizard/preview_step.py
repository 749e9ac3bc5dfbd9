"""Step 2: the first rows as they will be read, everything guessed and everything to correct."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLocale, QObject, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QScrollArea,
    QTableView,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.types import Preview
from fsl_desktop.ui import speech
from fsl_desktop.ui.inline import InlineSentence
from fsl_desktop.ui.problems_view import ProblemsView
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import Card, ElidedLabel, muted, named, with_role
from fsl_desktop.ui.wizard.choices import Choices
from fsl_desktop.ui.wizard.preview_model import PreviewModel


class PreviewStep(QWidget):
    corrected = Signal(str, object)
    guess_wanted = Signal()

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.choices = Choices()
        self.choices.corrected.connect(self.corrected)
        self.model = PreviewModel(holder, self)
        self.table = self._make_table()
        self.problems = ProblemsView(holder)
        self._file = ElidedLabel()
        self._facts = muted("")
        self.bar = named(QProgressBar(), self.tr("Reading the file again"), "wizardReading")
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(120)
        keep = self.bar.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.bar.setSizePolicy(keep)
        self.bar.hide()
        self._notes = QLabel()
        self._notes.setTextFormat(Qt.TextFormat.PlainText)
        self._notes.setWordWrap(True)
        with_role(self._notes, "muted")
        self.problem = InlineSentence(holder)
        self.problem.fix_wanted.connect(self.guess_wanted)
        self._lay_out()

    def _lay_out(self) -> None:
        side = QScrollArea()
        side.setWidgetResizable(True)
        side.setFrameShape(QFrame.Shape.NoFrame)
        side.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        side.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        with_role(self.choices, "plain")
        self.choices.setContentsMargins(0, 0, 8, 0)
        side.setWidget(self.choices)
        left = Card()
        self._side = left
        left.body.addWidget(side)
        head = QHBoxLayout()
        head.setContentsMargins(10, 4, 10, 0)
        head.setSpacing(12)
        head.addWidget(self._file, 1)
        head.addWidget(self.bar)
        head.addWidget(self._facts)
        self.tabs = named(QTabWidget(), self.tr("First rows and problems"), "wizardTabs")
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(self.table, self.tr("First rows"))
        self.tabs.addTab(self.problems, self.tr("Problems"))
        right = Card(margin=6)
        right.body.addLayout(head)
        right.body.addWidget(self.tabs, 1)
        self._notes.setContentsMargins(10, 0, 10, 4)
        right.body.addWidget(self._notes)
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(left)
        row.addWidget(right, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addLayout(row, 1)
        layout.addWidget(self.problem)

    def _make_table(self) -> QTableView:
        table = named(QTableView(), self.tr("First rows of the file"), "wizardPreview")
        table.setModel(self.model)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(32)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setMinimumSectionSize(72)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.setStyleSheet("QTableView::item { padding: 0 8px; }")
        table.viewport().installEventFilter(self)
        return table

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # As wide as its words in the user's text size, but never half of the step.
        wanted = self.choices.minimumSizeHint().width() + 2 * 16 + 16
        self._side.setFixedWidth(max(272, min(wanted, self.width() // 2)))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._size_columns()
        return super().eventFilter(watched, event)

    def set_busy(self, busy: bool) -> None:
        """The rows stay as they were while they are read again, so that nothing jumps."""
        self.bar.setVisible(busy)
        if busy:
            self.problem.clear()

    def show_preview(self, preview: Preview, file_name: str) -> None:
        self.problem.clear()
        self._file.setText(file_name)
        about = QLocale().toString(preview.estimated_rows)
        exact = preview.estimated_rows <= len(preview.rows)
        words = speech.rows(preview.estimated_rows) if exact else self.tr("about {n} rows").format(n=about)
        self._facts.setText(words)
        self.choices.show_preview(preview)
        self.model.set_preview(preview)
        self._size_columns()
        self.problems.set_problems(preview.problems)
        n = len(preview.problems)
        self.tabs.setTabVisible(1, n > 0)
        self.tabs.setTabText(1, self.tr("Problems ({n})").format(n=QLocale().toString(n)))
        self.tabs.tabBar().setVisible(n > 0)
        self._notes.setText("\n".join(speech.say(note) for note in preview.notes[:3]))
        self._notes.setVisible(bool(preview.notes))
        if self.model.text_column < 0:
            words = self.tr("Choose the column that holds the text, on the left.")
            self.problem.tell(words, kind="warning")

    def tell(self, message: Message | str, details: str = "", *, can_guess: bool = True) -> None:
        """It cannot be read like that; the choices stay within reach."""
        self.problem.tell(message, details, fix=self.tr("Go back to the guess") if can_guess else "")

    def clear(self, file_name: str, file_format: str) -> None:
        """No rows to show; only the ways to read the file."""
        self._file.setText(file_name)
        self._facts.setText("")
        self._notes.hide()
        self.model.set_preview(None)
        self.choices.show_for(file_format, with_columns=False)
        self.tabs.setTabVisible(1, False)
        self.tabs.tabBar().hide()

    def _size_columns(self) -> None:
        """The text gets the room that is left; other columns what their content needs, within reason."""
        n = self.model.columnCount()
        if not n:
            return
        room = self.table.viewport().width()
        head = self.table.horizontalHeader()
        wide = self.model.text_column if self.model.text_column >= 0 else n - 1
        others = {
            column: min(200, max(56, self.table.sizeHintForColumn(column), head.sectionSizeHint(column)))
            for column in range(n)
            if column != wide
        }
        for column, width in others.items():
            self.table.setColumnWidth(column, width)
        self.table.setColumnWidth(wide, max(280, room - sum(others.values())))
