"""The real window, child and model. Skipped with the reason where the weights are not there."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.core.settings import Settings
from fsl_desktop.ui.main_window import MainWindow
from fsl_desktop.ui.theme import DARK, LIGHT, ThemeHolder
from fsl_desktop.work.jobs import ChildOptions
from fsl_desktop.work.runner import Runner

from hands import QtHands  # isort: skip

# Where the weights are is read before a test gets a home of its own.
MODELS = Catalogue.load().models_dir
SHOTS = Path(__file__).parents[2] / "build" / "screenshots"


class Journey:
    """A window that can be closed and started again on the same home, like a program."""

    def __init__(self, app: QApplication, home: Path, child: ChildOptions | None) -> None:
        self.app = app
        self.home = home
        self.child = child
        self.start()

    def start(self) -> None:
        self.runner: Runner | None = Runner(options=self.child)
        self.themes = ThemeHolder(LIGHT)
        self.window = MainWindow(Settings.load(self.home / "settings.json"), self.themes, self.runner)
        self.window.resize(1440, 900)
        self.window.show()
        self.runner.start()
        QTest.qWaitForWindowExposed(self.window)

    def quit(self) -> None:
        if self.runner is None:
            return
        self.window.close()
        self.runner.close()
        self.runner = None
        self.window.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def until(self, happened: Callable[[], object], what: str, seconds: float = 60) -> None:
        """Let the program run until something is so; fail saying what was waited for."""
        end = time.monotonic() + seconds
        while not happened():
            said = [notice.sentence for notice in self.window.notifications.notices]
            if time.monotonic() > end:
                self.shot("failed")
                pytest.fail(f"waited {seconds} s for {what}; the window says {said}")
            QTest.qWait(10)

    def shot(self, name: str) -> None:
        """Pictures for people to look at, in both themes: of the window, and of a real screen too.

        Painting everything twice takes longer than most of what is tested, so they are only taken when
        asked for (``FSL_SCREENSHOTS=1``), and of a failure.
        """
        if name != "failed" and not os.environ.get("FSL_SCREENSHOTS"):
            return
        before = self.themes.theme
        for theme in (before, LIGHT if before.is_dark else DARK):
            self.themes.set(theme)
            QTest.qWait(150)
            top = QApplication.activeModalWidget() or self.window
            self._save(top.grab(), self.app.platformName(), f"{name}-{theme.name}")
            if self.app.platformName() == "xcb":
                self._save(self.app.primaryScreen().grabWindow(0), "screen", f"{name}-{theme.name}")
        self.themes.set(before)

    @staticmethod
    def _save(picture: QPixmap, folder: str, name: str) -> None:
        (SHOTS / folder).mkdir(parents=True, exist_ok=True)
        assert not picture.isNull(), f"no picture of {name}"
        assert picture.save(str(SHOTS / folder / f"{name}.png"))

    @property
    def workspace(self):  # type: ignore[no-untyped-def]
        assert self.window.workspace is not None, "no project is open"
        return self.window.workspace


@pytest.fixture
def models() -> Path:
    """The folder of the weights, which tests share; skips where the default model is not in it."""
    if not Catalogue.load(MODELS).status("minilm").installed:
        pytest.skip("MiniLM is not installed; `make setup` fetches it")
    return MODELS


@pytest.fixture
def child() -> ChildOptions | None:
    """The child as it is; a module whose journeys need another one has a fixture of its own."""
    return None


@pytest.fixture
def journey(qapp: QApplication, home: Path, models: Path, child: ChildOptions | None) -> Iterator[Journey]:
    home.mkdir(parents=True)
    (home / "data").mkdir()
    # The weights are shared, everything else is this test's own.
    os.symlink(models, home / "data" / "models", target_is_directory=True)
    before = qapp.styleSheet(), qapp.palette(), qapp.font()
    trip = Journey(qapp, home, child)
    yield trip
    trip.quit()
    qapp.setStyleSheet(before[0])
    qapp.setPalette(before[1])
    qapp.setFont(before[2])


@pytest.fixture
def no_traceback(
    home: Path, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> Iterator[None]:
    """Neither window nor child prints or logs a traceback."""
    yield
    out, err = capfd.readouterr()
    logs = "".join(path.read_text("utf-8") for path in (home / "log").glob("*.log"))
    for words in (out, err, logs, caplog.text):
        assert "Traceback" not in words, words


@pytest.fixture
def hand() -> QtHands:
    return QtHands()
