"""The narrow rail on the left: the five pages above, the start screen, the theme and the menu below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QFrame, QMenu, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from fsl_desktop.ui import icons
from fsl_desktop.ui.style import TEXT_PX
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import named, with_role

WIDTH = 84
_ITEM_HEIGHT = 56
_ICON_PX = 20
PAGE_ICONS = {"data": "table", "label": "tag", "train": "curve", "test": "test", "results": "chart"}


class RailButton(QToolButton):
    """One place of the rail: an icon above a word. Arrows go to its neighbours."""

    step_wanted = Signal(int)

    def __init__(self, icon_name: str, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.icon_name = icon_name
        self.setText(words)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setIconSize(QSize(_ICON_PX, _ICON_PX))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setMinimumHeight(_ITEM_HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        named(self, words)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Home: -100,
            Qt.Key.Key_End: 100,
        }
        if event.key() in steps:
            self.step_wanted.emit(steps[Qt.Key(event.key())])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
        else:
            super().keyPressEvent(event)


class Rail(QFrame):
    """Says which page was asked for; the window decides and tells it back with :meth:`choose`."""

    page_chosen = Signal(str)
    home_requested = Signal()
    theme_requested = Signal()
    settings_requested = Signal()

    def __init__(self, holder: ThemeHolder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        named(self, self.tr("Pages"), "rail")
        self._holder = holder
        self._current = ""
        words = {
            "data": self.tr("Data"),
            "label": self.tr("Label"),
            "train": self.tr("Train"),
            "test": self.tr("Test"),
            "results": self.tr("Results"),
        }
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 12, 8, 8)
        layout.setSpacing(4)
        self.pages: dict[str, RailButton] = {}
        for number, (page, text) in enumerate(words.items(), start=1):
            button = self._add(layout, PAGE_ICONS[page], text, f"rail_{page}", f"Ctrl+{number}")
            button.setCheckable(True)
            button.clicked.connect(lambda _=False, page=page: self._ask(page))
            self.pages[page] = button
        layout.addStretch(1)
        self.home = self._add(layout, "home", self.tr("Start"), "rail_home", "", self.tr("Start screen"))
        self.home.setCheckable(True)
        self.home.clicked.connect(self._ask_home)
        self.theme_button = self._add(
            layout, "moon", self.tr("Theme"), "rail_theme", "Ctrl+Shift+L", self.tr("Light or dark")
        )
        self.theme_button.clicked.connect(self.theme_requested)
        self.menu_button = self._add(
            layout, "settings", self.tr("Menu"), "rail_menu", "", self.tr("Menu and settings")
        )
        self.menu_button.clicked.connect(self._on_menu)
        self._all = (*self.pages.values(), self.home, self.theme_button, self.menu_button)
        for button in self._all:
            button.step_wanted.connect(self._step)
        self._paint_icons()
        self._size()
        self.set_project_open(False)
        self.choose("")
        holder.changed.connect(self._paint_icons)

    @property
    def current(self) -> str:
        """The page shown, or "" for the start screen."""
        return self._current

    def choose(self, page: str) -> None:
        """Show ``page`` ("data", "label", ..., or "" for the start screen) as chosen; tells nobody."""
        self._current = page if page in self.pages else ""
        for name, button in self.pages.items():
            button.setChecked(name == self._current)
        self.home.setChecked(not self._current)
        for button in self._all:
            with_role(button, "here" if button.isChecked() else "")
        self._rove(self.pages.get(self._current, self.home))

    def set_project_open(self, is_open: bool) -> None:
        """Pages mean nothing without a project."""
        for button in self.pages.values():
            button.setEnabled(is_open)
        if not is_open:
            self.choose("")

    def set_menu(self, menu: QMenu) -> None:
        """What the button at the foot opens; without one it asks for the settings."""
        self.menu_button.setMenu(menu)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._size()

    def _add(
        self, layout: QVBoxLayout, icon_name: str, words: str, name: str, keys: str, tip: str = ""
    ) -> RailButton:
        button = named(RailButton(icon_name, words, self), tip or words, name)
        shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        button.setToolTip(
            self.tr("{words} ({keys})").format(words=tip or words, keys=shown) if shown else tip
        )
        button.setAccessibleDescription(shown)
        layout.addWidget(button)
        return button

    def _ask(self, page: str) -> None:
        # A click toggles a checkable button; the rail shows where we are, not where we want to be.
        self.choose(self._current)
        self.page_chosen.emit(page)

    def _ask_home(self) -> None:
        self.choose(self._current)
        self.home_requested.emit()

    def _on_menu(self) -> None:
        if self.menu_button.menu() is None:
            self.settings_requested.emit()

    def _step(self, by: int) -> None:
        """Move the focus to the next place that can be used, stopping at the ends."""
        usable = [button for button in self._all if button.isEnabled()]
        here = next((i for i, button in enumerate(usable) if button.hasFocus()), 0)
        target = usable[min(max(here + by, 0), len(usable) - 1)]
        self._rove(target)
        target.setFocus(Qt.FocusReason.TabFocusReason)

    def _rove(self, target: RailButton) -> None:
        """Tab reaches one place of the rail only; arrows go on from there."""
        for button in self._all:
            here = button is target
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus if here else Qt.FocusPolicy.ClickFocus)

    def _paint_icons(self) -> None:
        theme = self._holder.theme
        self.theme_button.icon_name = "sun" if theme.is_dark else "moon"
        for button in self._all:
            button.setIcon(icons.icon(button.icon_name, theme, size=_ICON_PX))

    def _size(self) -> None:
        base = self.font().pixelSize() if self.font().pixelSize() > 0 else TEXT_PX
        self.setFixedWidth(round(WIDTH * min(1.4, max(1.0, base / TEXT_PX))))
