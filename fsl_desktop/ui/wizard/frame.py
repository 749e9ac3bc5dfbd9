"""What both wizards share: the steps in a line, the step itself, and the buttons at the foot."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from fsl_desktop.core.events import Event, Progress
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.types import Preview
from fsl_desktop.ui.importer import Importer
from fsl_desktop.ui.start_page import dropped_path
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import BusyState, Card, named, title, with_role
from fsl_desktop.ui.wizard.file_step import FileStep
from fsl_desktop.ui.wizard.preview_step import PreviewStep
from fsl_desktop.ui.wizard.reading import Reading
from fsl_desktop.ui.wizard.stepper import Stepper
from fsl_desktop.work.protocol import ImportedBatch

FILE, PREVIEW = range(2)


class WizardFrame(QDialog):
    """Steps 1 and 2, and the way between steps. Subclasses say what comes after."""

    imported = Signal(object)  # ImportedBatch
    cancelled = Signal()

    def __init__(
        self,
        holder: ThemeHolder,
        importer: Importer,
        heading: str,
        later_steps: Sequence[tuple[str, QWidget]],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(heading)
        self.setModal(True)
        self.resize(1000, 660)
        self.setMinimumSize(820, 540)
        self._importer = importer
        self._import_ticket: int | None = None
        self.reading = Reading(importer, self)
        self.file_step = FileStep(holder)
        self.preview_step = PreviewStep(holder)
        self.busy_step = BusyState(self.tr("Reading the rows…"))
        self._later = [widget for _, widget in later_steps]
        names = [self.tr("File"), self.tr("Check"), *(name for name, _ in later_steps)]
        self.stepper = Stepper(holder, names)
        self._lay_out(heading)
        self.reading.busy_changed.connect(self._on_busy)
        self.reading.ready.connect(self._on_ready)
        self.reading.refused.connect(self._on_refused)
        self.file_step.file_chosen.connect(self.look)
        self.file_step.adjust_wanted.connect(self._adjust)
        self.preview_step.corrected.connect(lambda field, value: self.reading.correct(**{field: value}))
        self.preview_step.guess_wanted.connect(self.reading.guess_again)
        self.busy_step.cancelled.connect(self.cancel_import)
        self.setAcceptDrops(True)
        self.go_to(FILE)

    def _lay_out(self, heading: str) -> None:
        head = QHBoxLayout()
        head.setSpacing(24)
        head.addWidget(title(heading))
        head.addStretch(1)
        head.addWidget(self.stepper)
        busy = Card()
        busy.body.addWidget(self.busy_step, 1)
        self._busy_card = busy
        self.stack = QStackedWidget()
        for widget in (self.file_step, self.preview_step, *self._later, busy):
            self.stack.addWidget(widget)
        words = self.tr("Cancel")
        self.cancel = named(QPushButton(words), words, "wizardCancel")
        self.cancel.clicked.connect(self.reject)
        words = self.tr("Back")
        self.back = named(QPushButton(words), words, "wizardBack")
        self.back.clicked.connect(lambda: self.go_to(self.step - 1))
        self.next = named(with_role(QPushButton(), "primary"), "", "wizardNext")
        self.next.clicked.connect(self._go_on)
        self.next.setMinimumWidth(120)
        for button in (self.cancel, self.back):
            button.setAutoDefault(False)
        self.next.setDefault(True)
        foot = QHBoxLayout()
        foot.setSpacing(8)
        foot.addWidget(self.cancel)
        foot.addStretch(1)
        foot.addWidget(self.back)
        foot.addWidget(self.next)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 16, 24, 16)
        layout.setSpacing(16)
        layout.addLayout(head)
        layout.addWidget(self.stack, 1)
        layout.addLayout(foot)

    # where we are

    @property
    def step(self) -> int:
        """0 for the file, 1 for the preview, and so on; the last one while rows are being read."""
        return min(self.stack.currentIndex(), self.last_step)

    @property
    def last_step(self) -> int:
        return 1 + len(self._later)

    @property
    def importing(self) -> bool:
        return self.stack.currentWidget() is self._busy_card

    def look(self, path: str) -> None:
        """Look into a file; the preview comes up by itself when it can be read."""
        if self.importing:
            return
        self.go_to(FILE)
        self.file_step.set_busy(path.replace("\\", "/").rsplit("/", 1)[-1])
        self.reading.look(path)

    def go_to(self, step: int) -> None:
        self.stack.setCurrentIndex(max(0, min(step, self.last_step)))
        self.stepper.set_current(self.step)
        self.entered(self.step)
        self.refresh_buttons()

    def entered(self, step: int) -> None:
        """A step came up: put the keyboard where it is wanted (subclasses add theirs)."""
        if step == FILE:
            self.file_step.choose.setFocus(Qt.FocusReason.OtherFocusReason)
        elif step == PREVIEW:
            self.preview_step.choices.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def can_go_on(self, step: int) -> bool:
        """May the step be left forwards? Subclasses answer for theirs."""
        return self.reading.usable

    def next_words(self, step: int) -> str:
        return self.tr("Next")

    def refresh_buttons(self) -> None:
        self.back.setVisible(self.step > FILE)
        self.back.setEnabled(not self.importing)
        self.cancel.setEnabled(not self.importing)
        self.next.setText(self.next_words(self.step))
        self.next.setAccessibleName(self.next.text())
        self.next.setEnabled(not self.importing and self.can_go_on(self.step))

    def finish(self) -> None:
        """The last step was confirmed (subclasses)."""
        raise NotImplementedError

    def _go_on(self) -> None:
        if not self.can_go_on(self.step):
            return
        if self.step == self.last_step:
            self.finish()
        else:
            self.go_to(self.step + 1)

    # reading

    def _on_busy(self, busy: bool) -> None:
        if self.step == PREVIEW:
            self.preview_step.set_busy(busy)
        elif not busy:
            self.file_step.set_busy("")
        self.refresh_buttons()

    def _on_ready(self, preview: Preview) -> None:
        self.file_step.problem.clear()
        self.preview_step.show_preview(preview, self.reading.file_name)
        if self.step == FILE:
            self.go_to(PREVIEW)
        self.refresh_buttons()

    def _on_refused(self, message: Message, details: str) -> None:
        if self.step == PREVIEW:
            self.preview_step.tell(message, details)
        else:
            self.file_step.tell(message, details, self.reading.file_name)
        self.refresh_buttons()

    def _adjust(self) -> None:
        """The guess failed; show the ways to read the file, and no rows yet."""
        ending = self.reading.path.rsplit(".", 1)[-1].lower()
        sentence = self.file_step.problem.sentence
        self.preview_step.clear(self.reading.file_name, {"tab": "tsv"}.get(ending, ending))
        self.go_to(PREVIEW)
        self.preview_step.tell(sentence, can_guess=False)

    # importing

    def start_import(self, project_folder: str) -> None:
        """Have the rows of the chosen file read into the project; subclasses take what comes back."""
        assert self.reading.preview is not None  # can_go_on
        self.show_importing()
        self._import_ticket = self._importer.import_file(
            self.reading.path,
            self.reading.preview.options,
            project_folder,
            self._on_imported,
            self.on_told,
            self._on_import_refused,
            self._on_import_dropped,
        )

    def abandon(self) -> None:
        """The window is closing: stop; rows that were not added are dropped."""
        self.reading.stop()
        if self._import_ticket is not None:
            self._importer.forget(self._import_ticket)
            self._importer.cancel(self._import_ticket)
            self._import_ticket = None

    def closeEvent(self, event: QCloseEvent) -> None:
        self.abandon()
        super().closeEvent(event)

    def _on_imported(self, batch: ImportedBatch) -> None:
        raise NotImplementedError

    def _on_import_refused(self, message: Message, details: str) -> None:
        raise NotImplementedError

    def _on_import_dropped(self) -> None:
        raise NotImplementedError

    def show_importing(self) -> None:
        self.busy_step.set_sentence(self.tr("Reading the rows…"))
        self.busy_step.set_progress(0, 0)
        self.busy_step.cancel.setEnabled(True)
        self.stack.setCurrentWidget(self._busy_card)
        self.busy_step.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        self.refresh_buttons()

    def on_told(self, event: Event) -> None:
        if isinstance(event, Progress):
            self.busy_step.set_progress(event.done, event.total)

    def cancel_import(self) -> None:
        """Ask the reading to stop; the step comes back when it has."""
        if self._import_ticket is not None:
            self.busy_step.set_sentence(self.tr("Stopping…"))
            self.busy_step.cancel.setEnabled(False)
            self._importer.cancel(self._import_ticket)

    def reject(self) -> None:
        """Esc and Cancel: while rows are being read they stop that first."""
        if self.importing:
            self.cancel_import()
            return
        self.reading.stop()
        super().reject()
        self.cancelled.emit()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.step <= PREVIEW and not self.importing and dropped_path(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if path := dropped_path(event.mimeData()):
            event.acceptProposedAction()
            self.look(path)
