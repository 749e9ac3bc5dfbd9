"""Rows that are made in the window: takes of the microphone, and marked parts of recordings."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from fsl_desktop.core.clip_copies import MEDIA
from fsl_desktop.core.clip_rows import NewClip, add_clips
from fsl_desktop.core.clip_table import NOT_THERE
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message

if TYPE_CHECKING:
    from fsl_desktop.ui.session import Session

RECORDED = "recorded"
"""The folder in ``media/`` for takes."""
READ_ONLY = (
    "This project can only be read here, so nothing can be added. "
    "Copy its folder to where you may write, and open it there."
)
ELSEWHERE = (
    "The folder {folder} of this project leads out of it, so nothing is recorded there. Remove it, then "
    "record again."
)


class NewRows(QObject):
    """Each call is one step to undo.

    ``added`` comes when the row is in the table, which is a moment later; as with an import, undo leaves the
    file of a take where it is, so that redo finds it.
    """

    added = Signal(object)
    """(int) the row's id."""

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._waiting = False
        session.loaded.connect(self._on_loaded)

    @property
    def why_not(self) -> Message | None:
        """Why nothing can be added, where that is so."""
        return Message.of(READ_ONLY) if self._session.project.read_only else None

    def next_take(self) -> Path:
        """A file for the next take, which is not there yet. Raises :class:`UserError`."""
        project = self._session.project.folder
        folder = project / MEDIA / RECORDED
        if not Path(os.path.realpath(folder)).is_relative_to(os.path.realpath(project)):
            raise UserError(ELSEWHERE, folder=f"{MEDIA}/{RECORDED}")
        number = 1
        while os.path.lexists(path := folder / f"{self.tr('Recording')} {number}.wav"):
            number += 1
        return path

    def add_take(self, path: Path, class_ids: tuple[int, ...] = ()) -> Message | None:
        """Make a row of a whole file, to which the table goes. Answers what went wrong."""
        return self._add(lambda: NewClip(path, class_ids=class_ids), follow=True)

    def add_part(
        self, row_id: int, start: float, end: float, class_ids: tuple[int, ...] = (), *, follow: bool = True
    ) -> Message | None:
        """Make a row of these seconds of the recording of a row; ``follow``: the table goes to it. Answers
        what went wrong."""

        def part() -> NewClip:
            table = self._session.table
            assert table.clips is not None
            clip = table.clips.at(int(table.positions([row_id])[0]))
            if not os.path.isfile(clip.path):
                raise UserError(NOT_THERE, file=clip.path.name)
            # A view may know the end of the file a few samples later than the project does.
            last = min(end, clip.file.seconds) if start < clip.file.seconds else end
            return NewClip(clip.path, start, last, class_ids)

        return self._add(part, follow=follow)

    def _add(self, clip: Callable[[], NewClip], *, follow: bool) -> Message | None:
        if self.why_not is not None:
            return self.why_not
        try:
            change = add_clips(self._session.project, [clip()])
        except UserError as error:
            return error.message
        # Its row is read between other work of the window: not before all has come back to its loop.
        self._waiting = self._waiting or follow
        self._session.tell(change)
        return None

    def _on_loaded(self) -> None:
        if self._waiting:
            self._waiting = False
            self.added.emit(int(self._session.table.ids[-1]))
