"""Folders, tables, drag and drop: good clips are kept, and every bad one has its sentence."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np
import pytest
from sound_files import notes, pairs, put, sentences, write
from sounds import save, tone

from fsl_desktop.core.audio.sources import check, find
from fsl_desktop.core.errors import Stopped, UserError


def test_a_folder_per_class(tmp_path: Path) -> None:
    put(tmp_path, "dog/2.wav", "dog/10.WAV", "cat/2.wav", "cat/deep/er/3.flac", "top.mp3")
    put(
        tmp_path,
        "dog/.hidden.wav",
        ".git/a.wav",
        "__MACOSX/b.wav",
        "cat/notes.pdf",
        "README",
        "猫 🐈/ä b.m4a",
    )
    found = find([tmp_path])
    assert pairs(found, tmp_path) == [
        ("cat/2.wav", "cat"),
        ("cat/deep/er/3.flac", "cat"),
        ("dog/2.wav", "dog"),
        ("dog/10.WAV", "dog"),
        ("top.mp3", None),
        ("猫 🐈/ä b.m4a", "猫 🐈"),
    ]
    assert found.problems == ()
    assert notes(found) == ["Files that are no sound and were left out: 2."]


def test_a_flat_folder_has_no_labels(tmp_path: Path) -> None:
    put(tmp_path, "a.wav", "b.wav")
    assert pairs(find([tmp_path]), tmp_path) == [("a.wav", None), ("b.wav", None)]


def test_one_class_folder_is_a_class_and_a_wrapper_is_none(tmp_path: Path) -> None:
    put(tmp_path / "one", "dog/a.wav", "dog/b.wav")
    assert pairs(find([tmp_path / "one"]), tmp_path / "one") == [("dog/a.wav", "dog"), ("dog/b.wav", "dog")]
    put(tmp_path / "two", "set-1.0/dog/a.wav", "set-1.0/cat/a.wav", "set-1.0/LICENSE")
    assert [clip.label for clip in find([tmp_path / "two"]).clips] == ["cat", "dog"]


def test_train_and_test_are_no_classes(tmp_path: Path) -> None:
    put(tmp_path, "train/dog/a.wav", "train/cat/b.wav", "Test/dog/c.wav")
    found = find([tmp_path])
    assert {(clip.label, clip.extra["split"]) for clip in found.clips} == {
        ("dog", "train"),
        ("cat", "train"),
        ("dog", "Test"),
    }


def test_accents_taken_apart_are_the_same_class(tmp_path: Path) -> None:
    put(tmp_path, "e\u0301te\u0301/a.wav", "b/a.wav")
    assert {clip.label for clip in find([tmp_path]).clips} == {"été", "b"}


def test_links_in_circles_end(tmp_path: Path) -> None:
    put(tmp_path, "dog/a.wav", "cat/b.wav")
    try:
        os.symlink(tmp_path, tmp_path / "dog" / "again", target_is_directory=True)
        os.symlink(tmp_path / "cat" / "b.wav", tmp_path / "dog" / "linked.wav")
    except OSError:
        pytest.skip("links need a right that this user does not have")
    assert len(find([tmp_path]).clips) == 3


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="everything may be read here")
def test_a_closed_folder_is_a_problem(tmp_path: Path) -> None:
    put(tmp_path, "dog/a.wav", "cat/b.wav")
    (tmp_path / "cat").chmod(0)
    try:
        found = find([tmp_path])
    finally:
        (tmp_path / "cat").chmod(0o700)
    assert len(found.clips) == 1
    assert "may not be opened" in sentences(found)[None]


def test_a_folder_that_cannot_be_listed_is_a_problem(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "dog/a.wav", "cat/b.wav")
    real = os.scandir

    def scandir(path: Path):  # type: ignore[no-untyped-def]
        if Path(path).name == "cat":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    found = find([tmp_path])
    assert [clip.label for clip in found.clips] == ["dog"]
    assert "may not be opened" in sentences(found)[None]


def test_no_sound_at_all(tmp_path: Path) -> None:
    put(tmp_path / "photos", "a.jpg", "b.txt")
    with pytest.raises(UserError, match="There is no sound file in photos"):
        find([tmp_path / "photos"])
    with pytest.raises(UserError, match="Nothing was chosen"):
        find([])


@pytest.mark.parametrize("name", ["metadata.csv", "metadata.jsonl", "labels.csv", "metadata.parquet"])
def test_an_audio_folder_with_its_table(tmp_path: Path, name: str) -> None:
    put(tmp_path, "clips/a.wav", "clips/b.wav", "other/c.wav")
    rows = [["file_name", "label"], ["clips/a.wav", "x"], ["clips/b.wav", "y"]]
    write(tmp_path / name, rows)
    found = find([tmp_path])
    assert pairs(found, tmp_path) == [("clips/a.wav", "x"), ("clips/b.wav", "y")]
    assert notes(found) == [f"Sound files that {name} does not name and that were left out: 1."]


def test_tables_of_both_halves(tmp_path: Path) -> None:
    for half in ("train", "test"):
        put(tmp_path, f"{half}/a.wav")
        write(tmp_path / half / "metadata.csv", [["file_name", "label"], ["a.wav", half[::-1]]])
    found = find([tmp_path])
    assert {(clip.label, clip.extra["split"]) for clip in found.clips} == {
        ("niart", "train"),
        ("tset", "test"),
    }


def test_a_table_in_a_folder_beside_the_sounds(tmp_path: Path) -> None:
    put(tmp_path, "audio/1-a.wav", "audio/1-b.wav", "LICENSE")
    (tmp_path / "meta").mkdir()
    write(tmp_path / "meta" / "esc.csv", [["filename", "category"], ["1-a.wav", "dog"], ["1-b.wav", "rain"]])
    assert pairs(find([tmp_path]), tmp_path) == [("audio/1-a.wav", "dog"), ("audio/1-b.wav", "rain")]


def test_a_table_about_something_else_beside_class_folders(tmp_path: Path) -> None:
    put(tmp_path, "dog/a.wav", "cat/b.wav")
    write(tmp_path / "prices.csv", [["text", "label"], ["a sentence", "x"]])
    assert [clip.label for clip in find([tmp_path]).clips] == ["cat", "dog"]
    write(tmp_path / "metadata.csv", [["text", "label"], ["a sentence", "x"]])
    found = find([tmp_path])
    assert [clip.label for clip in found.clips] == ["cat", "dog"]
    assert "metadata.csv names no sound file of this folder, so the folder itself was read." in notes(found)


def test_a_table_of_lengths_leaves_the_folders_as_classes(tmp_path: Path) -> None:
    put(tmp_path, "dog/a.wav", "cat/b.wav")
    write(tmp_path / "metadata.csv", [["file_name", "ms"], ["dog/a.wav", "712"], ["cat/b.wav", "900"]])
    found = find([tmp_path])
    assert pairs(found, tmp_path) == [("dog/a.wav", "dog"), ("cat/b.wav", "cat")]
    assert found.clips[0].extra == {"ms": "712"}


def test_drag_and_drop_of_a_mixture(tmp_path: Path) -> None:
    put(tmp_path, "a.wav", "folder/dog/b.wav", "folder/cat/c.wav", "x.pdf")
    table = write(tmp_path / "t.csv", [["file", "label"], ["a.wav", "x"]])
    found = find([tmp_path / "a.wav", tmp_path / "folder", table, tmp_path / "x.pdf", tmp_path / "no.wav"])
    assert pairs(found, tmp_path) == [
        ("a.wav", None),
        ("folder/cat/c.wav", "cat"),
        ("folder/dog/b.wav", "dog"),
        ("a.wav", "x"),
    ]
    assert [problem.message.text for problem in found.problems] == [
        "x.pdf is no sound, table or zip. Choose WAV, FLAC, OGG, MP3 or M4A files.",
        "no.wav is not there. Choose the file again.",
    ]
    with pytest.raises(UserError, match=r"no\.wav is not there"):
        find([tmp_path / "no.wav"])


def test_progress_and_stop(tmp_path: Path) -> None:
    put(tmp_path, "a.wav")
    table = write(tmp_path / "t.csv", [["file"], *([["a.wav"]] * 3000)])
    shares: list[float] = []
    assert len(find([table, tmp_path / "a.wav"], progress=shares.append).clips) == 3001
    assert shares == sorted(shares)
    assert len(shares) > 5
    assert shares[-1] == 1.0
    for given in ([table], [tmp_path]):
        with pytest.raises(Stopped):
            find(given, cancelled=lambda: True)
    calls = iter([False] * 6)
    with pytest.raises(Stopped):
        find([table], cancelled=lambda: next(calls, True))


def test_check_opens_each_file_and_keeps_the_good_ones(tmp_path: Path) -> None:
    save(tmp_path / "good.wav", tone(2.0))
    save(tmp_path / "silent.wav", np.zeros(800, np.float32))
    (tmp_path / "bad.wav").write_text("text")
    rows = [["file", "start"], ["good.wav", "0.5"], ["good.wav", "2.5"], ["bad.wav", "0"], ["silent.wav", ""]]
    found = find([write(tmp_path / "t.csv", rows)])
    shares: list[float] = []
    good, infos = check(found, progress=shares.append)
    assert [(clip.path.name, clip.start) for clip in good.clips] == [("good.wav", 0.5), ("silent.wav", None)]
    assert sentences(good)[3] == (
        "good.wav is 2.00 seconds long, so there is nothing at 2.50. Correct the start of the clip."
    )
    assert sentences(good)[4].startswith("bad.wav is a text and not a sound")
    assert infos[tmp_path / "good.wav"].seconds == 2.0
    assert set(infos) == {tmp_path / "good.wav", tmp_path / "silent.wav"}
    assert shares == [0.25, 0.5, 0.75, 1.0]
    with pytest.raises(Stopped):
        check(found, cancelled=lambda: True)
