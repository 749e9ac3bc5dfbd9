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
_LEAST = {Column.LABEL: 96, Column.SUGGESTION: 150}
_SHARE = {Column.LABEL: 0.26, Column.SUGGESTION: 0.34}
_TEXT_LEAST, _ANY_LEAST = 140, 60


class ColumnSharing(QObject):
    """Sets the column widths of a table, by itself until the user drags one."""

    def __init__(self, view: QTableView, delegate: RowDelegate) -> None:
        super().__init__(view)
        self._view, self._delegate = view, delegate
        self._wanted: dict[Column, int] = {}
        self._busy = False
        view.horizontalHeader().sectionResized.connect(self._on_resized)

    def save(self) -> str:
        """The widths that the user chose, as JSON."""
        return json.dumps({column.name.lower(): width for column, width in self._wanted.items()})

    def restore(self, state: str) -> None:
        """Take back what ``save`` gave; anything else is passed over."""
        try:
            given = dict(json.loads(state))
            widths = {column: int(given[name]) for column in _SHARE if (name := column.name.lower()) in given}
        except (ValueError, TypeError, KeyError):
            return
        self._wanted = {column: min(max(width, _ANY_LEAST), 2000) for column, width in widths.items()}
        self.share()

    def share(self) -> None:
        """Set all widths so that they fill the view exactly."""
        if not isinstance(self._view.model(), TableModel) or self._busy:
            return
        room = self._view.viewport().width() - STATE_WIDTH
        widths = {}
        for column, share in _SHARE.items():
            fair = max(_LEAST[column], min(self._needed(column), round(room * share)))
            widths[column] = self._wanted.get(column, fair)
        over = sum(widths.values()) + _TEXT_LEAST - room
        if over > 0:
            for column in widths:
                widths[column] = max(_ANY_LEAST, widths[column] - (over + 1) // 2)
        self._busy = True
        self._view.setColumnWidth(Column.STATE, STATE_WIDTH)
        self._view.setColumnWidth(Column.TEXT, max(_ANY_LEAST, room - sum(widths.values())))
        for column, width in widths.items():
            self._view.setColumnWidth(column, width)
        self._busy = False

    def _needed(self, column: Column) -> int:
        """The width of the column's longest content."""
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
        label = self._view.columnWidth(Column.LABEL)
        if section == Column.TEXT:
            self._wanted[Column.LABEL] = max(_ANY_LEAST, label - (new - old))
        elif section == Column.LABEL:
            self._wanted[Column.LABEL] = max(_ANY_LEAST, new)
            beside = self._view.columnWidth(Column.SUGGESTION)
            self._wanted[Column.SUGGESTION] = max(_ANY_LEAST, beside - (new - old))
        self.share()
