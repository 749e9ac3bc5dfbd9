"""Taking results away: the table with labels and predictions, or the model as a folder."""

from __future__ import annotations

from pathlib import PurePath

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.core.events import Progress
from fsl_desktop.core.message import Message
from fsl_desktop.ui import speech
from fsl_desktop.ui.details_dialog import DetailsDialog
from fsl_desktop.ui.widgets import Card, muted, named, section, with_role

FORMATS = (("csv", "CSV"), ("xlsx", "Excel"), ("jsonl", "JSON Lines"))


class ExportCard(Card):
    """Asks where to, and shows how it goes; the writing is somebody else's."""

    table_requested = Signal(str, str)  # path, "csv" | "xlsx" | "jsonl"
    model_requested = Signal(str)  # a folder that is to be made
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.base_name = "table"
        """The start of the file names that are proposed."""
        self._path, self._details = "", ""
        self.body.addWidget(section(self.tr("Take away")))
        self.body.addWidget(
            muted(self.tr("The table with your labels and the model's predictions"), wrap=True)
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        self.buttons: list[QPushButton] = []
        for kind, words in FORMATS:
            button = named(
                QPushButton(words),
                self.tr("Save the table as {format}").format(format=words),
                f"export_{kind}",
            )
            button.clicked.connect(lambda _=False, kind=kind: self.ask_table(kind))
            row.addWidget(button, 1)
            self.buttons.append(button)
        self.body.addLayout(row)
        self.body.addSpacing(4)
        self.body.addWidget(muted(self.tr("The model, to use it in other programs"), wrap=True))
        self.model_button = named(
            QPushButton(self.tr("Model folder…")), self.tr("Save the model as a folder"), "export_model"
        )
        self.model_button.clicked.connect(self.ask_model)
        self.body.addWidget(self.model_button)
        self._build_state()
        self.body.addWidget(self._state)
        self.body.addStretch(1)

    def _build_state(self) -> None:
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setTextFormat(Qt.TextFormat.PlainText)
        self.words.setObjectName("export_words")
        # A label is a frame to a style sheet; the frame around warnings is not meant for it.
        self.words.setStyleSheet("border: none; background: transparent;")
        self.bar = named(QProgressBar(), self.tr("Progress of the export"), "export_progress")
        self.bar.setTextVisible(False)
        self.cancel = named(QPushButton(self.tr("Cancel")), self.tr("Cancel the export"), "export_cancel")
        self.cancel.clicked.connect(self.cancel_requested)
        self.show_button = named(
            QPushButton(self.tr("Show in folder")), self.tr("Show in folder"), "export_show"
        )
        self.show_button.clicked.connect(self._on_show)
        self.details = named(
            with_role(QPushButton(self.tr("Details")), "quiet"), self.tr("Details"), "export_details"
        )
        self.details.clicked.connect(self._on_details)
        quiet, told = QWidget(), QWidget()
        box = QVBoxLayout(told)
        box.setContentsMargins(0, 8, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.words)
        box.addWidget(self.bar)
        for button in (self.cancel, self.show_button, self.details):
            box.addWidget(button, 0, Qt.AlignmentFlag.AlignLeft)
        box.addStretch(1)
        self._state = QStackedWidget()
        self._state.addWidget(quiet)
        self._state.addWidget(told)

    def set_model_available(self, available: bool) -> None:
        self.model_button.setEnabled(available)

    def ask_table(self, kind: str) -> None:
        """Ask for a file name and send the request."""
        words = dict(FORMATS)[kind]
        path = self.ask_path(self.tr("Save the table"), f"{self.base_name}.{kind}", f"{words} (*.{kind})")
        if path:
            self.table_requested.emit(path if path.lower().endswith(f".{kind}") else f"{path}.{kind}", kind)

    def ask_model(self) -> None:
        path = self.ask_path(
            self.tr("Save the model folder"), self.tr("{name} model").format(name=self.base_name), ""
        )
        if path:
            self.model_requested.emit(path)

    def ask_path(self, caption: str, proposed: str, kinds: str) -> str:
        """The file dialog; "" where the user thought better of it."""
        return QFileDialog.getSaveFileName(self, caption, proposed, kinds)[0]

    def started(self, kind: str) -> None:
        """``kind``: "table" or "model"."""
        words = self.tr("Writing the model…") if kind == "model" else self.tr("Writing the table…")
        self._show(words, "muted", bar=True)
        self.bar.setRange(0, 0)

    def progress(self, event: Progress) -> None:
        self.words.setText(speech.progress_words(event))
        self.bar.setRange(0, 1000 if event.total else 0)
        if event.total:
            self.bar.setValue(round(1000 * min(1.0, event.done / event.total)))

    def done(self, path: str) -> None:
        self._path = path
        self._show(self.tr("Saved {name}.").format(name=PurePath(path).name), "good", show=True)

    def failed(self, message: Message, details: str = "") -> None:
        self._details = details
        self._show(speech.say(message), "danger", details=bool(details))

    def cancelled(self) -> None:
        self._show(self.tr("Cancelled; nothing was written."), "muted")

    def _show(
        self, words: str, role: str, *, bar: bool = False, show: bool = False, details: bool = False
    ) -> None:
        self.words.setText(words)
        with_role(self.words, role)
        self.bar.setVisible(bar)
        self.cancel.setVisible(bar)
        self.show_button.setVisible(show)
        self.details.setVisible(details)
        for button in (*self.buttons, self.model_button):
            button.setDisabled(bar)
        self._state.setCurrentIndex(1)

    def _on_show(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(PurePath(self._path).parent)))

    def _on_details(self) -> None:
        dialog = DetailsDialog(self.words.text(), self._details, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
