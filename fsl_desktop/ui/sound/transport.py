"""The row above a clip: play, loop, speed, what the keys do, the time, zoom and display."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QToolButton, QWidget

from fsl_desktop.ui import icons
from fsl_desktop.ui.sound.display_menu import DisplayMenu
from fsl_desktop.ui.sound.player import SPEEDS, PlayState
from fsl_desktop.ui.sound.times import clock
from fsl_desktop.ui.sound.view_settings import ViewSettings
from fsl_desktop.ui.theme import ThemeHolder
from fsl_desktop.ui.widgets import ElidedLabel, muted, named, with_role


class Transport(QWidget):
    """Controls without a mind of their own. Other buttons (Record) go to the end with ``add``."""

    play_clicked = Signal()
    loop_toggled = Signal(bool)
    speed_chosen = Signal(float)
    zoom_asked = Signal(float)
    """The factor for the seconds that are seen; 0 for all of the clip."""
    label_clicked = Signal()
    settings_changed = Signal(object)

    def __init__(self, holder: ThemeHolder, settings: ViewSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._holder = holder
        self._state = PlayState.STOPPED
        self.play = named(QPushButton(), self.tr("Play"), "clipPlay")
        self.play.setToolTip(self.tr("Play or pause (Space)"))
        self.play.clicked.connect(self.play_clicked)
        self.loop = named(QPushButton(self.tr("Loop")), self.tr("Loop"), "clipLoop")
        self.loop.setCheckable(True)
        self.loop.setToolTip(self.tr("Play the region, or the clip, again and again (L)"))
        self.loop.toggled.connect(self.loop_toggled)
        self.speed = named(QPushButton(), self.tr("Speed"), "clipSpeed")
        self.speed.setToolTip(self.tr("How fast it plays; the pitch follows, as with a tape"))
        self.speed.setMenu(self._speed_menu())
        self.hint = ElidedLabel(role="muted")
        self.label = named(QPushButton(self.tr("Label this part…")), self.tr("Label this part"), "clipLabel")
        self.label.setToolTip(self.tr("Make a row of the marked part, with a label of its own (Enter)"))
        self.can_label = True
        """False where there is no table that a part could become a row of."""
        self.label.clicked.connect(self.label_clicked)
        self.time = muted("")
        self.time.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.time.setAccessibleName(self.tr("Time"))
        self._zooms = {
            "minus": self._zoom(self.tr("See more of the clip (−)"), "clipZoomOut", 2.0),
            "plus": self._zoom(self.tr("See it closer (+)"), "clipZoomIn", 0.5),
            "zoom-all": self._zoom(self.tr("See all of the clip (F)"), "clipZoomAll", 0.0),
        }
        self.display = named(QToolButton(), self.tr("How it is shown and played"), "clipDisplay")
        self.display.setToolTip(self.tr("Loudness, colours and frequencies"))
        self.display.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = DisplayMenu(settings, self)
        self.menu.changed.connect(self.settings_changed)
        self.display.setMenu(self.menu)

        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(8)
        for widget in (self.play, self.loop, self.speed):
            self._row.addWidget(widget)
        self._row.addSpacing(4)
        self._row.addWidget(self.hint, 1)
        self._row.addWidget(self.label)
        self._row.addSpacing(4)
        self._row.addWidget(self.time)
        self._row.addSpacing(4)
        self._row.addWidget(self._zooms["minus"])
        self._row.addWidget(self._zooms["plus"])
        self._row.addWidget(self._zooms["zoom-all"])
        self._row.addWidget(self.display)
        holder.changed.connect(self._tint)
        self.show_state(PlayState.STOPPED)
        self.set_settings(settings)
        self.show_region(None)
        self._tint()

    def add(self, button: QWidget) -> None:
        """A button of the page's own, at the end of the row."""
        self._row.addWidget(button)

    def set_settings(self, settings: ViewSettings) -> None:
        """Show them; nothing is told."""
        self.loop.blockSignals(True)
        self.loop.setChecked(settings.loop)
        self.loop.blockSignals(False)
        self.speed.setText(self._speed_words(settings.speed))
        self.speed.setAccessibleName(
            self.tr("Speed, {speed}").format(speed=self._speed_words(settings.speed))
        )
        for action in self._speeds.actions():
            action.setChecked(action.data() == settings.speed)
        self.menu.set_settings(settings)

    def show_state(self, state: PlayState) -> None:
        self._state = state
        words = self.tr("Play") if state is PlayState.STOPPED else self.tr("Pause")
        self.play.setText(words)
        self.play.setAccessibleName(words)
        # The same width for both words: what stands beside must not jump.
        metrics = self.play.fontMetrics()
        wide = max(metrics.horizontalAdvance(text) for text in (self.tr("Play"), self.tr("Pause")))
        self.play.setMinimumWidth(wide + 62)
        self._tint()

    def show_hint(self, words: str, *, warn: bool = False) -> None:
        with_role(self.hint, "warning" if warn else "muted")
        self.hint.setText(words)

    def show_time(self, cursor: float, end: float) -> None:
        decimals = 2 if end < 60 else 1
        long = end >= 60
        words = f"{clock(cursor, decimals, long=long)} / {clock(end, decimals, long=long)}"
        self.time.setText(words if long else self.tr("{times} s").format(times=words))
        widest = "8" * len(self.time.text())
        self.time.setMinimumWidth(self.time.fontMetrics().horizontalAdvance(widest))

    def show_region(self, region: tuple[float, float] | None) -> None:
        self.label.setVisible(region is not None and self.can_label)

    def _speed_menu(self) -> QMenu:
        menu = QMenu(self)
        self._speeds = QActionGroup(menu)
        for speed in SPEEDS:
            action = QAction(self._speed_words(speed), self._speeds)
            action.setCheckable(True)
            action.setData(speed)
            action.triggered.connect(lambda _=False, s=speed: self.speed_chosen.emit(s))
            menu.addAction(action)
        return menu

    def _speed_words(self, speed: float) -> str:
        return self.tr("{speed} ×").format(speed=f"{speed:.2f}".removesuffix("0"))

    def _zoom(self, words: str, name: str, factor: float) -> QToolButton:
        button = named(QToolButton(), words, name)
        button.setToolTip(words)
        button.clicked.connect(lambda: self.zoom_asked.emit(factor))
        return button

    def _tint(self) -> None:
        theme = self._holder.theme
        self.play.setIcon(icons.icon("play" if self._state is PlayState.STOPPED else "pause", theme))
        self.loop.setIcon(icons.icon("loop", theme))
        self.display.setIcon(icons.icon("sliders", theme))
        for name, button in self._zooms.items():
            button.setIcon(icons.icon(name, theme))
        for button in (self.play, self.loop, self.display, *self._zooms.values()):
            button.setIconSize(QSize(icons.ICON_PX, icons.ICON_PX))
