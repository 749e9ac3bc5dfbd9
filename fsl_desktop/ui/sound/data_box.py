"""What the Data page says of a project of recordings: how much sound, what is lost, what listens to it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QLocale, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from fsl_desktop.core.catalogue import AUDIO
from fsl_desktop.core.commands import Change
from fsl_desktop.ui.base_model import BaseModel
from fsl_desktop.ui.inline import InlineSentence
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.sound.lost_files import LostFiles
from fsl_desktop.ui.sound.times import clock
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import muted, section


class SoundDataBox(QWidget):
    """``find_requested``: the user wants to say where the recordings are now."""

    find_requested = Signal()

    def __init__(
        self,
        session: Session,
        holder: ThemeHolder,
        lost: LostFiles,
        base: BaseModel,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._session, self._lost = session, lost
        self.missing = InlineSentence(holder)
        self.missing.fix_wanted.connect(self.find_requested)
        self.amount = muted("", wrap=True)
        names = ", ".join(entry.name for entry in base.catalogue.of(AUDIO))
        words = self.tr("{names}. Your labels decide how much each of them counts.")
        self.encoders = muted(words.format(names=names), wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.missing)
        column.addWidget(section(self.tr("Sound")))
        column.addWidget(self.amount)
        column.addSpacing(4)
        column.addWidget(section(self.tr("Listens with")))
        column.addWidget(self.encoders)
        session.loaded.connect(self._count)
        session.changed.connect(self._on_changed)
        lost.looked.connect(self._show_lost)
        self._count()
        self._show_lost()

    def _on_changed(self, change: Change) -> None:
        if change.rows_changed and not self._session.loading:
            self._count()

    def _count(self) -> None:
        table = self._session.table
        clips = table.clips
        if clips is None:
            return
        n = min(len(table), len(clips))
        used = np.unique(clips.file_ids[:n][~table.removed[:n]]).tolist()
        files = [clips.files[one] for one in used if one in clips.files]
        seconds = sum(file.seconds for file in files)
        number = QLocale().toString(len(files))
        words = self.tr("{time} in 1 file") if len(files) == 1 else self.tr("{time} in {n} files")
        self.amount.setText(words.format(time=self._time(seconds), n=number))

    def _time(self, seconds: float) -> str:
        if seconds < 60:
            return self.tr("{n} seconds").format(n=QLocale().toString(float(seconds), "f", 1))
        if seconds < 3600:
            return self.tr("{time} minutes").format(time=clock(seconds))
        return self.tr("{time} hours").format(time=clock(seconds))

    def _show_lost(self) -> None:
        if not self._lost.files:
            self.missing.clear()
            return
        fix = "" if self._lost.read_only else self.tr("Find them…")
        words = self._lost.words()
        if self._lost.read_only:
            words += " " + self.tr("The project is read only, so they cannot be looked for.")
        self.missing.tell(words, kind="warning", fix=fix)
