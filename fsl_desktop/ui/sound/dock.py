"""Below the table of a project of recordings: the recording it stands on, or the training card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.ui import icons, speech
from fsl_desktop.ui.sound.clip import Clip
from fsl_desktop.ui.sound.clip_view import ClipView
from fsl_desktop.ui.sound.part_menu import PartMenu
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import Card, named

if TYPE_CHECKING:
    from fsl_desktop.ui.session import Session

LISTEN, TRAIN = range(2)


class SoundDock(QWidget):
    """``show_row`` follows the table; a click on the other tab leads to the training card."""

    record_asked = Signal()
    region_asked = Signal(int, float, float, object)
    """Row id, start and end in seconds of its file, and class ids (none: to be labelled in the table): make a
    row of this part."""

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
        self._holder = holder
        self._row: int | None = None
        self._refused: Message | None = None
        self.menu: PartMenu | None = None
        """The labels that were offered last."""
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
        words = self.tr("Record…")
        self.record = named(QPushButton(words), words, "sound_dock_record")
        self.record.clicked.connect(self.record_asked)
        self.refuse(None)
        line.addWidget(self.record)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(self._pages, 1)
        clip_view.label_region_asked.connect(self._on_region)
        holder.changed.connect(self._tint)
        self._tint()

    def refuse(self, why: Message | None) -> None:
        """Nothing can be recorded or marked, and why; ``None``: it can."""
        self._refused = why
        self.record.setEnabled(why is None)
        words = self.tr("Record with the microphone; each take becomes a row (Ctrl+R)")
        self.record.setToolTip(words if why is None else speech.say(why))

    def show_row(self, row_id: int | None) -> None:
        """The recording of a row, or none."""
        self._row = row_id
        clips = self._session.table.clips
        if row_id is None or clips is None:
            self.clip_view.show_clip(None)
            self.clip_view.empty.set_sentence(self.tr("Choose a row to see and hear it here."))
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
        """Which label? The menu answers, by the mouse or by the keys that the classes have in the table."""
        row = self._row
        if row is None:
            return
        if self._refused is not None:
            self._session.failed.emit(self._refused, "")
            return
        menu = PartMenu(self._session.classes, self._holder.theme, self)
        menu.chosen.connect(lambda class_ids: self.region_asked.emit(row, start, end, class_ids))
        self.menu = menu
        below = self.clip_view.transport.label
        menu.popup(below.mapToGlobal(below.rect().bottomLeft()))

    def _tint(self) -> None:
        self.record.setIcon(icons.icon("microphone", self._holder.theme))
