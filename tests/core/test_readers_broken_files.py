"""Broken, huge and foreign text files: one sentence each, and the good rows load."""

from __future__ import annotations

import os
import time
import tracemalloc
from pathlib import Path

import pytest
from read_files import load, refusal, write

from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.readers import preview, read


def test_bad_rows_are_listed_by_line_and_the_good_ones_load(tmp_path: Path) -> None:
    lines = [
        "id,text,label",  # 1
        "1,good one,a",
        '2,"over\ntwo lines",b',  # 3 and 4
        "3,too few",
        "4,too,many,fields",
        "5,,a",
        "6,   ,a",
        "7,with \x00 NUL,a",
        "",
        ",,",
        "8,good two,b,,",
    ]
    rows, problems = load(write(tmp_path, "\n".join(lines)))
    assert [row.text for row in rows] == ["good one", "over\ntwo lines", "good two"]
    assert list(problems) == [5, 6, 7, 8, 9]
    assert problems[5].startswith("Row 5 has 2 instead of 3 fields.")
    assert problems[6].startswith("Row 6 has 4 instead of 3 fields.")
    assert problems[7] == "Row 7 has no text. Fill it in or remove it."
    assert "NUL" in problems[9]
    assert {problem.row for problem in preview(tmp_path / "data.csv").problems} == set(problems)


@pytest.mark.parametrize("bad", [0, 3, 50, 98, 99])
@pytest.mark.parametrize("opening", ['"never closed', '"never, closed'])
def test_a_mark_that_is_never_closed_costs_its_own_row_at_most(
    tmp_path: Path, bad: int, opening: str
) -> None:
    lines = [f"{i},sentence number {i},x" for i in range(100)]
    lines[bad] = f"{bad},{opening},x"
    rows, problems = load(write(tmp_path, "id,text,label\n" + "\n".join(lines)))
    assert {row.extra["id"] for row in rows} | {str(row - 2) for row in problems} == {
        str(i) for i in range(100)
    }
    assert len(rows) >= 99
    assert set(problems) <= {bad + 2}


def test_an_open_mark_far_from_the_sample_does_not_swallow_the_rest(tmp_path: Path) -> None:
    lines = [f'{i},"sentence, number {i}",x' for i in range(6000)]
    lines[4000] = '4000,"this one, is open,x'
    rows, problems = load(write(tmp_path, "id,text,label\n" + "\n".join(lines)))
    assert len(rows) == 5999
    assert list(problems) == [4002]
    assert "quotation mark" in problems[4002]


def test_an_open_mark_in_a_file_longer_than_any_field_may_be(tmp_path: Path) -> None:
    lines = [f"{i},a plain sentence that has no marks at all and number {i},x" for i in range(60_000)]
    lines[5000] = '5000,"opened, and left,x'
    rows, problems = load(write(tmp_path, "id,text,label\n" + "\n".join(lines)))
    assert len(rows) == 59_999
    assert list(problems) == [5002]


@pytest.mark.parametrize("cell", ["x" * 1_000_001, "word " * 3_000_000, '"' + "word\n" * 420_000 + '"'])
def test_a_huge_cell_is_one_problem_and_the_rest_loads(tmp_path: Path, cell: str) -> None:
    path = write(tmp_path, f"id,text,label\n1,before it,a\n2,{cell},b\n3,after it,a\n")
    rows, problems = load(path)
    assert [row.text for row in rows] == ["before it", "after it"]
    assert list(problems) == [3]
    assert "1,000,000 characters" in problems[3]


def test_a_cell_of_200_megabytes_is_never_held(tmp_path: Path) -> None:
    path = tmp_path / "big.csv"
    with open(path, "wb") as file:
        file.write(b"text,label\nfirst text,a\n")
        for _ in range(200):
            file.write(b"a" * 1_000_000)
        file.write(b",b\nlast text,a\n")
    tracemalloc.start()
    rows, problems = load(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [row.text for row in rows] == ["first text", "last text"]
    assert list(problems) == [3]
    assert peak < 40_000_000


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.csv", b"", "a.csv is empty. Choose a file with one text in each row."),
        (
            "a.csv",
            b"text,label\n",
            "a.csv has names of columns but no row under them. Add a row with a text.",
        ),
        ("a.csv", b" \n\t\r\n \n", "a.csv has no text in it. Choose a file with one text in each row."),
        ("a.txt", b"\n\n  \n", "a.txt has no text in it. Choose a file with one text in each row."),
        ("a.csv", "\ufeff".encode(), "a.csv has no text in it. Choose a file with one text in each row."),
        (
            "a.csv",
            b"x,y\n1,2\n3,4\n",
            "No column of a.csv has words in it. Choose the column with the texts.",
        ),
        ("a.csv", b"text,label\n,a\n", "a.csv has no row that can be used. Row 2 has no text."),
        ("a.csv", b"\x00" * 100, "a.csv has no row that can be used. Row 1 has NUL bytes"),
        ("a.csv", bytes(range(256)) * 20, "a.csv is not a text file."),
        ("a.csv", b"\x1f\x8b\x08\x00abc", "a.csv is compressed (gzip). Unpack it first"),
        ("a.csv", b"%PDF-1.7 ...", "a.csv is a PDF, not a table of texts."),
        ("a.txt", b"\x89PNG\r\n\x1a\n", "a.txt is a picture, not a table of texts."),
        ("a.csv", b"<!DOCTYPE html><html>", "a.csv is a web page, not a table of texts."),
    ],
)
def test_what_is_no_table_of_texts_is_refused_in_one_sentence(
    tmp_path: Path, name: str, content: bytes, sentence: str
) -> None:
    assert refusal(write(tmp_path, content, name)).startswith(sentence)


def test_with_numbers_only_the_preview_still_shows_them(tmp_path: Path) -> None:
    seen = preview(write(tmp_path, "x,y\n1,2\n3,4\n"))
    assert seen.options.text_column == ""
    assert "Choose the column" in seen.notes[0].text
    assert seen.rows == (("1", "2"), ("3", "4"))


def test_a_file_that_cannot_be_opened_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert refusal(tmp_path) == f"{tmp_path.name} is a folder. Choose a file in it."
    assert refusal(tmp_path / "no.csv") == "no.csv is not there. Choose the file again."
    assert "is not there" in refusal(tmp_path / "a\x00b.csv")
    assert "is not there" in refusal(tmp_path / ("long" * 200))
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.csv")
        assert "not an ordinary file" in refusal(tmp_path / "pipe.csv")
    path = write(tmp_path, "text\nhello\n")

    def forbidden(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("builtins.open", forbidden)
    with pytest.raises(UserError) as caught:
        preview(path)
    assert caught.value.message.text.startswith("data.csv may not be read. Close it in other programs")


def test_a_file_that_changes_while_it_is_read_is_told(tmp_path: Path) -> None:
    path = write(tmp_path, "text,label\n" + "one more sentence,a\n" * 50_000)
    chunks = read(path)
    next(chunks)
    with open(path, "ab") as file:
        file.write(b"late,b\n")
    with pytest.raises(UserError, match="was changed while it was read"):
        list(chunks)


def test_reading_stops_when_asked(tmp_path: Path) -> None:
    path = write(tmp_path, "text,label\n" + "one more sentence,a\n" * 20_000)
    seen: list[int] = []
    chunks = read(path, cancelled=lambda: len(seen) >= 2)
    with pytest.raises(Stopped):
        seen.extend(len(chunk.rows) for chunk in chunks)
    assert seen == [2000, 2000]


def test_reading_of_a_huge_line_stops_when_asked(tmp_path: Path) -> None:
    path = write(tmp_path, b"text,label\na text,x\n" + b"a" * 30_000_000)
    asked = iter([False] * 20)
    with pytest.raises(Stopped):
        list(read(path, cancelled=lambda: next(asked, True)))


def test_100_000_rows_are_read_in_chunks_fast_and_in_little_memory(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        "id,text,label\n" + "".join(f"{i},a sentence with the number {i},c{i % 7}\n" for i in range(100_000)),
    )
    started = time.process_time()
    sizes = [len(chunk.rows) for chunk in read(path)]
    assert time.process_time() - started < 5  # takes 0.8 s
    assert sum(sizes) == 100_000
    assert max(sizes) <= 2000
    assert 80_000 < preview(path).estimated_rows < 125_000
    tracemalloc.start()
    for count, _ in enumerate(read(path)):
        if count == 10:
            break
    assert tracemalloc.get_traced_memory()[1] < 15_000_000
    tracemalloc.stop()


def test_a_file_full_of_open_marks_still_ends(tmp_path: Path) -> None:
    lines = [f'{i},"open and never closed {i},x' if i % 3 else f"{i},plain {i},y" for i in range(3000)]
    started = time.process_time()
    rows, problems = load(write(tmp_path, "id,text,label\n" + "\n".join(lines)))
    assert len(rows) + len(problems) >= 2900
    assert time.process_time() - started < 20
