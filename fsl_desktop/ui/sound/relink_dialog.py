"""Where are the recordings now? A folder is chosen, searched by the child, and what was found is taken."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLocale, Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.core.events import Event, Progress
from fsl_desktop.core.message import Message
from fsl_desktop.core.relink import Moved
from fsl_desktop.ui.inline import InlineSentence
from fsl_desktop.ui.jobs import Jobs
from fsl_desktop.ui.sound.lost_files import LostFiles
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import BusyState, Card, muted, named, title, with_role
from fsl_desktop.work.protocol import FindMoved


class RelinkDialog(QDialog):
    """Emits ``found`` with the number of recordings that the project knows again."""

    found = Signal(int)

    def __init__(
        self, holder: ThemeHolder, jobs: Jobs, project: Path, lost: LostFiles, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Find recordings"))
        self.setModal(True)
        self.resize(620, 320)
        self._jobs, self._project, self._lost = jobs, project, lost
        self._ticket: int | None = None
        self._folder = Path()
        self._moved: Moved | None = None
        self.problem = InlineSentence(holder)
        self.busy = BusyState("")
        self.busy.cancelled.connect(self._cancel)
        self._lay_out()

    def search(self, folder: str) -> None:
        """Look for them below ``folder``."""
        self._stop()
        self._folder, self._moved = Path(folder), None
        self.problem.clear()
        self.busy.set_sentence(self.tr("Looking for them in {folder}…").format(folder=self._folder.name))
        self.busy.set_progress(0, 0)
        self.busy.cancel.setEnabled(True)
        self._pages.setCurrentIndex(1)
        self._ticket = self._jobs.submit(
            FindMoved(str(self._project), folder),
            done=self._on_found,
            told=self._on_told,
            refused=self._on_refused,
            dropped=self._on_dropped,
        )
        self._refresh()
        self.busy.cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def abandon(self) -> None:
        """The window is closing."""
        self._stop()

    def reject(self) -> None:
        """Esc and Close: while it searches, they stop that first."""
        if self._ticket is not None:
            self._cancel()
        else:
            super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._stop()
        super().closeEvent(event)

    def _lay_out(self) -> None:
        self.heading = title(self._lost.words())
        self.heading.setWordWrap(True)
        self.words = QLabel(self._first_words())
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        note = muted(
            self.tr("They are known by their name and by what is in them. Nothing is copied or changed."),
            wrap=True,
        )
        said = Card(margin=16)
        for widget in (self.words, note):
            said.body.addWidget(widget)
        said.body.addStretch(1)
        busy = Card(margin=16)
        busy.body.addWidget(self.busy, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(said)
        self._pages.addWidget(busy)
        self.close_button = named(QPushButton(self.tr("Close")), self.tr("Close"), "relinkClose")
        self.close_button.clicked.connect(self.reject)
        self.choose = named(QPushButton(), "", "relinkChoose")
        self.choose.clicked.connect(self._choose)
        words = self.tr("Use what was found")
        self.use = named(with_role(QPushButton(words), "primary"), words, "relinkUse")
        self.use.clicked.connect(self._use)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.close_button)
        foot.addStretch(1)
        foot.addWidget(self.choose)
        foot.addWidget(self.use)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(self.heading)
        column.addWidget(self._pages, 1)
        column.addWidget(self.problem)
        column.addLayout(foot)
        self._refresh()

    def _first_words(self) -> str:
        path = self._lost.example
        if not path:
            return ""
        words = self.tr("One of them was {path}. Choose the folder where they are now, or one above it.")
        return words.format(path=path)

    def _refresh(self) -> None:
        searching = self._ticket is not None
        found = self._moved is not None and bool(self._moved.paths)
        again = self.tr("Choose another folder…")
        words = again if self._moved is not None else self.tr("Choose the folder…")
        self.choose.setText(words)
        self.choose.setAccessibleName(words)
        self.choose.setEnabled(not searching)
        self.use.setVisible(found)
        with_role(self.choose, "" if found else "primary")
        (self.use if found else self.choose).setDefault(True)

    def _choose(self) -> None:
        folder = QFileDialog.getExistingDirectory(
            self, self.tr("Where are the recordings now?"), str(self._project.parent)
        )
        if folder:
            self.search(folder)

    def _use(self) -> None:
        moved = self._moved
        if moved is None:
            return
        if not self._lost.accept(self._folder, moved):
            self.problem.tell(self.tr("It could not be written down. Is the project read only?"))
            return
        self.accept()
        self.found.emit(len(moved.paths))

    def _cancel(self) -> None:
        if self._ticket is not None:
            self.busy.set_sentence(self.tr("Stopping…"))
            self.busy.cancel.setEnabled(False)
            self._jobs.cancel(self._ticket)

    def _stop(self) -> None:
        if self._ticket is not None:
            self._jobs.forget(self._ticket)
            self._jobs.cancel(self._ticket)
            self._ticket = None

    def _on_told(self, event: Event) -> None:
        if isinstance(event, Progress):
            self.busy.set_progress(event.done, event.total)

    def _on_found(self, moved: Moved) -> None:
        self._moved = moved
        self.words.setText(moved_words(moved))
        self._end()

    def _on_refused(self, message: Message, details: str) -> None:
        self.problem.tell(message, details)
        self._end()

    def _on_dropped(self) -> None:
        self.problem.tell(self.tr("Stopped. Nothing was changed."), kind="warning")
        self._end()

    def _end(self) -> None:
        self._ticket = None
        self._pages.setCurrentIndex(0)
        self._refresh()
        (self.choose if self.use.isHidden() else self.use).setFocus(Qt.FocusReason.OtherFocusReason)


def _tr(text: str) -> str:
    return QCoreApplication.translate("RelinkDialog", text)


def moved_words(moved: Moved) -> str:
    """How many were found; what became of the others."""
    found = len(moved.paths)
    number = QLocale().toString
    total = found + moved.changed + moved.missing
    words = [_tr("{n} of {total} found.").format(n=number(found), total=number(total))]
    if moved.changed:
        said = _tr("Not taken, because the name fits but the sound is or may be another: {n}.")
        words.append(said.format(n=number(moved.changed)))
    if moved.missing:
        said = _tr("Not found in this folder: {n}.")
        words.append(said.format(n=number(moved.missing)))
    return " ".join(words)
