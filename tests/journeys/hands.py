"""Mouse and keyboard of a journey: through Qt's test events, or through the X server itself."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from fsl_desktop.ui.main_window import MainWindow
from fsl_desktop.ui.wizard.new_project import NewProjectWizard

_X_NAMES = {"Ctrl+Shift+L": "ctrl+shift+l", "Ctrl+A": "ctrl+a", "Ctrl+Z": "ctrl+z"}


class QtHands:
    """Events made by Qt's own test functions; works without a screen."""

    def click(self, widget: QWidget, where: QPoint | None = None) -> None:
        _can_be_clicked(widget)
        QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=where or widget.rect().center())

    def press(self, key: str) -> None:
        modifiers = Qt.KeyboardModifier.NoModifier
        *held, last = key.split("+")
        for name in held:
            modifiers |= _MODIFIERS[name]
        QTest.keyClick(_focus(), getattr(Qt.Key, f"Key_{last}"), modifiers)

    def type(self, text: str) -> None:
        for number, line in enumerate(text.split("\n")):
            if number:
                self.press("Return")
            QTest.keyClicks(_focus(), line)

    def bring(self, window: MainWindow, path: Path) -> None:
        """Give the start screen a file, as a drop does (the file dialog would block these hands)."""
        window.start_page.new_requested.emit(str(path))


class XHands:
    """Events of the X server, as a hand would make them; needs xdotool and a display."""

    def click(self, widget: QWidget, where: QPoint | None = None) -> None:
        _can_be_clicked(widget)
        ratio = widget.devicePixelRatioF()
        spot = widget.mapToGlobal(where or widget.rect().center())
        _xdotool("mousemove", str(round(spot.x() * ratio)), str(round(spot.y() * ratio)))
        # The pointer is there before the button goes down: some widgets look where it came from.
        QTest.qWait(30)
        _xdotool("click", "1")
        QTest.qWait(80)

    def press(self, key: str) -> None:
        _xdotool("key", "--clearmodifiers", _X_NAMES.get(key, key.replace("Ctrl+", "ctrl+")))
        QTest.qWait(80)

    def type(self, text: str) -> None:
        # Line by line: what Return means is the widget's business, as on a keyboard.
        for number, line in enumerate(text.split("\n")):
            if number:
                self.press("Return")
            _xdotool("type", "--delay", "12", line)
            QTest.qWait(40)

    def bring(self, window: MainWindow, path: Path) -> None:
        """The start screen's button, the wizard's button, and the file's path typed into the dialog."""
        self.click(window.start_page.new)
        wizard = window.findChild(NewProjectWizard)
        assert wizard is not None, "no wizard came up"
        steps = iter((("type", "--delay", "12", str(path)), ("key", "Return")))

        def go_on() -> None:
            dialog = QApplication.activeModalWidget()
            if not isinstance(dialog, QFileDialog) or not dialog.isVisible():
                return
            step = next(steps, None)
            if step is None:
                timer.stop()
                dialog.reject()  # the path was not taken: the journey says so instead of standing still
            else:
                _xdotool(*step)

        timer = QTimer(window)
        timer.setInterval(700)
        timer.timeout.connect(go_on)
        timer.start()
        self.click(wizard.file_step.choose)  # comes back when the dialog has closed
        timer.stop()


def hands() -> QtHands | XHands:
    return XHands() if os.environ.get("FSL_TEST_HANDS") == "x" else QtHands()


_MODIFIERS = {"Ctrl": Qt.KeyboardModifier.ControlModifier, "Shift": Qt.KeyboardModifier.ShiftModifier}


def _can_be_clicked(widget: QWidget) -> None:
    assert widget.isVisible(), f"{widget.objectName()} is not on the screen"
    assert widget.isEnabled(), f"{widget.objectName()} cannot be clicked"


def _xdotool(*arguments: str) -> None:
    """Let the program run while xdotool does: a window that does not answer would hold it up."""
    process = subprocess.Popen(["xdotool", *arguments])
    for _ in range(3000):
        if process.poll() is not None:
            break
        QTest.qWait(10)
    else:
        process.kill()
    assert process.wait() == 0, f"xdotool {arguments} failed"


def _focus() -> QWidget:
    widget = QWidget.keyboardGrabber() or QApplication.focusWidget()
    assert widget is not None, "nothing has the keyboard"
    return widget
