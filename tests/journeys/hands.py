"""Mouse and keyboard of a journey: through Qt's test events, or through the X server itself."""

from __future__ import annotations

import os
import subprocess

from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

_X_NAMES = {"Return": "Return", "Down": "Down", "Escape": "Escape", "Ctrl+A": "ctrl+a", "Ctrl+Z": "ctrl+z"}


class QtHands:
    """Events made by Qt's own test functions; works without a screen."""

    def click(self, widget: QWidget, where: QPoint | None = None) -> None:
        assert widget.isVisible(), f"{widget.objectName()} is not on the screen"
        assert widget.isEnabled(), f"{widget.objectName()} cannot be clicked"
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=where or widget.rect().center())

    def press(self, key: str) -> None:
        target = QWidget.keyboardGrabber() or _focus()
        modifiers = Qt.KeyboardModifier.NoModifier
        if key.startswith("Ctrl+"):
            modifiers, key = Qt.KeyboardModifier.ControlModifier, key[5:]
        QTest.keyClick(target, getattr(Qt.Key, f"Key_{key}"), modifiers)

    def type(self, text: str) -> None:
        for number, line in enumerate(text.split("\n")):
            if number:
                self.press("Return")
            QTest.keyClicks(_focus(), line)


class XHands:
    """Events of the X server, as a hand would make them; needs xdotool and a display."""

    def click(self, widget: QWidget, where: QPoint | None = None) -> None:
        assert widget.isVisible(), f"{widget.objectName()} is not on the screen"
        assert widget.isEnabled(), f"{widget.objectName()} cannot be clicked"
        ratio = widget.devicePixelRatioF()
        spot = widget.mapToGlobal(where or widget.rect().center())
        x, y = str(round(spot.x() * ratio)), str(round(spot.y() * ratio))
        self._do("mousemove", "--sync", x, y, "click", "1")
        QTest.qWait(80)

    def press(self, key: str) -> None:
        self._do("key", "--clearmodifiers", _X_NAMES.get(key, key))
        QTest.qWait(80)

    def type(self, text: str) -> None:
        # Line by line: what Return means is the widget's business, as on a keyboard.
        for number, line in enumerate(text.split("\n")):
            if number:
                self.press("Return")
            self._do("type", "--delay", "8", line)
            QTest.qWait(40 + 10 * len(line))

    @staticmethod
    def _do(*arguments: str) -> None:
        subprocess.run(["xdotool", *arguments], check=True, timeout=30)


def hands() -> QtHands | XHands:
    return XHands() if os.environ.get("FSL_TEST_HANDS") == "x" else QtHands()


def _focus() -> QWidget:
    from PySide6.QtWidgets import QApplication

    widget = QApplication.focusWidget()
    assert widget is not None, "nothing has the keyboard"
    return widget
