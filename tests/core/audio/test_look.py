"""Before recordings are read in, the user sees what there is, and what will be left out."""

from __future__ import annotations

import tempfile
import zipfile
from pathlib import Path

import pytest
from sounds import save, tone

from fsl_desktop.core.audio.look import look
from fsl_desktop.core.errors import Stopped, UserError


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "sounds"
    for label in ("bird", "rain"):
        (place / label).mkdir(parents=True)
        save(place / label / "a.wav", tone(0.5))
    save(place / "rain" / "long.wav", tone(7.0))
    return place


def test_a_folder_per_class_tells_clips_labels_and_lengths(folder: Path) -> None:
    found = look([folder])
    assert (found.n_clips, found.n_labelled, found.labels) == (3, 3, ("bird", "rain"))
    assert found.longest == pytest.approx(7.0, abs=0.01)
    assert found.share_long == pytest.approx(1 / 3)


def test_a_table_with_a_row_too_many_tells_its_number(folder: Path) -> None:
    table = folder / "clips.csv"
    table.write_text("file,label\nbird/a.wav,x\nmissing.wav,y\n", encoding="utf-8")
    found = look([table])
    assert found.n_clips == 1
    assert [problem.row for problem in found.problems] == [3]
    assert "missing.wav" in found.problems[0].message.text


def test_a_zip_is_looked_into_and_nothing_of_it_stays(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "sounds.zip"
    with zipfile.ZipFile(archive, "w") as made:
        for path in sorted(folder.rglob("*.wav")):
            made.write(path, path.relative_to(folder))
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    found = look([archive])
    assert (found.n_clips, found.labels) == (3, ("bird", "rain"))
    assert list(scratch.iterdir()) == []


def test_a_folder_without_sounds_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no sound", encoding="utf-8")
    with pytest.raises(UserError) as told:
        look([tmp_path])
    assert told.value.message.text.endswith(".")


def test_looking_can_be_stopped(folder: Path) -> None:
    with pytest.raises(Stopped):
        look([folder], cancelled=lambda: True)
