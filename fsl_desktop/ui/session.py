"""The open project as the window sees it: every edit goes through here and is told from here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal

from fsl_desktop.core.commands import Change, Command, SetLabels
from fsl_desktop.core.config import Task
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.core.project import Project
from fsl_desktop.core.table import ExampleTable
from fsl_desktop.ui.jobs import Jobs

if TYPE_CHECKING:
    from fsl_desktop.core.clip_rows import NewClip

# Reading a project shares the window's thread; a slice stays well inside one frame.
SLICE_MS = 8


class Session(QObject):
    """One project and the way to its child process. Pages are given a session, never a global."""

    changed = Signal(object)  # core.commands.Change
    rows_loaded = Signal(int)
    loaded = Signal()
    failed = Signal(object, str)  # Message, details
    said = Signal(object)  # Message

    def __init__(self, project: Project, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.project = project
        self.jobs = jobs
        self._rows: Iterator[int] | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(0)
        self._timer.timeout.connect(self._load_slice)

    @property
    def table(self) -> ExampleTable:
        return self.project.table

    @property
    def classes(self) -> tuple[ClassInfo, ...]:
        return self.project.classes

    @property
    def several(self) -> bool:
        """May a row have several labels?"""
        return self.project.several

    @property
    def of_sounds(self) -> bool:
        """Are its rows recordings?"""
        return self.project.task == Task.CLASSIFY_AUDIO

    @property
    def loading(self) -> bool:
        return self._rows is not None

    def load(self) -> None:
        """Read the rows that the table does not hold yet, in slices between the window's other work."""
        if self._rows is None:
            self._rows = self.project.load_rows()
            self._timer.start()

    def position_of(self, class_id: int) -> int:
        """The class's place in the order (0 and up), or -1 where there is no such class."""
        for info in self.project.classes:
            if info.id == class_id:
                return info.position
        return -1

    def do(self, command: Command) -> Change | None:
        """Carry out an edit. It is on disk when this returns; ``None`` where it failed (and was told)."""
        return self._edit(lambda: self.project.do(command))

    def add_clips(self, clips: Sequence[NewClip]) -> Change | None:
        """Recordings or parts of them become rows of a project of recordings, one step to undo."""
        # Imported here: what reads sound costs a window of texts a tenth of a second.
        from fsl_desktop.core.clip_rows import add_clips

        return self._edit(lambda: add_clips(self.project, clips))

    def undo(self) -> Change | None:
        return self._edit(self.project.undo)

    def redo(self) -> Change | None:
        return self._edit(self.project.redo)

    def label_rows(self, row_ids: Iterable[int], value: int) -> Change | None:
        """Give rows a class id, or UNLABELLED, SKIPPED or UNSURE."""
        rows = tuple(int(row) for row in row_ids)
        return self.do(SetLabels(rows, value)) if rows else None

    def tell(self, change: Change) -> None:
        """An edit was made: all who show the project follow."""
        self.changed.emit(change)
        if change.rows_changed:
            self.load()

    def close(self) -> None:
        """Stop reading and close the project; every edit is on disk already."""
        self._timer.stop()
        self._rows = None
        self.project.close()

    def _edit(self, act: Callable[[], Change | None]) -> Change | None:
        try:
            change = act()
        except UserError as error:
            self.failed.emit(error.message, error.details)
            return None
        if change is not None:
            self.tell(change)
        return change

    def _load_slice(self) -> None:
        if self._rows is None:
            self._timer.stop()
            return
        clock = QElapsedTimer()
        clock.start()
        done = -1
        try:
            while clock.elapsed() < SLICE_MS // 2:
                done = next(self._rows)
        except StopIteration:
            self._timer.stop()
            self._rows = None
            self.rows_loaded.emit(len(self.project.table))
            self.loaded.emit()
            return
        except UserError as error:
            self._timer.stop()
            self._rows = None
            self.failed.emit(error.message, error.details)
            return
        self.rows_loaded.emit(done)
