"""What a project of recordings has in the window beside the rest: players, the dock, its own Test page."""

from __future__ import annotations

from collections.abc import Mapping
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
from fsl_desktop.ui.sound.recording import Recording
from fsl_desktop.ui.sound.row_sounds import RowSounds
from fsl_desktop.ui.sound.test_page import SoundTestPage
from fsl_desktop.ui.sound.test_tabs import SoundTestTabs
from fsl_desktop.ui.sound.view_settings import ViewSettings
from fsl_desktop.ui.theme import ThemeHolder

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from fsl_desktop.ui.base_model import BaseModel
    from fsl_desktop.ui.label_page import LabelPage
    from fsl_desktop.ui.session import Session
    from fsl_desktop.ui.suggester import Suggester
    from fsl_desktop.ui.trainer import Trainer


class SoundParts(QObject):
    """Made with the workspace, and closed with it. ``liked`` is how recordings were shown and played last."""

    find_requested = Signal()
    """The user wants to say where the recordings are now."""
    settings_changed = Signal(object)
    """(ViewSettings) to be kept for the next time."""

    def __init__(
        self, session: Session, holder: ThemeHolder, training: QWidget, liked: Mapping[str, object]
    ) -> None:
        super().__init__()
        self._session, self._holder = session, holder
        self._liked = ViewSettings.from_plain(liked)
        self._views: list[ClipView] = []
        self._devices = devices_here()
        # Each view moves with its own player; the third plays rows that are most alike.
        self._players = [SoundPlayer(self._devices) for _ in range(3)]
        self.dock = SoundDock(session, holder, self._view(0), training)
        self.test: SoundTestPage | None = None
        self.tabs: SoundTestTabs | None = None
        self.rows: RowSounds | None = None
        self.recording: Recording | None = None
        self.lost = LostFiles(session)

    def test_page(self, suggester: Suggester, trainer: Trainer) -> SoundTestPage:
        """The page for clips; ``tabs`` holds it and the one for long recordings."""
        recorder = SoundRecorder(self._devices)
        self.test = SoundTestPage(
            self._session, suggester, trainer, self._holder, self._view(1), recorder, self._players[2]
        )
        # What is tried there is no row, and neither is a part of it.
        self.test.clip_view.transport.can_label = False
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
        self.recording = Recording(self._session, self._holder, self._devices, self.dock, label)

    def close(self) -> None:
        if self.recording is not None:
            self.recording.close()
        self.lost.close()
        if self.rows is not None:
            self.rows.close()
        self.dock.clip_view.shut()
        if self.tabs is not None:
            self.tabs.close_page()
        for player in self._players:
            player.close()

    def _view(self, place: int) -> ClipView:
        cache = paths.cache_dir() / "sounds"
        view = ClipView(self._holder, self._players[place], cache, self._liked)
        view.settings_changed.connect(self._on_settings)
        self._views.append(view)
        return view

    def _on_settings(self, settings: ViewSettings) -> None:
        """Chosen in one view, meant for all."""
        for view in self._views:
            if view.settings != settings:
                view.set_settings(settings)
        self.settings_changed.emit(settings)
