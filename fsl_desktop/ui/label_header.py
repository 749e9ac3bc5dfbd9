"""The line above the table: name and facts, undo and redo, search, what is shown and in which order."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QPushButton, QToolButton, QWidget

from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.ui.icons import icon
from fsl_desktop.ui.order_box import OrderBox
from fsl_desktop.ui.row_order import Filter, Show
from fsl_desktop.ui.theme import Theme, ThemeHolder
from fsl_desktop.ui.widgets import ElidedLabel, named, title, with_role

SEARCH_AFTER_MS = 0


class LabelHeader(QWidget):
    """Says what the user asks of the table; knows nothing of how it is done."""

    search_changed = Signal(str)
    filter_changed = Signal(object)  # Filter
    refresh_wanted = Signal()

    def __init__(
        self, holder: ThemeHolder, undo: QAction, redo: QAction, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._classes: tuple[ClassInfo, ...] = ()
        self._special: Filter | None = None
        self.name = title("")
        self.facts = ElidedLabel(role="muted")
        self.undo = self._button(undo, self.tr("Undo"))
        self.redo = self._button(redo, self.tr("Redo"))
        self.search = named(QLineEdit(), self.tr("Search the rows"), "searchRows")
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setClearButtonEnabled(True)
        self.search.setMinimumWidth(120)
        self.search.setMaximumWidth(220)
        self.show_box = named(QComboBox(), self.tr("Which rows are shown"), "showRows")
        self.order_box = named(OrderBox(), self.tr("Order of the rows"), "orderRows")
        for box in (self.show_box, self.order_box):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(14 if box is self.show_box else 19)
        self.again = named(QPushButton(self.tr("Sort again")), self.tr("Sort and filter again"), "sortAgain")
        with_role(self.again, "quiet")
        # It comes and goes with the user's labels: what stands beside it must not jump.
        policy = self.again.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.again.setSizePolicy(policy)
        self.again.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addWidget(self.name)
        row.addWidget(self.facts, 1)
        row.addWidget(self.again)
        row.addWidget(self.undo)
        row.addWidget(self.redo)
        row.addWidget(self.search)
        row.addWidget(self.show_box)
        row.addWidget(self.order_box)
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(SEARCH_AFTER_MS)
        self._typing.timeout.connect(lambda: self.search_changed.emit(self.search.text()))
        self.search.textChanged.connect(lambda _: self._typing.start())
        self.show_box.activated.connect(self._on_show)
        self.again.clicked.connect(self.refresh_wanted)
        self._paint_icons(holder.theme)
        holder.changed.connect(self._paint_icons)
        self.set_classes(())

    @property
    def typing(self) -> bool:
        """Has a search been typed and not been told yet?"""
        return self._typing.isActive()

    def set_classes(self, classes: tuple[ClassInfo, ...]) -> None:
        """Offer a filter for each class, keeping what is chosen."""
        self._classes = classes
        chosen = self.show_box.currentData()
        self.show_box.clear()
        for show, words in (
            (Show.ALL, self.tr("Show: all rows")),
            (Show.UNLABELLED, self.tr("Show: not labelled")),
            (Show.LABELLED, self.tr("Show: labelled")),
            (Show.SET_ASIDE, self.tr("Show: skipped or unsure")),
            (Show.DISAGREEMENT, self.tr("Show: model disagrees")),
            (Show.STRANGE, self.tr("Show: fits no class")),
        ):
            self.show_box.addItem(words, Filter(show))
        for info in classes:
            words = self.tr("Label: {name}").format(name=info.name)
            self.show_box.addItem(words, Filter(Show.CLASS, info.id))
        for info in classes:
            words = self.tr("Suggestion: {name}").format(name=info.name)
            self.show_box.addItem(words, Filter(Show.SUGGESTED, info.id))
        if self._special is not None:
            self.show_box.addItem(self.tr("Show: chosen rows"), self._special)
        for number in range(self.show_box.count()):
            if self.show_box.itemData(number) == chosen:
                self.show_box.setCurrentIndex(number)

    def show_rows(self, wanted: Filter, caption: str) -> None:
        """Put a filter that another page asked for into the list, chosen."""
        self._special = wanted
        self.set_classes(self._classes)
        last = self.show_box.count() - 1
        self.show_box.setItemText(last, caption)
        self.show_box.setCurrentIndex(last)
        self.show_box.setToolTip(caption)

    def choose(self, wanted: Filter) -> None:
        """Choose one of the filters in the list, as if the user did."""
        for number in range(self.show_box.count()):
            if self.show_box.itemData(number) == wanted:
                self.show_box.setCurrentIndex(number)
                self._on_show()

    def show_all(self) -> None:
        self.show_box.setCurrentIndex(0)
        self.search.clear()

    def set_stale(self, stale: bool) -> None:
        self.again.setVisible(stale)

    def _on_show(self) -> None:
        self.show_box.setToolTip("")
        self.filter_changed.emit(self.show_box.currentData())

    def _button(self, action: QAction, words: str) -> QToolButton:
        button = named(QToolButton(), words)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setIconSize(QSize(18, 18))
        button.setDefaultAction(action)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        return button

    def _paint_icons(self, theme: Theme) -> None:
        for button, name in ((self.undo, "undo"), (self.redo, "redo")):
            action = button.defaultAction()
            if action is not None:
                action.setIcon(icon(name, theme))
