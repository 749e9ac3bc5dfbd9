"""Recordings of the open project that are not where they were: looked for beside the window's thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLocale, QObject, Signal

from fsl_desktop.core.clip_table import ClipTable
from fsl_desktop.core.errors import UserError
from fsl_desktop.ui.sound.lane import Lane

if TYPE_CHECKING:
    from pathlib import Path

    from fsl_desktop.core.message import Message
    from fsl_desktop.core.relink import Moved
    from fsl_desktop.ui.session import Session


class LostFiles(QObject):
    """``looked`` comes after each :meth:`look`, ``found`` once files are known to be somewhere else."""

    looked = Signal()
    found = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._lane = Lane("lost recordings", self)
        self.files: dict[int, Message] = {}
        """Why each cannot be read, by file id."""
        self.told = False
        """Whether the user was told of them."""
        session.loaded.connect(self.look)

    @property
    def read_only(self) -> bool:
        """Then nothing new can be written down."""
        return self._session.project.read_only

    def words(self) -> str:
        """ "3 of 240 recordings are not where they were." """
        return lost_words(len(self.files), self.total)

    @property
    def total(self) -> int:
        """Recordings of the project, lost or not."""
        clips = self._session.table.clips
        return 0 if clips is None else len(clips.files)

    @property
    def example(self) -> str:
        """The path of one of them, as the project has it."""
        clips = self._session.table.clips
        known = None if clips is None else clips.files.get(next(iter(self.files), 0))
        return "" if known is None else known.path

    def look(self) -> None:
        """Which are there? A disk that sleeps, or is far away, may take seconds to say."""
        clips = self._session.table.clips
        if clips is None:
            return
        # One of its own, because the other one may grow meanwhile.
        copy = ClipTable(clips.folder)
        copy.put_files(clips.files.values())
        self._lane.do(lambda give, _: give(copy.troubles()), self._on_looked)

    def accept(self, folder: Path, moved: Moved) -> bool:
        """Write down where they are now; False where it failed, which is told."""
        from fsl_desktop.core.relink import accept

        try:
            accept(self._session.project, folder, moved.paths)
        except UserError as error:
            self._session.failed.emit(error.message, error.details)
            return False
        self.found.emit()
        self.look()
        return True

    def close(self) -> None:
        self._lane.close()

    def _on_looked(self, files: dict[int, Message]) -> None:
        self.files = files
        self.looked.emit()


def _tr(text: str) -> str:
    return QCoreApplication.translate("LostFiles", text)


def lost_words(n: int, total: int) -> str:
    """ "3 of 240 recordings are not where they were." """
    if total == 1:
        return _tr("The recording is not where it was.")
    if n == 1:
        return _tr("1 of {total} recordings is not where it was.").format(total=QLocale().toString(total))
    words = _tr("{n} of {total} recordings are not where they were.")
    return words.format(n=QLocale().toString(n), total=QLocale().toString(total))
