"""Tables that name sound files, in every format: columns are guessed, bad rows get a sentence each."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet
import pytest
from sound_files import pairs, put, sentences, write

from fsl_desktop.core.audio.columns import TableOptions, seconds_of
from fsl_desktop.core.audio.sources import find
from fsl_desktop.core.audio.tables import table_columns
from fsl_desktop.core.errors import UserError


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "xlsx", "parquet"])
def test_a_table_in_every_format(tmp_path: Path, ending: str) -> None:
    put(tmp_path, "sounds/a b.wav", "sounds/鸟.flac", "sounds/c.mp3")
    rows = [
        ["id", "file", "species", "label"],
        ["1", "sounds/a b.wav", "x", "robin"],
        ["2", "sounds/鸟.flac", "y", "wren"],
        ["3", "sounds/gone.wav", "z", "wren"],
        ["4", "sounds\\c.mp3", "z", ""],
    ]
    found = find([write(tmp_path / f"list.{ending}", rows)])
    assert pairs(found, tmp_path) == [
        ("sounds/a b.wav", "robin"),
        ("sounds/鸟.flac", "wren"),
        ("sounds/c.mp3", None),
    ]
    assert found.clips[0].extra == {"id": "1", "species": "x"}
    first = 1 if ending in ("jsonl", "parquet") else 2
    assert [clip.row for clip in found.clips] == [first, first + 1, first + 3]
    assert sentences(found) == {
        first + 2: f"Row {first + 2}: the file sounds/gone.wav is not there. "
        "Correct its name, or put it beside the table."
    }


@pytest.mark.parametrize("name", ["file", "file_name", "path", "filename", "audio", "Filename", "anything"])
def test_the_column_with_files_is_found(tmp_path: Path, name: str) -> None:
    put(tmp_path, "a.wav", "b.wav")
    path = write(tmp_path / "t.csv", [["n", name, "kind"], ["1", "a.wav", "x"], ["2", "b.wav", "y"]])
    columns, names = table_columns(path)
    assert columns.file == name
    assert names == ("n", name, "kind")
    assert len(find([path]).clips) == 2


def test_names_without_ending_and_in_other_letters(tmp_path: Path) -> None:
    put(tmp_path, "wavs/Clip-1.WAV", "wavs/e\u0301.wav")
    path = write(tmp_path / "t.csv", [["file", "label"], ["clip-1", "x"], ["wavs/\u00e9.wav", "y"]])
    assert len(find([path]).clips) == 2


def test_paths_of_another_computer_are_found_by_their_ends(tmp_path: Path) -> None:
    put(tmp_path, "audio/dog/1.wav", "audio/cat/1.wav")
    rows = [
        ["path"],
        ["C:\\Users\\me\\audio\\dog\\1.wav"],
        ["/home/me/audio/cat/1.wav"],
        ["bird/1.wav"],
        ["1.wav"],
    ]
    found = find([write(tmp_path / "t.csv", rows)])
    assert pairs(found, tmp_path) == [("audio/dog/1.wav", None), ("audio/cat/1.wav", None)]
    assert "bird/1.wav is not there" in sentences(found)[4]
    assert "more than one file called 1.wav" in sentences(found)[5]


def test_rows_that_cannot_be_used(tmp_path: Path) -> None:
    put(tmp_path, "a.wav")
    rows = [
        ["file", "start", "end", "label"],
        ["a.wav", "1.5", "2", "x"],
        ["", "1", "2", "x"],
        ["a.wav", "soon", "2", "x"],
        ["a.wav", "2", "2", "x"],
        ["https://example.org/a.wav", "1", "2", "x"],
        ["\\\\server\\share\\a.wav", "1", "2", "x"],
        ["a.wav", "1", "2", "y" * 300],
        ["a.wav", "0:01:02.5", "", "x"],
        ["a.wav", "", "3", "x"],
        ["a.wav"],
    ]
    found = find([write(tmp_path / "t.csv", rows)])
    assert [(clip.start, clip.end) for clip in found.clips] == [(1.5, 2.0), (62.5, None), (None, 3.0)]
    told = sentences(found)
    assert told[3] == "Row 3 names no file. Fill it in or remove it."
    assert told[4].startswith("Row 4 has a time that is no number of seconds: soon.")
    assert told[5].startswith("Row 5: the end of the clip is not after its start.")
    assert told[6].startswith("Row 6 names an address and not a file on this computer")
    assert told[7].startswith("Row 7 names an address and not a file on this computer")
    assert told[8].startswith("Row 8 has a label of 300 characters.")
    assert told[11].startswith("Row 11 has 1 instead of 4 fields.")
    assert set(told) == {3, 4, 5, 6, 7, 8, 11}


def test_raven_tables_and_their_decimal_commas(tmp_path: Path) -> None:
    put(tmp_path, "long.wav")
    rows = [
        ["Selection", "Begin Time (s)", "End Time (s)", "Begin File", "Species"],
        ["1", "1,25", "2,5", "long.wav", "wren"],
        ["2", "3", "4", "long.wav", "wren"],
    ]
    found = find([write(tmp_path / "t.tsv", rows)])
    assert [(clip.start, clip.end) for clip in found.clips] == [(1.25, 2.5), (3.0, 4.0)]


def test_times_of_slices_are_not_times_in_their_files(tmp_path: Path) -> None:
    put(tmp_path, "a.wav", "b.wav")
    rows = [
        ["slice_file_name", "start", "end", "class"],
        ["a.wav", "60", "64", "x"],
        ["b.wav", "7", "9", "y"],
    ]
    found = find([write(tmp_path / "t.csv", rows)])
    assert [(clip.start, clip.label, clip.extra["start"]) for clip in found.clips] == [
        (None, "x", "60"),
        (None, "y", "7"),
    ]


def test_columns_of_ones_own_choice(tmp_path: Path) -> None:
    put(tmp_path, "a.wav", "b.wav", "c.wav")
    path = write(tmp_path / "t.csv", [["file", "copy", "start", "a"], ["a.wav", "b.wav", "1", "q"]])
    options = TableOptions(file="copy", label="a", start="", end="")
    (clip,) = find([path], options).clips
    assert (clip.path.name, clip.label, clip.start) == ("b.wav", "q", None)
    assert clip.extra == {"file": "a.wav", "start": "1"}
    with pytest.raises(UserError, match="There is no column called other in"):
        find([path], TableOptions(file="other"))


def test_tables_without_sounds_and_with_sounds_inside(tmp_path: Path) -> None:
    path = write(tmp_path / "t.csv", [["text", "label"], ["a sentence", "x"]])
    with pytest.raises(UserError, match=r"t\.csv has no column with the names of sound files"):
        find([path])
    table = pa.table({"audio": [{"bytes": b"RIFF", "path": "a.wav"}], "label": ["x"]})
    pyarrow.parquet.write_table(table, tmp_path / "t.parquet")
    with pytest.raises(UserError, match="holds the sounds themselves"):
        find([tmp_path / "t.parquet"], TableOptions(file="audio"))
    only = write(tmp_path / "gone.csv", [["file"], ["gone.wav"]])
    with pytest.raises(UserError, match=r"Row 2: the file gone\.wav is not there"):
        find([only])


@pytest.mark.parametrize(
    ("cell", "seconds"),
    [("1.5", 1.5), ("1,5", 1.5), ("2", 2), ("1:02.5", 62.5), ("1:00:01", 3601), ("-1", None), ("nan", None),
     ("inf", None), ("", None), ("x", None), ("1e3", 1000)],
)  # fmt: skip
def test_times(cell: str, seconds: float | None) -> None:
    assert seconds_of(cell) == seconds
