"""What a project of recordings has in the window beside the rest: players, the dock, its own Test page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from fsl_desktop.core import paths
from fsl_desktop.ui.sound.clip_view import ClipView
from fsl_desktop.ui.sound.data_box import SoundDataBox
from fsl_desktop.ui.sound.devices import devices_here
from fsl_desktop.ui.sound.dock import SoundDock
from fsl_desktop.ui.sound.long_page import LongPage
from fsl_desktop.ui.sound.lost_files import LostFiles
from fsl_desktop.ui.sound.player import SoundPlayer
from fsl_desktop.ui.sound.recorder import SoundRecorder
from fsl_desktop.ui.sound.row_sounds import RowSounds
from fsl_desktop.ui.sound.test_page import SoundTestPage
from fsl_desktop.ui.sound.test_tabs import SoundTestTabs
from fsl_desktop.ui.theme import ThemeHolder

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from fsl_desktop.ui.base_model import BaseModel
    from fsl_desktop.ui.label_page import LabelPage
    from fsl_desktop.ui.session import Session
    from fsl_desktop.ui.suggester import Suggester
    from fsl_desktop.ui.trainer import Trainer


class SoundParts(QObject):
    """Made with the workspace, and closed with it."""

    find_requested = Signal()
    """The user wants to say where the recordings are now."""

    def __init__(self, session: Session, holder: ThemeHolder, training: QWidget) -> None:
        super().__init__()
        self._session, self._holder = session, holder
        self._devices = devices_here()
        # Each view moves with its own player; the third plays rows that are most alike.
        self._players = [SoundPlayer(self._devices) for _ in range(3)]
        self.dock = SoundDock(session, holder, self._view(0), training)
        self.test: SoundTestPage | None = None
        self.tabs: SoundTestTabs | None = None
        self.rows: RowSounds | None = None
        self.lost = LostFiles(session)

    def test_page(self, suggester: Suggester, trainer: Trainer) -> SoundTestPage:
        """The page for clips; ``tabs`` holds it and the one for long recordings."""
        recorder = SoundRecorder(self._devices)
        self.test = SoundTestPage(
            self._session, suggester, trainer, self._holder, self._view(1), recorder, self._players[2]
        )
        player = SoundPlayer(self._devices)
        self._players.append(player)
        cache = paths.cache_dir() / "sounds"
        long = LongPage(self._session, suggester, trainer, self._holder, player, cache)
        self.tabs = SoundTestTabs(self.test, long)
        return self.test

    def data_box(self, base: BaseModel) -> SoundDataBox:
        """What the Data page says of them."""
        box = SoundDataBox(self._session, self._holder, self.lost, base)
        box.find_requested.connect(self.find_requested)
        return box

    def follow(self, label: LabelPage) -> None:
        """The dock shows the recording that the table stands on."""
        label.view.current_row_changed.connect(self.dock.show_row)
        label.labelling.play_wanted.connect(self.dock.play)
        clips = self._session.table.clips
        if clips is not None:
            self.rows = RowSounds(clips, self.dock.clip_view)
            self.rows.follow(label)
            self.lost.found.connect(self.rows.files_changed)
            self.lost.found.connect(lambda: self.dock.show_row(label.view.current_row()))
            self.lost.found.connect(label.suggester.refresh)

    def close(self) -> None:
        self.lost.close()
        if self.rows is not None:
            self.rows.close()
        self.dock.clip_view.shut()
        if self.tabs is not None:
            self.tabs.close_page()
        for player in self._players:
            player.close()

    def _view(self, place: int) -> ClipView:
        return ClipView(self._holder, self._players[place], paths.cache_dir() / "sounds")
