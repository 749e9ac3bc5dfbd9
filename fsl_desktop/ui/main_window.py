"""The window: rail, start screen, workspace and notifications, put together and nothing else."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QByteArray, Qt, QTimer
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QApplication,
    QHBoxLayout,
    QMainWindow,
    QMenu,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from fsl_desktop.core import paths
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.core.project import Project
from fsl_desktop.core.settings import Settings
from fsl_desktop.ui.actions import Actions
from fsl_desktop.ui.closing import may_end_training
from fsl_desktop.ui.dialogs import Dialogs
from fsl_desktop.ui.importer import Importer
from fsl_desktop.ui.jobs import Jobs, RunnerLike
from fsl_desktop.ui.model_setup import ModelSetup
from fsl_desktop.ui.notifications import NotificationBar
from fsl_desktop.ui.opening import Opening, crash_message
from fsl_desktop.ui.rail import Rail
from fsl_desktop.ui.recent import recent_projects
from fsl_desktop.ui.start_page import StartPage
from fsl_desktop.ui.style import dress
from fsl_desktop.ui.text_size import resized
from fsl_desktop.ui.theme import DARK, LIGHT, Theme, ThemeHolder, theme_for
from fsl_desktop.ui.workspace import Workspace

MIN_SIZE = (1000, 640)
FIRST_SIZE = (1440, 900)


class MainWindow(QMainWindow):
    """Composition: what happens is in the parts, what connects them is here."""

    def __init__(
        self, settings: Settings, themes: ThemeHolder, runner: RunnerLike, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle("FSL Desktop")
        self.setMinimumSize(*MIN_SIZE)
        self.resize(*FIRST_SIZE)
        self.settings = settings
        self.themes = themes
        self.jobs = Jobs(runner, self)
        self.actions_ = Actions(self)
        self.workspace: Workspace | None = None
        self._about_runner: Message | None = None
        self.opening = Opening(self)
        self.importer = Importer(self.jobs, self)
        self.model_setup = ModelSetup(self.jobs, parent=self)
        self.dialogs = Dialogs(self)
        self._lay_out()
        self._connect(runner)
        self._dress(themes.theme)
        self._set_project_open(False)
        self._show_recent()
        self._restore_geometry()
        self.start_page.focus_first()

    # what the application asks for

    def open_path(self, path: str) -> None:
        """Open a project folder; any other file starts the wizard with it."""
        if self.workspace is not None and Path(path) == self.workspace.session.project.folder:
            self.show_page("label")
            return
        self.opening.open_path(path)

    def open_sample(self) -> None:
        self.opening.open_sample(paths.data_dir() / "samples" / "Bank questions.fsl")

    def open_sound_sample(self) -> None:
        self.opening.open_sample(paths.data_dir() / "samples" / "Spoken digits.fsl", sounds=True)

    def show_crash(self, details: str) -> None:
        self.notifications.show_message("failure", crash_message(), details)

    def show_page(self, name: str) -> None:
        """``data``, ``label``, ``train``, ``test``, ``results``, or "" for the start screen."""
        if self.workspace is None or not name:
            self._show_recent()
            self.stack.setCurrentWidget(self.start_page)
            self.rail.choose("")
            return
        self.stack.setCurrentWidget(self.workspace)
        self.workspace.show_page(name)
        self.rail.choose(name)

    def close_project(self) -> None:
        if self.workspace is None:
            return
        workspace, self.workspace = self.workspace, None
        workspace.close_workspace()
        self.stack.removeWidget(workspace)
        workspace.deleteLater()
        self.setWindowTitle("FSL Desktop")
        self._set_project_open(False)
        self.show_page("")

    # how it is put together

    def _lay_out(self) -> None:
        self.rail = Rail(self.themes)
        menu = QMenu(self)
        self.actions_.fill_menu(menu)
        self.rail.set_menu(menu)
        self.actions_.fill_menu_bar(self.menuBar())
        self.menuBar().setVisible(self.menuBar().isNativeMenuBar())
        self.start_page = StartPage(self.themes)
        self.stack = QStackedWidget()
        self.stack.addWidget(self.start_page)
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.notifications = NotificationBar(self.themes, right)
        column.addWidget(self.stack, 1)
        whole = QWidget()
        row = QHBoxLayout(whole)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.rail)
        row.addWidget(right, 1)
        self.setCentralWidget(whole)

    def _connect(self, runner: RunnerLike) -> None:
        actions = self.actions_
        self.jobs.failed.connect(self._fail)
        runner.said.connect(self._on_runner_said)
        self.rail.page_chosen.connect(self.show_page)
        self.rail.home_requested.connect(lambda: self.show_page(""))
        self.rail.theme_requested.connect(self.toggle_theme)
        self.rail.settings_requested.connect(self.dialogs.settings)
        start = self.start_page
        start.sample_requested.connect(self.open_sample)
        start.sound_sample_requested.connect(self.open_sound_sample)
        start.new_requested.connect(self.dialogs.new_project)
        start.sounds_requested.connect(self.dialogs.new_sounds)
        start.open_requested.connect(self._open)
        start.recent_removed.connect(self._forget_recent)
        self.opening.opened.connect(self._show_project)
        self.opening.failed.connect(self._fail)
        self.opening.file_dropped.connect(self.dialogs.new_project)
        self.opening.sounds_dropped.connect(self.dialogs.new_sounds)
        actions.new.triggered.connect(lambda: self.dialogs.new_project(""))
        actions.open.triggered.connect(lambda: self._open(""))
        actions.add_file.triggered.connect(lambda: self.dialogs.add_file(""))
        actions.export_labels.triggered.connect(self.dialogs.export_labels)
        actions.close.triggered.connect(lambda: self._may_leave() and self.close_project())
        actions.quit.triggered.connect(self.close)
        actions.settings.triggered.connect(self.dialogs.settings)
        actions.theme.triggered.connect(self.toggle_theme)
        for action, steps in ((actions.larger, 1), (actions.smaller, -1), (actions.usual_size, 0)):
            action.triggered.connect(
                lambda _=False, steps=steps: self.apply_settings(resized(self.settings, steps))
            )
        actions.shortcuts.triggered.connect(self.dialogs.shortcuts)
        actions.about.triggered.connect(self.dialogs.about)
        for name, action in actions.pages.items():
            action.triggered.connect(lambda _=False, name=name: self.show_page(name))
        actions.dismiss.triggered.connect(self.notifications.close_newest)
        self.themes.changed.connect(self._dress)

    def _show_project(self, project: Project) -> None:
        # Known from now on: one that was just made is found again also if the user stays here.
        self._save_settings(self.settings.with_recent(str(project.folder)))
        if not self._may_leave():
            project.close()
            return
        self.close_project()
        self.workspace = Workspace(
            project, self.jobs, self.themes, self.actions_, self.settings, self.model_setup
        )
        self.workspace.failed.connect(self._fail)
        self.workspace.said.connect(lambda message: self._tell("info", message))
        self.workspace.offered.connect(self._offer_model)
        self.workspace.page_wanted.connect(self.show_page)
        self.workspace.sound_view_changed.connect(
            lambda view: self._save_settings(replace(self.settings, sound_view=view))
        )
        self.workspace.add_file_wanted.connect(self.dialogs.add_file)
        self.workspace.data.add_file_requested.connect(self.dialogs.add_file)
        self.dialogs.follow(self.workspace)
        self.stack.addWidget(self.workspace)
        self.workspace.renamed.connect(self._show_title)
        self._show_title(project.name)
        self._set_project_open(True)
        for notice in project.notices:
            self._tell("warning", notice)
        self.activateWindow()  # a wizard may just have closed over it
        self.show_page("label")
        self.workspace.start()
        self.model_setup.check()

    def _may_leave(self) -> bool:
        """The open project may be closed: nothing is learning in it, or the user lets it end."""
        return self.workspace is None or may_end_training(self.workspace.trainer, self)

    def _show_title(self, project_name: str) -> None:
        self.setWindowTitle(f"{project_name} – FSL Desktop")

    def _open(self, folder: str) -> None:
        chosen = folder or self.dialogs.choose_project()
        if chosen:
            self.open_path(chosen)

    def _set_project_open(self, is_open: bool) -> None:
        self.rail.set_project_open(is_open)
        for action in self.actions_.project_actions():
            action.setEnabled(is_open)

    def _show_recent(self) -> None:
        self.start_page.set_recent(recent_projects(self.settings.recent))

    def _forget_recent(self, folder: str) -> None:
        recent = tuple(item for item in self.settings.recent if item != folder)
        self._save_settings(replace(self.settings, recent=recent))
        self._show_recent()

    def _on_runner_said(self, message: Message) -> None:
        # Where a job died with the child, its own sentence comes within this turn, and says what to do.
        self._about_runner = message
        QTimer.singleShot(0, self, self._tell_about_runner)

    def _tell_about_runner(self) -> None:
        message, self._about_runner = self._about_runner, None
        if message is not None:
            self._tell("warning", message)

    def _fail(self, message: Message, details: str) -> None:
        self._about_runner = None
        self.notifications.show_message("failure", message, details)

    def _offer_model(self, sentence: str, button: str, model: str) -> None:
        if self.workspace is not None:
            base = self.workspace.base
            self.notifications.show_message("warning", sentence, action=(button, lambda: base.choose(model)))

    def _tell(self, kind: str, message: Message) -> None:
        self.notifications.show_message(kind, message)

    # theme, geometry, end

    def toggle_theme(self) -> None:
        wanted = LIGHT if self.themes.theme.is_dark else DARK
        self._save_settings(replace(self.settings, theme=wanted.name))
        self.themes.set(wanted)

    def apply_settings(self, settings: Settings) -> None:
        """Take what the settings dialog gave back."""
        self._save_settings(settings)
        dark = QApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        theme = theme_for(settings.theme, dark)
        if theme == self.themes.theme:
            self._dress(theme)
        self.themes.set(theme)

    def _dress(self, theme: Theme) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        dress(app, theme, self.settings.font_scale)

    def _save_settings(self, settings: Settings) -> None:
        self.settings = settings
        try:
            settings.save()
        except UserError as error:
            self._fail(error.message, error.details)

    def _restore_geometry(self) -> None:
        if self.settings.geometry:
            self.restoreGeometry(QByteArray.fromHex(self.settings.geometry.encode()))

    def closeEvent(self, event: QCloseEvent) -> None:
        if not self._may_leave():
            event.ignore()
            return
        geometry = bytes(self.saveGeometry().toHex().data()).decode()
        self.settings = replace(self.settings, geometry=geometry)
        with contextlib.suppress(UserError):  # the window closes all the same; labels are on disk already
            self.settings.save()
        self.dialogs.abandon()
        self.close_project()
        event.accept()
        QTimer.singleShot(0, QApplication.quit)
