"""Exports: what comes out reads back, cannot run, and never stands there half written."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from fsl_desktop.core import writers_target
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.readers import ReadOptions, read
from fsl_desktop.core.writers import write_table

FORMATS = ["csv", "tsv", "xlsx", "jsonl"]
COLUMNS = ["text", "label", "p"]
TEXTS = [
    "plain words",
    'comma, "quote" and ; semicolon\tand tab',
    "two\nlines",
    "Größe – 日本語 🙂",
    "ends with blank ",
    "x" * 32_000,
]


def left_over(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize("ending", FORMATS)
def test_what_is_written_reads_back(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    rows = [[text, f"class {i % 2}", i / 4] for i, text in enumerate(TEXTS)]
    assert write_table(path, COLUMNS, rows) == len(rows)
    back = [
        row
        for chunk in read(path, ReadOptions(text_column="text", label_column="label"))
        for row in chunk.rows
    ]
    assert [row.text for row in back] == TEXTS
    assert [row.label for row in back] == [row[1] for row in rows]
    assert [float(row.extra["p"]) for row in back] == [row[2] for row in rows]
    assert left_over(tmp_path) == [path.name]


def test_csv_is_what_excel_and_rfc_4180_expect(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_table(path, ["a", "b"], [["x,y", 'say "hi"'], [None, float("nan")], ["nul\x00", True]])
    assert path.read_bytes() == b'\xef\xbb\xbfa,b\r\n"x,y","say ""hi"""\r\n,\r\nnul,True\r\n'


DANGEROUS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    "+1+2",
    "-2+3",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "-",
    "+",
    "=",
    "- a list item",
]
HARMLESS = ["-5", "+3.25", "-1,234.50", "1=1", " =1", "a@b.org", "-12%", "-1e-5", "", "'=1"]


@pytest.mark.parametrize("ending", ["csv", "tsv"])
def test_cells_that_would_run_as_formulas_are_marked_as_text(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    write_table(path, ["=name", "n"], [[text, 1] for text in DANGEROUS + HARMLESS])
    content = path.read_bytes().decode("utf-8-sig")
    table = list(csv.reader(io.StringIO(content, newline=""), delimiter="," if ending == "csv" else "\t"))
    assert table[0] == ["'=name", "n"]
    assert [row[0] for row in table[1:]] == [f"'{text}" for text in DANGEROUS] + HARMLESS


def test_in_a_workbook_every_text_is_a_text_and_every_number_a_number(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    texts = [text for text in DANGEROUS + HARMLESS if text.strip() == text and text] + [
        "#N/A",
        "TRUE",
        "12",
        "01/02",
    ]
    write_table(path, ["=name", "n"], [[text, 1.5] for text in texts])
    sheet = openpyxl.load_workbook(path).active
    cells = list(sheet.iter_rows())
    assert cells[0][0].value == "=name"
    assert [row[0].value for row in cells[1:]] == texts
    assert {cell.data_type for row in cells for cell in row[:1]} == {"s"}
    assert {row[1].data_type for row in cells[1:]} == {"n"}
    assert all(row[0].quotePrefix for row in cells[1:] if row[0].value in DANGEROUS)


def test_a_workbook_drops_what_xml_cannot_hold(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    write_table(
        path, ["a\x00b", "t"], [["bell\x07 \ud83d half \ufffe", "_x0041_ stays"], [float("inf"), None]]
    )
    sheet = openpyxl.load_workbook(path).active
    assert [cell.value for cell in sheet[1]] == ["ab", "t"]
    assert sheet["A2"].value == "bell  half "
    assert sheet["B2"].value == "_x005F_x0041_ stays"
    assert sheet["A3"].value is None


def test_the_limits_of_excel_are_told_before_and_while_writing(tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    with pytest.raises(UserError) as caught:
        write_table(path, ["t"], iter([]), total=1_048_576)
    assert (
        caught.value.message.text
        == "An Excel sheet holds 1048576 rows at most. Save the table as CSV instead."
    )
    with pytest.raises(UserError, match="row 3, column text is longer than the 32767"):
        write_table(path, ["text"], [["short"], ["🙂" * 16_384]])
    with pytest.raises(UserError, match="16384 columns"):
        write_table(path, [f"c{i}" for i in range(16_385)], [])
    assert left_over(tmp_path) == []


def test_too_many_rows_of_unknown_number_are_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fsl_desktop.core.writers_xlsx.MAX_ROWS", 4)
    assert write_table(tmp_path / "ok.xlsx", ["t"], [["x"]] * 3) == 3
    with pytest.raises(UserError, match="rows at most"):
        write_table(tmp_path / "out.xlsx", ["t"], [["x"]] * 4)
    assert left_over(tmp_path) == ["ok.xlsx"]


def test_json_lines_keep_kinds_of_values(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    write_table(
        path,
        ["t", "i", "f", "n", "b"],
        [["ä\n", np.int64(3), np.float32(0.5), None, True], ["", 1, float("nan"), "", False]],
    )
    lines = path.read_text("utf-8").split("\n")
    assert json.loads(lines[0]) == {"t": "ä\n", "i": 3, "f": 0.5, "n": None, "b": True}
    assert json.loads(lines[1])["f"] is None
    assert "ä" in lines[0]
    assert lines[2:] == [""]


def test_columns_of_one_name_are_told_apart(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    write_table(path, ["a", "a", ""], [[1, 2, 3]])
    assert json.loads(path.read_text()) == {"a": 1, "a 2": 2, "column 3": 3}


@pytest.mark.parametrize("ending", FORMATS)
def test_a_table_without_rows_has_its_names(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"OUT.{ending.upper()}"
    assert write_table(path, ["a", "b"], []) == 0
    assert path.exists()


@pytest.mark.parametrize("name", ["out.docx", "out", "out.csv.gz", ".csv"])
def test_an_unknown_ending_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(
        UserError, match=r"Choose a name that ends in \.csv, \.tsv, \.xlsx, \.jsonl or \.parquet"
    ):
        write_table(tmp_path / name, ["a"], [])


@pytest.mark.parametrize("ending", FORMATS)
def test_progress_is_told_and_stopping_leaves_the_old_file(
    tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(scratch))
    folder = tmp_path / "out"
    folder.mkdir()
    path = folder / f"out.{ending}"
    seen: list[tuple[int, int]] = []
    rows: list[Sequence[object]] = [["words", i] for i in range(1200)]
    assert write_table(path, ["a", "b"], rows, total=1200, progress=lambda d, t: seen.append((d, t))) == 1200
    assert seen == [(500, 1200), (1000, 1200), (1200, 1200)]
    before = path.read_bytes()
    asked = iter([False, False])
    with pytest.raises(Stopped):
        write_table(path, ["a", "b"], rows, cancelled=lambda: next(asked, True))
    with pytest.raises(RuntimeError, match="from the rows"):
        write_table(path, ["a", "b"], failing(rows, RuntimeError("from the rows")))
    assert path.read_bytes() == before
    assert left_over(folder) == [path.name]
    assert left_over(scratch) == []


def failing(rows: Sequence[Sequence[object]], error: Exception) -> Iterator[Sequence[object]]:
    yield from rows
    raise error


def test_a_row_of_the_wrong_length_is_a_mistake_of_the_program(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="row 2 has 1 cells"):
        write_table(tmp_path / "out.csv", ["a", "b"], [[1, 2], [3]])
    assert left_over(tmp_path) == []


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (errno.ENOSPC, "The disk is full. Free some space and save out.{ending} again."),
        (
            errno.EROFS,
            "out.{ending} cannot be written. "
            "Close it if another program has it open, or choose another folder.",
        ),
        (errno.EIO, "out.{ending} could not be written. Choose another folder."),
    ],
)
@pytest.mark.parametrize("ending", FORMATS)
def test_a_disk_that_refuses_is_told_and_nothing_is_left(
    tmp_path: Path, ending: str, number: int, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"out.{ending}"
    path.write_text("old")

    def refuse(_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(writers_target.os, "fsync", refuse)
    with pytest.raises(UserError) as caught:
        write_table(path, ["a"], [["x"]])
    assert caught.value.message.text == sentence.format(ending=ending)
    assert path.read_text() == "old"
    assert left_over(tmp_path) == [path.name]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_really_full_disk_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = open

    def onto_full(file: object, mode: str = "r", *args: object, **options: object) -> object:
        return real("/dev/full" if mode == "w" else file, mode, *args, **options)  # type: ignore[call-overload]

    monkeypatch.setattr("builtins.open", onto_full)
    for ending in ("csv", "jsonl"):
        with pytest.raises(UserError, match="The disk is full"):
            write_table(tmp_path / f"out.{ending}", ["a"], [["x" * 1000]] * 1000)
    assert left_over(tmp_path) == []


def test_a_file_open_in_excel_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def held(*_: object) -> None:
        raise PermissionError(13, "The process cannot access the file because it is being used")

    monkeypatch.setattr(writers_target.os, "replace", held)
    with pytest.raises(UserError, match="Close it if another program has it open"):
        write_table(tmp_path / "out.csv", ["a"], [["x"]])
    assert left_over(tmp_path) == []


def test_places_that_cannot_be_written_to_are_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"The folder for out\.csv is not there"):
        write_table(tmp_path / "no" / "out.csv", ["a"], [])
    (tmp_path / "dir.csv").mkdir()
    with pytest.raises(UserError, match=r"dir\.csv is a folder"):
        write_table(tmp_path / "dir.csv", ["a"], [])
    locked = tmp_path / "locked.csv"
    locked.write_text("mine")
    locked.chmod(0o444)
    with pytest.raises(UserError, match=r"locked\.csv cannot be written"):
        write_table(locked, ["a"], [])
    with pytest.raises(UserError, match="name is too long"):
        write_table(tmp_path / ("x" * 300 + ".csv"), ["a"], [])
    assert locked.read_text() == "mine"
    assert left_over(tmp_path) == ["dir.csv", "locked.csv"]


@pytest.mark.skipif(os.name == "nt", reason="links need rights on Windows")
def test_a_link_stays_a_link_and_files_can_be_shared(tmp_path: Path) -> None:
    (tmp_path / "real.csv").write_text("old")
    (tmp_path / "link.csv").symlink_to("real.csv")
    write_table(tmp_path / "link.csv", ["a"], [["x"]])
    assert (tmp_path / "link.csv").is_symlink()
    assert "x" in (tmp_path / "real.csv").read_text("utf-8")
    plain = tmp_path / "plain"
    plain.write_text("")
    assert (tmp_path / "real.csv").stat().st_mode == plain.stat().st_mode
