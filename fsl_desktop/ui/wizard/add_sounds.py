"""Further recordings for an open project: choose them, say how they are taken, take them in."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QWidget

from fsl_desktop.core.clip_import import ImportedSounds
from fsl_desktop.core.commands import AddBatch
from fsl_desktop.core.message import Message
from fsl_desktop.ui.importer import Importer
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.wizard.classes_step import folded
from fsl_desktop.ui.wizard.sounds_frame import RECORDINGS, SoundsFrame


class AddSoundsWizard(SoundsFrame):
    """Emits ``added`` once the rows are in the project; undo takes them out again."""

    added = Signal(object)  # ImportedSounds

    def __init__(
        self, holder: ThemeHolder, importer: Importer, session: Session, parent: QWidget | None = None
    ) -> None:
        heading = QCoreApplication.translate("AddSoundsWizard", "Add recordings")
        super().__init__(holder, importer, heading, (), parent)
        self._session = session
        self.stepper.hide()
        self.go_to(RECORDINGS)

    def next_words(self, step: int) -> str:
        return self.tr("Add the recordings")

    def finish(self) -> None:
        self.recordings_step.problem.clear()
        self.start_import(str(self._session.project.folder))

    def _on_imported(self, found: ImportedSounds) -> None:
        self._import_ticket = None
        if self._session.do(AddBatch(found.batch, self._label_classes(found))) is None:
            self._on_import_refused(Message.of("The rows could not be added. Try again."), "")
            return
        self.imported.emit(found)
        self.accept()
        self.added.emit(found)

    def _label_classes(self, found: ImportedSounds) -> tuple[tuple[str, int | None], ...]:
        """Which class each label means; those that there are not yet become new ones."""
        ids = {folded(info.name): info.id for info in self._session.classes}
        values = dict.fromkeys((*(info.name for info in self._session.classes), *found.labels))
        return tuple((value, ids.get(folded(value))) for value in values)

    def _on_import_refused(self, message: Message, details: str) -> None:
        self._import_ticket = None
        self.go_to(RECORDINGS)
        self.recordings_step.problem.tell(message, details)

    def _on_import_dropped(self) -> None:
        self._import_ticket = None
        self.go_to(RECORDINGS)
        self.recordings_step.problem.tell(self.tr("Stopped. Nothing was added."), kind="warning")
