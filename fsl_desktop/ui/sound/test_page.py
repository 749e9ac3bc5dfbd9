"""Try the model on sounds: press and speak, or drop a recording, and see at once what it says."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.core.answers import Answer
from fsl_desktop.core.audio.kinds import ENDINGS, is_sound_name
from fsl_desktop.core.message import Message
from fsl_desktop.ui import icons, speech
from fsl_desktop.ui.answer_source import AnswerSource
from fsl_desktop.ui.answer_view import AnswerView
from fsl_desktop.ui.drops import dropped_paths
from fsl_desktop.ui.sound.clip import Clip
from fsl_desktop.ui.sound.clip_view import ClipView
from fsl_desktop.ui.sound.recorder import Recorder, RecordState
from fsl_desktop.ui.sound.take import Level
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import Card, EmptyState, muted, named, section, title, with_role
from fsl_desktop.work.protocol import Part

if TYPE_CHECKING:
    from fsl_desktop.ui.session import Session
    from fsl_desktop.ui.suggester import Suggester
    from fsl_desktop.ui.trainer import Trainer

MOST_TRIED = 30
_PATH = Qt.ItemDataRole.UserRole


class SoundTestPage(QWidget):
    """``label_requested``: the empty state's button, which leads to the table. What was recorded here is
    kept while the program runs."""

    __test__ = False  # the name is the page's, not a test class
    label_requested = Signal()

    def __init__(
        self,
        session: Session,
        suggester: Suggester,
        trainer: Trainer,
        holder: ThemeHolder,
        clip_view: ClipView,
        recorder: Recorder,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        with_role(self, "page")
        self._session, self._suggester = session, suggester
        self._holder = holder
        self.clip_view = clip_view
        self.recorder = recorder
        self._part: Part | None = None
        self._asked: int | None = None
        self._takes = Path(tempfile.mkdtemp(prefix="fsl-takes-"))
        self._count = 0
        self.setAcceptDrops(True)
        self._build(holder, trainer)
        recorder.state_changed.connect(self._on_recording)
        recorder.level_changed.connect(self._on_level)
        recorder.finished.connect(self._on_take)
        recorder.failed.connect(self._on_no_recording)
        session.changed.connect(lambda _: self._show_state())
        session.loaded.connect(self._show_state)
        suggester.updated.connect(self.ask)
        self.model.source_changed.connect(self.ask)
        self.setFocusProxy(self.record)
        holder.changed.connect(self._dress)
        self._dress()
        self.model.follow()
        self._show_state()

    def _build(self, holder: ThemeHolder, trainer: Trainer) -> None:
        words = self.tr("Record")
        self.record = named(with_role(QPushButton(words), "primary"), words, "sound_test_record")
        self.record.clicked.connect(self.toggle_recording)
        words = self.tr("Choose a file…")
        self.choose = named(QPushButton(words), words, "sound_test_choose")
        self.choose.clicked.connect(self._choose)
        self.level = named(QProgressBar(), self.tr("How loud the microphone hears it"), "sound_test_level")
        self.level.setRange(0, 100)
        self.level.setTextVisible(False)
        self.level.setFixedWidth(120)
        keep = self.level.sizePolicy()
        keep.setRetainSizeWhenHidden(True)
        self.level.setSizePolicy(keep)
        self.level.hide()
        self.hint = muted("", wrap=True)
        self.model = AnswerSource(self._suggester, trainer)
        self.answer = AnswerView(self._session, holder)
        self.tried = named(QListWidget(), self.tr("Tried before"), "sound_test_tried")
        self.tried.itemActivated.connect(self._on_tried)
        self.tried.itemClicked.connect(self._on_tried)
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(title(self.tr("Test")))
        head.addStretch(1)
        head.addWidget(muted(self.tr("Answers come from")))
        head.addWidget(self.model)
        bar = QHBoxLayout()
        bar.setSpacing(8)
        for widget in (self.record, self.choose, self.level):
            bar.addWidget(widget)
        bar.addWidget(self.hint, 1)
        sound = Card()
        sound.body.addLayout(bar)
        sound.body.addWidget(self.clip_view, 1)
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
        self._say_ready()

    def show_recording(self, path: Path) -> None:
        """Show and ask about a recording."""
        self._part = Part(str(path))
        self.clip_view.show_clip(Clip(path))
        self.answer.show_words(self.tr("The model listens…"))
        self.ask()

    def toggle_recording(self) -> None:
        """Begin at once, or end what is being recorded."""
        if self.recorder.state is RecordState.RECORDING:
            self.recorder.stop()
        else:
            self._count += 1
            self.recorder.record(self._takes / f"{self.tr('Take')} {self._count}.wav", 0)

    def ask(self) -> None:
        """Ask about what is shown; what the labels or the model have changed since may answer otherwise."""
        # Out of sight nothing is asked: every label set on another page would cost an answer.
        if self._part is None or not self.isVisible() or len(self._session.classes) < 2:
            return
        part = self._part
        self._asked = self._suggester.ask_sound(
            part,
            lambda answers: self._on_answers(part, answers),
            refused=lambda message, details: self._on_refused(part, message, details),
            model=self.model.model_name(),
        )

    def close_page(self) -> None:
        """Give the microphone back, and remove what was recorded here."""
        self.recorder.close()
        self.clip_view.shut()
        shutil.rmtree(self._takes, ignore_errors=True)

    def _on_answers(self, part: Part, answers: tuple[Answer, ...]) -> None:
        if part != self._part or not answers:
            return
        self.answer.show_answer(answers[0])
        self._remember(Path(part.path), speech.answer_words(answers[0], self._name))

    def _on_refused(self, part: Part, message: Message, details: str) -> None:
        if part == self._part:
            self.answer.show_words(speech.say(message))
            self.answer.setToolTip(details[:2000])

    def _remember(self, path: Path, words: str) -> None:
        for row in range(self.tried.count()):
            if self.tried.item(row).data(_PATH) == str(path):
                self.tried.takeItem(row)
                break
        item = QListWidgetItem(f"{path.name}   {words}")
        item.setData(_PATH, str(path))
        item.setToolTip(str(path))
        self.tried.insertItem(0, item)
        while self.tried.count() > MOST_TRIED:
            self.tried.takeItem(self.tried.count() - 1)

    def _name(self, class_id: int) -> str:
        infos = (info.name for info in self._session.classes if info.id == class_id)
        return next(infos, self.tr("a class that is gone"))

    def _on_tried(self, item: QListWidgetItem) -> None:
        self.show_recording(Path(item.data(_PATH)))

    def _on_recording(self, state: RecordState) -> None:
        recording = state is RecordState.RECORDING
        self.record.setText(self.tr("Stop") if recording else self.tr("Record"))
        self.record.setAccessibleName(self.record.text())
        self.level.setVisible(recording)
        self._dress()
        if recording:
            self._say(self.tr("Speak now."))
        elif state is RecordState.LISTENING:
            # Nobody wants a microphone that stays open: the next press opens it again.
            QTimer.singleShot(0, self, self._give_back)

    def _give_back(self) -> None:
        if self.recorder.state is RecordState.LISTENING:
            self.recorder.close()

    def _on_level(self, level: Level, seconds: float) -> None:
        self.level.setValue(round(100 * min(1.0, level.peak)))
        if self.recorder.state is RecordState.RECORDING:
            self._say(self.tr("Recording, {seconds} s").format(seconds=f"{seconds:.1f}"))

    def _on_take(self, path: Path, seconds: float) -> None:
        self._say_ready()
        self.show_recording(path)

    def _on_no_recording(self, message: Message) -> None:
        self._say(speech.say(message))

    def _say_ready(self) -> None:
        self._say(self.tr("Or drop a recording here: WAV, FLAC, MP3 and more."))

    def _say(self, words: str) -> None:
        self.hint.setText(words)

    def _choose(self) -> None:
        kinds = " ".join(f"*{ending}" for ending in sorted(ENDINGS))
        words = self.tr("Recordings")
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Choose a recording"), "", f"{words} ({kinds})")
        if path:
            self.show_recording(Path(path))

    def _show_state(self) -> None:
        self._states.setCurrentIndex(0 if len(self._session.classes) >= 2 else 1)

    def _dress(self) -> None:
        recording = self.recorder.state is RecordState.RECORDING
        icon = "stop" if recording else "microphone"
        theme = self._holder.theme
        self.record.setIcon(icons.icon(icon, theme, theme.surface))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.ask()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
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
