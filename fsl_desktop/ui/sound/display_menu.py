"""The menu of how a clip is shown and played: loudness, colours, frequencies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from fsl_desktop.core.audio.spectrogram import Scale
from fsl_desktop.ui.sound.colour_maps import ColourMap
from fsl_desktop.ui.sound.view_settings import BRIGHTER, GAINS, TOPS, ViewSettings


class DisplayMenu(QMenu):
    """``changed`` tells the new settings after each choice."""

    changed = Signal(object)

    def __init__(self, settings: ViewSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._auto = self.addAction(self.tr("Play when selected"))
        self._auto.setCheckable(True)
        self._auto.toggled.connect(lambda on: self._choose("play_when_shown", on))
        self.addSeparator()
        self._groups = {
            "gain": self._add(self.tr("Loudness"), "gain", [(gain, self._decibels(gain)) for gain in GAINS]),
            "colours": self._add(
                self.tr("Colours"),
                "colours",
                [
                    (ColourMap.VIRIDIS, self.tr("Blue to yellow")),
                    (ColourMap.MAGMA, self.tr("Black to red")),
                    (ColourMap.INK, self.tr("Ink on paper")),
                ],
            ),
            "brighter": self._add(
                self.tr("Brightness"), "brighter", [(step, self._decibels(step)) for step in BRIGHTER]
            ),
            "scale": self._add(
                self.tr("Pitch"),
                "scale",
                [
                    (Scale.LINEAR, self.tr("Even steps (kHz)")),
                    (Scale.MEL, self.tr("As the ear hears (mel)")),
                ],
            ),
            "top_hertz": self._add(
                self.tr("Highest frequency"),
                "top_hertz",
                [(top, self.tr("{count} kHz").format(count=top // 1000)) for top in TOPS],
            ),
        }
        self.set_settings(settings)

    def set_settings(self, settings: ViewSettings) -> None:
        """Show what is chosen; nothing is told."""
        self._settings = settings
        self._auto.blockSignals(True)
        self._auto.setChecked(settings.play_when_shown)
        self._auto.blockSignals(False)
        for name, group in self._groups.items():
            value = settings.gain if name == "gain" else getattr(settings.look, name)
            for action in group.actions():
                action.setChecked(action.data() == value)

    def choose(self, name: str, value: Any) -> None:
        """Choose as if with the mouse."""
        for action in self._groups[name].actions():
            if action.data() == value:
                action.trigger()

    def _add(self, title: str, name: str, choices: Iterable[tuple[Any, str]]) -> QActionGroup:
        menu = self.addMenu(title)
        group = QActionGroup(menu)
        for value, words in choices:
            action = QAction(words, group)
            action.setCheckable(True)
            action.setData(value)
            action.triggered.connect(lambda _=False, v=value: self._choose(name, v))
            menu.addAction(action)
        return group

    def _choose(self, name: str, value: Any) -> None:
        if name in ("gain", "play_when_shown"):
            self._settings = replace(self._settings, **{name: value})
        else:
            self._settings = replace(self._settings, look=replace(self._settings.look, **{name: value}))
        self.changed.emit(self._settings)

    def _decibels(self, value: float) -> str:
        if value == 0:
            return self.tr("As it is")
        words = self.tr("{value} dB more") if value > 0 else self.tr("{value} dB less")
        return words.format(value=f"{abs(value):g}")
