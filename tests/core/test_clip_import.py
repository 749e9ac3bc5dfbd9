"""Recordings on their way into a project: what becomes a row, what is told, what is left behind."""

from __future__ import annotations

import os
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from clip_projects import bring, paths, rows
from projects import load, reopened, state_of
from sounds import save, tone

from fsl_desktop.core.clip_import import Cut, ImportedSounds, SoundOptions, import_sounds
from fsl_desktop.core.commands import AddBatch
from fsl_desktop.core.config import Task
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.project import Project
from fsl_desktop.core.snapshot import ProjectReader


@pytest.fixture
def project(tmp_path: Path, home: Path) -> Iterator[Project]:
    made = Project.create(tmp_path / "sounds.fsl", "Sounds", Task.CLASSIFY_AUDIO)
    yield made
    made.close()


def told(batch: ImportedSounds) -> str:
    return "\n".join(problem.message.text for problem in batch.problems)


def bad_files(folder: Path) -> int:
    """Put files that are no sound beside good ones; how many."""
    (folder / "empty.wav").write_bytes(b"")
    (folder / "words.wav").write_text("these are words", encoding="utf-8")
    (folder / "noise.flac").write_bytes(os.urandom(2000))
    save(folder / "nothing.wav", tone(0.0))
    return 4


def test_a_folder_per_class_with_broken_files_and_all_kinds_of_names(
    project: Project, tmp_path: Path
) -> None:
    root = tmp_path / "My recordings"
    save(root / "cat" / "a.wav", tone(0.4))
    save(root / "dog" / "a.wav", tone(0.5, pitch=900))
    save(root / "鸟 🐦" / "春天 清晨.flac", tone(0.3, 44_100), 44_100)
    save(root / "dog" / "LOUD.WAV", tone(0.3))
    n_bad = bad_files(root / "dog")
    batch = bring(project, root)
    assert rows(project) == {
        "cat/a.wav": "cat",
        "dog/a.wav": "dog",
        "dog/LOUD.WAV": "dog",
        "鸟 🐦/春天 清晨.flac": "鸟 🐦",
    }
    assert (batch.n_rows, batch.n_labelled, batch.n_problems) == (4, 4, n_bad)
    for name in ("empty.wav", "words.wav", "noise.flac", "nothing.wav"):
        assert name in told(batch)
    assert project.sources()[0].problems == batch.problems
    assert sorted(paths(project)) == sorted(
        p for p in root.rglob("*") if p.stem in ("a", "LOUD", "春天 清晨")
    )


def test_what_is_known_of_each_file_and_the_same_in_another_process(project: Project, tmp_path: Path) -> None:
    save(tmp_path / "in" / "a.wav", tone(0.5, 8000), 8000)
    bring(project, tmp_path / "in")
    with ProjectReader(project.folder) as reader:
        reader.refresh()
        for table in (project.table, reader.table):
            assert table.clips is not None
            clip = table.clips.at(0)
            assert (clip.start, clip.end) == (0.0, None)
            assert (clip.file.rate, clip.file.channels) == (8000, 1)
            assert clip.seconds == pytest.approx(0.5)
            assert len(clip.file.content) == 32
        save(tmp_path / "more" / "b.wav", tone(0.4))
        bring(project, tmp_path / "more")
        reader.refresh()
        assert reader.table.clips is not None
        assert reader.table.clips.at(1).path == tmp_path / "more" / "b.wav"


def test_a_table_names_files_and_parts_of_them(project: Project, tmp_path: Path) -> None:
    save(tmp_path / "t" / "long.wav", tone(3.0))
    (tmp_path / "t" / "metadata.csv").write_text(
        "file_name,label,start,end,who\n"
        "long.wav,wren,0.5,1.25,Ann\n"
        "long.wav,robin,1.5,,Bob\n"
        "long.wav,wren,7,8,Ann\n"
        "gone.wav,wren,,,Ann\n",
        encoding="utf-8",
    )
    batch = bring(project, tmp_path / "t" / "metadata.csv")
    assert rows(project) == {"long.wav 0:00.5–0:01.25": "wren", "long.wav 0:01.5–": "robin"}
    assert [problem.row for problem in batch.problems] == [5, 4]
    assert project.extra(1) == {"who": "Ann"}
    clips = project.table.clips
    assert clips is not None
    assert (clips.at(0).start, clips.at(0).end, clips.at(1).end) == (0.5, 1.25, None)
    assert len(clips.files) == 1


def test_long_recordings_become_windows_and_silence_is_left_out(project: Project, tmp_path: Path) -> None:
    import numpy as np

    parts = [tone(2.0), np.zeros(32_000, np.float32), tone(2.0)]
    save(tmp_path / "in" / "wren" / "hour.wav", np.concatenate(parts))
    save(tmp_path / "in" / "owl" / "short.wav", tone(0.5))
    bring(project, tmp_path / "in", options=SoundOptions(cut=Cut(length=1.0)))
    found = rows(project)
    assert found.pop("owl/short.wav") == "owl"
    assert list(found) == [f"wren/hour.wav 0:0{s}–0:0{s + 1}" for s in (0, 1, 4, 5)]
    assert set(found.values()) == {"wren"}


def test_whole_recordings_that_are_long_are_told(project: Project, tmp_path: Path) -> None:
    save(tmp_path / "in" / "long.wav", tone(6.0))
    save(tmp_path / "in" / "short.wav", tone(1.0))
    (note,) = bring(project, tmp_path / "in").notes
    assert "longer than 5 seconds: 1" in note.text


def test_files_can_be_copied_in_and_the_project_then_stands_alone(project: Project, tmp_path: Path) -> None:
    source = tmp_path / "in"
    save(source / "cat" / "a.wav", tone(0.4))
    save(source / "dog" / "a.wav", tone(0.5))
    bring(project, source, options=SoundOptions(copy=True))
    shutil.rmtree(source)
    moved = tmp_path / "elsewhere.fsl"
    project.close()
    shutil.copytree(project.folder, moved)
    again = load(Project.open(moved))
    assert paths(again) == [moved / "media" / "cat" / "a.wav", moved / "media" / "dog" / "a.wav"]
    assert all(path.is_file() for path in paths(again))
    assert again.table.clips is not None
    assert not again.table.clips.troubles()
    again.close()


def test_the_same_names_from_two_folders_do_not_overwrite_each_other(
    project: Project, tmp_path: Path
) -> None:
    one, two = save(tmp_path / "1" / "a.wav", tone(0.4)), save(tmp_path / "2" / "a.wav", tone(0.5))
    options = SoundOptions(copy=True)
    bring(project, one, options=options)
    bring(project, two, options=options)
    bring(project, two, options=options)
    assert [path.name for path in paths(project)] == ["a.wav", "a 2.wav", "a 2.wav"]
    bring(project, one, two)
    assert list(rows(project))[-2:] == ["1/a.wav", "2/a.wav"]


def test_a_zip_is_unpacked_into_the_project(project: Project, tmp_path: Path) -> None:
    save(tmp_path / "in" / "cat" / "a.wav", tone(0.4))
    with zipfile.ZipFile(tmp_path / "pets.zip", "w") as archive:
        archive.write(tmp_path / "in" / "cat" / "a.wav", "cat/a.wav")
        archive.writestr("dog/b.wav", "words")
        archive.writestr("../../out.wav", "x")
    batch = bring(project, tmp_path / "pets.zip")
    assert rows(project) == {"cat/a.wav": "cat"}
    assert batch.n_problems == 2
    assert paths(project)[0].is_relative_to(project.folder / "media")
    assert not (tmp_path / "out.wav").exists()


def test_one_import_is_one_step_to_undo_and_survives_a_restart(project: Project, tmp_path: Path) -> None:
    save(tmp_path / "in" / "cat" / "a.wav", tone(0.4))
    save(tmp_path / "in" / "dog" / "b.wav", tone(0.4))
    empty = state_of(project)
    bring(project, tmp_path / "in")
    full = state_of(project)
    project.undo()
    assert state_of(project) == empty
    project.redo()
    assert state_of(project) == full
    again = reopened(project)
    assert state_of(again) == full
    assert paths(again)[1] == tmp_path / "in" / "dog" / "b.wav"
    again.close()


@pytest.mark.parametrize("after", [0, 3, 12, 20])
def test_a_cancelled_import_leaves_nothing(project: Project, tmp_path: Path, after: int) -> None:
    for number in range(10):
        save(tmp_path / "in" / f"{number}.wav", tone(0.1))
    count = 0

    def cancelled() -> bool:
        nonlocal count
        count += 1
        return count > after

    with pytest.raises(Stopped):
        import_sounds(project.folder, [tmp_path / "in"], SoundOptions(copy=True), cancelled=cancelled)
    assert not (project.folder / "media").exists()
    db = sqlite3.connect(project.folder / "project.db")
    for name in ("rows", "clips", "files", "batches"):
        assert db.execute(f"SELECT count(*) FROM {name}").fetchone() == (0,), name
    db.close()


def test_where_nothing_can_be_used_there_is_one_sentence_and_no_batch(
    project: Project, tmp_path: Path
) -> None:
    (tmp_path / "in").mkdir()
    bad_files(tmp_path / "in")
    with pytest.raises(UserError):
        import_sounds(project.folder, [tmp_path / "in"], SoundOptions())
    with pytest.raises(UserError, match="not there"):
        import_sounds(project.folder, [tmp_path / "no such folder"], SoundOptions())
    with pytest.raises(UserError, match="Nothing was chosen"):
        import_sounds(project.folder, [], SoundOptions())
    assert project.row_count == 0


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root and Windows read everything")
def test_a_file_without_permission_is_one_sentence(project: Project, tmp_path: Path) -> None:
    save(tmp_path / "in" / "a.wav", tone(0.4))
    save(tmp_path / "in" / "closed.wav", tone(0.4)).chmod(0)
    assert "closed.wav" in told(bring(project, tmp_path / "in"))
    assert list(rows(project)) == ["a.wav"]


def test_an_import_that_was_overtaken_by_another_keeps_its_clips(project: Project, tmp_path: Path) -> None:
    save(tmp_path / "1" / "a.wav", tone(0.4))
    save(tmp_path / "2" / "b.wav", tone(0.4))
    first = import_sounds(project.folder, [tmp_path / "1"], SoundOptions())
    second = import_sounds(project.folder, [tmp_path / "2"], SoundOptions())
    project.do(AddBatch(second.batch))
    project.do(AddBatch(first.batch))
    load(project)
    assert project.table.texts == ["b.wav", "a.wav"]
    assert [path.name for path in paths(project)] == ["b.wav", "a.wav"]


def test_progress_reaches_its_end_and_never_goes_back(project: Project, tmp_path: Path) -> None:
    for number in range(30):
        save(tmp_path / "in" / f"{number}.wav", tone(0.1))
    steps: list[tuple[int, int]] = []
    import_sounds(
        project.folder, [tmp_path / "in"], SoundOptions(), progress=lambda done, of: steps.append((done, of))
    )
    assert steps[-1][0] == steps[-1][1]
    assert steps == sorted(steps)
