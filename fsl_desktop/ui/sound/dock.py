"""Below the table of a project of recordings: the recording it stands on, or the training card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from fsl_desktop.core.errors import UserError
from fsl_desktop.ui import speech
from fsl_desktop.ui.sound.clip import Clip
from fsl_desktop.ui.sound.clip_view import ClipView
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import Card, named

if TYPE_CHECKING:
    from fsl_desktop.ui.session import Session

LISTEN, TRAIN = range(2)


class SoundDock(QWidget):
    """``show_row`` follows the table; a click on the other tab leads to the training card."""

    region_asked = Signal(int, float, float)
    """Row id, start and end in seconds of its file: make a row of this part."""

    def __init__(
        self,
        session: Session,
        holder: ThemeHolder,
        clip_view: ClipView,
        training: QWidget,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._row: int | None = None
        self.clip_view = clip_view
        self.tabs = named(QTabBar(), self.tr("Below the table"), "sound_dock_tabs")
        self.tabs.addTab(self.tr("Recording"))
        self.tabs.addTab(self.tr("Training"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        card = Card()
        card.body.addWidget(clip_view, 1)
        self._pages = QStackedWidget()
        self._pages.addWidget(card)
        self._pages.addWidget(training)
        self.tabs.currentChanged.connect(self._pages.setCurrentIndex)
        line = QHBoxLayout()
        line.addWidget(self.tabs)
        line.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(self._pages, 1)
        clip_view.label_region_asked.connect(self._on_region)

    def show_row(self, row_id: int | None) -> None:
        """The recording of a row, or none."""
        self._row = row_id
        clips = self._session.table.clips
        if row_id is None or clips is None:
            self.clip_view.show_clip(None)
            return
        try:
            clip = clips.at(int(self._session.table.positions([row_id])[0]))
        except UserError as error:
            self.clip_view.show_clip(None)
            self.clip_view.empty.set_sentence(speech.say(error.message))
            return
        self.clip_view.show_clip(Clip(clip.path, clip.start, clip.end))

    def play(self) -> None:
        """What Space does in the table."""
        if self.tabs.currentIndex() == LISTEN:
            self.clip_view.toggle_play()

    def show_training(self) -> None:
        self.tabs.setCurrentIndex(TRAIN)

    def _on_region(self, start: float, end: float) -> None:
        if self._row is not None:
            self.region_asked.emit(self._row, start, end)
