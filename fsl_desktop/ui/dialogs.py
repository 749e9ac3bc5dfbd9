"""The dialogs that the window opens, each wired to what it needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QLocale, QObject, Qt
from PySide6.QtWidgets import QDialog, QFileDialog

from fsl_desktop import __version__
from fsl_desktop.core import paths
from fsl_desktop.core.new_project import projects_folder
from fsl_desktop.ui import speech
from fsl_desktop.ui.drops import DropTarget
from fsl_desktop.work.protocol import ImportedBatch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fsl_desktop.core.clip_import import ImportedSounds
    from fsl_desktop.ui.main_window import MainWindow
    from fsl_desktop.ui.sound.parts import SoundParts
    from fsl_desktop.ui.workspace import Workspace

# Dialogs are imported where they are opened: none of them is needed to paint the first window.


@runtime_checkable
class MayBeAbandoned(Protocol):
    """A dialog that may be in the middle of something when the window closes."""

    def abandon(self) -> None: ...


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
        if window.workspace.session.of_sounds:
            self.add_sounds([path] if path else [])
            return
        wizard = AddFileWizard(window.themes, window.importer, window.workspace.session, window)
        wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        wizard.added.connect(self._tell_added)
        wizard.open()
        if path:
            wizard.look(path)

    def add_sounds(self, paths: Sequence[str]) -> None:
        """More recordings for the open project."""
        from fsl_desktop.ui.wizard.add_sounds import AddSoundsWizard

        window = self._window
        if window.workspace is None:
            return
        wizard = AddSoundsWizard(window.themes, window.importer, window.workspace.session, window)
        wizard.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        wizard.added.connect(self._tell_added)
        wizard.open()
        wizard.look(paths)

    def export_labels(self) -> None:
        """Labels for another program, in its own format."""
        from fsl_desktop.ui.export_dialog import ExportDialog

        if self._window.workspace is None:
            return
        dialog = ExportDialog(self._window.workspace.session, self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def follow(self, workspace: Workspace) -> None:
        """Offer what an open project of recordings may need."""
        workspace.data.recordings_dropped.connect(self.add_sounds)
        workspace.results.export.more_requested.connect(self.export_labels)
        if workspace.sounds is not None:
            sounds = workspace.sounds
            words = self.tr("Drop to add these recordings to the project")
            target = DropTarget(workspace.label, self._window.themes, words, workspace.data.paths_in)
            target.dropped.connect(self.add_sounds)
            sounds.lost.looked.connect(lambda: self._offer_to_find(sounds))
            sounds.find_requested.connect(self.find_recordings)

    def find_recordings(self) -> None:
        """Recordings are not where they were: ask where they are."""
        from fsl_desktop.ui.sound.relink_dialog import RelinkDialog

        window = self._window
        if window.workspace is None or window.workspace.sounds is None:
            return
        folder = window.workspace.session.project.folder
        dialog = RelinkDialog(window.themes, window.jobs, folder, window.workspace.sounds.lost, window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.found.connect(self._tell_found)
        dialog.open()

    def abandon(self) -> None:
        """The window is closing: a wizard in the middle of an import takes back what it made."""
        for dialog in self._window.findChildren(QDialog):
            if isinstance(dialog, MayBeAbandoned):
                dialog.abandon()
                dialog.close()

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

    def _offer_to_find(self, sounds: SoundParts) -> None:
        if sounds.lost.files and not sounds.lost.told:
            sounds.lost.told = True
            find = (self.tr("Find them…"), self.find_recordings)
            action = None if sounds.lost.read_only else find
            self._window.notifications.show_message("warning", sounds.lost.words(), action=action)

    def _tell_found(self, n: int) -> None:
        words = self.tr("1 recording is known again.")
        if n != 1:
            words = self.tr("{n} recordings are known again.").format(n=QLocale().toString(n))
        self._window.notifications.show_message("good", words)

    def _tell_left_out(self, batch: ImportedBatch | ImportedSounds) -> None:
        """A file that came in with holes must not look whole."""
        if batch.n_problems:
            if isinstance(batch, ImportedBatch):
                words = self.tr(
                    "{rows} could not be used. Why is listed under Data; correct the file to add them."
                )
            else:
                words = self.tr("{rows} could not be made of what was chosen. Why is listed under Data.")
            words = words.format(rows=speech.rows(batch.n_problems))
            self._window.notifications.show_message("warning", words)
