"""Waveforms in the table's rows, marks where something is wrong with one, and a click that plays it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF
from PySide6.QtGui import QPainter

from fsl_desktop.core import paths
from fsl_desktop.core.clip_table import ClipTable
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.core.sound_places import known_places
from fsl_desktop.ui import speech
from fsl_desktop.ui.cells import Remark
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
        self._files: dict[int, Path | Message] = {}
        self._places = known_places()
        self._wants_play = False
        self.thumbnails = Thumbnails(paths.cache_dir() / "sounds", self)
        clip_view.shown.connect(lambda _: self._on_shown())

    def follow(self, label: LabelPage) -> None:
        label.model.show_clips(self._clips, self.remark)
        label.view.show_pictures(self.paint)
        label.view.picture_clicked.connect(self._on_clicked)
        label.view.current_row_changed.connect(lambda _: self._forget_click())
        self.thumbnails.changed.connect(label.view.repaint_pictures)
        self.thumbnails.changed.connect(self._say_remark)

    def files_changed(self) -> None:
        """Recordings are somewhere else now."""
        self._files.clear()
        self._places = known_places()
        self.thumbnails.try_again()

    def paint(self, painter: QPainter, box: QRectF, position: int, colour: str) -> None:
        clip = self._clip(position)
        self.thumbnails.paint(painter, box, clip if isinstance(clip, Clip) else None, colour)

    def remark(self, position: int) -> Remark | None:
        """What the user should know about the recording of a row, as far as it was read."""
        clip = self._clip(position)
        if isinstance(clip, Message):
            return Remark(speech.say(clip), unheard=True, odd=True)
        return None if clip is None else self._remark_of(clip)

    def close(self) -> None:
        self.thumbnails.close()

    def _remark_of(self, clip: Clip) -> Remark | None:
        picture = self.thumbnails.known(clip)
        if picture is None or not (picture.odd or picture.facts):
            return None
        words = " ".join(map(speech.say, (*picture.odd, *picture.facts)))
        return Remark(words, unheard=picture.columns is None, odd=bool(picture.odd))

    def _say_remark(self) -> None:
        """Below the recording of the row that one is on too."""
        view = self._clip_view
        remark = self._remark_of(view.clip) if view.clip is not None and view.region is None else None
        if remark is not None and remark.odd and not remark.unheard:
            view.transport.show_hint(remark.words, warn=True)

    def _clip(self, position: int) -> Clip | Message | None:
        """Without looking at the disk, where that was done for this file before; or why it has none."""
        if position >= len(self._clips):
            return None
        file_id, start, end = self._clips.span(position)
        if file_id not in self._files:
            try:
                self._files[file_id] = self._clips.path_of(file_id, self._places)
            except UserError as error:
                self._files[file_id] = error.message
        path = self._files[file_id]
        return path if isinstance(path, Message) else Clip(path, start, end)

    def _on_clicked(self, was_current: bool) -> None:
        if was_current or self._clip_view.can_play:
            self._clip_view.toggle_play()
        else:
            self._wants_play = self._clip_view.clip is not None

    def _on_shown(self) -> None:
        if self._wants_play and self._clip_view.can_play:
            self._clip_view.toggle_play()
        self._wants_play = False
        self._say_remark()

    def _forget_click(self) -> None:
        self._wants_play = False
