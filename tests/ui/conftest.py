"""A test of the window fails for what it leaves behind: threads, running timers, top-level widgets."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication

from fakes import FakeRunner
from fsl_desktop.ui import workspace
from fsl_desktop.ui.importer import Importer
from fsl_desktop.ui.jobs import Jobs
from fsl_desktop.ui.theme import LIGHT, ThemeHolder
from fsl_desktop.ui.wizard.new_project import NewProjectWizard


@pytest.fixture(autouse=True, scope="package")
def only_new_objects_are_collected() -> Iterator[None]:
    """Other tests of this process have loaded torch; to look through all of it after every test of the
    window took longer than the tests. The window's own thawing would undo that."""
    gc.collect()
    gc.freeze()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workspace, "gc", SimpleNamespace(freeze=lambda: None, unfreeze=lambda: None))
        yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def leaves_nothing_behind(qapp: QApplication) -> Iterator[None]:
    threads = set(threading.enumerate())
    widgets = {id(widget) for widget in QApplication.topLevelWidgets()}
    yield
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    leaked_threads = [t for t in threading.enumerate() if t not in threads and t.is_alive()]
    assert not leaked_threads, f"threads left running: {leaked_threads}"
    leaked = [w for w in QApplication.topLevelWidgets() if id(w) not in widgets and w.isVisible()]
    assert not leaked, f"windows left open: {leaked}"
    timers = [
        timer
        for widget in QApplication.topLevelWidgets()
        if id(widget) not in widgets
        for timer in widget.findChildren(QTimer)
        if timer.isActive()
    ]
    assert not timers, f"timers left running: {timers}"


@pytest.fixture
def runner(qtbot):
    return FakeRunner()


@pytest.fixture
def wizard(qtbot, runner, tmp_path):
    jobs = Jobs(runner)
    made = NewProjectWizard(ThemeHolder(LIGHT), Importer(jobs, jobs), str(tmp_path / "projects"))
    jobs.setParent(made)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    yield made
    made.abandon()
