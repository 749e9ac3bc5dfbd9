"""A recording of minutes or hours: the model listens to all of it, and says what is to be heard when."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from fsl_desktop.core.audio.info import SoundInfo
from fsl_desktop.core.audio.kinds import ENDINGS as SOUND_ENDINGS
from fsl_desktop.core.audio.kinds import is_sound_name
from fsl_desktop.core.audio.peaks import Peaks
from fsl_desktop.core.audio.track import Track
from fsl_desktop.core.message import Message
from fsl_desktop.ui import speech
from fsl_desktop.ui.answer_source import AnswerSource
from fsl_desktop.ui.drops import dropped_path
from fsl_desktop.ui.sound.long_deeds import EventDeeds
from fsl_desktop.ui.sound.long_events import EventPanel
from fsl_desktop.ui.sound.long_loader import RecordingLoader
from fsl_desktop.ui.sound.long_play import PlayBar
from fsl_desktop.ui.sound.long_rule import RuleBar
from fsl_desktop.ui.sound.long_scan import LongScan
from fsl_desktop.ui.sound.long_setup import SetupCard
from fsl_desktop.ui.sound.player import Player
from fsl_desktop.ui.sound.timeline import Timeline
from fsl_desktop.ui.sound.timeline_range import clock
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import Card, EmptyState, muted, title, with_role
from fsl_desktop.work.protocol import Scanned

if TYPE_CHECKING:
    from fsl_desktop.ui.session import Session
    from fsl_desktop.ui.suggester import Suggester
    from fsl_desktop.ui.trainer import Trainer

NOTHING, READY, NO_CLASSES = range(3)


class LongPage(QWidget):
    """``label_requested``: the button of the state without classes, which leads to the table."""

    label_requested = Signal()

    def __init__(
        self,
        session: Session,
        suggester: Suggester,
        trainer: Trainer,
        holder: ThemeHolder,
        player: Player,
        cache: Path,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        with_role(self, "page")
        self._session = session
        self._path: Path | None = None
        self._seconds = 0.0
        self._peaks: Peaks | None = None
        self.scan = LongScan(session, self)
        self.loader = RecordingLoader(cache, self)
        self.setup = SetupCard()
        self.timeline = Timeline(holder)
        self.play = PlayBar(holder, player, self.timeline)
        self.rule = RuleBar()
        self.panel = EventPanel()
        self.deeds = EventDeeds(session, self.panel, self.timeline, self)
        self.model = AnswerSource(suggester, trainer)
        self.model.setObjectName("long_model")
        self.status = muted("", wrap=True)
        self.status.setMinimumHeight(self.status.fontMetrics().height())
        self.setAcceptDrops(True)
        self._build()
        self._connect()
        self.model.follow()
        self._show_state()

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(title(self.tr("Test")))
        head.addStretch(1)
        head.addWidget(muted(self.tr("Answers come from")))
        head.addWidget(self.model)
        card = Card()
        # Below each other: side by side they are wider than the smallest window.
        card.body.addWidget(self.play)
        rules = QHBoxLayout()
        rules.addWidget(self.rule)
        rules.addStretch(1)
        parts = QSplitter(Qt.Orientation.Horizontal)
        parts.setChildrenCollapsible(False)
        parts.setHandleWidth(16)
        parts.addWidget(self.timeline)
        parts.addWidget(self.panel)
        parts.setStretchFactor(0, 3)
        parts.setStretchFactor(1, 1)
        card.body.addLayout(rules)
        card.body.addWidget(parts, 1)
        card.body.addWidget(self.status)
        words = self.tr("Choose a recording or drop it here. It may be many hours long.")
        self.empty = EmptyState("sound", words, self.tr("Choose a file…"))
        self.empty.clicked.connect(self.choose)
        words = self.tr("Name two classes or more first. From then on the model answers here.")
        self.no_classes = EmptyState("tag", words, self.tr("Go to the table"))
        self.no_classes.clicked.connect(self.label_requested)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.setup)
        column.addWidget(card, 1)
        self._states = QStackedWidget()
        for page in (self.empty, inside, self.no_classes):
            self._states.addWidget(page)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(16, 12, 16, 16)
        whole.setSpacing(12)
        whole.addLayout(head)
        whole.addWidget(self._states, 1)

    def _connect(self) -> None:
        session, scan, loader, panel = self._session, self.scan, self.loader, self.panel
        session.changed.connect(lambda _: self._show_state())
        session.loaded.connect(self._show_state)
        self.setup.choose_asked.connect(self.choose)
        for asked in (self.setup.scan_asked, self.timeline.scanAsked):
            asked.connect(self.find_events)
        self.setup.cancel_asked.connect(scan.cancel)
        loader.known.connect(self._on_known)
        loader.drawing.connect(self._on_drawing)
        loader.drawn.connect(self._on_drawn)
        loader.failed.connect(self._on_unreadable)
        scan.changed.connect(self._enable)
        scan.progressed.connect(lambda *how: self.setup.show_progress(*how, stoppable=True))
        scan.grew.connect(self._show_track)
        scan.finished.connect(self._on_finished)
        scan.failed.connect(self._on_failed)
        scan.stopped.connect(self._on_stopped)
        self.rule.changed.connect(self._on_rule)
        self.timeline.detectionsChanged.connect(self._on_detections)
        self.timeline.detectionChosen.connect(lambda _: panel.list.go_to(self.timeline.canvas.chosen))
        panel.list.current_place.connect(self.timeline.choose)
        panel.list.play_asked.connect(self.play.play_chosen)
        self.deeds.said.connect(self._say)
        self.play.said.connect(self._say)

    # What is asked

    def open_recording(self, path: Path) -> None:
        """Show a recording; what was found in another one is gone."""
        self.scan.close()
        self._path, self._seconds, self._peaks = path, 0.0, None
        self.setup.show_file(path.name)
        self.setup.show_progress(self.tr("Opening {file}…").format(file=path.name))
        self.play.open(path)
        self._say("")
        self.timeline.canvas.set_recording(None, 0.0)
        self.timeline.show_busy(self.tr("Opening {file}…").format(file=path.name))
        self.timeline.busy.cancel.hide()
        self.deeds.set_recording(path, 0.0)
        self.loader.load(path)
        self._show_state()

    def choose(self) -> None:
        kinds = " ".join(f"*{ending}" for ending in sorted(SOUND_ENDINGS))
        words = f"{self.tr('Recordings')} ({kinds})"
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a recording"), "", words)
        if path:
            self.open_recording(Path(path))

    def find_events(self) -> None:
        """Have the model, as it is now, listen to the recording; what it knows already is not asked again."""
        if self._path is None or self.scan.running or not self._seconds:
            return
        self._say("")
        self.deeds.begin()
        name, setup = self.model.model_name(), self.setup
        self.scan.start(str(self._path), name, setup.window_seconds, setup.hop_seconds)

    def close_page(self) -> None:
        """End the scan and everything that reads or writes beside the window."""
        self.scan.close()
        self.loader.close()
        self.deeds.close()
        self.play.shut()

    # What comes

    def _on_known(self, info: SoundInfo) -> None:
        assert self._path is not None
        self._seconds = info.seconds
        self.deeds.set_recording(self._path, info.seconds)
        self.setup.show_file(f"{self._path.name}   {clock(info.seconds)}")
        self.setup.follow(self._session.table)
        hint = self.tr("Press Find events, and the model listens to all of it, window by window.")
        self._say(" ".join([*map(speech.say, info.notes), hint]))
        nothing = np.zeros(0, np.int64), np.zeros((0, 0), np.float32)
        self.timeline.show_track(Track((), 1.0, 1.0, info.seconds, *nothing), ())
        self._enable()

    def _on_drawing(self, share: float) -> None:
        if not self.scan.running:
            self.setup.show_progress(self.tr("Drawing the waveform…"), round(1000 * share), 1000)

    def _on_drawn(self, found: Peaks) -> None:
        self._peaks = found
        self.timeline.set_peaks(found)
        if not self.scan.running:
            self.setup.show_progress("")

    def _on_unreadable(self, message: Message) -> None:
        if not self.scan.running:
            self.setup.show_progress("")
        if self._seconds:  # it can be listened to, but for the waveform
            self._say(speech.say(message))
            return
        self.timeline.show_empty(speech.say(message), can_scan=False)
        self.play.open(None)
        self._enable()

    def _show_track(self, track: Track) -> None:
        classes = self.deeds.classes(track.class_names)
        self.rule.set_classes(classes)
        self.timeline.show_track(track, classes, self._peaks)

    def _on_finished(self, result: Scanned) -> None:
        self.setup.show_progress("")
        self._show_track(result.track)
        words = list(map(speech.say, result.notes))
        if not len(result.track.places):
            words.append(self.tr("Nothing stands out in this recording, so there was nothing to listen to."))
        self._say(" ".join(words))
        focus = self.focusWidget()
        if focus is not None and self.setup.isAncestorOf(focus):
            self.timeline.canvas.setFocus()  # from here on the keys go from event to event

    def _on_failed(self, message: Message, details: str) -> None:
        self.setup.show_progress("")
        self._say(speech.say(message), details)

    def _on_stopped(self) -> None:
        self.setup.show_progress("")
        self._say(self.tr("Stopped. Find events goes on where it was."))

    def _on_rule(self) -> None:
        self.timeline.set_rule(self.rule.rule(self.timeline.threshold))

    def _on_detections(self) -> None:
        line = self.timeline
        self.panel.list.show_spans(line.spans, line.order, line.canvas.chosen)
        self._enable()

    # What is shown

    def _show_state(self) -> None:
        enough = len(self._session.classes) >= 2
        ready = READY if self._path is not None else NOTHING
        self._states.setCurrentIndex(ready if enough else NO_CLASSES)
        self.setup.follow(self._session.table)
        self._enable()

    def _enable(self) -> None:
        self.setup.set_running(self.scan.running, self._path is not None and self._seconds > 0)
        spans = self.timeline.spans
        heard = self.deeds.begun and not self.scan.running
        self.panel.enable(rows=spans is not None and len(spans) > 0, compare=heard)

    def _say(self, words: str, details: str = "") -> None:
        self.status.setText(words)
        self.status.setToolTip(details[:2000])

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if not self.scan.running and self.deeds.outdated:
            self._say(self.tr("Your labels have changed since. Find events again, and they take part."))

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.play.pause()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if is_sound_name(dropped_path(event.mimeData())):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if is_sound_name(path := dropped_path(event.mimeData())):
            event.acceptProposedAction()
            self.open_recording(Path(path))
