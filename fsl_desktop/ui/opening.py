"""Opening, making and finding projects: everything between the start screen and a workspace."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.core.project import Project
from fsl_desktop.ui.drops import are_recordings


class Opening(QObject):
    """Turns what the user picked into an open project, or one sentence."""

    opened = Signal(object)  # Project
    failed = Signal(object, str)  # Message, details
    file_dropped = Signal(str)
    sounds_dropped = Signal(object)  # list[str]

    def open_path(self, path: str) -> None:
        """A project folder (or a file in it) opens; recordings and any other file go to their wizards."""
        chosen = Path(path)
        if chosen.name in ("project.db", "project.db-wal"):
            chosen = chosen.parent
        if chosen.is_file():
            if are_recordings([str(chosen)]):
                self.sounds_dropped.emit([str(chosen)])
            else:
                self.file_dropped.emit(str(chosen))
            return
        try:
            project = Project.open(chosen)
        except UserError as error:
            self.failed.emit(error.message, error.details)
            return
        self.opened.emit(project)

    def open_sample(self, folder: Path, *, sounds: bool = False) -> None:
        """A sample project: the one made before if it is there, else a fresh one."""
        # Imported here: reading JSON and writing 360 rows is nothing that a start needs.
        from fsl_desktop.core.samples import make_sample, make_sound_sample

        if (folder / "project.db").exists():
            self.open_path(str(folder))
            return
        try:
            project = make_sound_sample(folder) if sounds else make_sample(folder)
        except UserError as error:
            self.failed.emit(error.message, error.details)
            return
        project.close()
        self.open_path(str(folder))


def crash_message() -> Message:
    return Message.of(
        "Something unforeseen happened and was written to the log. Your labels are saved; you can go on."
    )
