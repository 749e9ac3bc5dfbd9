"""The sample project that newcomers start with, and where projects go."""

import json

import pytest

from fsl_desktop.core import samples
from fsl_desktop.core.audio.sound import read
from fsl_desktop.core.config import Task
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.new_project import create_project, discard_project, folder_name, free_folder
from fsl_desktop.core.project import Project
from fsl_desktop.core.samples import load_sample, make_sample, make_sound_sample


@pytest.fixture
def sample(tmp_path):
    project = make_sample(tmp_path / "Bank questions.fsl")
    yield project
    project.close()


def test_the_sample_has_a_dozen_classes_and_ten_labels_over_some_of_them(sample):
    assert len(sample.classes) == 12
    assert 300 <= len(sample.table) <= 500
    counts = sample.table.counts()
    assert sum(counts.values()) == 10
    assert 2 <= len(counts) < 12
    assert all("_" not in info.name for info in sample.classes)


def test_labels_sit_on_the_rows_they_belong_to(sample):
    names = {info.id: info.name for info in sample.classes}
    labelled = {
        sample.table.texts[i]: names[int(label)] for i, label in enumerate(sample.table.labels) if label > 0
    }
    assert labelled == {text: label for text, label in load_sample().rows if label}
    lost = [text for text, name in labelled.items() if name == "lost or stolen card"]
    assert lost
    assert all("card" in text for text in lost)


def test_rows_are_varied_and_none_is_there_twice():
    texts = [text for text, _ in load_sample().rows]
    assert len({text.lower() for text in texts}) == len(texts)
    assert min(len(text) for text in texts) >= 10
    assert max(len(text) for text in texts) <= 160


def test_undo_takes_back_one_label_and_not_the_rows(sample):
    rows = len(sample.table)
    sample.undo()
    assert sum(sample.table.counts().values()) == 9
    assert len(sample.table) == rows


def test_the_same_sample_is_made_each_time_and_opens_again(sample, tmp_path):
    again = make_sample(tmp_path / "Again.fsl")
    assert again.table.texts == sample.table.texts
    assert again.table.labels.tolist() == sample.table.labels.tolist()
    again.close()
    opened = Project.open(tmp_path / "Again.fsl")
    assert opened.row_count == len(sample.table)
    assert opened.sources()[0].source == "bank-questions.jsonl"
    opened.close()


def test_a_damaged_copy_says_what_to_do_and_leaves_nothing(tmp_path, monkeypatch):
    folder = tmp_path / "resources" / "samples" / "banking"
    folder.mkdir(parents=True)
    manifest = {"name": "x", "task": "classify-text", "rows": "rows.jsonl", "classes": ["a"]}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / "rows.jsonl").write_text('{"words": "no text"}\n')
    monkeypatch.setattr(samples, "resources_dir", lambda: tmp_path / "resources")
    with pytest.raises(UserError, match="Install it again"):
        make_sample(tmp_path / "s.fsl")
    assert not (tmp_path / "s.fsl").exists()


@pytest.mark.parametrize(
    ("name", "folder"),
    [
        ("Bank questions", "Bank questions"),
        ("a/b\\c: d?", "a b c d"),
        ("..", "Project"),
        ("con", "Project con"),
        ("  病人 记录  ", "病人 记录"),
        ("x" * 300, "x" * 80),
    ],
)
def test_a_project_name_becomes_a_folder_that_every_system_takes(name, folder):
    assert folder_name(name) == folder


def test_a_name_that_is_taken_gets_a_number(tmp_path):
    assert free_folder(tmp_path, "Notes").name == "Notes.fsl"
    (tmp_path / "Notes.fsl").mkdir()
    (tmp_path / "Notes 2.fsl").mkdir()
    assert free_folder(tmp_path, "Notes").name == "Notes 3.fsl"


def test_a_new_project_has_its_classes_and_can_be_taken_back(tmp_path):
    folder = tmp_path / "not there yet" / "Notes.fsl"
    project = create_project(folder, "Notes", ("good", "bad"))
    assert [info.name for info in project.classes] == ["good", "bad"]
    project.close()
    discard_project(folder)
    assert not folder.exists()


def test_only_a_project_is_ever_taken_back(tmp_path):
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis.fsl").mkdir()
    discard_project(tmp_path / "thesis")
    discard_project(tmp_path / "thesis.fsl")
    assert (tmp_path / "thesis").exists()
    assert (tmp_path / "thesis.fsl").exists()


def test_a_place_that_cannot_be_written_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(UserError, match="Choose another place"):
        create_project(tmp_path / "file" / "Notes.fsl", "Notes")


def test_classes_that_cannot_be_leave_no_folder(tmp_path):
    with pytest.raises(UserError):
        create_project(tmp_path / "Notes.fsl", "Notes", ("good", "Good"))
    assert not (tmp_path / "Notes.fsl").exists()


def test_the_sample_of_sounds_has_one_label_per_digit_and_its_recordings_with_it(home, tmp_path):
    project = make_sound_sample(tmp_path / "Spoken digits.fsl")
    assert project.task == Task.CLASSIFY_AUDIO
    assert len(project.classes) == 10
    assert set(project.table.counts().values()) == {1}
    assert len(project.table) == 240
    clips = project.table.clips
    assert clips is not None
    for place in range(0, 240, 17):
        clip = clips.at(place)
        assert clip.path.is_relative_to(project.folder)
        assert 0.1 < clip.seconds < 3
        assert len(read(clip.path)) > 1000
    project.close()


def test_a_sample_of_sounds_that_cannot_be_made_leaves_nothing(home, tmp_path, monkeypatch):
    broken = tmp_path / "resources"
    (broken / "samples" / "digits").mkdir(parents=True)
    monkeypatch.setattr(samples, "resources_dir", lambda: broken)
    with pytest.raises(UserError, match="Install it again"):
        make_sound_sample(tmp_path / "d.fsl")
    assert not (tmp_path / "d.fsl").exists()
