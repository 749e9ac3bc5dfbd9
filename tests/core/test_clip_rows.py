"""Single recordings and marked parts that become rows, and recordings that were moved."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from clip_projects import bring, paths, rows
from projects import labels_of, load, reopened, state_of
from sounds import save, tone

from fsl_desktop.core.clip_import import SoundOptions
from fsl_desktop.core.clip_rows import NewClip, add_clips
from fsl_desktop.core.commands import SetLabels, SetSeveral
from fsl_desktop.core.config import Task
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.project import Project
from fsl_desktop.core.relink import relink
from fsl_desktop.core.snapshot import ProjectReader


@pytest.fixture
def project(tmp_path: Path, home: Path) -> Iterator[Project]:
    made = Project.create(tmp_path / "sounds.fsl", "Sounds", Task.CLASSIFY_AUDIO)
    save(tmp_path / "in" / "cat" / "a.wav", tone(2.0))
    save(tmp_path / "in" / "dog" / "a.wav", tone(3.0))
    bring(made, tmp_path / "in")
    yield made
    made.close()


def test_a_marked_part_becomes_a_row_with_its_label_and_can_be_undone(
    project: Project, tmp_path: Path
) -> None:
    before, sources = state_of(project), project.sources()
    path = tmp_path / "in" / "dog" / "a.wav"
    change = add_clips(project, [NewClip(path, 0.5, 1.25, (1,)), NewClip(path, 1.0)])
    load(project)
    assert change.message.text == "Added 2 clips"
    assert list(rows(project).items())[2:] == [("dog/a.wav 0:00.5–0:01.25", "cat"), ("dog/a.wav 0:01–", "")]
    clips = project.table.clips
    assert clips is not None
    assert len(clips.files) == 2
    assert (clips.at(2).path, clips.at(2).start, clips.at(2).end) == (path, 0.5, 1.25)
    assert project.sources() == sources
    after = state_of(project)
    taken_back = project.undo()
    assert taken_back is not None
    assert taken_back.message.text == "Took back 2 added clips"
    assert state_of(project) == before
    project.redo()
    again = reopened(project)
    assert state_of(again) == after
    again.close()


def test_a_take_of_the_microphone_becomes_a_row_and_stays_inside(project: Project) -> None:
    take = save(project.folder / "media" / "take 1.wav", tone(1.0))
    add_clips(project, [NewClip(take, class_ids=(2,))])
    load(project)
    assert rows(project)["take 1.wav"] == "dog"
    assert project.table.clips is not None
    assert project.table.clips.at(2).file.path == "media/take 1.wav"


def test_a_row_may_come_with_several_labels_where_the_project_allows_it(
    project: Project, tmp_path: Path
) -> None:
    project.do(SetSeveral(True))
    add_clips(project, [NewClip(tmp_path / "in" / "cat" / "a.wav", 0, 1, (1, 2))])
    load(project)
    assert project.table.sets.members(int(project.table.labels[2])) == (1, 2)


@pytest.mark.parametrize(("start", "end"), [(-1.0, None), (1.0, 1.0), (9.0, None)])
def test_a_part_that_cannot_be_is_one_sentence(
    project: Project, tmp_path: Path, start: float, end: float | None
) -> None:
    before = state_of(project)
    with pytest.raises(UserError):
        add_clips(project, [NewClip(tmp_path / "in" / "cat" / "a.wav", start, end)])
    with pytest.raises(UserError, match="no such"):
        add_clips(project, [NewClip(tmp_path / "no such.wav")])
    assert state_of(load(project)) == before


def test_a_text_project_takes_no_clips(tmp_path: Path, home: Path) -> None:
    text = Project.create(tmp_path / "text.fsl", "Text")
    with pytest.raises(UserError):
        add_clips(text, [NewClip(save(tmp_path / "a.wav", tone()))])
    text.close()


def test_moved_recordings_are_noticed_and_found_again(project: Project, tmp_path: Path) -> None:
    old, new = tmp_path / "in", tmp_path / "moved" / "here"
    new.parent.mkdir()
    clips = project.table.clips
    assert clips is not None
    assert clips.troubles() == {}
    with ProjectReader(project.folder) as reader:
        reader.refresh()
        shutil.move(old, new)
        troubles = clips.troubles()
        assert len(troubles) == 2
        assert "a.wav is not there any more" in troubles[1].text
        assert clips.rows_of(troubles).tolist() == [0, 1]
        # The same name with another sound in it, where the file was and elsewhere.
        save(new / "dog" / "a.wav", tone(0.7))
        save(new / "other" / "a.wav", tone(0.8))
        shutil.copy(new / "cat" / "a.wav", new / "copy of a.wav")
        moved = relink(project, old, new)
        assert [path for _, path in moved.paths] == [new / "cat" / "a.wav"]
        assert (moved.changed, moved.missing) == (1, 0)
        assert list(clips.troubles()) == [2]
        reader.refresh()
        assert reader.table.clips is not None
        assert reader.table.clips.at(0).path == new / "cat" / "a.wav"
    assert project.undo_text is not None
    assert "Imported" in project.undo_text.text, "finding files again is no edit"
    again = reopened(project)
    assert paths(again)[0] == new / "cat" / "a.wav"
    again.close()


def test_folders_may_be_called_differently_where_the_files_are_now(project: Project, tmp_path: Path) -> None:
    (tmp_path / "x" / "y").mkdir(parents=True)
    shutil.move(tmp_path / "in" / "dog", tmp_path / "x" / "y" / "hounds")
    shutil.move(tmp_path / "in" / "cat", tmp_path / "x" / "felines")
    moved = relink(project, None, tmp_path / "x")
    assert len(moved.paths) == 2
    assert paths(project) == [tmp_path / "x" / "felines" / "a.wav", tmp_path / "x" / "y" / "hounds" / "a.wav"]
    assert relink(project, None, tmp_path / "x").paths == ()


def test_what_is_found_nowhere_is_counted_and_nothing_is_written(project: Project, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "in" / "dog")
    (tmp_path / "empty").mkdir()
    assert relink(project, None, tmp_path / "empty").missing == 1
    with pytest.raises(UserError, match="no folder"):
        relink(project, None, tmp_path / "no such")


def test_a_strangers_project_reads_nothing_outside_until_its_folder_is_chosen(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.close()
    monkeypatch.setenv("FSL_DESKTOP_HOME", str(tmp_path / "another user"))
    mine = load(Project.open(project.folder))
    clips = mine.table.clips
    assert clips is not None
    with pytest.raises(UserError, match="was not chosen on this computer"):
        clips.at(0)
    first, second = clips.many([0, 1])
    assert first == second
    assert len(clips.troubles()) == 2
    assert len(relink(mine, None, tmp_path / "in").paths) == 2
    assert clips.troubles() == {}
    assert clips.at(0).path == tmp_path / "in" / "cat" / "a.wav"
    mine.close()


def test_a_row_without_its_clip_says_so_and_the_others_go_on(project: Project) -> None:
    project._db.execute("DELETE FROM clips WHERE row_id = 1")
    project._db.execute("UPDATE clips SET start = 'x', \"end\" = -3")
    again = reopened(project)
    clips = again.table.clips
    assert clips is not None
    with pytest.raises(UserError, match="not known any more"):
        clips.at(0)
    assert (clips.at(1).start, clips.at(1).end) == (0.0, None)
    again.close()


@pytest.mark.parametrize("with_backup", [True, False])
def test_a_damaged_project_keeps_its_recordings(project: Project, tmp_path: Path, with_backup: bool) -> None:
    project.close()  # the backup is of now
    backup = (project.folder / "project.backup.db").read_bytes()
    again = load(Project.open(project.folder))
    save(tmp_path / "more" / "bird" / "c.wav", tone(0.5))
    bring(again, tmp_path / "more" / "bird", options=SoundOptions(copy=True))
    again.do(SetLabels((3,), 1))
    add_clips(again, [NewClip(tmp_path / "in" / "cat" / "a.wav", 0.5, 1.0, (2,))])
    load(again)
    expected, labels, where = rows(again), labels_of(again), paths(again)
    again.close()
    if with_backup:
        (project.folder / "project.backup.db").write_bytes(backup)
    else:
        (project.folder / "project.backup.db").unlink()
    data = bytearray((project.folder / "project.db").read_bytes())
    # The page that says what the text of the project's settings is: everything else can still be read.
    page = next(
        p for p in range(1, len(data) // 4096) if b"classify-audio" in data[p * 4096 : (p + 1) * 4096]
    )
    data[page * 4096 : (page + 1) * 4096] = b"\xff" * 4096
    (project.folder / "project.db").write_bytes(data)
    mended = load(Project.open(project.folder))
    assert mended.task == Task.CLASSIFY_AUDIO
    assert (rows(mended), labels_of(mended), paths(mended)) == (expected, labels, where)
    mended.close()
