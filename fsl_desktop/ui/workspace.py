"""One open project: its session, its pages, and the wires between them. Gone when the project closes."""

from __future__ import annotations

import gc
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from fsl_desktop.core.commands import Change
from fsl_desktop.core.config import Preset, Task
from fsl_desktop.core.project import Project
from fsl_desktop.core.settings import Settings
from fsl_desktop.ui.actions import Actions
from fsl_desktop.ui.base_model import BaseModel
from fsl_desktop.ui.data_page import DataPage
from fsl_desktop.ui.exporter import Exporter
from fsl_desktop.ui.importer import Importer
from fsl_desktop.ui.jobs import Jobs
from fsl_desktop.ui.label_page import LabelPage
from fsl_desktop.ui.model_prompt import ModelPrompt
from fsl_desktop.ui.model_setup import ModelSetup
from fsl_desktop.ui.results_page import ResultsPage
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.suggester import Suggester
from fsl_desktop.ui.test_page import TestPage
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.train_choice import TrainChoice
from fsl_desktop.ui.train_page import TrainPage
from fsl_desktop.ui.trainer import Trainer
from fsl_desktop.ui.training_dock import TrainingDock
from fsl_desktop.work.protocol import ModelStatus

if TYPE_CHECKING:
    from fsl_desktop.ui.sound.parts import SoundParts


class Workspace(QWidget):
    """The pages of a project, one shown at a time."""

    failed = Signal(object, str)  # Message, details
    said = Signal(object)  # Message
    renamed = Signal(str)
    page_wanted = Signal(str)
    add_file_wanted = Signal(str)  # path, or "" to choose one
    sound_view_changed = Signal(object)  # Mapping for Settings.sound_view
    offered = Signal(str, str, str)  # sentence, words of the button, model that it would choose

    def __init__(
        self,
        project: Project,
        jobs: Jobs,
        holder: ThemeHolder,
        actions: Actions,
        settings: Settings,
        model_setup: ModelSetup,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._actions = actions
        self._model_setup = model_setup
        self.session = Session(project, jobs, self)
        self.base = BaseModel(self.session, self)
        self.suggester = Suggester(self.session, self.base.model, parent=self)
        self.trainer = Trainer(self.session, self)
        self.exporter = Exporter(self.suggester, self)
        self.importer = Importer(jobs, self)
        preset = Preset(settings.default_preset) if settings.default_preset else Preset.AUTO
        self.choice = TrainChoice(preset, self)
        task = Task.CLASSIFY_AUDIO if self.session.of_sounds else Task.CLASSIFY_TEXT
        self.choice.set_config(replace(self.choice.config, model=self.base.model, task=task))
        self.dock = TrainingDock(self.session, self.trainer, self.suggester, holder, choice=self.choice)
        self.sounds = _sound_parts(self, holder, settings) if self.session.of_sounds else None
        below = self.sounds.dock if self.sounds is not None else self.dock
        self.label = LabelPage(self.session, self.suggester, holder, actions, below)
        about = self.sounds.data_box(self.base) if self.sounds is not None else None
        self.data = DataPage(self.session, holder, self.base, about)
        self.train = TrainPage(self.session, self.trainer, self.suggester, holder, choice=self.choice)
        self.test = (
            self.sounds.test_page(self.suggester, self.trainer)
            if self.sounds is not None
            else TestPage(self.session, self.suggester, self.trainer, holder, self.importer)
        )
        self.results = ResultsPage(self.session, self.trainer, self.suggester, holder)
        self.pages: dict[str, QWidget] = {
            "data": self.data,
            "label": self.label,
            "train": self.train,
            "test": self.test if self.sounds is None else self.sounds.tabs,
            "results": self.results,
        }
        self.stack = QStackedWidget()
        for page in self.pages.values():
            self.stack.addWidget(page)
        # What would be undone is read by nobody while keys are pressed; the buttons' layout can wait.
        self._words_timer = QTimer(self)
        self._words_timer.setSingleShot(True)
        self._words_timer.setInterval(60)
        self._words_timer.timeout.connect(self._show_undo_words)
        self.prompt = ModelPrompt(holder)
        self._prompt_frame = QWidget()
        frame = QVBoxLayout(self._prompt_frame)
        frame.setContentsMargins(16, 12, 16, 0)
        frame.addWidget(self.prompt)
        self._prompt_frame.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._prompt_frame)
        column.addWidget(self.stack, 1)
        self._connect()
        self._connect_model()
        self._connect_base()
        if self.sounds is not None:
            self.sounds.follow(self.label)
            actions.record.setEnabled(not project.read_only)
            actions.record.triggered.connect(self.sounds.dock.record_asked)

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
        self._words_timer.stop()
        self.label.close_page()
        if self.sounds is not None:
            self._actions.record.setEnabled(False)
            self.sounds.close()
        self.data.close_page()
        self.base.close()
        self.exporter.close()
        self.trainer.close()
        self.suggester.close()
        self.session.close()
        gc.unfreeze()

    def _connect(self) -> None:
        session, actions = self.session, self._actions
        session.failed.connect(self.failed)
        session.said.connect(self.said)
        self.label.said.connect(self.said)
        self.label.add_file_wanted.connect(lambda: self.add_file_wanted.emit(""))
        session.changed.connect(self._on_changed)
        session.loaded.connect(self._show_undo)
        session.loaded.connect(self._settle)
        actions.undo.triggered.connect(self.label.labelling.undo)
        actions.redo.triggered.connect(self.label.labelling.redo)
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
        self.pages["test"].label_requested.connect(lambda: self.page_wanted.emit("label"))
        self.results.label_requested.connect(lambda: self.page_wanted.emit("label"))
        self.train.results_requested.connect(self._show_results)
        self.results.export_table_requested.connect(self.exporter.export_table)
        self.results.export_model_requested.connect(self.exporter.export_model)
        self.data.classes.split_wanted.connect(self._split)
        self._show_undo()

    def _connect_base(self) -> None:
        self.base.changed.connect(self._on_base_changed)
        self.base.told.connect(self._show_base)
        self.base.offered.connect(self._offer_base)
        self._show_base()

    def _show_base(self) -> None:
        """The train page and the prompt know the model by name, and which there are."""
        self.train.show_base(self.base.name, " ".join(self.base.words()).strip())
        for controls in (self.train.controls, self.dock.controls):
            controls.set_models(self.base.installed())
        self.prompt.set_model(self.base.name, self.base.size)

    def _on_base_changed(self) -> None:
        model = self.base.model
        self.choice.set_config(replace(self.choice.config, model=model))
        self._show_base()
        self._model_setup.use(model)
        # Nothing is asked of it before it is known to be there.
        self.suggester.enabled = False
        self.suggester.set_instant(model)
        self._model_setup.check()

    def _offer_base(self) -> None:
        better = self.base.better
        if better is not None:
            words = self.tr("Use {name}").format(name=self.base.catalogue.entry(better.model).name)
            self.offered.emit(" ".join(self.base.words()), words, better.model)

    def _connect_model(self) -> None:
        setup, prompt = self._model_setup, self.prompt
        setup.use(self.base.model)
        # Without the model a question would only fail: labelling goes on, questions wait.
        self.suggester.enabled = setup.ready is True
        setup.checked.connect(self._on_model_checked)
        # It may have been deleted while the window was open.
        self.suggester.refused.connect(setup.check)
        self.suggester.run_lost.connect(self._on_run_lost)
        setup.progress.connect(prompt.show_progress)
        setup.failed.connect(prompt.show_failure)
        setup.cancelled.connect(prompt.show_cancelled)
        prompt.download_requested.connect(lambda: setup.install())
        prompt.file_chosen.connect(setup.install)
        prompt.cancel_requested.connect(setup.cancel)

    def _on_model_checked(self, status: ModelStatus) -> None:
        ready = self._model_setup.ready is True
        if self.data.reader is not None:
            self.data.reader.refresh()
        self._prompt_frame.setVisible(not ready)
        was_enabled, self.suggester.enabled = self.suggester.enabled, ready
        if ready:
            # A model that is there and refuses all the same would be asked for ever.
            if not was_enabled:
                self.suggester.refresh()
        elif status.problem is not None:
            self.prompt.show_failure(status.problem)
        else:
            self.prompt.show_missing()

    def _follow_active(self) -> None:
        active = self.trainer.active
        self.suggester.set_model(f"run:{active}" if active else self.base.model)

    def _on_run_lost(self) -> None:
        if not self.session.project.read_only:
            self.trainer.set_active(None)

    def _show_rows(self, row_ids: list[int], caption: str) -> None:
        self.label.show_rows(row_ids, caption)
        self.page_wanted.emit("label")

    def _split(self, class_id: int) -> None:
        self.page_wanted.emit("label")
        self.label.split_class(class_id)

    def _show_results(self, run_id: str) -> None:
        self.results.show_run(run_id)
        self.page_wanted.emit("results")

    @staticmethod
    def _settle() -> None:
        """What is there now stays: the collector need not look at it again, which takes it 30 ms."""
        gc.unfreeze()
        gc.freeze()

    def _on_changed(self, change: Change) -> None:
        self._show_undo()
        if change.kind == "project":
            self.renamed.emit(self.session.project.name)

    def _show_undo(self) -> None:
        project, actions = self.session.project, self._actions
        actions.undo.setEnabled(project.can_undo)
        actions.redo.setEnabled(project.can_redo)
        self._words_timer.start()

    def _show_undo_words(self) -> None:
        project, actions = self.session.project, self._actions
        undo, redo = project.undo_text, project.redo_text
        actions.undo.setToolTip(self.tr("Undo: {what}").format(what=undo.text) if undo else "")
        actions.redo.setToolTip(self.tr("Redo: {what}").format(what=redo.text) if redo else "")


def _sound_parts(space: Workspace, holder: ThemeHolder, settings: Settings) -> SoundParts:
    # Imported here: what plays and draws sound is nothing that a project of texts needs.
    from fsl_desktop.ui.sound.parts import SoundParts

    parts = SoundParts(space.session, holder, space.dock, settings.sound_view)
    parts.settings_changed.connect(lambda liked: space.sound_view_changed.emit(liked.plain()))
    return parts
