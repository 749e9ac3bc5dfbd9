"""A further file for an open project: the first two steps, then the rows."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from fsl_desktop.core.commands import AddBatch
from fsl_desktop.core.label_cells import SEPARATORS
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.types import Preview
from fsl_desktop.ui.importer import Importer
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.wizard.classes_step import folded
from fsl_desktop.ui.wizard.frame import PREVIEW, WizardFrame
from fsl_desktop.work.protocol import ImportedBatch


class AddFileWizard(WizardFrame):
    """Emits ``added`` once the rows are in the project; undo takes them out again."""

    added = Signal(object)  # ImportedBatch

    def __init__(
        self, holder: ThemeHolder, importer: Importer, session: Session, parent: QWidget | None = None
    ) -> None:
        heading = QCoreApplication.translate("AddFileWizard", "Add a file")
        super().__init__(holder, importer, heading, (), parent)
        self._session = session
        self.reading.ready.connect(self._take_apart)

    def next_words(self, step: int) -> str:
        return self.tr("Add the rows") if step == PREVIEW else self.tr("Next")

    def finish(self) -> None:
        self.start_import(str(self._session.project.folder))

    def _take_apart(self, preview: Preview) -> None:
        """In a project whose rows may have several labels, cells are read so, too."""
        if self._session.several and preview.options.label_column and not preview.options.label_separator:
            self.reading.correct(label_separator=preview.separator_guess or SEPARATORS[0])

    def _on_imported(self, batch: ImportedBatch) -> None:
        self._import_ticket = None
        if not batch.n_rows:
            self._on_import_refused(
                Message.of("No row of this file could be used. Check the column with the text."), ""
            )
            return
        if self._session.do(AddBatch(batch.batch, self._label_classes(batch))) is None:
            self._on_import_refused(Message.of("The rows could not be added. Try again."), "")
            return
        self.imported.emit(batch)
        self.accept()
        self.added.emit(batch)

    def _label_classes(self, batch: ImportedBatch) -> tuple[tuple[str, int | None], ...]:
        ids = {folded(info.name): info.id for info in self._session.classes}
        values = dict.fromkeys(info.name for info in self._session.classes)
        preview = self.reading.preview
        if preview is not None:
            values |= dict.fromkeys(preview.label_values)
        values |= dict.fromkeys(batch.new_classes)
        return tuple((value, ids.get(folded(value))) for value in values)

    def _on_import_refused(self, message: Message, details: str) -> None:
        self._import_ticket = None
        self.go_to(PREVIEW)
        self.preview_step.tell(message, details, can_guess=False)

    def _on_import_dropped(self) -> None:
        self._import_ticket = None
        self.go_to(PREVIEW)
        self.preview_step.problem.tell(self.tr("Stopped. Nothing was added."), kind="warning")
