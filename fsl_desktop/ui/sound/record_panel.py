"""What stands in the window that records: the microphone, its level, the time, the buttons."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.ui import icons
from fsl_desktop.ui.sound.devices import InputDevice
from fsl_desktop.ui.sound.level_meter import LevelMeter
from fsl_desktop.ui.sound.recorder import RecordState
from fsl_desktop.ui.sound.times import clock
from fsl_desktop.ui.style import CONTROL_HEIGHT
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import muted, named, with_role


class RecordPanel(QWidget):
    """Widgets without a mind of their own; ``show_state`` says which of them can be used."""

    def __init__(
        self, holder: ThemeHolder, classes: Sequence[ClassInfo], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._holder = holder
        self._state, self._playing = RecordState.CLOSED, False
        self.devices = named(QComboBox(), self.tr("Microphone"), "recordDevice")
        self.again = named(QPushButton(self.tr("Look again")), self.tr("Look again"), "recordLook")
        self.classes = named(QComboBox(), self.tr("Label of the recordings"), "recordClass")
        self.classes.addItem(self.tr("No label"), 0)
        for info in classes:
            self.classes.addItem(info.name, info.id)
        self.meter = LevelMeter(holder)
        self.verdict = muted("")
        self.big = with_role(QLabel(), "hero")
        self.words = muted("", wrap=True)
        self.record = named(with_role(QPushButton(), "primary"), self.tr("Record"), "recordStart")
        self.listen = named(QPushButton(self.tr("Listen")), self.tr("Listen to the take"), "recordListen")
        self.retake = named(QPushButton(self.tr("Retake")), self.tr("Record it again"), "recordRetake")
        self.keep = named(with_role(QPushButton(self.tr("Keep")), "primary"), self.tr("Keep"), "recordKeep")
        self.close_button = named(QPushButton(self.tr("Close")), self.tr("Close"), "recordClose")
        self._lay_out()
        self.show_time(0.0)
        holder.changed.connect(self._tint)

    @property
    def device(self) -> str | None:
        """The key of the chosen microphone."""
        key = self.devices.currentData()
        return str(key) if key is not None else None

    @property
    def class_ids(self) -> tuple[int, ...]:
        """The label that was chosen for what is kept."""
        chosen = int(self.classes.currentData())
        return (chosen,) if chosen else ()

    def show_devices(self, devices: Sequence[InputDevice]) -> None:
        """Offer these, with the one that was chosen before where it is still there."""
        before = self.device
        self.devices.clear()
        for device in devices:
            self.devices.addItem(device.name, device.key)
        self.devices.setCurrentIndex(max(0, self.devices.findData(before)))

    def show_time(self, seconds: float) -> None:
        self.big.setText(clock(seconds, 1, long=True))

    def show_verdict(self, words: str) -> None:
        if self.verdict.text() != words:
            self.verdict.setText(words)

    def say(self, words: str, *, warn: bool = False) -> None:
        with_role(self.words, "warning" if warn else "muted")
        self.words.setText(words)

    def show_state(self, state: RecordState, has_take: bool, playing: bool) -> None:
        """``has_take``: a take waits to be kept; then it can be listened to, and only then."""
        self._state, self._playing = state, playing
        busy = state in (RecordState.COUNTING, RecordState.RECORDING)
        ready = state is not RecordState.CLOSED
        names = {RecordState.COUNTING: self.tr("Cancel"), RecordState.RECORDING: self.tr("Stop")}
        words = names.get(state, self.tr("Record"))
        self.record.setText(words)
        self.record.setAccessibleName(words)
        self.record.setEnabled(ready)
        self.record.setVisible(not has_take)
        for button in (self.listen, self.retake, self.keep):
            button.setVisible(has_take)
        self.retake.setEnabled(ready)
        (self.keep if has_take else self.record).setDefault(True)
        self.listen.setText(self.tr("Pause") if playing else self.tr("Listen"))
        self.devices.setEnabled(self.devices.count() > 0 and not busy)
        self.again.setEnabled(not busy)
        self._tint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "words"):
            self._size_words()

    def _lay_out(self) -> None:
        for box in (self.devices, self.classes):
            # A click must not take the focus, or Enter would then go to the box.
            box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        buttons = (self.listen, self.retake, self.keep, self.record)
        for button in (*buttons, self.again, self.close_button):
            button.setAutoDefault(False)
        for label in (self.big, self.words):
            label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._size_words()
        row = QHBoxLayout()
        row.addWidget(self.devices, 1)
        row.addWidget(self.again)
        form = QFormLayout()
        form.setHorizontalSpacing(12)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        form.addRow(self.tr("Microphone"), row)
        form.addRow(self.tr("Label"), self.classes)
        for field in (row, self.classes):
            # In the middle of their fields; a form puts them at the top.
            form.labelForField(field).setMinimumHeight(CONTROL_HEIGHT)
        below = QHBoxLayout()
        below.setSpacing(8)
        below.addWidget(self.close_button)
        below.addStretch(1)
        for button in buttons:
            below.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addLayout(form)
        column.addSpacing(4)
        column.addWidget(self.meter)
        column.addWidget(self.verdict)
        column.addSpacing(8)
        column.addWidget(self.big)
        column.addWidget(self.words)
        column.addStretch(1)
        column.addLayout(below)

    def _size_words(self) -> None:
        # Room for a long sentence: it must not push the buttons away from under the mouse.
        self.words.setMinimumHeight(3 * self.words.fontMetrics().lineSpacing() + 4)

    def _tint(self) -> None:
        theme = self._holder.theme
        busy = self._state in (RecordState.COUNTING, RecordState.RECORDING)
        self.record.setIcon(icons.icon("stop" if busy else "record", theme, theme.on_accent))
        self.listen.setIcon(icons.icon("pause" if self._playing else "play", theme))
        self.retake.setIcon(icons.icon("refresh", theme))
        self.keep.setIcon(icons.icon("check", theme, theme.on_accent))
