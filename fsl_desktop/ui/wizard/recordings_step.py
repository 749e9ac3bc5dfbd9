"""Step 1 of a project of recordings: choose or drop them, see what there is, say how they are taken."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.core.audio.info import HEARD_SECONDS
from fsl_desktop.core.audio.kinds import ENDINGS
from fsl_desktop.core.audio.look import SoundLook
from fsl_desktop.core.message import Message
from fsl_desktop.ui import icons, speech
from fsl_desktop.ui.inline import InlineSentence
from fsl_desktop.ui.problems_view import ProblemsView
from fsl_desktop.ui.sound.timeline_range import clock
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import Card, muted, named, number_box, section, title, with_role
from fsl_desktop.ui.wizard.file_step import DropArea

_TOLD_LABELS = 8


class RecordingsStep(QWidget):
    chosen = Signal(object)  # list[str] of files, folders, tables or zips
    cancelled = Signal()
    """While they are looked into."""
    changed = Signal()

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self._folder = ""
        self.look: SoundLook | None = None
        self.area = DropArea(holder, several=True)
        self.area.paths_dropped.connect(self.chosen)
        self._build_area()
        self.facts = QLabel()
        self.facts.setWordWrap(True)
        self.facts.setTextFormat(Qt.TextFormat.PlainText)
        self._build_options()
        self.problems = ProblemsView(holder)
        self.problem = InlineSentence(holder)
        self._found = Card(margin=24, spacing=8)
        self._found.body.addWidget(section(self.tr("What was found")))
        self._found.body.addWidget(self.facts)
        self._found.body.addSpacing(8)
        self._found.body.addWidget(self._options)
        self._found.body.addWidget(self.problems, 1)
        self._found.body.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(12)
        layout.addWidget(self.area, 1)
        layout.addWidget(self._found, 2)
        layout.addWidget(self.problem)
        self._found.hide()
        self.set_busy("")
        self._dress()
        holder.changed.connect(self._dress)

    def _build_area(self) -> None:
        self._icon = QLabel()
        self._icon.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._head = title("")
        self._head.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._head.setWordWrap(True)
        words = self.tr("Choose files…")
        self.choose_files = named(with_role(QPushButton(words), "primary"), words, "soundFiles")
        self.choose_files.clicked.connect(self._files)
        words = self.tr("Choose a folder…")
        self.choose_folder = named(QPushButton(words), words, "soundFolder")
        self.choose_folder.clicked.connect(self._choose_a_folder)
        words = self.tr("Stop")
        self.stop = named(QPushButton(words), words, "soundStop")
        self.stop.clicked.connect(self.cancelled)
        self._formats = muted(
            self.tr(
                "WAV, FLAC, OGG, MP3, Opus and more; a folder for each class, a zip, or a table with a "
                "column of files. Labels are welcome and not needed."
            ),
            wrap=True,
        )
        self._formats.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.bar = named(QProgressBar(), self.tr("Looking into the recordings"), "soundLooking")
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setFixedWidth(280)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in (self.choose_files, self.choose_folder, self.stop):
            buttons.addWidget(button)
        buttons.addStretch(1)
        inner = QVBoxLayout()
        inner.setContentsMargins(24, 20, 24, 20)
        inner.setSpacing(12)
        inner.addStretch(1)
        inner.addWidget(self._icon)
        inner.addWidget(self._head)
        inner.addLayout(buttons)
        inner.addWidget(self._formats)
        inner.addWidget(self.bar, 0, Qt.AlignmentFlag.AlignHCenter)
        inner.addStretch(1)
        centred = QHBoxLayout(self.area)
        centred.addStretch(1)
        centred.addLayout(inner, 4)
        centred.addStretch(1)

    def _build_options(self) -> None:
        words = self.tr("Copy the recordings into the project")
        self.copy = named(QCheckBox(words), words, "soundCopy")
        self.copy.setToolTip(
            self.tr("Otherwise they stay where they are, and the project knows where that is.")
        )
        words = self.tr("Cut long recordings into parts")
        self.cut = named(QCheckBox(words), words, "soundCut")
        self.length = self._seconds(self.tr("Length of a part"), "soundCutLength", HEARD_SECONDS, 0.5, 60.0)
        self.overlap = self._seconds(self.tr("Overlap of two parts"), "soundCutOverlap", 0.0, 0.0, 30.0)
        words = self.tr("Leave out parts that are silent")
        self.silence = named(QCheckBox(words), words, "soundSilence")
        self.silence.setChecked(True)
        self.cut.toggled.connect(self._on_cut)
        self._on_cut(False)
        self.length.valueChanged.connect(lambda value: self.overlap.setMaximum(max(0.0, value - 0.1)))
        line = QHBoxLayout()
        line.setSpacing(8)
        line.addSpacing(24)
        for words, box in ((self.tr("of"), self.length), (self.tr("overlapping by"), self.overlap)):
            line.addWidget(muted(words))
            line.addWidget(box)
        line.addSpacing(16)
        line.addWidget(self.silence)
        line.addStretch(1)
        self._options = with_role(QWidget(), "plain")
        column = QVBoxLayout(self._options)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.copy)
        column.addWidget(self.cut)
        column.addLayout(line)

    def _seconds(self, words: str, name: str, value: float, least: float, most: float) -> QDoubleSpinBox:
        box = number_box(QDoubleSpinBox(), words, name)
        box.setRange(least, most)
        box.setDecimals(1)
        box.setSingleStep(0.5)
        box.setSuffix(self.tr(" s"))
        box.setValue(value)
        return box

    def _on_cut(self, on: bool) -> None:
        for box in (self.length, self.overlap, self.silence):
            box.setEnabled(on)

    def set_busy(self, name: str) -> None:
        """``name`` is being looked into; "" when nothing is."""
        self.bar.setVisible(bool(name))
        self.stop.setVisible(bool(name))
        self.choose_files.setVisible(not name)
        self.choose_folder.setVisible(not name)
        self._formats.setVisible(self.look is None or bool(name))
        if name:
            self.problem.clear()
            self._head.setText(self.tr("Looking into {name}…").format(name=name))
        elif self.look is not None:
            self._head.setText(self.tr("Drop others here to take those instead"))
        else:
            self._head.setText(self.tr("Drop recordings or a folder here"))
        self.changed.emit()

    def show_look(self, look: SoundLook) -> None:
        """What there is; from now on the step can be left."""
        self.look = look
        self.facts.setText(" ".join(self._words(look)))
        self.problems.setVisible(bool(look.n_problems))
        self.problems.set_problems(look.problems, look.n_problems)
        self.cut.setChecked(look.share_long > 0.5)
        self._found.show()
        self.set_busy("")

    def tell(self, message: Message, details: str = "") -> None:
        """What was chosen is of no use: why."""
        self.look = None
        self._found.hide()
        self.set_busy("")
        self.problem.tell(message, details)

    def _words(self, look: SoundLook) -> list[str]:
        number = QLocale().toString
        words = [
            self.tr("1 recording.")
            if look.n_clips == 1
            else self.tr("{n} recordings.").format(n=number(look.n_clips))
        ]
        if look.labels:
            names = ", ".join(look.labels[:_TOLD_LABELS]) + ("…" if len(look.labels) > _TOLD_LABELS else "")
            said = self.tr("{n} of them have a label already, {classes} in all: {names}.")
            words.append(
                said.format(n=number(look.n_labelled), classes=number(len(look.labels)), names=names)
            )
        else:
            words.append(self.tr("None of them has a label yet."))
        if look.longest > HEARD_SECONDS:
            said = self.tr(
                "The longest takes {longest}. Of a recording the first {seconds} seconds are listened to, so "
                "longer ones are better cut into parts."
            )
            words.append(said.format(longest=_length(look.longest), seconds=number(int(HEARD_SECONDS))))
        words += [speech.say(note) for note in look.notes]
        return words

    def _files(self) -> None:
        kinds = " ".join(f"*{ending}" for ending in sorted(ENDINGS))
        filters = ";;".join(
            (
                self.tr("Recordings, tables and zips") + f" ({kinds} *.csv *.tsv *.xlsx *.jsonl *.zip)",
                self.tr("All files (*)"),
            )
        )
        paths, _ = QFileDialog.getOpenFileNames(self, self.tr("Choose recordings"), self._folder, filters)
        if paths:
            self.chosen.emit(paths)

    def _choose_a_folder(self) -> None:
        path = QFileDialog.getExistingDirectory(
            self, self.tr("Choose a folder with recordings"), self._folder
        )
        if path:
            self.chosen.emit([path])

    def _dress(self) -> None:
        self._icon.setPixmap(icons.pixmap("sound", self._holder.theme.accent, 36, self.devicePixelRatioF()))


def _length(seconds: float) -> str:
    """7.25 -> "7.3 s", 75 -> "1:15", 3700 -> "1:01:40" """
    return f"{seconds:.1f} s" if seconds < 60 else clock(round(seconds))


def names_of(paths: Sequence[str]) -> str:
    """What is being looked into, for people."""
    return ", ".join(PurePath(path).name or path for path in paths[:3]) + ("…" if len(paths) > 3 else "")
