"""The Test page of a project of recordings: one tab for a clip, one for a long recording."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QTabBar, QVBoxLayout, QWidget

from fsl_desktop.core.audio.kinds import is_sound_name
from fsl_desktop.ui.drops import dropped_path
from fsl_desktop.ui.sound.long_loader import LengthLook
from fsl_desktop.ui.sound.long_page import LongPage
from fsl_desktop.ui.sound.test_page import SoundTestPage
from fsl_desktop.ui.widgets import named, with_role

CLIP, LONG = range(2)
LONG_FROM = 60.0
"""Seconds from which on a recording that is dropped is one to look through."""


class SoundTestTabs(QWidget):
    """What is dropped or chosen on the clip's tab is shown in the one that it is for."""

    __test__ = False  # the name is the page's, not a test class
    label_requested = Signal()

    def __init__(self, clip: SoundTestPage, long: LongPage, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        with_role(self, "page")
        self.clip, self.long = clip, long
        self.tabs = named(QTabBar(), self.tr("What to test on"), "sound_test_tabs")
        self.tabs.addTab(self.tr("A clip"))
        self.tabs.addTab(self.tr("A long recording"))
        self.tabs.setDrawBase(False)
        self.tabs.setExpanding(False)
        self._pages = QStackedWidget()
        self._pages.addWidget(clip)
        self._pages.addWidget(long)
        self.tabs.currentChanged.connect(self._on_tab)
        self._lengths = LengthLook(self)
        self._lengths.told.connect(self._on_length)
        clip.file_chosen.connect(self._lengths.look)
        for page in (clip, long):
            page.label_requested.connect(self.label_requested)
        clip.installEventFilter(self)
        row = QHBoxLayout()
        row.setContentsMargins(16, 8, 16, 0)
        row.addWidget(self.tabs)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._pages, 1)
        self._on_tab(CLIP)

    def show_long(self, path: Path | None = None) -> None:
        """The tab for long recordings, with one of them."""
        self.tabs.setCurrentIndex(LONG)
        if path is not None:
            self.long.open_recording(path)

    def close_page(self) -> None:
        self._lengths.close()
        self.clip.close_page()
        self.long.close_page()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """A drop on the clip's page: whose it is shows once its length is known."""
        if isinstance(event, QDropEvent) and event.type() == QEvent.Type.Drop:
            path = dropped_path(event.mimeData())
            if is_sound_name(path):
                event.acceptProposedAction()
                self._lengths.look(path)
                return True
        return super().eventFilter(watched, event)

    def _on_length(self, path: str, seconds: float) -> None:
        if seconds > LONG_FROM:
            self.show_long(Path(path))
        else:
            self.clip.show_recording(Path(path))

    def _on_tab(self, place: int) -> None:
        self._pages.setCurrentIndex(place)
        first = self.clip if place == CLIP else self.long.setup.choose
        self.setFocusProxy(first)
        if self.isVisible():
            first.setFocus()
