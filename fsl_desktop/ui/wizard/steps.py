"""What every wizard shares: the steps in a line, the step itself, the buttons at the foot, and an import."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from fsl_desktop.core.events import Event, Progress
from fsl_desktop.ui.importer import Importer
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import BusyState, Card, named, title, with_role
from fsl_desktop.ui.wizard.stepper import Stepper


class StepsDialog(QDialog):
    """The way between steps, and an import that is watched and can be stopped. Subclasses say what the steps
    are, when one may be left, and what an import brings."""

    imported = Signal(object)
    """What the import brought: ``ImportedBatch`` or ``ImportedSounds``."""
    cancelled = Signal()

    def __init__(
        self,
        holder: ThemeHolder,
        importer: Importer,
        heading: str,
        steps: Sequence[tuple[str, QWidget]],
        busy_words: str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(heading)
        self.setModal(True)
        self.resize(1000, 660)
        self.setMinimumSize(820, 540)
        self._importer = importer
        self._import_ticket: int | None = None
        self._busy_words = busy_words
        self._steps = [widget for _, widget in steps]
        self.busy_step = BusyState(busy_words)
        self.busy_step.cancelled.connect(self.cancel_import)
        self.stepper = Stepper(holder, [name for name, _ in steps])
        self._lay_out(heading)

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
        for widget in (*self._steps, busy):
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
        """0 for the first; the last one while rows are being read."""
        return min(self.stack.currentIndex(), self.last_step)

    @property
    def last_step(self) -> int:
        return len(self._steps) - 1

    @property
    def importing(self) -> bool:
        return self.stack.currentWidget() is self._busy_card

    def go_to(self, step: int) -> None:
        self.stack.setCurrentIndex(max(0, min(step, self.last_step)))
        self.stepper.set_current(self.step)
        self.entered(self.step)
        self.refresh_buttons()

    def entered(self, step: int) -> None:
        """A step came up: put the keyboard where it is wanted."""

    def can_go_on(self, step: int) -> bool:
        """May the step be left forwards?"""
        raise NotImplementedError

    def next_words(self, step: int) -> str:
        return self.tr("Next")

    def refresh_buttons(self) -> None:
        self.back.setVisible(self.step > 0)
        self.back.setEnabled(not self.importing)
        self.cancel.setEnabled(not self.importing)
        self.next.setText(self.next_words(self.step))
        self.next.setAccessibleName(self.next.text())
        self.next.setEnabled(not self.importing and self.can_go_on(self.step))

    def finish(self) -> None:
        """The last step was confirmed."""
        raise NotImplementedError

    def _go_on(self) -> None:
        if not self.can_go_on(self.step):
            return
        if self.step == self.last_step:
            self.finish()
        else:
            self.go_to(self.step + 1)

    # importing

    def stop_looking(self) -> None:
        """Nobody waits any more for what is being looked into."""

    def abandon(self) -> None:
        """The window is closing: stop; rows that were not added are dropped."""
        self.stop_looking()
        if self._import_ticket is not None:
            self._importer.forget(self._import_ticket)
            self._importer.cancel(self._import_ticket)
            self._import_ticket = None

    def closeEvent(self, event: QCloseEvent) -> None:
        self.abandon()
        super().closeEvent(event)

    def show_importing(self) -> None:
        self.busy_step.set_sentence(self._busy_words)
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
        self.stop_looking()
        super().reject()
        self.cancelled.emit()
