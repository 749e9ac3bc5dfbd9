"""One open project: its session, its pages, and the wires between them. Gone when the project closes."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from fsl_desktop.core.config import Preset
from fsl_desktop.core.project import Project
from fsl_desktop.core.settings import Settings
from fsl_desktop.ui.actions import Actions
from fsl_desktop.ui.data_page import DataPage
from fsl_desktop.ui.exporter import Exporter
from fsl_desktop.ui.importer import Importer
from fsl_desktop.ui.jobs import Jobs
from fsl_desktop.ui.label_page import LabelPage
from fsl_desktop.ui.results_page import ResultsPage
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.suggester import Suggester
from fsl_desktop.ui.test_page import TestPage
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.train_choice import TrainChoice
from fsl_desktop.ui.train_page import TrainPage
from fsl_desktop.ui.trainer import Trainer
from fsl_desktop.ui.training_dock import TrainingDock


class Workspace(QWidget):
    """The pages of a project, one shown at a time."""

    failed = Signal(object, str)  # Message, details
    said = Signal(object)  # Message
    page_wanted = Signal(str)
    add_file_wanted = Signal(str)  # path, or "" to choose one

    def __init__(
        self,
        project: Project,
        jobs: Jobs,
        holder: ThemeHolder,
        actions: Actions,
        settings: Settings,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self.session = Session(project, jobs, self)
        self.suggester = Suggester(self.session, parent=self)
        self.trainer = Trainer(self.session, self)
        self.exporter = Exporter(self.suggester, self)
        self.importer = Importer(jobs, self)
        preset = Preset(settings.default_preset) if settings.default_preset else Preset.BALANCED
        self.choice = TrainChoice(preset, self)
        self.dock = TrainingDock(self.session, self.trainer, self.suggester, holder, choice=self.choice)
        self.label = LabelPage(self.session, self.suggester, holder, actions, self.dock)
        self.data = DataPage(self.session, holder)
        self.train = TrainPage(self.session, self.trainer, self.suggester, holder, choice=self.choice)
        self.test = TestPage(self.session, self.suggester, self.trainer, holder, self.importer)
        self.results = ResultsPage(self.session, self.trainer, self.suggester, holder)
        self.pages: dict[str, QWidget] = {
            "data": self.data,
            "label": self.label,
            "train": self.train,
            "test": self.test,
            "results": self.results,
        }
        self.stack = QStackedWidget()
        for page in self.pages.values():
            self.stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.stack)
        self._connect()

    def start(self) -> None:
        """Begin reading the rows; suggestions follow when they are there."""
        active = self.trainer.active
        if active:
            self.suggester.set_model(f"run:{active}")
        self.session.load()

    def show_page(self, name: str) -> None:
        page = self.pages[name]
        self.stack.setCurrentWidget(page)
        if page is self.label:
            self.label.focus_table()
        else:
            page.setFocus()

    def close_workspace(self) -> None:
        """Stop everything that runs for this project and close it."""
        self.label.close_page()
        self.exporter.close()
        self.trainer.close()
        self.suggester.close()
        self.session.close()

    def _connect(self) -> None:
        session, actions = self.session, self._actions
        session.failed.connect(self.failed)
        session.said.connect(self.said)
        self.label.said.connect(self.said)
        self.label.add_file_wanted.connect(lambda: self.add_file_wanted.emit(""))
        session.changed.connect(lambda _: self._show_undo())
        session.loaded.connect(self._show_undo)
        actions.undo.triggered.connect(session.undo)
        actions.redo.triggered.connect(session.redo)
        actions.train.triggered.connect(self.dock.controls.toggle)
        self.trainer.active_changed.connect(self._follow_active)
        self.results.rows_chosen.connect(self._show_rows)
        self.exporter.started.connect(self.results.export_started)
        self.exporter.progress.connect(self.results.export_progress)
        self.exporter.done.connect(self.results.export_done)
        self.exporter.failed.connect(self.results.export_failed)
        self.exporter.cancelled.connect(self.results.export_cancelled)
        self.results.export_cancel_requested.connect(self.exporter.cancel)
        self.results.train_requested.connect(lambda: self.page_wanted.emit("train"))
        self.test.label_requested.connect(lambda: self.page_wanted.emit("label"))
        self.train.results_requested.connect(self._show_results)
        self.results.export_table_requested.connect(self.exporter.export_table)
        self.results.export_model_requested.connect(self.exporter.export_model)
        self._show_undo()

    def _follow_active(self) -> None:
        active = self.trainer.active
        self.suggester.set_model(f"run:{active}" if active else "minilm")

    def _show_rows(self, row_ids: list[int], caption: str) -> None:
        self.label.show_rows(row_ids, caption)
        self.page_wanted.emit("label")

    def _show_results(self, run_id: str) -> None:
        self.results.show_run(run_id)
        self.page_wanted.emit("results")

    def _show_undo(self) -> None:
        project, actions = self.session.project, self._actions
        actions.undo.setEnabled(project.can_undo)
        actions.redo.setEnabled(project.can_redo)
        undo, redo = project.undo_text, project.redo_text
        actions.undo.setToolTip(self.tr("Undo: {what}").format(what=undo.text) if undo else "")
        actions.redo.setToolTip(self.tr("Redo: {what}").format(what=redo.text) if redo else "")
