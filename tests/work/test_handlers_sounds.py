"""Recordings on their way into a project, through the child's handlers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from sounds import save, tone

from fsl_desktop.core.audio.look import SoundLook
from fsl_desktop.core.clip_import import Cut, ImportedSounds, SoundOptions
from fsl_desktop.core.commands import AddBatch
from fsl_desktop.core.config import Task
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.events import Event, Phase, Progress
from fsl_desktop.core.new_project import create_project
from fsl_desktop.core.project import Project
from fsl_desktop.core.relink import Moved, accept
from fsl_desktop.work.handlers import build
from fsl_desktop.work.jobs import Job
from fsl_desktop.work.protocol import FindMoved, ImportSounds, LookSounds, Request


class Told:
    def __init__(self) -> None:
        self.events: list[Event] = []

    def tell(self, ticket: int, event: Event) -> None:
        self.events.append(event)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "sounds"
    for label, seconds in (("bird", 1.0), ("rain", 12.0)):
        (place / label).mkdir(parents=True)
        save(place / label / "a.wav", tone(seconds))
    (place / "rain" / "broken.wav").write_bytes(b"no sound at all")
    return place


@pytest.fixture
def project(home: Path, tmp_path: Path):  # type: ignore[no-untyped-def]
    made = create_project(tmp_path / "p.fsl", "P", ("bird", "rain"), task=Task.CLASSIFY_AUDIO)
    yield made
    made.close()


def serve(request: Request, told: Told | None = None, *, cancelled: bool = False) -> object:
    job = Job(1, request, told or Told())
    if cancelled:
        job.cancel()
    return build().table[type(request)](request, job)


def rows_of(project: Project) -> list[tuple[str, int]]:
    for _ in project.load_rows():
        pass
    return list(zip(project.table.texts, project.table.labels.tolist(), strict=True))


def test_a_folder_is_looked_into(folder: Path) -> None:
    found = serve(LookSounds((str(folder),)))
    assert isinstance(found, SoundLook)
    assert (found.n_clips, found.labels) == (3, ("bird", "rain"))


def test_recordings_become_rows_with_labels_and_the_broken_one_is_told(
    folder: Path, project: Project
) -> None:
    told = Told()
    found = serve(ImportSounds((str(folder),), str(project.folder), SoundOptions()), told)
    assert isinstance(found, ImportedSounds)
    assert (found.n_rows, found.n_labelled, found.n_problems) == (2, 2, 1)
    assert "broken.wav" in found.problems[0].message.text
    shares = [
        event.done for event in told.events if isinstance(event, Progress) and event.phase is Phase.READING
    ]
    assert shares == sorted(shares)
    assert len(shares) > 2
    project.do(AddBatch(found.batch, (("bird", 1), ("rain", 2))))
    assert rows_of(project) == [("bird/a.wav", 1), ("rain/a.wav", 2)]
    assert project.table.clips is not None
    assert project.table.clips.at(1).seconds == pytest.approx(12.0, abs=0.01)


def test_a_long_one_is_cut_if_that_is_wished(folder: Path, project: Project) -> None:
    found = serve(ImportSounds((str(folder),), str(project.folder), SoundOptions(cut=Cut(5.0))))
    assert isinstance(found, ImportedSounds)
    assert found.n_rows > 2


def test_a_cancelled_import_leaves_nothing(folder: Path, project: Project) -> None:
    with pytest.raises(Stopped):
        serve(ImportSounds((str(folder),), str(project.folder), SoundOptions()), cancelled=True)
    assert rows_of(project) == []


def test_nothing_usable_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        serve(LookSounds((str(tmp_path / "missing.wav"),)))


def test_moved_recordings_are_found_and_the_window_writes_it_down(
    project: Project, folder: Path, tmp_path: Path
) -> None:
    found = serve(ImportSounds((str(folder),), str(project.folder), SoundOptions()))
    assert isinstance(found, ImportedSounds)
    project.do(AddBatch(found.batch, ()))
    rows_of(project)
    new = tmp_path / "moved"
    shutil.move(folder, new)
    told = Told()
    moved = serve(FindMoved(str(project.folder), str(new), str(folder)), told)
    assert isinstance(moved, Moved)
    assert sorted(path for _, path in moved.paths) == [new / "bird" / "a.wav", new / "rain" / "a.wav"]
    assert told.events[-1] == Progress(Phase.READING, 2, 2)
    clips = project.table.clips
    assert clips is not None
    assert len(clips.troubles()) == 2, "looking writes nothing"
    accept(project, new, moved.paths)
    assert clips.troubles() == {}
    with pytest.raises(Stopped):
        serve(FindMoved(str(project.folder), str(new)), cancelled=True)
