"""Labels for another program: which one, where to, and how it goes."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.core.events import Event, Progress
from fsl_desktop.core.exports.kinds import FACTS, Kind, kinds_for
from fsl_desktop.core.message import Message
from fsl_desktop.ui.export_state import ExportState
from fsl_desktop.ui.export_words import format_name, format_words
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.widgets import named, title, with_role
from fsl_desktop.work.protocol import Exported, ExportLabels


def _tr(text: str) -> str:
    return QCoreApplication.translate("ExportDialog", text)


class ExportDialog(QDialog):
    """One export at a time; closing it cancels what is being written."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._ticket: int | None = None
        self.setWindowTitle(_tr("Labels for another program"))
        self.resize(560, 480)
        self.list = named(QListWidget(), _tr("Formats"), "export_formats")
        for kind in kinds_for(session.of_sounds):
            item = QListWidgetItem(format_name(kind))
            # The view does not ask the style sheet how high a row is.
            item.setSizeHint(QSize(0, max(32, 2 * self.list.fontMetrics().lineSpacing())))
            item.setData(Qt.ItemDataRole.UserRole, kind.value)
            self.list.addItem(item)
        self.list.setMinimumHeight(min(6, self.list.count()) * 34)
        self.list.currentItemChanged.connect(self._describe)
        self.list.itemActivated.connect(self._ask)
        self.words = QLabel()
        self.words.setWordWrap(True)
        self.words.setMinimumHeight(self.words.fontMetrics().lineSpacing() * 3)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.state = ExportState()
        self.state.cancel_requested.connect(self._cancel)
        self.state.busy_changed.connect(self._set_busy)
        self.save = named(with_role(QPushButton(_tr("Save as…")), "primary"), _tr("Save as…"), "export_save")
        self.save.clicked.connect(self._ask)
        close = named(QPushButton(_tr("Close")), _tr("Close"), "export_close")
        close.clicked.connect(self.close)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(close)
        buttons.addWidget(self.save)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 16, 16, 16)
        box.setSpacing(12)
        box.addWidget(title(_tr("Labels for another program")))
        box.addWidget(self.list, 3)
        box.addWidget(self.words)
        box.addWidget(self.state, 1)
        box.addLayout(buttons)
        self.list.setCurrentRow(0)

    @property
    def kind(self) -> Kind:
        return Kind(self.list.currentItem().data(Qt.ItemDataRole.UserRole))

    def choose(self, kind: Kind) -> None:
        for row in range(self.list.count()):
            if self.list.item(row).data(Qt.ItemDataRole.UserRole) == kind.value:
                self.list.setCurrentRow(row)

    def ask_path(self, kind: Kind) -> str:
        """The file dialog; "" where the user thought better of it."""
        ending = FACTS[kind].ending
        name = f"{self._session.project.name}{ending}"
        if not ending:
            name = _tr("{name} for {program}").format(name=self._session.project.name, program=kind.value)
        kinds = f"{format_name(kind)} (*{ending})" if ending else ""
        caption = _tr("Save the labels") if ending else _tr("Name of the new folder")
        path = QFileDialog.getSaveFileName(self, caption, name, kinds)[0]
        return path if not path or path.lower().endswith(ending) else f"{path}{ending}"

    def closeEvent(self, event: QCloseEvent) -> None:
        self._leave()
        super().closeEvent(event)

    def reject(self) -> None:
        self._leave()
        super().reject()

    def _leave(self) -> None:
        if self._ticket is not None:
            self._session.jobs.forget(self._ticket)
            self._cancel()
            self._ticket = None

    def _describe(self) -> None:
        self.words.setText(format_words(self.kind, self._session.of_sounds))

    def _ask(self) -> None:
        path = self.ask_path(self.kind) if self._ticket is None else ""
        if not path:
            return
        self.state.started(_tr("Writing the labels…"))
        request = ExportLabels(str(self._session.project.folder), path, self.kind)
        self._ticket = self._session.jobs.submit(
            request,
            done=self._on_done,
            told=self._on_told,
            refused=self._on_refused,
            dropped=self._on_dropped,
        )

    def _cancel(self) -> None:
        if self._ticket is not None:
            self._session.jobs.cancel(self._ticket)

    def _set_busy(self, busy: bool) -> None:
        self.list.setDisabled(busy)
        self.save.setDisabled(busy)

    def _on_told(self, event: Event) -> None:
        if isinstance(event, Progress):
            self.state.progress(event)

    def _on_done(self, result: Exported) -> None:
        self._ticket = None
        self.state.done(result.path, result.notes)

    def _on_refused(self, message: Message, details: str) -> None:
        self._ticket = None
        self.state.failed(message, details)

    def _on_dropped(self) -> None:
        self._ticket = None
        self.state.cancelled()
