"""Taking results away: the table with labels and predictions, or the model as a folder."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QPushButton, QWidget

from fsl_desktop.core.events import Progress
from fsl_desktop.core.message import Message
from fsl_desktop.ui.export_state import ExportState
from fsl_desktop.ui.widgets import Card, muted, named, section, with_role

FORMATS = (("csv", "CSV"), ("xlsx", "Excel"), ("jsonl", "JSON Lines"), ("parquet", "Parquet"))


class ExportCard(Card):
    """Asks where to, and shows how it goes; the writing is somebody else's."""

    table_requested = Signal(str, str)  # path, a kind of FORMATS
    model_requested = Signal(str)  # a folder that is to be made
    more_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.base_name = "table"
        """The start of the file names that are proposed."""
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
        self.more_button = named(
            with_role(QPushButton(self.tr("More formats…")), "quiet"),
            self.tr("Save the labels in the format of another program"),
            "export_more",
        )
        self.more_button.clicked.connect(self.more_requested)
        self.body.addWidget(self.more_button, 0, Qt.AlignmentFlag.AlignLeft)
        self.body.addSpacing(4)
        self.body.addWidget(muted(self.tr("The model, to use it in other programs"), wrap=True))
        self.model_button = named(
            QPushButton(self.tr("Model folder…")), self.tr("Save the model as a folder"), "export_model"
        )
        self.model_button.clicked.connect(self.ask_model)
        self.body.addWidget(self.model_button)
        self.state = ExportState()
        self.state.cancel_requested.connect(self.cancel_requested)
        self.state.busy_changed.connect(self._set_busy)
        self.body.addWidget(self.state)
        self.body.addStretch(1)

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
        self.state.started(words)

    def progress(self, event: Progress) -> None:
        self.state.progress(event)

    def done(self, path: str, notes: Sequence[Message] = ()) -> None:
        self.state.done(path, notes)

    def failed(self, message: Message, details: str = "") -> None:
        self.state.failed(message, details)

    def cancelled(self) -> None:
        self.state.cancelled()

    def _set_busy(self, busy: bool) -> None:
        for button in (*self.buttons, self.more_button, self.model_button):
            button.setDisabled(busy)
