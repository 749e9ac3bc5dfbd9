"""A folder of recordings with everything wrong that can be: each bad one is told, all others are rows."""

from __future__ import annotations

import builtins
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from clip_projects import bring, paths, rows
from odd_sounds import odd, refused, write_hours
from sounds import save, tone

from fsl_desktop.core.config import Task
from fsl_desktop.core.project import Project


@pytest.fixture
def project(tmp_path: Path, home: Path) -> Iterator[Project]:
    made = Project.create(tmp_path / "Calls.fsl", "Calls", Task.CLASSIFY_AUDIO)
    yield made
    made.close()


def test_every_bad_file_is_one_sentence_and_all_others_are_rows(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "calls"
    bad, good = refused(folder), odd(folder)
    batch = bring(project, folder)
    told = sorted(problem.message.text for problem in batch.problems)
    assert len(told) == batch.n_problems == len(bad)
    assert all(any(one.startswith(words) for one in told) for words in bad.values())
    assert sorted(rows(project)) == sorted(good)
    assert {path.name for path in paths(project)} == set(good)
    assert project.sources()[0].problems == batch.problems  # the Data page shows them later too


def test_a_table_names_the_row_of_each_file_that_cannot_be_used(project: Project, tmp_path: Path) -> None:
    bad = refused(tmp_path)
    save(tmp_path / "good.wav", tone(0.4))
    names = [*bad, "nowhere.wav", "good.wav"]
    (tmp_path / "calls.csv").write_text("\n".join(["file,label", *(f"{name},bird" for name in names)]))
    batch = bring(project, tmp_path / "calls.csv")
    said = {problem.row: problem.message.text for problem in batch.problems}
    assert sorted(said) == list(range(2, len(names) + 1)), "the row of the table, below its head"
    for row, name in enumerate(names[:-1], start=2):
        assert name in said[row]
    assert list(rows(project)) == ["good.wav"]


def test_a_file_that_may_not_be_read_is_one_sentence(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As for a user who is not allowed to; whoever runs the tests may be allowed everything."""
    for name in ("closed.wav", "open.wav"):
        save(tmp_path / "calls" / name, tone(0.4))
    whole = builtins.open

    def guarded(path, *how, **more):  # type: ignore[no-untyped-def]
        if str(path).endswith("closed.wav"):
            raise PermissionError(13, "Permission denied", str(path))
        return whole(path, *how, **more)

    monkeypatch.setattr(builtins, "open", guarded)
    batch = bring(project, tmp_path / "calls")
    assert [one.message.text for one in batch.problems] == [
        "closed.wav may not be read. Close it in other programs, or ask for permission to read it."
    ]
    assert list(rows(project)) == ["open.wav"]


def test_five_hours_become_a_row_in_little_memory(project: Project, tmp_path: Path) -> None:
    path = write_hours(tmp_path / "night.wav", 5)
    tracemalloc.start()
    batch = bring(project, path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert batch.n_rows == 1
    assert peak < 30_000_000  # decoded it would be 1.2 GB
    assert project.table.clips is not None
    assert project.table.clips.at(0).seconds == pytest.approx(5 * 3600)
    assert any("Only their beginning is listened to" in note.text for note in batch.notes)
