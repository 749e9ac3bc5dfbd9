"""What both wizards for a file of texts share: choosing it, and looking at how it is read."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QWidget

from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.types import Preview
from fsl_desktop.ui.drops import dropped_path
from fsl_desktop.ui.importer import Importer
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.wizard.file_step import FileStep
from fsl_desktop.ui.wizard.preview_step import PreviewStep
from fsl_desktop.ui.wizard.reading import Reading
from fsl_desktop.ui.wizard.steps import StepsDialog
from fsl_desktop.work.protocol import ImportedBatch

FILE, PREVIEW = range(2)


def _tr(text: str) -> str:
    return QCoreApplication.translate("WizardFrame", text)


class WizardFrame(StepsDialog):
    """Steps 1 and 2. Subclasses say what comes after."""

    def __init__(
        self,
        holder: ThemeHolder,
        importer: Importer,
        heading: str,
        later_steps: Sequence[tuple[str, QWidget]],
        parent: QWidget | None = None,
    ) -> None:
        self.file_step = FileStep(holder)
        self.preview_step = PreviewStep(holder)
        steps = ((_tr("File"), self.file_step), (_tr("Check"), self.preview_step), *later_steps)
        super().__init__(holder, importer, heading, steps, _tr("Reading the rows…"), parent)
        self.reading = Reading(importer, self)
        self.reading.busy_changed.connect(self._on_busy)
        self.reading.ready.connect(self._on_ready)
        self.reading.refused.connect(self._on_refused)
        self.file_step.file_chosen.connect(self.look)
        self.file_step.adjust_wanted.connect(self._adjust)
        self.preview_step.corrected.connect(lambda field, value: self.reading.correct(**{field: value}))
        self.preview_step.guess_wanted.connect(self.reading.guess_again)
        self.setAcceptDrops(True)
        self.go_to(FILE)

    def look(self, path: str) -> None:
        """Look into a file; the preview comes up by itself when it can be read."""
        if self.importing:
            return
        self.go_to(FILE)
        self.file_step.set_busy(path.replace("\\", "/").rsplit("/", 1)[-1])
        self.reading.look(path)

    def entered(self, step: int) -> None:
        """A step came up: put the keyboard where it is wanted."""
        if step == FILE:
            self.file_step.choose.setFocus(Qt.FocusReason.OtherFocusReason)
        elif step == PREVIEW:
            self.preview_step.choices.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def can_go_on(self, step: int) -> bool:
        """Subclasses answer for their steps."""
        return self.reading.usable

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

    def stop_looking(self) -> None:
        self.reading.stop()

    def _on_imported(self, batch: ImportedBatch) -> None:
        raise NotImplementedError

    def _on_import_refused(self, message: Message, details: str) -> None:
        raise NotImplementedError

    def _on_import_dropped(self) -> None:
        raise NotImplementedError

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if self.step <= PREVIEW and not self.importing and dropped_path(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if path := dropped_path(event.mimeData()):
            event.acceptProposedAction()
            self.look(path)
