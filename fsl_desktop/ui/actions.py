"""Every action of the window with its words and keys; the main window says what each does."""

from __future__ import annotations

import sys

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar, QWidget

PAGES = ("data", "label", "train", "test", "results")


def tr(text: str) -> str:
    return QCoreApplication.translate("Actions", text)


class Actions(QObject):
    """The window's actions, made once; menus, buttons and the list of shortcuts all show these."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        keys = QKeySequence.StandardKey
        self.new = self._add(tr("New project…"), keys.New)
        self.open = self._add(tr("Open project…"), keys.Open)
        self.add_file = self._add(tr("Add a file…"), "Ctrl+I")
        self.export_labels = self._add(tr("Labels for another program…"), "Ctrl+E")
        self.record = self._add(tr("Record…"), "Ctrl+R")
        self.record.setEnabled(False)  # until a project of recordings is open
        self.close = self._add(tr("Close project"), "Ctrl+W")
        self.quit = self._add(tr("Quit"), keys.Quit)
        self.quit.setMenuRole(QAction.MenuRole.QuitRole)
        self.undo = self._add(tr("Undo"), keys.Undo)
        self.redo = self._add(tr("Redo"), keys.Redo)
        if sys.platform != "win32":
            self.redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
        self.find = self._add(tr("Search the rows"), keys.Find)
        self.remove_rows = self._add(tr("Remove the chosen rows"), "Ctrl+Backspace")
        self.train = self._add(tr("Start or stop training"), "Ctrl+Return")
        self.pages = {
            name: self._add(words, f"Ctrl+{number}")
            for number, (name, words) in enumerate(
                zip(
                    PAGES,
                    (tr("Data"), tr("Label"), tr("Train"), tr("Test"), tr("Results")),
                    strict=True,
                ),
                start=1,
            )
        }
        self.settings = self._add(tr("Settings…"), "Ctrl+,")
        self.settings.setMenuRole(QAction.MenuRole.PreferencesRole)
        self.theme = self._add(tr("Light or dark"), "Ctrl+Shift+L")
        self.larger = self._add(tr("Larger text"), keys.ZoomIn)
        self.larger.setShortcuts([QKeySequence("Ctrl++"), QKeySequence("Ctrl+=")])
        self.smaller = self._add(tr("Smaller text"), "Ctrl+-")
        self.usual_size = self._add(tr("Text as large as usual"), "Ctrl+0")
        self.dismiss = self._add(tr("Close the newest notice"), "Escape")
        self.shortcuts = self._add(tr("Keys…"), "F1")
        self.about = self._add(tr("About FSL Desktop"), "")
        self.about.setMenuRole(QAction.MenuRole.AboutRole)

    def _add(self, text: str, keys: QKeySequence.StandardKey | str) -> QAction:
        action = QAction(text, self)
        if keys:
            action.setShortcut(QKeySequence(keys))
        # Attached to the window, so that keys work whether or not a menu shows them.
        self._window.addAction(action)
        return action

    def project_actions(self) -> tuple[QAction, ...]:
        """Those that mean nothing without an open project."""
        return (
            self.add_file,
            self.export_labels,
            self.close,
            self.undo,
            self.redo,
            self.find,
            self.remove_rows,
            self.train,
            *self.pages.values(),
        )

    def fill_menu(self, menu: QMenu) -> None:
        """Everything in one menu, for the button at the foot of the rail."""
        groups: tuple[tuple[QAction, ...], ...] = (
            (self.new, self.open, self.add_file, self.record, self.export_labels, self.close),
            (self.undo, self.redo, self.remove_rows, self.find),
            (self.larger, self.smaller, self.usual_size, self.theme),
            (self.settings, self.shortcuts, self.about),
            (self.quit,),
        )
        for number, group in enumerate(groups):
            if number:
                menu.addSeparator()
            menu.addActions(group)

    def fill_menu_bar(self, bar: QMenuBar) -> None:
        """macOS expects a menu bar at the top of the screen; elsewhere the rail's button is enough."""
        file_menu = bar.addMenu(tr("File"))
        file_menu.addActions([self.new, self.open, self.add_file, self.record])
        file_menu.addActions([self.export_labels, self.close, self.quit])
        edit_menu = bar.addMenu(tr("Edit"))
        edit_menu.addActions([self.undo, self.redo, self.remove_rows, self.find])
        view_menu = bar.addMenu(tr("View"))
        view_menu.addActions([*self.pages.values(), self.larger, self.smaller, self.usual_size])
        view_menu.addActions([self.theme, self.settings])
        help_menu = bar.addMenu(tr("Help"))
        help_menu.addActions([self.shortcuts, self.about])

    def key_table(self) -> list[tuple[str, str]]:
        """(key, what it does) for the list of shortcuts, table keys included."""
        rows = [
            ("1 … 9, A …", tr("Give the row the class with this key, and move on")),
            ("Enter", tr("Accept the suggestion")),
            ("S", tr("Skip the row")),
            ("U", tr("Mark the row as unsure")),
            ("R", tr("Repeat the last label")),
            ("←", tr("Go back to the row labelled before")),
            ("Delete", tr("Take the label away")),
            ("Z", tr("Undo")),
        ]
        for action in self.findChildren(QAction):
            shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
            if shortcut:
                rows.append((shortcut, action.text().rstrip("…")))
        return rows
