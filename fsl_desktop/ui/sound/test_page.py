"""Try the model on sounds: press and speak, or drop a recording, and see at once what it says."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.core.answers import Answer
from fsl_desktop.core.audio.kinds import ENDINGS, is_sound_name
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.ui import speech
from fsl_desktop.ui.answer_source import AnswerSource
from fsl_desktop.ui.answer_view import AnswerView
from fsl_desktop.ui.drops import dropped_paths
from fsl_desktop.ui.sound.asking import SoundAsker
from fsl_desktop.ui.sound.clip import Clip
from fsl_desktop.ui.sound.clip_view import ClipView
from fsl_desktop.ui.sound.moments_strip import MomentsStrip
from fsl_desktop.ui.sound.player import Player
from fsl_desktop.ui.sound.record_bar import RecordBar
from fsl_desktop.ui.sound.recorder import Recorder, RecordState
from fsl_desktop.ui.sound.take import Level
from fsl_desktop.ui.sound.tried_list import TriedList
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import Card, EmptyState, muted, section, title, with_role
from fsl_desktop.work.protocol import Part

if TYPE_CHECKING:
    from fsl_desktop.ui.session import Session
    from fsl_desktop.ui.suggester import Suggester
    from fsl_desktop.ui.trainer import Trainer


class SoundTestPage(QWidget):
    """``label_requested``: the empty state's button, which leads to the table. What was recorded here is
    kept while the program runs."""

    __test__ = False  # the name is the page's, not a test class
    label_requested = Signal()
    file_chosen = Signal(str)
    """A recording was chosen on the disk; it may be one for the other tab."""

    def __init__(
        self,
        session: Session,
        suggester: Suggester,
        trainer: Trainer,
        holder: ThemeHolder,
        clip_view: ClipView,
        recorder: Recorder,
        player: Player,
        parent: QWidget | None = None,
    ) -> None:
        """``player`` plays the rows that are most alike; the clip view has its own."""
        super().__init__(parent)
        with_role(self, "page")
        self._session, self._suggester = session, suggester
        self._player = player
        self.clip_view = clip_view
        self.recorder = recorder
        self._part: Part | None = None
        self._take: Path | None = None
        """What is being recorded."""
        self._takes = Path(tempfile.mkdtemp(prefix="fsl-takes-"))
        self._count = 0
        self.setAcceptDrops(True)
        self._build(holder, trainer)
        self.asker = SoundAsker(suggester, self.model.model_name, self)
        self.asker.answered.connect(self._on_answer)
        self.asker.explained.connect(lambda answer: self.why.show_moments(answer.moments))
        self.asker.refused.connect(self._on_refused)
        self.asker.heard.connect(self._on_heard)
        self.answer.play_asked.connect(self.play_row)
        recorder.state_changed.connect(self._on_recording)
        recorder.level_changed.connect(self._on_level)
        recorder.finished.connect(self._on_take)
        recorder.failed.connect(self._on_no_recording)
        session.changed.connect(lambda _: self._show_state())
        session.loaded.connect(self._show_state)
        suggester.updated.connect(self.ask)
        self.model.source_changed.connect(self.ask)
        self.setFocusProxy(self.record)
        self.model.follow()
        self._show_state()

    def _build(self, holder: ThemeHolder, trainer: Trainer) -> None:
        self.bar = RecordBar(holder, self.recorder)
        self.record, self.choose, self.hint = self.bar.record, self.bar.choose, self.bar.hint
        self.record.clicked.connect(self.toggle_recording)
        self.choose.clicked.connect(self._choose)
        self.model = AnswerSource(self._suggester, trainer)
        self.answer = AnswerView(self._session, holder, of_sounds=True)
        self.why = MomentsStrip(holder, self.clip_view.view)
        self.tried = TriedList()
        self.tried.chosen.connect(self.show_recording)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(title(self.tr("Test")))
        head.addStretch(1)
        head.addWidget(muted(self.tr("Answers come from")))
        head.addWidget(self.model)
        sound = Card()
        sound.body.addWidget(self.bar)
        sound.body.addWidget(self.clip_view, 1)
        sound.body.addWidget(self.why)
        tried = Card()
        tried.body.addWidget(section(self.tr("Tried before")))
        tried.body.addWidget(self.tried, 1)
        answer = Card()
        answer.body.addWidget(section(self.tr("The model says")))
        answer.body.addWidget(self.answer)
        left = QVBoxLayout()
        left.setSpacing(12)
        left.addWidget(sound, 3)
        left.addWidget(tried, 1)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addLayout(left, 3)
        columns.addWidget(answer, 2)
        inside = QWidget()
        whole = QVBoxLayout(inside)
        whole.setContentsMargins(16, 12, 16, 16)
        whole.setSpacing(12)
        whole.addLayout(head)
        whole.addLayout(columns, 1)
        words = self.tr("Name two classes or more first. From then on the model answers here.")
        self.empty = EmptyState("tag", words, self.tr("Go to the table"))
        self.empty.clicked.connect(self.label_requested)
        self._states = QStackedWidget()
        self._states.addWidget(inside)
        self._states.addWidget(self.empty)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._states)
        self.answer.show_words(self.tr("Record something, or drop a recording here."))

    def show_recording(self, path: Path) -> None:
        """Show and ask about a recording."""
        self._part = Part(str(path))
        self.clip_view.show_clip(Clip(path))
        self.why.show_moments(())
        # What was said while it was recorded stays until the whole was heard.
        if path != self._take or self.answer.answer is None:
            self.answer.show_words(self.tr("The model listens…"))
        self.ask()

    def toggle_recording(self) -> None:
        """Begin at once, or end what is being recorded."""
        if self.recorder.state is RecordState.RECORDING:
            self.recorder.stop()
        else:
            self._count += 1
            self._take = self._takes / f"{self.tr('Take')} {self._count}.wav"
            self._player.pause()
            self.answer.show_words(self.tr("The model listens…"))
            self.why.show_moments(())
            self.recorder.record(self._take, 0)

    def ask(self) -> None:
        """Ask about what is shown; what the labels or the model have changed since may answer otherwise."""
        # Out of sight nothing is asked: every label set on another page would cost an answer.
        if self._part is None or not self.isVisible() or len(self._session.classes) < 2:
            return
        self.asker.ask(self._part)

    def play_row(self, row_id: int) -> None:
        """Play a row of the project."""
        table = self._session.table
        if table.clips is None:
            return
        try:
            clip = table.clips.at(int(table.positions([row_id])[0]))
        except UserError as error:
            self.bar.say(speech.say(error.message))
            return
        self._player.open(Clip(clip.path, clip.start, clip.end))
        self._player.play()

    def close_page(self) -> None:
        """Give the microphone back, and remove what was recorded here."""
        self.asker.forget()
        self.recorder.close()
        self.clip_view.shut()
        shutil.rmtree(self._takes, ignore_errors=True)

    def _on_answer(self, answer: Answer) -> None:
        self.answer.show_answer(answer)
        if self._part is not None:
            self.tried.remember(Path(self._part.path), speech.answer_words(answer, self._name))

    def _on_refused(self, message: Message, details: str) -> None:
        self.answer.show_words(speech.say(message))
        self.answer.setToolTip(details[:2000])

    def _on_heard(self, answer: Answer) -> None:
        if self.recorder.state is RecordState.RECORDING:
            self.answer.show_answer(answer)

    def _name(self, class_id: int) -> str:
        infos = (info.name for info in self._session.classes if info.id == class_id)
        return next(infos, self.tr("a class that is gone"))

    def _on_recording(self, state: RecordState) -> None:
        if state is RecordState.LISTENING:
            # Nobody wants a microphone that stays open: the next press opens it again.
            QTimer.singleShot(0, self, self._give_back)

    def _give_back(self) -> None:
        if self.recorder.state is RecordState.LISTENING:
            self.recorder.close()

    def _on_level(self, level: Level, seconds: float) -> None:
        recording = self.recorder.state is RecordState.RECORDING
        if recording and self._take is not None and len(self._session.classes) >= 2:
            self.asker.listen(self._take, seconds)

    def _on_take(self, path: Path, seconds: float) -> None:
        self.bar.say_ready()
        self.show_recording(path)

    def _on_no_recording(self, message: Message) -> None:
        self.bar.say(speech.say(message))

    def _choose(self) -> None:
        kinds = " ".join(f"*{ending}" for ending in sorted(ENDINGS))
        words = self.tr("Recordings")
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a recording"), "", f"{words} ({kinds})")
        if path:
            self.file_chosen.emit(path)

    def _show_state(self) -> None:
        self._states.setCurrentIndex(0 if len(self._session.classes) >= 2 else 1)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ask()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._player.pause()
        self.recorder.stop()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if _dropped(event):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        if path := _dropped(event):
            event.acceptProposedAction()
            self.show_recording(Path(path))


def _dropped(event: QDropEvent) -> str:
    """The path of the one recording that is dragged."""
    paths = dropped_paths(event.mimeData())
    return paths[0] if len(paths) == 1 and is_sound_name(paths[0]) else ""
