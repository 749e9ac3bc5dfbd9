"""A recording of hours with what was heard in it: look over it, move the threshold, go from find to find."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSlider,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.core.audio.detections import Cells, Detection, Joining, Rule, Spans, cells, find
from fsl_desktop.core.audio.peaks import Peaks
from fsl_desktop.core.audio.track import Track
from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.ui.sound.timeline_blocks import same_as
from fsl_desktop.ui.sound.timeline_canvas import Canvas
from fsl_desktop.ui.sound.timeline_overview import Overview
from fsl_desktop.ui.sound.timeline_range import clock
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import BusyState, ElidedLabel, EmptyState, named, with_role


class Timeline(QWidget):
    """Empty, busy, failed, or a recording with its detections; see the methods of these names."""

    seekAsked = Signal(float)
    """Seconds: somebody clicked there, or pressed Enter on a detection."""
    detectionChosen = Signal(object)
    """A :class:`Detection`, or ``None``."""
    thresholdMoved = Signal(float)
    cancelAsked = Signal()
    """While busy."""
    scanAsked = Signal()
    """The button of the empty and of the failed state."""
    detectionsChanged = Signal()
    """Others are shown than before."""

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curves: Cells | None = None
        self._spans: Spans | None = None
        self._order = np.zeros(0, np.int64)
        """Places of the spans in order of time."""
        self._rule = Rule()
        self.empty = EmptyState(
            "sound", self.tr("This recording has not been listened to yet."), self.tr("Find events")
        )
        self.empty.clicked.connect(self.scanAsked)
        self.busy = BusyState(self.tr("Listening to the recording…"))
        self.busy.cancelled.connect(self.cancelAsked)
        self.failed = EmptyState("warning", "", self.tr("Try again"))
        self.failed.clicked.connect(self.scanAsked)
        self.overview = named(Overview(holder), self.tr("The whole recording"), "timeline_overview")
        self.canvas = named(Canvas(holder), self.tr("Timeline of what was heard"), "timeline")
        self.canvas.setAccessibleDescription(
            self.tr("Left and right go from event to event, plus and minus zoom, Enter plays there.")
        )
        self.slider = named(QSlider(Qt.Orientation.Horizontal), self.tr("Threshold"), "timeline_threshold")
        self.slider.setRange(1, 99)
        self.slider.setValue(50)
        self.slider.setFixedWidth(180)
        self.slider.setToolTip(self.tr("How sure the model must be. Further right: fewer, surer events."))
        self.percent = QLabel()
        self.found = ElidedLabel(role="muted")
        self._stack = QStackedWidget()
        for page in (self.empty, self.busy, self.failed, self._content()):
            self._stack.addWidget(page)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(self._stack)
        self.slider.valueChanged.connect(self._on_slider)
        self.overview.moved.connect(self.canvas.centre_on)
        self.canvas.range_changed.connect(self.overview.set_shown)
        self.canvas.clicked.connect(self._on_clicked)
        self.canvas.step_asked.connect(self.step)
        self.canvas.opened.connect(self._on_opened)
        self._say()

    def _content(self) -> QWidget:
        page = QWidget()
        tools = QHBoxLayout()
        tools.addWidget(QLabel(self.tr("Threshold")))
        tools.addWidget(self.slider)
        tools.addWidget(self.percent)
        tools.addStretch(1)
        for words, text, name, act in (
            (self.tr("Event before"), "‹", "timeline_before", lambda: self.step(-1)),
            (self.tr("Next event"), "›", "timeline_next", lambda: self.step(1)),
            (self.tr("Zoom out"), "−", "timeline_out", lambda: self.canvas.zoom(1.6)),
            (self.tr("Zoom in"), "+", "timeline_in", lambda: self.canvas.zoom(1 / 1.6)),
            (self.tr("Show all"), self.tr("All"), "timeline_all", lambda: self.canvas.show_whole()),
        ):
            button = named(with_role(QPushButton(text), "quiet"), words, name)
            button.setToolTip(words)
            button.clicked.connect(act)
            tools.addWidget(button)
        self.canvas.setMinimumHeight(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(self.canvas)
        box = QVBoxLayout(page)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(6)
        box.addLayout(tools)
        box.addWidget(self.found)
        box.addWidget(self.overview)
        box.addWidget(scroll, 1)
        return page

    # What is shown

    def show_empty(self, sentence: str = "", *, can_scan: bool = True) -> None:
        """Nothing was heard yet."""
        self.empty.set_sentence(sentence or self.tr("This recording has not been listened to yet."))
        self.empty.button.setVisible(can_scan)
        self._stack.setCurrentWidget(self.empty)

    def show_busy(self, sentence: str, done: int = 0, total: int = 0) -> None:
        self.busy.set_sentence(sentence)
        self.busy.set_progress(done, total)
        self._stack.setCurrentWidget(self.busy)

    def show_failed(self, sentence: str) -> None:
        self.failed.set_sentence(sentence)
        self._stack.setCurrentWidget(self.failed)

    def show_track(
        self,
        track: Track,
        classes: Sequence[ClassInfo],
        peaks: Peaks | None = None,
        joining: Joining | None = None,
    ) -> None:
        """What a model said of a recording; ``classes`` in the order of the track's. Without peaks there is
        no waveform (yet: see :meth:`set_peaks`). For more of the same recording the part in sight stays, and
        so does the chosen detection where it is found again."""
        self._curves = cells(track, joining)
        self.canvas.set_recording(peaks, track.seconds)
        self.overview.set_peaks(peaks)
        chosen = self.chosen
        self.canvas.set_answers(classes, self._curves)
        self._stack.setCurrentIndex(self._stack.count() - 1)
        self._find(chosen)

    def set_peaks(self, peaks: Peaks) -> None:
        """The waveform, when it is there."""
        shown = self.canvas.shown
        self.overview.set_peaks(peaks)
        self.canvas.set_recording(peaks, shown.seconds or peaks.seconds)

    def set_rule(self, rule: Rule) -> None:
        """Gap, shortest, hysteresis and classes to leave out; the threshold becomes the slider's."""
        self._rule = rule
        if isinstance(rule.threshold, float):
            self.slider.setValue(round(100 * rule.threshold))
        self._find(self.chosen)

    def set_playhead(self, moment: float | None) -> None:
        self.canvas.set_playhead(moment)

    @property
    def threshold(self) -> float:
        return self.slider.value() / 100

    @property
    def spans(self) -> Spans | None:
        """What is shown now, as arrays; ``order`` are their places in order of time."""
        return self._spans

    @property
    def order(self) -> NDArray[np.int64]:
        return self._order

    @property
    def chosen(self) -> Detection | None:
        place = self.canvas.chosen
        return None if place is None or self._spans is None else self._spans.at(place)

    def choose(self, place: int | None) -> None:
        """Mark the detection at a place of :attr:`spans`, and bring it into sight."""
        if place != self.canvas.chosen:
            self._choose(place)

    def detections(self) -> list[Detection]:
        """What is shown now, in order of time."""
        return [] if self._spans is None else self._spans.detections()

    def step(self, direction: int) -> None:
        """Choose the next detection (1) or the one before (-1), from the chosen one or from what is
        in sight."""
        if self._spans is None or not len(self._order):
            return
        chosen = self.canvas.chosen
        if chosen is None:
            starts, middle = self._spans.starts[self._order], self.canvas.shown.start
            at = int(np.searchsorted(starts, middle)) - (1 if direction < 0 else 0)
        else:
            at = int(np.flatnonzero(self._order == chosen)[0]) + direction
        self._choose(int(self._order[min(max(at, 0), len(self._order) - 1)]))

    # What happens

    def _on_slider(self) -> None:
        self._find(self.chosen)
        self.thresholdMoved.emit(self.threshold)

    def _find(self, chosen: Detection | None = None) -> None:
        """Detections anew: at every move of the slider, so in a few milliseconds."""
        if self._curves is not None:
            self._rule = replace(self._rule, threshold=self.threshold)
            self._spans = find(self._curves, self._rule)
            self._order = np.lexsort((self._spans.classes, self._spans.starts))
            self.canvas.set_spans(self._spans, self.threshold)
            if chosen is not None:
                # The view stays: who moves a slider does not want to be led elsewhere.
                self.canvas.chosen = same_as(self._spans, chosen)
            self.detectionsChanged.emit()
            if chosen is not None and self.chosen != chosen:
                self.detectionChosen.emit(self.chosen)
        self._say()

    def _on_clicked(self, moment: float, lane: int) -> None:
        place = self.canvas.detection_at(moment, lane) if lane >= 0 else None
        if place is not None or self.canvas.chosen is not None:
            self._choose(place)
        self.seekAsked.emit(moment)

    def _on_opened(self) -> None:
        if self._spans is not None and self.canvas.chosen is not None:
            self.seekAsked.emit(float(self._spans.starts[self.canvas.chosen]))

    def _choose(self, place: int | None) -> None:
        self.canvas.choose(place)
        chosen = None if place is None or self._spans is None else self._spans.at(place)
        self._say()
        self.detectionChosen.emit(chosen)

    def _say(self) -> None:
        self.percent.setText(f"{self.slider.value()} %")
        if self._spans is None or not self._spans.class_names:
            self.found.setText("")
            return
        place = self.canvas.chosen
        if place is None:
            count = len(self._spans)
            words = self.tr("One event") if count == 1 else self.tr("{n} events").format(n=f"{count:,}")
            self.found.setText(words)
            return
        one = self._spans.at(place)
        words = self.tr("{name}, {start} to {end}, {percent} % sure").format(
            name=one.label,
            start=clock(one.start, 0.5),
            end=clock(one.end, 0.5),
            percent=round(100 * (one.confidence or 0.0)),
        )
        self.found.setText(words)
        self.canvas.setAccessibleDescription(words)
