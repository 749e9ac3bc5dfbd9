"""The line of the Test page that one records with: press and speak, how loud it is, or choose a file."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QWidget

from fsl_desktop.ui import icons
from fsl_desktop.ui.sound.recorder import Recorder, RecordState
from fsl_desktop.ui.sound.take import Level
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import muted, named, with_role


class RecordBar(QWidget):
    """Shows what the recorder does; what a click means is the page's business."""

    def __init__(self, holder: ThemeHolder, recorder: Recorder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder, self._recorder = holder, recorder
        words = self.tr("Record")
        self.record = named(with_role(QPushButton(words), "primary"), words, "sound_test_record")
        words = self.tr("Choose a file…")
        self.choose = named(QPushButton(words), words, "sound_test_choose")
        self.level = named(QProgressBar(), self.tr("How loud the microphone hears it"), "sound_test_level")
        self.level.setRange(0, 100)
        self.level.setTextVisible(False)
        self.level.setFixedWidth(120)
        keep = self.level.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.level.setSizePolicy(keep)
        self.level.hide()
        self.hint = muted("", wrap=True)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        for widget in (self.record, self.choose, self.level):
            row.addWidget(widget)
        row.addWidget(self.hint, 1)
        recorder.state_changed.connect(self._on_state)
        recorder.level_changed.connect(self._on_level)
        holder.changed.connect(self._dress)
        self._dress()
        self.say_ready()

    def say(self, words: str) -> None:
        self.hint.setText(words)

    def say_ready(self) -> None:
        self.say(self.tr("Or drop a recording here: WAV, FLAC, MP3 and more."))

    def _on_state(self, state: RecordState) -> None:
        recording = state is RecordState.RECORDING
        self.record.setText(self.tr("Stop") if recording else self.tr("Record"))
        self.record.setAccessibleName(self.record.text())
        self.level.setVisible(recording)
        self._dress()
        if recording:
            self.say(self.tr("Speak now."))

    def _on_level(self, level: Level, seconds: float) -> None:
        self.level.setValue(round(100 * min(1.0, level.peak)))
        if self._recorder.state is RecordState.RECORDING:
            self.say(self.tr("Recording, {seconds} s").format(seconds=f"{seconds:.1f}"))

    def _dress(self) -> None:
        recording = self._recorder.state is RecordState.RECORDING
        theme = self._holder.theme
        self.record.setIcon(icons.icon("stop" if recording else "microphone", theme, theme.surface))
