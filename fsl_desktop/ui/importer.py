"""Looking into a file and bringing its rows into a project, both done by the child."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from fsl_desktop.core.events import Event
from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.types import Preview, ReadOptions
from fsl_desktop.ui.jobs import Jobs
from fsl_desktop.work.protocol import ImportedBatch, ImportFile, ImportSounds, LookSounds, PreviewFile

if TYPE_CHECKING:
    from fsl_desktop.core.audio.look import SoundLook
    from fsl_desktop.core.clip_import import ImportedSounds, SoundOptions


class Importer(QObject):
    """Previews and imports; imported rows stay invisible until ``AddBatch`` puts them into the table."""

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs

    def preview(
        self,
        path: str,
        options: ReadOptions,
        done: Callable[[Preview], None],
        refused: Callable[[Message, str], None] | None = None,
        dropped: Callable[[], None] | None = None,
    ) -> int:
        return self._jobs.submit(PreviewFile(path, options), done=done, refused=refused, dropped=dropped)

    def import_file(
        self,
        path: str,
        options: ReadOptions,
        project_folder: str,
        done: Callable[[ImportedBatch], None],
        told: Callable[[Event], None] | None = None,
        refused: Callable[[Message, str], None] | None = None,
        dropped: Callable[[], None] | None = None,
    ) -> int:
        request = ImportFile(path, project_folder, options)
        return self._jobs.submit(request, done=done, told=told, refused=refused, dropped=dropped)

    def look_into_sounds(
        self,
        paths: Sequence[str],
        done: Callable[[SoundLook], None],
        refused: Callable[[Message, str], None] | None = None,
        dropped: Callable[[], None] | None = None,
    ) -> int:
        return self._jobs.submit(LookSounds(tuple(paths)), done=done, refused=refused, dropped=dropped)

    def import_sounds(
        self,
        paths: Sequence[str],
        options: SoundOptions,
        project_folder: str,
        done: Callable[[ImportedSounds], None],
        told: Callable[[Event], None] | None = None,
        refused: Callable[[Message, str], None] | None = None,
        dropped: Callable[[], None] | None = None,
    ) -> int:
        request = ImportSounds(tuple(paths), project_folder, options)
        return self._jobs.submit(request, done=done, told=told, refused=refused, dropped=dropped)

    def cancel(self, ticket: int) -> None:
        self._jobs.cancel(ticket)

    def forget(self, ticket: int) -> None:
        self._jobs.forget(ticket)
