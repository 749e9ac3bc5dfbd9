"""What people see first: what this is, ways to begin, and where they were before."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.ui.drops import (
    DropVeil,
    are_recordings,
    dropped_path,
    dropped_paths,
    file_filter,
    is_project,
)
from fsl_desktop.ui.recent import RecentProject
from fsl_desktop.ui.start_parts import ChoiceCard, IdeaPicture, RecentRow
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import Card, muted, named, section, with_role

COLUMN = 960


class StartPage(QWidget):
    """The start screen. It opens nothing itself; every choice is a signal."""

    sample_requested = Signal()
    sound_sample_requested = Signal()
    new_requested = Signal(str)
    sounds_requested = Signal(object)
    """list[str]: the recordings that a new project is to be made of; empty where they are still to choose."""
    open_requested = Signal(str)
    recent_removed = Signal(str)

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, self.tr("Start screen"), "startPage")
        self._holder = holder
        self.setAcceptDrops(True)
        self._column = QWidget()
        with_role(self._column, "plain")
        self._column.setMaximumWidth(COLUMN)
        body = QVBoxLayout(self._column)
        body.setContentsMargins(24, 24, 24, 24)
        body.setSpacing(16)
        body.addStretch(2)
        body.addLayout(self._hero())
        body.addSpacing(8)
        body.addLayout(self._choices())
        body.addSpacing(8)
        self._recent_head = section(self.tr("Recent projects"))
        body.addWidget(self._recent_head)
        self._recent = Card(margin=4, spacing=0)
        body.addWidget(self._recent)
        self._hint = muted(
            self.tr("Or drop a file with your texts, recordings, or a project, anywhere on this window.")
        )
        self._hint.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._hint.setWordWrap(True)
        body.addWidget(self._hint)
        body.addStretch(3)
        self._scroll = self._scrolled()
        self._veil = DropVeil(holder, self)
        self.set_recent(())

    def _hero(self) -> QHBoxLayout:
        self._name = with_role(
            named(QLabel(self.tr("FSL Desktop")), self.tr("FSL Desktop"), "productName"), "hero"
        )
        words = self.tr(
            "Teach a model to sort your texts or recordings: label a few, and it learns to label the rest."
        )
        self._sentence = with_role(QLabel(words), "lead")
        self._sentence.setWordWrap(True)
        self._promise = muted(self.tr("Everything stays on this computer. No account, no cloud."), wrap=True)
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addStretch(1)
        for label in (self._name, self._sentence, self._promise):
            column.addWidget(label)
        column.addStretch(1)
        self._picture = IdeaPicture(self._holder)
        hero = QHBoxLayout()
        hero.setSpacing(32)
        hero.addLayout(column, 1)
        hero.addWidget(self._picture)
        return hero

    def _choices(self) -> QGridLayout:
        self.sample = ChoiceCard(
            self._holder,
            "sparkle",
            self.tr("Try the sample project"),
            self.tr("360 bank questions, ten of them labelled. A trained model in two minutes."),
            primary=True,
        )
        self.new = ChoiceCard(
            self._holder,
            "plus",
            self.tr("New project from a file…"),
            self.tr("A table or a list of texts: CSV, Excel, JSON lines, Parquet or plain text."),
        )
        self.sound_sample = ChoiceCard(
            self._holder,
            "sound",
            self.tr("Try it with sounds"),
            self.tr("Spoken digits, ten of them labelled. Listen, label, and speak to the model."),
        )
        self.new_sounds = ChoiceCard(
            self._holder,
            "plus",
            self.tr("New project of recordings…"),
            self.tr("A folder, files or a zip: birds, machines, voices. WAV, MP3 and more."),
        )
        self.open = ChoiceCard(
            self._holder,
            "folder",
            self.tr("Open a project…"),
            self.tr("Go on with a project folder from this or another computer."),
        )
        self.sample.clicked.connect(self.sample_requested)
        self.sound_sample.clicked.connect(self.sound_sample_requested)
        self.new.clicked.connect(lambda: self.new_requested.emit(""))
        self.new_sounds.clicked.connect(lambda: self.sounds_requested.emit([]))
        self.open.clicked.connect(lambda: self.open_requested.emit(""))
        grid = QGridLayout()
        grid.setSpacing(16)
        places = (
            (self.sample, "sample", 0, 0),
            (self.new, "new", 1, 0),
            (self.sound_sample, "sound_sample", 0, 1),
            (self.new_sounds, "new_sounds", 1, 1),
            (self.open, "open", 0, 2),
        )
        for button, name, row, column in places:
            button.setObjectName(f"start_{name}")
            grid.addWidget(button, row, column)
        for column in range(3):
            grid.setColumnStretch(column, 1)
        return grid

    def _scrolled(self) -> QScrollArea:
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = with_role(QWidget(), "plain")
        centred = QHBoxLayout(inner)
        centred.setContentsMargins(0, 0, 0, 0)
        centred.addStretch(1)
        centred.addWidget(self._column, 1000)
        centred.addStretch(1)
        scroll.setWidget(inner)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)
        return scroll

    def set_recent(self, projects: Sequence[RecentProject]) -> None:
        """Show these projects, newest first."""
        while (item := self._recent.body.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        for project in projects:
            row = RecentRow(self._holder, project)
            row.removed.connect(self.recent_removed)
            if project.exists:
                row.clicked.connect(lambda _=False, folder=project.folder: self.open_requested.emit(folder))
            self._recent.body.addWidget(row)
        self._recent_head.setVisible(bool(projects))
        self._recent.setVisible(bool(projects))

    def focus_first(self) -> None:
        """Put the keyboard on the choice that a newcomer wants."""
        self.sample.setFocus(Qt.FocusReason.OtherFocusReason)

    def choose_file(self) -> None:
        """Ask for a data file; what is chosen comes as ``new_requested``."""
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a file"), "", file_filter())
        if path:
            self.new_requested.emit(path)

    def sizeHint(self) -> QSize:
        return QSize(1000, 700)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The picture is the first to go where the words need the room.
        room = min(self.width(), COLUMN) - 48 - self._picture.sizeHint().width()
        self._picture.setVisible(room >= 22 * self._sentence.fontMetrics().averageCharWidth())

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        paths = dropped_paths(event.mimeData())
        path = dropped_path(event.mimeData())
        if is_project(path):
            self._veil.tell(self.tr("Drop to open this project"))
        elif are_recordings(paths):
            self._veil.tell(self.tr("Drop to make a new project of these recordings"))
        elif path:
            self._veil.tell(self.tr("Drop to make a new project of this file"))
        else:
            return
        event.acceptProposedAction()

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._veil.hide()

    def dropEvent(self, event: QDropEvent) -> None:
        self._veil.hide()
        path, paths = dropped_path(event.mimeData()), dropped_paths(event.mimeData())
        recordings = not is_project(path) and are_recordings(paths)
        if not path and not recordings:
            return
        event.acceptProposedAction()
        if recordings:
            self.sounds_requested.emit(paths)
        elif is_project(path):
            self.open_requested.emit(path)
        else:
            self.new_requested.emit(path)
