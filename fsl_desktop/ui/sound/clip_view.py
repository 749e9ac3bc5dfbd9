"""A clip to see and to hear: waveform, spectrogram and the row of controls, with its empty, busy and failed
states."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import QApplication, QStackedLayout, QVBoxLayout, QWidget

from fsl_desktop.core.audio.info import SoundInfo
from fsl_desktop.core.message import Message
from fsl_desktop.ui.sound.clip import Clip
from fsl_desktop.ui.sound.clip_loader import ClipLoader
from fsl_desktop.ui.sound.pane import GUTTER
from fsl_desktop.ui.sound.pane_keys import Asked
from fsl_desktop.ui.sound.player import Player, PlayState
from fsl_desktop.ui.sound.spectrogram_pane import SpectrogramPane
from fsl_desktop.ui.sound.time_ruler import TimeRuler
from fsl_desktop.ui.sound.time_scroll import TimeScroll
from fsl_desktop.ui.sound.time_view import TimeView
from fsl_desktop.ui.sound.times import clock
from fsl_desktop.ui.sound.transport import Transport
from fsl_desktop.ui.sound.view_settings import ViewSettings
from fsl_desktop.ui.sound.waveform import Waveform
from fsl_desktop.ui.speech import say
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import BusyState, EmptyState

BUSY_AFTER_MS = 200
"""Most clips are there before; a busy state for them would only flicker."""
_EMPTY, _BUSY, _FAILED, _CLIP = range(4)


class ClipView(QWidget):
    """``show_clip`` is all that a page must call. The player belongs to the page; ``shut`` ends what runs."""

    region_selected = Signal(float, float)
    region_cleared = Signal()
    label_region_asked = Signal(float, float)
    settings_changed = Signal(object)
    """(ViewSettings) to be kept."""
    shown = Signal(object)
    """(SoundInfo) the clip is there."""

    def __init__(
        self,
        holder: ThemeHolder,
        player: Player,
        cache: Path,
        settings: ViewSettings | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._player = player
        self._settings = settings or ViewSettings()
        self._clip: Clip | None = None
        self._info: SoundInfo | None = None
        self.view = TimeView(self)
        self.loader = ClipLoader(cache, self)
        self.transport = Transport(holder, self._settings)
        self.waveform = Waveform(holder, self.view)
        self.spectrogram = SpectrogramPane(holder, self.view)
        self.ruler = TimeRuler(holder, self.view)
        self.bar = TimeScroll(self.view)
        self.empty = EmptyState("sound", self.tr("Choose a row to see and hear it here."))
        self.busy = BusyState(self.tr("Opening the sound…"))
        self.failed = EmptyState("warning", "", self.tr("Try again"))
        self._lay_out()
        self._busy_soon = QTimer(self)
        self._busy_soon.setSingleShot(True)
        self._busy_soon.setInterval(BUSY_AFTER_MS)
        self._busy_soon.timeout.connect(lambda: self._pages.setCurrentIndex(_BUSY))
        self._connect()
        self._use(self._settings)

    @property
    def clip(self) -> Clip | None:
        return self._clip

    @property
    def can_play(self) -> bool:
        return self._info is not None and self._player.state is PlayState.STOPPED

    @property
    def region(self) -> tuple[float, float] | None:
        """What is selected, in seconds of the file."""
        return self.view.region

    @property
    def settings(self) -> ViewSettings:
        return self._settings

    def set_settings(self, settings: ViewSettings) -> None:
        """Use them; ``settings_changed`` is not told."""
        self._settings = settings
        self.transport.set_settings(settings)
        self._use(settings)

    def show_clip(self, clip: Clip | None) -> None:
        """Show another clip, or none; what was shown stays until the new one is there, if that is soon."""
        if clip is not None and clip == self._clip and self._pages.currentIndex() == _CLIP:
            return
        self._clip, self._info = clip, None
        # What was marked in the clip before is no part of this one, also while that is still seen.
        self.view.select(None)
        self._player.open(clip)
        self.loader.load(clip)
        if clip is None:
            self._busy_soon.stop()
            self._pages.setCurrentIndex(_EMPTY)
        else:
            self._busy_soon.start()

    def select(self, region: tuple[float, float] | None) -> None:
        self.view.select(region)

    def toggle_play(self) -> None:
        """What Space does; for a page that has the keys while another widget has the focus."""
        if self._clip is None or self._pages.currentIndex() == _FAILED:
            return
        if self._player.state is PlayState.STOPPED:
            if self._info is not None:  # until it is drawn the cursor is still that of the clip before
                self._player.seek(self.view.cursor)
            self._say_hint()
            self._player.play()
        else:
            self._player.pause()

    def pause(self) -> None:
        self._player.pause()

    def shut(self) -> None:
        """Stop the sound and all work beside the window."""
        self._player.pause()
        self._busy_soon.stop()
        self.loader.close()
        for pane in (self.waveform, self.spectrogram):
            pane.lane.close()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._player.pause()

    def _lay_out(self) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.transport)
        column.addSpacing(10)
        column.addWidget(self.waveform, 2)
        column.addSpacing(4)
        column.addWidget(self.spectrogram, 3)
        column.addWidget(self.ruler)
        under = QVBoxLayout()
        under.setContentsMargins(GUTTER - 2, 0, 0, 0)
        under.addWidget(self.bar)
        column.addLayout(under)
        self._pages = QStackedLayout(self)
        for state in (self.empty, self.busy, self.failed, page):
            self._pages.addWidget(state)

    def _connect(self) -> None:
        self.loader.ready.connect(self._on_ready)
        self.loader.failed.connect(self._on_failed)
        self.loader.wave_known.connect(self._on_wave_known)
        self.loader.spectrum_known.connect(self._on_spectrum_known)
        self.busy.cancelled.connect(lambda: self.show_clip(None))
        self.failed.clicked.connect(self._again)
        self._player.moved.connect(self._on_moved)
        self._player.state_changed.connect(self.transport.show_state)
        self._player.failed.connect(self._on_silent)
        for pane in (self.waveform, self.spectrogram):
            pane.asked.connect(self._on_asked)
            pane.seek_asked.connect(self._player.seek)
        self.view.changed.connect(self._say_time)
        self.view.cursor_moved.connect(self._say_time)
        self.view.selected.connect(self._on_selected)
        self.view.chosen.connect(self._on_chosen)
        row = self.transport
        row.play_clicked.connect(self.toggle_play)
        row.loop_toggled.connect(lambda on: self._change(replace(self._settings, loop=on)))
        row.speed_chosen.connect(lambda speed: self._change(replace(self._settings, speed=speed)))
        row.settings_changed.connect(
            lambda menu: self._change(replace(menu, loop=self._settings.loop, speed=self._settings.speed))
        )
        row.zoom_asked.connect(lambda factor: self.view.zoom(factor) if factor else self.view.show_all())
        row.label_clicked.connect(lambda: self._on_asked(Asked.LABEL))

    def _change(self, settings: ViewSettings) -> None:
        self.set_settings(settings)
        self.settings_changed.emit(settings)

    def _use(self, settings: ViewSettings) -> None:
        self._player.set_loop(settings.loop)
        self._player.set_speed(settings.speed)
        self._player.set_gain(settings.gain)
        self.waveform.set_gain(10 ** (settings.gain / 20))
        self.spectrogram.set_look(settings.look)
        self.loader.use_scale(settings.look.scale)

    def _on_ready(self, info: SoundInfo) -> None:
        clip = self._clip
        if clip is None:
            return
        self._busy_soon.stop()
        self._info = info
        self.view.set_limits(clip.start, info.seconds if clip.end is None else min(clip.end, info.seconds))
        self.waveform.set_source(self.loader.wave)
        self.spectrogram.set_source(self.loader.spectrum)
        self._say_hint()
        self._pages.setCurrentIndex(_CLIP)
        self.shown.emit(info)
        if self._may_play_by_itself():
            self._player.play()

    def _may_play_by_itself(self) -> bool:
        """A dialog above may be recording; what is below it keeps quiet."""
        wanted = self._settings.play_when_shown and self._player.state is PlayState.STOPPED
        return wanted and self.isVisible() and QApplication.activeModalWidget() is None

    def _on_failed(self, message: Message) -> None:
        self._busy_soon.stop()
        self._player.pause()
        self.failed.set_sentence(say(message))
        self._pages.setCurrentIndex(_FAILED)

    def _again(self) -> None:
        clip, self._clip = self._clip, None
        self.show_clip(clip)

    def _on_wave_known(self, share: float) -> None:
        words = self.tr("Drawing the waveform, {percent} %").format(percent=int(100 * share))
        self.waveform.set_long_words("" if share >= 1 else words)
        self.waveform.refresh()

    def _on_spectrum_known(self, share: float) -> None:
        self.spectrogram.refresh()

    def _on_silent(self, message: Message) -> None:
        self.transport.show_hint(say(message), warn=True)

    def _on_asked(self, asked: Asked) -> None:
        if asked is Asked.PLAY:
            self.toggle_play()
        elif asked is Asked.LOOP:
            self.transport.loop.toggle()
        elif asked is Asked.LABEL and self.view.region is not None and self._info is not None:
            self.label_region_asked.emit(*self.view.region)

    def _on_moved(self, seconds: float) -> None:
        self.view.move_cursor(seconds)
        if self._player.state is PlayState.PLAYING:
            self.view.reveal(seconds)

    def _on_selected(self, region: tuple[float, float] | None) -> None:
        self.transport.show_region(region)
        self._say_hint()

    def _on_chosen(self, region: tuple[float, float] | None) -> None:
        self._player.set_region(region)
        if region is None:
            self.region_cleared.emit()
            return
        if self._player.state is PlayState.STOPPED:
            self.view.move_cursor(region[0])
            self._player.seek(region[0])
        self.region_selected.emit(*region)

    def _say_time(self) -> None:
        self.transport.show_time(self.view.cursor, self.view.last)

    def _say_hint(self) -> None:
        region = self.view.region
        if region is None:
            words = self.tr("Space plays · drag to choose a region · arrows move the cursor")
            spoken = ""
        else:
            start, end = region
            words = self.tr("From {start} to {end}, {length} s").format(
                start=clock(start, 2), end=clock(end, 2), length=f"{end - start:.2f}"
            )
            spoken = words
            if self.transport.can_label:
                words = self.tr("{times} · Enter labels this part").format(times=words)
        self.transport.show_hint(words)
        for pane in (self.waveform, self.spectrogram):
            pane.setAccessibleDescription(spoken)
