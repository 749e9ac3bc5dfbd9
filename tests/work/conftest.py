"""Runners with the tests' own jobs in a real child process, closed after the test."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from fsl_desktop.work.grace import Grace
from fsl_desktop.work.jobs import ChildOptions
from fsl_desktop.work.runner import Runner, RunnerState

# The child finds the module of jobs by this path as well: spawn hands it over.
sys.path.insert(0, str(Path(__file__).parent))

SHORT = Grace(terminate=0.3, kill=0.6, close=1.0, retry=0.01)
MakeRunner = Callable[..., Runner]


def children() -> list[psutil.Process]:
    """Child processes of the tests, without multiprocessing's own book-keeper."""
    found = []
    for process in psutil.Process().children(recursive=True):
        try:
            if "resource_tracker" not in " ".join(process.cmdline()):
                found.append(process)
        except psutil.NoSuchProcess:
            continue
    return found


@pytest.fixture
def make_runner(qapp: object, tmp_path: Path) -> Iterator[MakeRunner]:
    threads = set(threading.enumerate())
    made: list[Runner] = []

    def make(grace: Grace = SHORT) -> Runner:
        options = ChildOptions(handlers="child_jobs", log_folder=str(tmp_path / "logs"))
        runner = Runner(poll_ms=10, options=options, grace=grace)
        made.append(runner)
        return runner

    yield make
    for runner in made:
        runner.close()
    assert not [t for t in threading.enumerate() if t not in threads and t.is_alive()]
    assert not children(), "a child process was left running"


@pytest.fixture
def runner(make_runner: MakeRunner, qtbot) -> Runner:  # type: ignore[no-untyped-def]
    """A runner whose child is ready."""
    runner = make_runner()
    with qtbot.waitSignal(
        runner.state_changed, timeout=20_000, check_params_cb=lambda s: s is RunnerState.READY
    ):
        runner.start()
    return runner
