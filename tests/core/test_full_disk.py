"""A disk without room: nothing that was there is lost, and it can be looked at."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest
from projects import crashed, labels_of, load, make_project

from fsl_desktop.core import opening, store
from fsl_desktop.core.commands import SetLabels
from fsl_desktop.core.project import Project


@pytest.fixture
def project(tmp_path: Path):
    made = make_project(tmp_path / "test.fsl", 5)
    made.do(SetLabels((1,), 1))
    yield made
    made.close()


def test_on_a_full_disk_a_project_opens_for_reading(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also with its newest edits in a write-ahead log, for whose index there is no room."""
    folder = crashed(project, tmp_path / "crashed.fsl")
    real = store.connect

    def full(path: Path, *, query: str = "mode=rw", **more: float) -> sqlite3.Connection:
        if path.parent == folder and "immutable" not in query:
            error = sqlite3.OperationalError("disk I/O error")
            error.sqlite_errorcode = 4874  # SQLITE_IOERR_SHMSIZE, as a full disk gives it
            raise error
        return real(path, query=query, **more)

    with monkeypatch.context() as patch:
        patch.setattr(store, "connect", full)
        again = load(Project.open(folder))
    assert again.read_only
    assert [notice.text for notice in again.notices] == [
        "The disk is full, so this project was opened for reading only and nothing was changed. "
        "Free some space, then open it again."
    ]
    assert labels_of(again) == {1: 1}
    again.close()
    again = Project.open(folder)
    assert not again.read_only
    again.close()


def test_without_room_for_its_lock_a_project_opens_for_reading(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.close()

    def full(folder: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(opening, "ProjectLock", full)
    again = load(Project.open(project.folder))
    assert again.read_only
    assert "The disk is full" in again.notices[0].text
    assert labels_of(again) == {1: 1}
    again.close()
