"""How an export goes: words, a bar with cancel, and where the result is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import PurePath

from PySide6.QtCore import QCoreApplication, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QProgressBar, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from fsl_desktop.core.events import Progress
from fsl_desktop.core.message import Message
from fsl_desktop.ui import speech
from fsl_desktop.ui.details_dialog import DetailsDialog
from fsl_desktop.ui.widgets import named, with_role


def _tr(text: str) -> str:
    return QCoreApplication.translate("ExportState", text)


class ExportState(QStackedWidget):
    """Empty until the first export is started."""

    cancel_requested = Signal()
    busy_changed = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._path, self._details = "", ""
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setObjectName("export_words")
        # A label is a frame to a style sheet; the frame around warnings is not meant for it.
        self.words.setStyleSheet("border: none; background: transparent;")
        self.bar = named(QProgressBar(), _tr("Progress of the export"), "export_progress")
        self.bar.setTextVisible(False)
        self.cancel = named(QPushButton(_tr("Cancel")), _tr("Cancel the export"), "export_cancel")
        self.cancel.clicked.connect(self.cancel_requested)
        self.show_button = named(QPushButton(_tr("Show in folder")), _tr("Show in folder"), "export_show")
        self.show_button.clicked.connect(self._on_show)
        quiet = with_role(QPushButton(_tr("Details")), "quiet")
        self.details = named(quiet, _tr("Details"), "export_details")
        self.details.clicked.connect(self._on_details)
        empty, told = QWidget(), QWidget()
        box = QVBoxLayout(told)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.words)
        box.addWidget(self.bar)
        for button in (self.cancel, self.show_button, self.details):
            box.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        box.addStretch(1)
        self.addWidget(empty)
        self.addWidget(told)

    def started(self, words: str) -> None:
        self._show(words, "muted", bar=True)
        self.bar.setRange(0, 0)

    def progress(self, event: Progress) -> None:
        self.words.setText(speech.progress_words(event))
        self.bar.setRange(0, 1000 if event.total else 0)
        if event.total:
            self.bar.setValue(round(1000 * min(1.0, event.done / event.total)))

    def done(self, path: str, notes: Sequence[Message] = ()) -> None:
        self._path = path
        saved = _tr("Saved {name}.").format(name=PurePath(path).name)
        words = " ".join([saved, *(speech.say(note) for note in notes)])
        self._show(words, "muted" if notes else "good", show=True)

    def failed(self, message: Message, details: str = "") -> None:
        self._details = details
        self._show(speech.say(message), "danger", details=bool(details))

    def cancelled(self) -> None:
        self._show(_tr("Cancelled; nothing was written."), "muted")

    def _show(
        self, words: str, role: str, *, bar: bool = False, show: bool = False, details: bool = False
    ) -> None:
        self.words.setText(words)
        with_role(self.words, role)
        self.bar.setVisible(bar)
        self.cancel.setVisible(bar)
        self.show_button.setVisible(show)
        self.details.setVisible(details)
        self.setCurrentIndex(1)
        self.busy_changed.emit(bar)

    def _on_show(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(PurePath(self._path).parent)))

    def _on_details(self) -> None:
        dialog = DetailsDialog(self.words.text(), self._details, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
