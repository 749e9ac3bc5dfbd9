"""The menu of the chosen rows: everything that the keys do, and what is done with many rows at once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QLocale, QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from fsl_desktop.core.labels import SKIPPED, UNLABELLED, UNSURE
from fsl_desktop.ui.actions import Actions
from fsl_desktop.ui.bulk_labels import BulkLabels
from fsl_desktop.ui.chips import mark_icon
from fsl_desktop.ui.labelling import Labelling
from fsl_desktop.ui.many_rows import ManyRows
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.theme import ThemeHolder

# A menu with more classes would be taller than the screen; the inspector finds the others.
MOST_CLASSES = 26


class RowMenu(QObject):
    alike_wanted = Signal()

    def __init__(
        self,
        session: Session,
        labelling: Labelling,
        many: ManyRows,
        bulk: BulkLabels,
        holder: ThemeHolder,
        actions: Actions,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self.session = session
        self._labelling = labelling
        self._many = many
        self._bulk = bulk
        self._holder = holder
        self._actions = actions
        self._parent = parent

    def popup(self, where: QPoint) -> None:
        self.make().popup(where)

    def make(self) -> QMenu:
        """The menu for what is chosen now; gone when it closes."""
        menu = QMenu(self._parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        labelling, many = self._labelling, self._many
        theme = self._holder.theme
        for info in self.session.classes[:MOST_CLASSES]:
            icon = mark_icon(theme, info.position)
            menu.addAction(icon, info.name, lambda info=info: labelling.set_label(info.id))
        menu.addSeparator()
        if self.session.several:
            menu.addAction(self.tr("None of them"), labelling.set_none)
        menu.addAction(self.tr("Accept the suggestion"), labelling.accept)
        menu.addAction(self.tr("Skip"), lambda: labelling.set_label(SKIPPED))
        menu.addAction(self.tr("Unsure"), lambda: labelling.set_label(UNSURE))
        rows = many.chosen()
        menu.addAction(self.tr("Take the label away"), lambda: self.session.label_rows(rows, UNLABELLED))
        menu.addSeparator()
        shown = self._bulk.open_shown()
        words = self.tr("Label the {n} rows without a label that are shown")
        words = words.format(n=QLocale().toString(len(shown)))
        self._add_labels(menu, words, self._bulk.label_shown).setEnabled(len(shown) > 0)
        same = self.tr("Label all rows that say the same")
        if self.session.of_sounds:
            same = self.tr("Label all rows with the same recording")
        self._add_labels(menu, same, lambda value: self._bulk.label_alike(rows, value)).setEnabled(bool(rows))
        menu.addSeparator()
        split = menu.addAction(self.tr("Move to a new class…"), many.ask_split)
        split.setEnabled(bool(many.counts_of(rows)))
        menu.addSeparator()
        menu.addAction(self._actions.remove_rows)
        alike = menu.addAction(self.tr("Show what is like this row"), self.alike_wanted.emit)
        for action in menu.actions():
            if action is not alike and self.session.project.read_only:
                action.setEnabled(False)
        return menu

    def _add_labels(self, menu: QMenu, words: str, label: Callable[[int], None]) -> QMenu:
        """A menu in the menu, with each class and to skip."""
        choices = menu.addMenu(words)
        for info in self.session.classes[:MOST_CLASSES]:
            icon = mark_icon(self._holder.theme, info.position)
            choices.addAction(icon, info.name, lambda info=info: label(info.id))
        choices.addSeparator()
        choices.addAction(self.tr("Skip"), lambda: label(SKIPPED))
        return choices
