"""The real window, child and model. Skipped with the reason where the weights are not there."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.settings import Settings
from fsl_desktop.ui.main_window import MainWindow
from fsl_desktop.ui.theme import LIGHT, ThemeHolder
from fsl_desktop.work.runner import Runner

# Where the weights are is read before a test gets a home of its own.
MODELS = Catalogue.load().models_dir
SHOTS = Path(__file__).parents[2] / "build" / "screenshots"


class Journey:
    """A window that can be closed and started again on the same home, like a program."""

    def __init__(self, app: QApplication, home: Path) -> None:
        self.app = app
        self.home = home
        self.start()

    def start(self) -> None:
        self.runner = Runner()
        self.themes = ThemeHolder(LIGHT)
        self.window = MainWindow(Settings.load(self.home / "settings.json"), self.themes, self.runner)
        self.window.resize(1440, 900)
        self.window.show()
        self.runner.start()
        QTest.qWaitForWindowExposed(self.window)

    def quit(self) -> None:
        self.window.close()
        self.runner.close()
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def until(self, happened: Callable[[], object], what: str, seconds: float = 60) -> None:
        """Let the program run until something is so; fail saying what was waited for."""
        end = time.monotonic() + seconds
        while not happened():
            said = [notice.sentence for notice in self.window.notifications.notices]
            assert time.monotonic() < end, f"waited {seconds} s for {what}; the window says {said}"
            QTest.qWait(10)

    def shot(self, name: str) -> None:
        """A picture of the window, for people to look at."""
        folder = SHOTS / ("xvfb" if self.app.platformName() == "xcb" else self.app.platformName())
        folder.mkdir(parents=True, exist_ok=True)
        QTest.qWait(150)
        assert self.window.grab().save(str(folder / f"{name}-{self.themes.theme.name}.png"))

    @property
    def workspace(self):  # type: ignore[no-untyped-def]
        assert self.window.workspace is not None, "no project is open"
        return self.window.workspace


@pytest.fixture
def journey(qapp: QApplication, home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    if not Catalogue.load(MODELS).status("minilm").installed:
        pytest.skip("MiniLM is not installed; `make setup` fetches it")
    home.mkdir(parents=True)
    (home / "data").mkdir()
    # The weights are shared, everything else is this test's own.
    os.symlink(MODELS, home / "data" / "models", target_is_directory=True)
    before = qapp.styleSheet(), qapp.palette(), qapp.font()
    trip = Journey(qapp, home)
    yield trip
    trip.quit()
    qapp.setStyleSheet(before[0])
    qapp.setPalette(before[1])
    qapp.setFont(before[2])
