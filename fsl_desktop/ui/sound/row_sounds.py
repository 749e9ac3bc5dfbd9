"""Waveforms and lengths in the table's rows, and a click that plays one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QPainter

from fsl_desktop.core import paths
from fsl_desktop.core.clip_table import ClipTable
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.sound_places import known_places
from fsl_desktop.ui.sound.clip import Clip
from fsl_desktop.ui.sound.clip_view import ClipView
from fsl_desktop.ui.sound.thumbnails import Thumbnails

if TYPE_CHECKING:
    from pathlib import Path

    from fsl_desktop.ui.label_page import LabelPage


class RowSounds(QObject):
    """Give it the view that plays, and what it follows; ``close`` it with the project."""

    def __init__(self, clips: ClipTable, clip_view: ClipView, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._clips, self._clip_view = clips, clip_view
        self._files: dict[int, Path | None] = {}
        self._places = known_places()
        self._wants_play = False
        self.thumbnails = Thumbnails(paths.cache_dir() / "sounds", self)
        clip_view.shown.connect(lambda _: self._on_shown())

    def follow(self, label: LabelPage) -> None:
        label.model.show_clips(self._clips)
        label.view.show_pictures(self.paint)
        label.view.picture_clicked.connect(self._on_clicked)
        label.view.current_row_changed.connect(lambda _: self._forget_click())
        self.thumbnails.changed.connect(label.view.repaint_pictures)

    def files_changed(self) -> None:
        """Recordings are somewhere else now."""
        self._files.clear()
        self._places = known_places()
        self.thumbnails.try_again()

    def paint(self, painter: QPainter, box: QRectF, position: int, colour: str) -> None:
        self.thumbnails.paint(painter, box, self._clip(position), colour)

    def close(self) -> None:
        self.thumbnails.close()

    def _clip(self, position: int) -> Clip | None:
        """Without looking at the disk, where that was done for this file before."""
        if position >= len(self._clips):
            return None
        file_id, start, end = self._clips.span(position)
        if file_id not in self._files:
            try:
                self._files[file_id] = self._clips.path_of(file_id, self._places)
            except UserError:
                self._files[file_id] = None  # the dock says why, once the row is chosen
        path = self._files[file_id]
        return None if path is None else Clip(path, start, end)

    def _on_clicked(self, was_current: bool) -> None:
        if was_current or self._clip_view.can_play:
            self._clip_view.toggle_play()
        else:
            self._wants_play = self._clip_view.clip is not None

    def _on_shown(self) -> None:
        if self._wants_play and self._clip_view.can_play:
            self._clip_view.toggle_play()
        self._wants_play = False

    def _forget_click(self) -> None:
        self._wants_play = False
