"""Beside the timeline: the events as a list, and what can be done with them."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QVBoxLayout, QWidget

from fsl_desktop.core.audio.event_files.files import Format
from fsl_desktop.ui.sound.long_list import EventList
from fsl_desktop.ui.widgets import named, section, with_role


class EventPanel(QWidget):
    """Says what was asked for; who owns the recording does it."""

    rows_asked = Signal(bool)
    """Make rows; with labels or without."""
    export_asked = Signal(object)  # Format
    compare_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = EventList()
        words = self.tr("Make rows")
        self.rows = named(QPushButton(words), self.tr("Make rows of these events"), "long_rows")
        self.rows.setToolTip(
            self.tr("Of the chosen events where there are several, else of all in the list.")
        )
        self.rows.setMenu(
            self._menu(
                (self.tr("Without labels"), "long_rows_plain", lambda: self.rows_asked.emit(False)),
                (self.tr("Labelled as heard"), "long_rows_labelled", lambda: self.rows_asked.emit(True)),
            )
        )
        words = self.tr("Export")
        self.export = named(QPushButton(words), self.tr("Save the events in the list"), "long_export")
        self.export.setMenu(
            self._menu(
                *(
                    (words, f"long_export_{kind}", lambda kind=kind: self.export_asked.emit(kind))
                    for kind, words in format_words(self).items()
                )
            )
        )
        words = self.tr("Compare with…")
        self.compare = named(with_role(QPushButton(words), "quiet"), words, "long_compare")
        self.compare.setToolTip(self.tr("A file of events that somebody has marked in this recording."))
        self.compare.clicked.connect(self.compare_asked)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button in (self.rows, self.export, self.compare):
            buttons.addWidget(button)
        buttons.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(section(self.tr("Events")))
        box.addWidget(self.list, 1)
        box.addLayout(buttons)
        self.enable(rows=False, compare=False)

    def enable(self, *, rows: bool, compare: bool) -> None:
        """``rows``: there is something to save; ``compare``: somebody has listened."""
        for button in (self.rows, self.export):
            button.setEnabled(rows)
        self.compare.setEnabled(compare)

    def _menu(self, *entries: tuple) -> QMenu:
        menu = QMenu(self)
        for words, name, act in entries:
            action = QAction(words, menu)
            action.setObjectName(name)
            action.triggered.connect(lambda _=False, act=act: act())
            menu.addAction(action)
        return menu


def format_words(widget: QWidget) -> dict[Format, str]:
    return {
        Format.AUDACITY: widget.tr("Labels for Audacity…"),
        Format.RAVEN: widget.tr("Selection table for Raven…"),
        Format.TEXTGRID: widget.tr("TextGrid for Praat…"),
        Format.ELAN: widget.tr("File for ELAN…"),
        Format.CSV: widget.tr("Table (CSV)…"),
    }
