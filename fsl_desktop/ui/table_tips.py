"""What the table tells of a cell under the mouse."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QTableView, QToolTip

from fsl_desktop.ui.row_delegate import PAD
from fsl_desktop.ui.table_model import Column


def show_tool_tip(view: QTableView, event: QHelpEvent) -> None:
    """The whole text, but only where the cell does not show it."""
    index = view.indexAt(event.pos())
    text = index.data(Qt.ItemDataRole.ToolTipRole) if index.isValid() else None
    cell = view.visualRect(index)
    if index.column() == Column.TEXT:
        fits = view.fontMetrics().horizontalAdvance(str(text)) <= cell.width() - 2 * PAD
        text = None if fits else text
    if text:
        # As rich text it is wrapped; plain text would make a strip as wide as the screen.
        QToolTip.showText(event.globalPos(), f"<qt>{escape(str(text))}</qt>", view.viewport(), cell)
    else:
        QToolTip.hideText()
