"""The child never outlives the window, however the window ends."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

HERE = Path(__file__).parent


def start_parent(tmp_path: Path, *words: str) -> tuple[subprocess.Popen[str], psutil.Process]:
    """A process with a runner, and its child with a job that has begun."""
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    parent = subprocess.Popen(
        [sys.executable, str(HERE / "orphan_parent.py"), str(tmp_path), *words],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    )
    assert parent.stdout is not None
    return parent, psutil.Process(int(parent.stdout.readline()))


def ends_within(process: psutil.Process, seconds: float) -> bool:
    """Whether it has ended; one that its new parent has not collected yet has ended too."""
    if hasattr(os, "pidfd_open"):
        try:
            handle = os.pidfd_open(process.pid)
        except ProcessLookupError:
            return True
        readable, _, _ = select.select([handle], [], [], seconds)
        os.close(handle)
        return bool(readable)
    gone, _ = psutil.wait_procs([process], timeout=seconds)
    return bool(gone)


@pytest.mark.parametrize("job", ["keep", "deaf", "stubborn"])
def test_the_child_is_gone_two_seconds_after_the_window_was_killed(tmp_path: Path, job: str) -> None:
    parent, child = start_parent(tmp_path, job)
    with parent:
        parent.send_signal(signal.SIGKILL)
        parent.wait(5)
        ended = ends_within(child, 2.5)
        if not ended:
            child.kill()
        assert ended


def test_the_child_is_gone_when_the_program_ends_without_closing_the_runner(tmp_path: Path) -> None:
    parent, child = start_parent(tmp_path, "deaf", "leave")
    with parent:
        assert parent.wait(10) == 0
        assert ends_within(child, 1.0)
