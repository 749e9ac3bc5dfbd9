"""How the table's columns share the width: chips get what they need, within limits, and the text the rest."""

from __future__ import annotations

import json

from PySide6.QtCore import QObject
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QTableView

from fsl_desktop.ui.chips import chip_width
from fsl_desktop.ui.row_delegate import PAD, RowDelegate
from fsl_desktop.ui.table_model import Column, TableModel
from fsl_desktop.ui.theme import class_mark

STATE_WIDTH = 40
_LEAST = {Column.PICTURE: 90, Column.LABEL: 96, Column.SUGGESTION: 150}
_SHARE = {Column.PICTURE: 0.2, Column.LABEL: 0.26, Column.SUGGESTION: 0.34}
_TEXT_LEAST, _ANY_LEAST = 140, 60
_PICTURE_MOST = 200


class ColumnSharing(QObject):
    """Sets the column widths of a table, by itself until the user drags one."""

    def __init__(self, view: QTableView, delegate: RowDelegate) -> None:
        super().__init__(view)
        self._view, self._delegate = view, delegate
        self._wanted: dict[Column, int] = {}
        self._shared = [Column.LABEL, Column.SUGGESTION]
        """From left to right, beside the text."""
        self._busy = False
        view.horizontalHeader().sectionResized.connect(self._on_resized)

    def show_pictures(self) -> None:
        """There are columns for recordings now; they come after the text."""
        header = self._view.horizontalHeader()
        for place, column in enumerate((Column.PICTURE, Column.LENGTH), Column.LABEL):
            header.moveSection(header.visualIndex(column), place)
        self._shared.insert(0, Column.PICTURE)
        self.share()

    def save(self) -> str:
        """The widths that the user chose, as JSON."""
        return json.dumps({column.name.lower(): width for column, width in self._wanted.items()})

    def restore(self, state: str) -> None:
        """Take back what ``save`` gave; anything else is passed over."""
        try:
            given = dict(json.loads(state))
            widths = {column: int(given[name]) for column in _SHARE if (name := column.name.lower()) in given}
        except (ValueError, TypeError, KeyError, RecursionError):
            return
        self._wanted = {column: min(max(width, _ANY_LEAST), 2000) for column, width in widths.items()}
        self.share()

    def share(self) -> None:
        """Set all widths so that they fill the view exactly."""
        if not isinstance(self._view.model(), TableModel) or self._busy:
            return
        length = self._length_width() if Column.PICTURE in self._shared else 0
        room = self._view.viewport().width() - STATE_WIDTH - length
        widths = {}
        for column in self._shared:
            fair = max(_LEAST[column], min(self._needed(column), round(room * _SHARE[column])))
            widths[column] = self._wanted.get(column, fair)
        over = sum(widths.values()) + _TEXT_LEAST - room
        if over > 0:
            for column in widths:
                widths[column] = max(_ANY_LEAST, widths[column] - -(-over // len(widths)))
        self._busy = True
        self._view.setColumnWidth(Column.STATE, STATE_WIDTH)
        self._view.setColumnWidth(Column.TEXT, max(_ANY_LEAST, room - sum(widths.values())))
        for column, width in widths.items():
            self._view.setColumnWidth(column, width)
        if length:
            self._view.setColumnWidth(Column.LENGTH, length)
        self._busy = False

    def _length_width(self) -> int:
        metrics = QFontMetricsF(self._view.font())
        head = self._view.model().headerData(Column.LENGTH, self._view.horizontalHeader().orientation())
        return round(max(map(metrics.horizontalAdvance, (str(head), "00:00.0"))) + 3 * PAD)

    def _needed(self, column: Column) -> int:
        """The width of the column's longest content."""
        if column == Column.PICTURE:
            return _PICTURE_MOST
        metrics = QFontMetricsF(self._view.font())
        model = self._view.model()
        assert isinstance(model, TableModel)
        chips = (chip_width(metrics, info.name, class_mark(info.position)) for info in model.classes())
        widest = max(chips, default=0.0)
        if column == Column.SUGGESTION:
            widest += metrics.horizontalAdvance("> 99 %") + PAD
        return round(max(widest, metrics.horizontalAdvance(self._delegate.hint())) + 3 * PAD)

    def _on_resized(self, section: int, old: int, new: int) -> None:
        """The user drags the line to the right of a section: only its two neighbours change."""
        if self._busy:
            return
        # The length keeps its width: dragging its line moves the picture's.
        column = Column.PICTURE if section == Column.LENGTH else Column(section)
        line = [Column.TEXT, *self._shared]
        if column in line[:-1]:
            if column != Column.TEXT:
                wide = self._view.columnWidth(column) + (new - old if section == Column.LENGTH else 0)
                self._wanted[column] = max(_ANY_LEAST, wide)
            beside = line[line.index(column) + 1]
            self._wanted[beside] = max(_ANY_LEAST, self._view.columnWidth(beside) - (new - old))
        self.share()
