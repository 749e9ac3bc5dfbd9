"""Hearing a long recording: from the playhead on, or one event of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QPushButton, QWidget

from fsl_desktop.core.audio.detections import Detection
from fsl_desktop.core.message import Message
from fsl_desktop.ui import icons, speech
from fsl_desktop.ui.sound.clip import Clip
from fsl_desktop.ui.sound.player import Player, PlayState
from fsl_desktop.ui.sound.timeline import Timeline
from fsl_desktop.ui.sound.timeline_range import clock
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import muted, named


class PlayBar(QWidget):
    """Plays what is pointed at in the timeline, whose playhead moves with the sound."""

    said = Signal(str)
    """Why there is no sound, and the fix."""

    def __init__(
        self, holder: ThemeHolder, player: Player, timeline: Timeline, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._holder, self._player, self._timeline = holder, player, timeline
        self._open = False
        self.play = named(QPushButton(), self.tr("Play"), "long_play")
        self.play.clicked.connect(self.toggle)
        words = self.tr("Play the event")
        self.only = named(QPushButton(words), words, "long_play_event")
        self.only.setToolTip(self.tr("Only the event that is chosen (Enter in the timeline)."))
        self.only.clicked.connect(self.play_chosen)
        words = self.tr("Play each that is chosen")
        self.each = named(QCheckBox(words), words, "long_play_each")
        self.each.setChecked(True)
        self.time = muted("")
        self.time.setFixedWidth(self.time.fontMetrics().horizontalAdvance("00:00:00.0") + 8)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.play, self.only, self.each, self.time):
            row.addWidget(widget)
        row.addStretch(1)
        player.moved.connect(self._on_moved)
        player.state_changed.connect(self._on_state)
        player.failed.connect(self._on_failed)
        timeline.seekAsked.connect(self._on_seek)
        timeline.detectionChosen.connect(self._on_chosen)
        holder.changed.connect(self._dress)
        self._on_state(PlayState.STOPPED)
        self._enable()

    def open(self, path: Path | None) -> None:
        """Another recording, or none."""
        self._open = path is not None
        self._player.open(Clip(path) if path is not None else None)
        self._timeline.set_playhead(0.0 if self._open else None)
        self._say(0.0)
        self._enable()

    def toggle(self) -> None:
        """From the playhead on, or be silent."""
        if self._player.state is not PlayState.STOPPED:
            self._player.pause()
        elif self._open:
            self._player.set_region(None)
            self._player.play()

    def play_chosen(self) -> None:
        """The event that is chosen in the timeline, and nothing behind it."""
        one = self._timeline.chosen
        if one is not None and self._open:
            self._player.pause()
            self._player.set_region((one.start, max(one.end, one.start + 0.05)))
            self._player.seek(one.start)
            self._player.play()

    def pause(self) -> None:
        self._player.pause()

    def shut(self) -> None:
        self._player.open(None)
        self._open = False

    def _on_seek(self, moment: float) -> None:
        """A click: on an event plays it, elsewhere moves the playhead."""
        one = self._timeline.chosen
        if one is not None and one.start - 1e-6 <= moment <= one.end + 1e-6:
            self.play_chosen()
        elif self._open:
            self._player.set_region(None)
            self._player.seek(moment)

    def _on_chosen(self, one: Detection | None) -> None:
        self._enable()
        if one is not None and self.each.isChecked() and self.isVisible():
            self.play_chosen()

    def _on_moved(self, moment: float) -> None:
        if self._open:
            self._timeline.set_playhead(moment)
            self._say(moment)

    def _on_state(self, state: PlayState) -> None:
        words = self.tr("Play") if state is PlayState.STOPPED else self.tr("Pause")
        self.play.setText(words)
        self.play.setAccessibleName(words)
        metrics = self.play.fontMetrics()
        wide = max(metrics.horizontalAdvance(text) for text in (self.tr("Play"), self.tr("Pause")))
        self.play.setMinimumWidth(wide + 62)
        self._dress()

    def _on_failed(self, message: Message) -> None:
        self.said.emit(speech.say(message))

    def _say(self, moment: float) -> None:
        words = clock(moment, 0.5) if self._open else ""
        if words != self.time.text():  # every text has the row laid out anew
            self.time.setText(words)

    def _enable(self) -> None:
        self.play.setEnabled(self._open)
        self.only.setEnabled(self._open and self._timeline.chosen is not None)

    def _dress(self) -> None:
        stopped = self._player.state is PlayState.STOPPED
        self.play.setIcon(icons.icon("play" if stopped else "pause", self._holder.theme))
