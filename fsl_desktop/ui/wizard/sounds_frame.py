"""What both wizards for recordings share: choosing them, looking into them, and how they are taken in."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QWidget

from fsl_desktop.core.audio.look import SoundLook
from fsl_desktop.core.clip_import import Cut, ImportedSounds, SoundOptions
from fsl_desktop.core.message import Message
from fsl_desktop.ui.importer import Importer
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.wizard.recordings_step import RecordingsStep, names_of
from fsl_desktop.ui.wizard.steps import StepsDialog

RECORDINGS = 0


def _tr(text: str) -> str:
    return QCoreApplication.translate("SoundsFrame", text)


class SoundsFrame(StepsDialog):
    """The first step. Subclasses say what comes after, and what an import brings."""

    def __init__(
        self,
        holder: ThemeHolder,
        importer: Importer,
        heading: str,
        later_steps: Sequence[tuple[str, QWidget]],
        parent: QWidget | None = None,
    ) -> None:
        self.recordings_step = RecordingsStep(holder)
        steps = ((_tr("Recordings"), self.recordings_step), *later_steps)
        super().__init__(holder, importer, heading, steps, _tr("Taking in the recordings…"), parent)
        self.paths: list[str] = []
        self._look_ticket: int | None = None
        self.recordings_step.chosen.connect(self.look)
        self.recordings_step.cancelled.connect(self._stop_and_tell)
        self.recordings_step.changed.connect(self.refresh_buttons)

    def look(self, paths: Sequence[str]) -> None:
        """Look into files, folders, tables and zips."""
        if self.importing or not paths:
            return
        self.stop_looking()
        self.go_to(RECORDINGS)
        self.paths = list(paths)
        self.recordings_step.set_busy(names_of(self.paths))
        self._look_ticket = self._importer.look_into_sounds(
            self.paths, self._on_look, self._on_look_refused, self._on_look_dropped
        )

    def entered(self, step: int) -> None:
        if step == RECORDINGS:
            self.recordings_step.choose_files.setFocus(Qt.FocusReason.OtherFocusReason)

    def can_go_on(self, step: int) -> bool:
        return self._look_ticket is None and self.recordings_step.look is not None

    def start_import(self, project_folder: str) -> None:
        """Have them taken into the project; subclasses take what comes back."""
        self.show_importing()
        self._import_ticket = self._importer.import_sounds(
            self.paths,
            self._options(),
            project_folder,
            self._on_imported,
            self.on_told,
            self._on_import_refused,
            self._on_import_dropped,
        )

    def stop_looking(self) -> None:
        if self._look_ticket is not None:
            self._importer.forget(self._look_ticket)
            self._importer.cancel(self._look_ticket)
            self._look_ticket = None

    def looked(self, look: SoundLook) -> None:
        """What there is, for the later steps."""

    def _options(self) -> SoundOptions:
        step = self.recordings_step
        cut = Cut(step.length.value(), step.overlap.value(), step.silence.isChecked())
        return SoundOptions(copy=step.copy.isChecked(), cut=cut if step.cut.isChecked() else None)

    def _on_look(self, look: SoundLook) -> None:
        self._look_ticket = None
        self.recordings_step.show_look(look)
        self.looked(look)
        self.refresh_buttons()
        self.next.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_look_refused(self, message: Message, details: str) -> None:
        self._look_ticket = None
        self.recordings_step.tell(message, details)
        self.refresh_buttons()

    def _on_look_dropped(self) -> None:
        self._look_ticket = None
        self.recordings_step.set_busy("")
        self.refresh_buttons()

    def _stop_and_tell(self) -> None:
        self.stop_looking()
        self._on_look_dropped()

    def _on_imported(self, found: ImportedSounds) -> None:
        raise NotImplementedError

    def _on_import_refused(self, message: Message, details: str) -> None:
        raise NotImplementedError

    def _on_import_dropped(self) -> None:
        raise NotImplementedError
