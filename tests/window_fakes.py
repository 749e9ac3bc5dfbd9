"""The real window over the fake runner, on the sample project."""

from __future__ import annotations

import errno
from pathlib import Path

import numpy as np

from fakes import FakeRunner
from fsl_desktop.core.answers import Suggestions
from fsl_desktop.core.settings import Settings
from fsl_desktop.ui.main_window import MainWindow
from fsl_desktop.ui.theme import LIGHT, ThemeHolder
from fsl_desktop.ui.workspace import Workspace
from fsl_desktop.work.protocol import CheckModel, ModelStatus, Suggest


def make_window(home: Path) -> tuple[MainWindow, FakeRunner]:
    runner = FakeRunner()
    window = MainWindow(Settings.load(home / "settings.json"), ThemeHolder(LIGHT), runner)
    return window, runner


def space(window: MainWindow) -> Workspace:
    assert window.workspace is not None, "no project is open"
    return window.workspace


def forbidden_lock(folder: Path) -> None:
    """In the place of ``opening.ProjectLock``: a project that this user may only read."""
    raise PermissionError(errno.EACCES, "Permission denied", str(folder))


def open_sample(qtbot, window: MainWindow, runner: FakeRunner, *, model: bool = True) -> Workspace:  # type: ignore[no-untyped-def]
    """Open the sample project and say whether the model is installed."""
    window.start_page.sample.click()
    opened = space(window)
    qtbot.waitUntil(lambda: not opened.session.loading)
    ticket, _ = runner.last(CheckModel)
    runner.reply(ticket, ModelStatus("minilm", model))
    return opened


def suggestions(opened: Workspace, class_id: int, confidence: float = 0.9) -> Suggestions:
    """The same class for every row."""
    n = len(opened.session.table)
    return Suggestions(
        opened.session.project.revision,
        "minilm",
        opened.session.table.ids.copy(),
        np.full(n, class_id, np.int32),
        np.full(n, confidence, np.float32),
        np.arange(n, dtype=np.float32),
    )


def answer_suggest(qtbot, runner: FakeRunner, opened: Workspace, class_id: int) -> None:  # type: ignore[no-untyped-def]
    qtbot.waitUntil(lambda: any(isinstance(request, Suggest) for _, request in runner.requests))
    runner.reply(runner.last(Suggest)[0], suggestions(opened, class_id))
