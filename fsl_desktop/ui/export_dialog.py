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

from fsl_desktop.core.exports.kinds import FACTS, Kind, kinds_for
from fsl_desktop.ui.export_job import ExportJob
from fsl_desktop.ui.export_state import ExportState
from fsl_desktop.ui.export_words import format_name, format_words
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.widgets import named, title, with_role
from fsl_desktop.work.protocol import ExportLabels


def _tr(text: str) -> str:
    return QCoreApplication.translate("ExportDialog", text)


class ExportDialog(QDialog):
    """One export at a time; closing it cancels what is being written."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._job = ExportJob(session, self)
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
        self.state.cancel_requested.connect(self._job.cancel)
        self._job.started.connect(lambda _: self.state.started(_tr("Writing the labels…")))
        self._job.progress.connect(self.state.progress)
        self._job.done.connect(self.state.done)
        self._job.failed.connect(self.state.failed)
        self._job.cancelled.connect(self.state.cancelled)
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
        self._job.close()
        super().closeEvent(event)

    def reject(self) -> None:
        self._job.close()
        super().reject()

    def _describe(self) -> None:
        self.words.setText(format_words(self.kind, self._session.of_sounds))

    def _ask(self) -> None:
        path = "" if self._job.running else self.ask_path(self.kind)
        if path:
            self._job.start("labels", ExportLabels(str(self._session.project.folder), path, self.kind))

    def _set_busy(self, busy: bool) -> None:
        self.list.setDisabled(busy)
        self.save.setDisabled(busy)
