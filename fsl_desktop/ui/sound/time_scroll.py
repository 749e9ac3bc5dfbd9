"""The scroll bar below a clip: the part of it that is seen."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollBar, QWidget

from fsl_desktop.ui.sound.time_view import TimeView
from fsl_desktop.ui.widgets import named

_MS = 1000


class TimeScroll(QScrollBar):
    """Follows a :class:`TimeView` and moves it; hidden where all is seen, its room stays."""

    def __init__(self, view: TimeView, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        named(self, self.tr("Part of the clip"), "clipScroll")
        self._view = view
        # The room stays while there is nothing to scroll: nothing jumps at the first zoom.
        keeps = self.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        self.setSizePolicy(keeps)
        view.changed.connect(self._follow)
        self.valueChanged.connect(lambda value: view.show(value / _MS, value / _MS + view.span))

    def _follow(self) -> None:
        view = self._view
        self.blockSignals(True)
        self.setRange(round(view.first * _MS), round((view.last - view.span) * _MS))
        self.setPageStep(max(1, round(view.span * _MS)))
        self.setSingleStep(max(1, round(view.span * _MS / 20)))
        self.setValue(round(view.start * _MS))
        self.blockSignals(False)
        self.setVisible(not view.is_whole)
