"""A file being looked at: each correction reads its first rows again, and only the newest answer counts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from fsl_desktop.core.message import Message
from fsl_desktop.core.readers.types import Preview, ReadOptions
from fsl_desktop.ui.importer import Importer

#: A change to one of these can give the columns other names, so the columns are guessed anew.
_CHANGES_COLUMNS = {"encoding", "delimiter", "header", "sheet"}


class Reading(QObject):
    """Asks the child for previews. ``options`` is what the user asked for, ``preview`` what came of it."""

    busy_changed = Signal(bool)
    ready = Signal(object)  # Preview
    refused = Signal(object, str)  # Message, details

    def __init__(self, importer: Importer, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._importer = importer
        self._ticket: int | None = None
        self.path = ""
        self.options = ReadOptions()
        self.preview: Preview | None = None

    @property
    def busy(self) -> bool:
        return self._ticket is not None

    @property
    def file_name(self) -> str:
        return Path(self.path).name

    @property
    def usable(self) -> bool:
        """The newest preview is there, and it says which column holds the text."""
        if self.preview is None or self.busy:
            return False
        return self.preview.options.text_column in {column.name for column in self.preview.columns}

    def look(self, path: str) -> None:
        """Look into a file, everything guessed."""
        self.path = path
        self.preview = None
        self._ask(ReadOptions())

    def correct(self, **changes: object) -> None:
        """Read again with some options changed, e.g. ``correct(delimiter=";")``."""
        base = self.preview.options if self.preview is not None else self.options
        if _CHANGES_COLUMNS & set(changes):
            base = replace(base, text_column=None, label_column=None)
            # What was guessed along with the old columns is guessed anew; what was asked for stays.
            base = replace(base, header=self.options.header)
        if "sheet" in changes:
            base = replace(base, header=None)
        self._ask(replace(base, **changes))  # type: ignore[arg-type]

    def guess_again(self) -> None:
        """Forget every correction."""
        self._ask(ReadOptions())

    def stop(self) -> None:
        """Nothing that is still on its way is told any more."""
        if self._ticket is not None:
            self._importer.forget(self._ticket)
            self._importer.cancel(self._ticket)
            self._ticket = None
            self.busy_changed.emit(False)

    def _ask(self, options: ReadOptions) -> None:
        was_busy = self.busy
        if self._ticket is not None:
            self._importer.forget(self._ticket)
            self._importer.cancel(self._ticket)
        self.options = options
        self._ticket = self._importer.preview(
            self.path, options, self._on_ready, self._on_refused, self._on_dropped
        )
        if not was_busy:
            self.busy_changed.emit(True)

    def _on_ready(self, preview: Preview) -> None:
        self._ticket = None
        self.preview = preview
        self.busy_changed.emit(False)
        self.ready.emit(preview)

    def _on_refused(self, message: Message, details: str) -> None:
        self._ticket = None
        self.preview = None
        self.busy_changed.emit(False)
        self.refused.emit(message, details)

    def _on_dropped(self) -> None:
        self._ticket = None
        self.busy_changed.emit(False)
