"""The events that are shown, as a list: when, what and how sure."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from fsl_desktop.core.audio.detections import Detection, Spans
from fsl_desktop.ui import speech
from fsl_desktop.ui.sound.timeline_range import clock
from fsl_desktop.ui.widgets import named

Index = QModelIndex | QPersistentModelIndex
_NO_PARENT = QModelIndex()
START, LENGTH, LABEL, SURE = range(4)


def _side(column: int) -> int:
    """Numbers end at one line, words begin at one."""
    side = Qt.AlignmentFlag.AlignLeft if column == LABEL else Qt.AlignmentFlag.AlignRight
    return int(side | Qt.AlignmentFlag.AlignVCenter)


class EventModel(QAbstractTableModel):
    """A row per event in order of time; nothing is made before it is looked at."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._spans: Spans | None = None
        self._order = np.zeros(0, np.int64)

    def set_spans(self, spans: Spans | None, order: NDArray[np.int64]) -> None:
        self.beginResetModel()
        self._spans, self._order = spans, order
        self.endResetModel()

    def detection(self, row: int) -> Detection:
        assert self._spans is not None
        return self._spans.at(int(self._order[row]))

    def place(self, row: int) -> int:
        """Of the row in the spans."""
        return int(self._order[row])

    def row_of(self, place: int) -> int:
        return int(np.flatnonzero(self._order == place)[0])

    def rowCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = _NO_PARENT) -> int:
        return 0 if parent.isValid() else 4

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (self.tr("At"), self.tr("Length"), self.tr("Event"), self.tr("Sure"))[section]
        return _side(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if self._spans is None or not index.isValid():
            return None
        place, column = int(self._order[index.row()]), index.column()
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _side(column)
        if role != Qt.ItemDataRole.DisplayRole:
            return None
        start, end = float(self._spans.starts[place]), float(self._spans.ends[place])
        if column == START:
            return clock(start, 0.5)
        if column == LENGTH:
            return self.tr("{seconds} s").format(seconds=f"{end - start:.2f}")
        if column == LABEL:
            return self._spans.class_names[int(self._spans.classes[place])]
        return speech.certainty(float(self._spans.confidence[place]))


class EventList(QTableView):
    """Several may be chosen, to make rows of them; the current one is that of the timeline."""

    current_place = Signal(int)
    """Somebody went to the event at this place of the spans."""
    play_asked = Signal()
    """Enter or a double click."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, self.tr("Events"), "long_events")
        self.events = EventModel(self)
        self.setModel(self.events)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(26)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        header = self.horizontalHeader()
        header.setSectionResizeMode(LABEL, QHeaderView.ResizeMode.Stretch)
        header.setHighlightSections(False)
        wide = self.fontMetrics().horizontalAdvance
        for column, widest in ((START, "00:00:00.0"), (LENGTH, "0000.0 s"), (SURE, "1000 %")):
            self.setColumnWidth(column, wide(widest) + 18)
        self.selectionModel().currentRowChanged.connect(self._on_current)
        self.doubleClicked.connect(lambda _: self.play_asked.emit())
        self.activated.connect(lambda _: self.play_asked.emit())

    def show_spans(self, spans: Spans | None, order: NDArray[np.int64], chosen: int | None) -> None:
        """Other events; ``chosen`` is a place in the spans."""
        self.events.set_spans(spans, order)
        self.go_to(chosen)

    def go_to(self, place: int | None) -> None:
        """Follow the timeline; nothing is told."""
        model = self.selectionModel()
        model.blockSignals(True)
        if place is None:
            model.clear()
        else:
            index = self.events.index(self.events.row_of(place), 0)
            how = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
            model.setCurrentIndex(index, how)
            self.scrollTo(index)
        model.blockSignals(False)
        self.viewport().update()

    def chosen(self) -> list[Detection]:
        """The selected events where there are several, else all that are shown."""
        rows = sorted(index.row() for index in self.selectionModel().selectedRows())
        if len(rows) < 2:
            rows = list(range(self.events.rowCount()))
        return [self.events.detection(row) for row in rows]

    def _on_current(self, current: QModelIndex, before: QModelIndex) -> None:
        if current.isValid():
            self.current_place.emit(self.events.place(current.row()))
