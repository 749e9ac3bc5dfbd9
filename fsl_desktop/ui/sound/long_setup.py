"""Which recording, cut into what windows: the card above the timeline, with the progress of the scan."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QLabel, QProgressBar, QPushButton, QWidget

from fsl_desktop.core.audio.info import HEARD_SECONDS
from fsl_desktop.core.audio.scanning import HOP, SHORTEST_HOP, SHORTEST_WINDOW, WINDOW, usual_window
from fsl_desktop.core.table import ExampleTable
from fsl_desktop.ui.widgets import Card, ElidedLabel, muted, named, number_box, with_role


class SetupCard(Card):
    """Windows are as long as the labelled clips, until somebody chooses another length."""

    choose_asked = Signal()
    scan_asked = Signal()
    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._chosen = False
        words = self.tr("Choose a file…")
        self.choose = named(QPushButton(words), self.tr("Choose a long recording"), "long_choose")
        self.choose.clicked.connect(self.choose_asked)
        self.name = ElidedLabel(role="muted")
        self.window_ = self._seconds(self.tr("Length of a window in seconds"), "long_window")
        self.window_.setRange(SHORTEST_WINDOW, HEARD_SECONDS)
        self.window_.setToolTip(self.tr("About as long as the sounds that you look for."))
        self.hop = self._seconds(self.tr("Seconds from window to window"), "long_hop")
        self.hop.setToolTip(
            self.tr("Half of a window is a good choice. Less is more exact and takes longer.")
        )
        words = self.tr("Find events")
        self.listen = named(with_role(QPushButton(words), "primary"), words, "long_find")
        self.listen.setToolTip(self.tr("The model listens to the whole recording, window by window."))
        self.listen.clicked.connect(self.scan_asked)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.choose)
        row.addWidget(self.name, 1)
        row.addWidget(muted(self.tr("Windows of")))
        row.addWidget(self.window_)
        row.addWidget(muted(self.tr("every")))
        row.addWidget(self.hop)
        row.addWidget(self.listen)
        self.body.addLayout(row)
        self.body.addWidget(self._progress())
        self.window_.valueChanged.connect(self._on_window)
        self.hop.valueChanged.connect(self._on_hop)
        self._set(WINDOW, HOP)
        self.show_progress("")

    def _progress(self) -> QWidget:
        self.words = QLabel()
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.bar = named(QProgressBar(), self.tr("How far the model has listened"), "long_progress")
        self.bar.setTextVisible(False)
        words = self.tr("Cancel")
        self.cancel = named(QPushButton(words), words, "long_cancel")
        self.cancel.setToolTip(self.tr("What was heard is kept; find events goes on from there."))
        self.cancel.clicked.connect(self.cancel_asked)
        self._line = QWidget()
        line = QHBoxLayout(self._line)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(12)
        line.addWidget(self.words)
        line.addWidget(self.bar, 1)
        line.addWidget(self.cancel)
        return self._line

    def _seconds(self, words: str, name: str) -> QDoubleSpinBox:
        box = number_box(QDoubleSpinBox(), words, name)
        box.setDecimals(2)
        box.setSingleStep(0.1)
        box.setSuffix(self.tr(" s"))
        box.setKeyboardTracking(False)
        return box

    @property
    def window_seconds(self) -> float:
        return round(self.window_.value(), 2)

    @property
    def hop_seconds(self) -> float:
        return round(self.hop.value(), 2)

    def follow(self, table: ExampleTable) -> None:
        """Take the lengths of the labelled clips, unless somebody has chosen."""
        if not self._chosen:
            self._set(*usual_window(labelled_lengths(table)))

    def show_file(self, name: str) -> None:
        self.name.setText(name)

    def show_progress(self, words: str, done: int = 0, total: int = 0, *, stoppable: bool = False) -> None:
        """``words`` "" for none."""
        self._line.setVisible(bool(words))
        self.words.setText(words)
        self.bar.setRange(0, 1000 if total else 0)
        self.bar.setValue(round(1000 * min(done, total) / total) if total else 0)
        self.cancel.setVisible(stoppable)

    def set_running(self, running: bool, can_find: bool) -> None:
        self.listen.setEnabled(can_find and not running)
        for widget in (self.window_, self.hop):
            widget.setDisabled(running)

    def _set(self, window: float, hop: float) -> None:
        for box, value in ((self.window_, window), (self.hop, hop)):
            box.blockSignals(True)
            if box is self.hop:
                box.setRange(SHORTEST_HOP, window)
            box.setValue(value)
            box.blockSignals(False)

    def _on_window(self, window: float) -> None:
        self._chosen = True
        self._set(window, max(SHORTEST_HOP, round(window / 2, 2)))

    def _on_hop(self) -> None:
        self._chosen = True


def labelled_lengths(table: ExampleTable) -> np.ndarray:
    """Seconds (n,) of the clips of the rows that have a label, as far as they are known."""
    if table.clips is None:
        return np.zeros(0)
    rows = np.flatnonzero(table.labelled()[: len(table.clips)])
    files = table.clips.files
    whole = np.array([files[f].seconds if f in files else 0.0 for f in table.clips.file_ids[rows].tolist()])
    ends = table.clips.ends[rows]
    lengths = np.where(np.isnan(ends), whole, ends) - table.clips.starts[rows]
    return np.asarray(lengths[lengths > 0], np.float64)
