"""The dialogs that the window opens, each wired to what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QFileDialog

from fsl_desktop import __version__
from fsl_desktop.core import paths
from fsl_desktop.core.new_project import projects_folder
from fsl_desktop.ui import speech
from fsl_desktop.work.protocol import ImportedBatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsl_desktop.core.clip_import import ImportedSounds
    from fsl_desktop.ui.main_window import MainWindow

# Dialogs are imported where they are opened: none of them is needed to paint the first window.


class Dialogs(QObject):
    """Opens dialogs over the window; each is modal to it and deletes itself when closed."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def new_project(self, path: str) -> None:
        """The wizard, at its first step or with ``path`` already chosen."""
        from fsl_desktop.ui.wizard.new_project import NewProjectWizard

        window = self._window
        wizard = NewProjectWizard(window.themes, window.importer, str(projects_folder()), window)
        wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        wizard.created.connect(window.open_path)
        wizard.imported.connect(self._tell_left_out)
        wizard.open()
        if path:
            wizard.look(path)

    def new_sounds(self, paths: Sequence[str]) -> None:
        """The wizard for recordings, at its first step or with ``paths`` already chosen."""
        from fsl_desktop.ui.wizard.new_sounds import NewSoundsWizard

        window = self._window
        wizard = NewSoundsWizard(window.themes, window.importer, str(projects_folder()), window)
        wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        wizard.created.connect(window.open_path)
        wizard.imported.connect(self._tell_left_out)
        wizard.open()
        wizard.look(paths)

    def add_file(self, path: str) -> None:
        """More rows for the open project."""
        from fsl_desktop.ui.wizard.add_file import AddFileWizard

        window = self._window
        if window.workspace is None:
            return
        wizard = AddFileWizard(window.themes, window.importer, window.workspace.session, window)
        wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        wizard.added.connect(self._tell_added)
        wizard.open()
        if path:
            wizard.look(path)

    def abandon(self) -> None:
        """The window is closing: a wizard in the middle of an import takes back what it made."""
        from fsl_desktop.ui.wizard.steps import StepsDialog

        for wizard in self._window.findChildren(StepsDialog):
            wizard.abandon()
            wizard.close()

    def choose_project(self) -> str:
        """A project's folder, or "" where the user thought better of it."""
        start = self._window.settings.last_folder or str(projects_folder())
        return QFileDialog.getExistingDirectory(self._window, self.tr("Open a project"), start)

    def settings(self) -> None:
        from fsl_desktop.ui.settings_dialog import SettingsDialog

        window = self._window
        dialog = SettingsDialog(
            window.settings,
            window.themes,
            window.jobs,
            str(paths.models_dir()),
            window,
            model=window.model_setup.model,
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.settings_changed.connect(window.apply_settings)
        dialog.install_requested.connect(lambda _: window.model_setup.install())
        window.model_setup.checked.connect(dialog.show_status)
        dialog.open()

    def shortcuts(self) -> None:
        from fsl_desktop.ui.shortcuts_dialog import ShortcutsDialog

        dialog = ShortcutsDialog(self._window.actions_.key_table(), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def about(self) -> None:
        from fsl_desktop.ui.about_dialog import AboutDialog

        dialog = AboutDialog(__version__, str(paths.log_dir()), self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _tell_added(self, batch: ImportedBatch) -> None:
        words = self.tr("{rows} added. Undo takes them out again.").format(rows=speech.rows(batch.n_rows))
        self._window.notifications.show_message("good", words)
        self._tell_left_out(batch)

    def _tell_left_out(self, batch: ImportedBatch | ImportedSounds) -> None:
        """A file that came in with holes must not look whole."""
        if batch.n_problems:
            words = self.tr(
                "{rows} could not be used. Why is listed under Data; correct the file to add them."
            )
            words = words.format(rows=speech.rows(batch.n_problems))
            self._window.notifications.show_message("warning", words)
