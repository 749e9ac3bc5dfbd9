"""Which label a marked part gets: the classes with their keys, or none yet."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QMenu, QWidget

from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.ui.chips import mark_width, paint_mark
from fsl_desktop.ui.theme import Theme, class_colour, class_key, class_mark

MOST = 30
"""More would not fit on the screen; the table has them all."""
_MARK = 16


class PartMenu(QMenu):
    """While it is open, the key of a class chooses it: those keys are free in the table for its rows."""

    chosen = Signal(object)
    """(tuple of class ids) empty: a row without a label, which is then chosen in the table."""

    def __init__(self, classes: Sequence[ClassInfo], theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for info in classes[:MOST]:
            words = info.name.replace("&", "&&")
            key = class_key(info.position)
            # The letter after "&" is the key; it is shown in the coloured mark already.
            action = self.addAction(f"{words}\t&{key}" if key else words)
            action.setIcon(_mark(info.position, theme))
            action.triggered.connect(lambda _=False, class_id=info.id: self.chosen.emit((class_id,)))
        self.addSeparator()
        later = self.addAction(self.tr("New row, label it in the table"))
        later.triggered.connect(lambda: self.chosen.emit(()))
        self.setActiveAction(self.actions()[0] if classes else later)


def _mark(position: int, theme: Theme) -> QIcon:
    mark = class_mark(position)
    wide = round(mark_width(mark))
    made = QPixmap(2 * wide, 2 * _MARK)
    made.setDevicePixelRatio(2)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    paint_mark(painter, QRectF(0, 0, wide, _MARK), mark, class_colour(theme, position), theme)
    painter.end()
    return QIcon(made)
