"""Recording clips: the microphone and its level, a count-in, a take, listening to it, keeping it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.core.message import Message
from fsl_desktop.ui.sound.clip import Clip
from fsl_desktop.ui.sound.devices import InputDevice
from fsl_desktop.ui.sound.player import Player, PlayState
from fsl_desktop.ui.sound.record_panel import RecordPanel
from fsl_desktop.ui.sound.recorder import Recorder, RecordState
from fsl_desktop.ui.sound.take import Level
from fsl_desktop.ui.speech import say
from fsl_desktop.ui.theme import ThemeHolder

COUNT_IN = 3
_BUSY = (RecordState.COUNTING, RecordState.RECORDING)


class RecordDialog(QDialog):
    """Stays open for take after take. ``next_take`` names a file that is not there yet (or raises
    ``UserError``); a take that is not kept is removed. ``keep`` is given the file and the chosen classes and
    answers what went wrong, or ``None``."""

    left = Signal()
    """It is closed: nothing is heard or played any more, and both devices may be given back."""

    def __init__(
        self,
        holder: ThemeHolder,
        recorder: Recorder,
        player: Player,
        next_take: Callable[[], Path],
        keep: Callable[[Path, tuple[int, ...]], Message | None],
        classes: Sequence[ClassInfo] = (),
        parent: QWidget | None = None,
        *,
        count_in: int | None = None,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Record"))
        self.setMinimumWidth(480)
        self._recorder, self._player = recorder, player
        self._next_take, self._keep = next_take, keep
        self._count_in = COUNT_IN if count_in is None else count_in
        self._path: Path | None = None
        """Where the take goes that is recorded, or about to be."""
        self._take: Path | None = None
        """A take that is complete, and neither kept nor thrown away yet."""
        self._kept = 0
        self.panel = RecordPanel(holder, classes)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.addWidget(self.panel)
        # Wherever the focus is: between takes the hands are on the instrument, not on Tab.
        self._space = QShortcut(QKeySequence(Qt.Key.Key_Space), self, self._on_record)
        self._connect()
        self._update()
        self.panel.record.setFocus()

    def reject(self) -> None:
        """Escape, or Close. What is being recorded is only stopped: no slip of a finger costs a take."""
        if self._recorder.state in _BUSY:
            self._stop()
            return
        self._leave()
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._leave()
        super().closeEvent(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look()

    def _connect(self) -> None:
        recorder, panel = self._recorder, self.panel
        recorder.found.connect(self._on_found)
        recorder.failed.connect(self._on_failed)
        recorder.level_changed.connect(self._on_level)
        recorder.counted.connect(self._on_counted)
        recorder.state_changed.connect(self._update)
        recorder.finished.connect(self._on_finished)
        self._player.state_changed.connect(self._update)
        self._player.failed.connect(self._on_failed)
        panel.devices.activated.connect(lambda _: recorder.listen(panel.device))
        panel.again.clicked.connect(self._look)
        panel.record.clicked.connect(self._on_record)
        panel.retake.clicked.connect(self._begin)
        panel.listen.clicked.connect(self._on_listen)
        panel.keep.clicked.connect(self._on_keep)
        panel.close_button.clicked.connect(self.reject)

    @property
    def _has_microphone(self) -> bool:
        return self._recorder.state is not RecordState.CLOSED

    def _look(self) -> None:
        self.panel.say(self.tr("Looking for a microphone…"))
        self._recorder.look()

    def _on_found(self, devices: list[InputDevice]) -> None:
        if not self.isVisible():
            return
        self.panel.show_devices(devices)
        self._recorder.listen(self.panel.device)
        self._say_next()
        self._update()

    def _on_failed(self, message: Message) -> None:
        self.panel.say(say(message), warn=True)
        if not self._has_microphone:
            self.panel.meter.reset()
            self.panel.show_verdict("")
        if self._take is None:
            self.panel.show_time(0.0)
        self._update()

    def _on_level(self, level: Level, seconds: float) -> None:
        self.panel.meter.show_level(level)
        self.panel.show_verdict(self.panel.meter.verdict)
        if self._recorder.state is RecordState.RECORDING:
            self.panel.show_time(seconds)

    def _on_counted(self, left: int) -> None:
        if left:
            self.panel.big.setText(str(left))
            self.panel.say(self.tr("Get ready…"))
        else:
            self.panel.show_time(0.0)
            self.panel.say(self.tr("Recording. Press Space when you are done."))

    def _on_record(self) -> None:
        """The button, or Space: start, or stop."""
        if self._recorder.state in _BUSY:
            self._stop()
        elif self._take is None and self._has_microphone:
            self._begin()

    def _begin(self) -> None:
        self._discard()
        try:
            self._path = self._next_take()
        except UserError as error:
            self.panel.say(say(error.message), warn=True)
            self._update()
            return
        self._recorder.record(self._path, self._count_in)
        self._update()
        self.panel.record.setFocus()

    def _stop(self) -> None:
        counting = self._recorder.state is RecordState.COUNTING
        self._recorder.stop()
        if counting:
            self._path = None
            self.panel.show_time(0.0)
            self._say_next()

    def _on_finished(self, path: Path, seconds: float) -> None:
        if path != self._path:
            return
        self._take, self._path = path, None
        self.panel.show_time(seconds)
        if self._has_microphone:  # otherwise the reason why it ended stands there
            self._say_take()
        self._player.open(Clip(path))
        self._update()
        self.panel.listen.setFocus()

    def _on_listen(self) -> None:
        if self._player.state is PlayState.STOPPED:
            self._player.play()
        else:
            self._player.pause()

    def _on_keep(self) -> None:
        if self._take is None:
            return
        self._player.open(None)
        trouble = self._keep(self._take, self.panel.class_ids)
        if trouble is not None:
            self._player.open(Clip(self._take))
            self.panel.say(say(trouble), warn=True)
            return
        self._take = None
        self._kept += 1
        self.panel.show_time(0.0)
        self._update()
        self.panel.record.setFocus()
        if self._has_microphone:
            self._say_next()
        else:
            self._look()  # it may be plugged in again

    def _discard(self) -> None:
        """A take that nobody wants to keep leaves nothing behind."""
        self._player.open(None)
        for path in (self._take, self._path):
            if path is not None:
                with suppress(OSError):
                    path.unlink(missing_ok=True)
        self._take = self._path = None

    def _leave(self) -> None:
        self._recorder.close()
        self._discard()
        self.left.emit()

    def _say_next(self) -> None:
        if self._take is not None:
            self._say_take()
        elif self._kept:
            words = self.tr("{n} kept. Press Space for the next one.")
            self.panel.say(words.format(n=self._kept))
        else:
            self.panel.say(self.tr("Press Space and wait for the count; press it again to stop."))

    def _say_take(self) -> None:
        self.panel.say(self.tr("Space plays it, Enter keeps it. Close throws it away."))

    def _update(self) -> None:
        has_take = self._take is not None and self._recorder.state not in _BUSY
        # While there is a take, Space is left to the button that has the focus: Listen.
        self._space.setEnabled(not has_take)
        self.panel.show_state(self._recorder.state, has_take, self._player.state is not PlayState.STOPPED)
