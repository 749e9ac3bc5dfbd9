"""Excel workbooks, sound and damaged."""

from __future__ import annotations

import datetime
import re
import shutil
import zipfile
from pathlib import Path

import openpyxl
import pytest
from read_files import load, refusal

from fsl_desktop.core.errors import Stopped
from fsl_desktop.core.readers import ReadRow, preview, read


def workbook(path: Path, rows: list[list[object]], title: str = "Data") -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def replace_in(path: Path, member: str, change: object) -> None:
    """Rewrite one member of a zip archive."""
    copy = path.with_suffix(".copy")
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == member else data)  # type: ignore[operator]
    shutil.move(copy, path)


TABLE: list[list[object]] = [["text", "label"], ["first text here", "a"], ["second text here", "b"]]


def test_a_workbook_is_read_as_it_shows(tmp_path: Path) -> None:
    day = datetime.datetime(2024, 3, 1)
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["text", "label", "n", "day", "when", "yes", "error"],
            ["first text here", " a ", 3.0, day, day.replace(hour=14, minute=30), True, "#N/A"],
            ["two\nlines and 日本語", 1, 2.5, None, None, False, "x"],
            [None, None, None],
            [None, "no text"],
            [2024, "a number"],
        ],
    )
    rows, problems = load(path)
    assert rows[0] == ReadRow(
        "first text here",
        "a",
        {"n": "3", "day": "2024-03-01", "when": "2024-03-01 14:30:00", "yes": "TRUE", "error": ""},
    )
    assert (rows[1].text, rows[1].label) == ("two\nlines and 日本語", "1")
    assert (rows[2].text, rows[2].label) == ("2024", "a number")
    assert problems == {5: "Row 5 has no text. Fill it in or remove it."}
    seen = preview(path)
    assert (seen.format, seen.options.sheet, seen.sheets) == ("xlsx", "Data", ("Data",))
    assert (seen.options.text_column, seen.options.label_column, seen.options.header) == (
        "text",
        "label",
        True,
    )


def test_sheets_can_be_chosen_hidden_ones_are_passed_over(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.title = "Cover"  # empty
    for title, text in (("Secret", "hidden text here"), ("May", "text of may"), ("June", "text of june")):
        sheet = book.create_sheet(title)
        sheet.append(["text"])
        sheet.append([text])
    book["Secret"].sheet_state = "hidden"
    path = tmp_path / "a.xlsx"
    book.save(path)
    assert [row.text for row in load(path)[0]] == ["text of may"]
    assert [row.text for row in load(path, sheet="June")[0]] == ["text of june"]
    assert [row.text for row in load(path, sheet="Secret")[0]] == ["hidden text here"]
    seen = preview(path)
    assert seen.sheets == ("Cover", "May", "June")
    assert any("Hidden" in note.text for note in seen.notes)
    assert refusal(path, sheet="July") == "a.xlsx has no sheet called July. Choose one of: Cover, May, June."


def test_formulas_give_their_last_value_and_merged_cells_theirs_to_every_row(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        [
            ["text", "label"],
            ["one text", "a"],
            ["two text", None],
            ["three text", None],
            ["four text", "=1+1"],
        ],
    )
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("B2:B4")
    book.save(path)
    replace_in(
        path,
        "xl/worksheets/sheet1.xml",
        lambda xml: re.sub(rb"<f>1\+1</f><v ?/>|<f>1\+1</f><v></v>", b"<f>1+1</f><v>2</v>", xml),
    )
    rows, _ = load(path)
    assert [row.label for row in rows] == ["a", "a", "a", "2"]
    notes = " ".join(note.text for note in preview(path).notes)
    assert "Merged cells" in notes
    assert "Formulas" in notes


def test_blank_rows_above_the_table_and_wrong_sizes_do_not_matter(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [[], [], *TABLE])
    for size in (b"A1", b"A1:XFD1048576"):
        replace_in(
            path,
            "xl/worksheets/sheet1.xml",
            lambda xml, size=size: re.sub(rb'<dimension ref="[^"]*"', b'<dimension ref="' + size + b'"', xml),
        )
        assert [row.text for row in load(path)[0]] == ["first text here", "second text here"]
        assert preview(path).estimated_rows == 2


def test_a_title_above_the_table_is_left_out(tmp_path: Path) -> None:
    rows, problems = load(workbook(tmp_path / "a.xlsx", [["Our survey"], [], *TABLE]))
    assert [row.label for row in rows] == ["a", "b"]
    assert problems == {1: "Row 1 stands above the names of the columns and is left out."}


def test_names_beyond_the_header_are_made_up(tmp_path: Path) -> None:
    rows, _ = load(workbook(tmp_path / "a.xlsx", [["text"], ["some words here", "more", "x"]]))
    assert rows[0].extra == {"column 2": "more", "column 3": "x"}


def test_a_workbook_named_csv_and_a_csv_named_xlsx_are_both_read(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", TABLE).rename(tmp_path / "a.csv")
    assert preview(path).format == "xlsx"
    assert len(load(path)[0]) == 2
    other = tmp_path / "b.xlsx"
    other.write_text("text,label\nhello there,a\n")
    assert preview(other).format == "csv"


@pytest.mark.parametrize("keep", [0.2, 0.5, 0.9, 0.99])
def test_a_cut_off_workbook_is_told(tmp_path: Path, keep: float) -> None:
    path = workbook(tmp_path / "a.xlsx", TABLE * 200)
    data = path.read_bytes()
    path.write_bytes(data[: int(len(data) * keep)])
    assert "is damaged" in refusal(path)


@pytest.mark.parametrize(
    ("member", "change"),
    [
        ("xl/workbook.xml", lambda xml: xml[: len(xml) // 2]),
        ("xl/workbook.xml", lambda xml: b""),
        ("[Content_Types].xml", lambda xml: b"<nothing/>"),
        ("xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2]),
    ],
)
def test_a_workbook_with_broken_parts_is_told(tmp_path: Path, member: str, change: object) -> None:
    path = workbook(tmp_path / "a.xlsx", TABLE * 20)
    replace_in(path, member, change)
    assert "is damaged and cannot be read as Excel" in refusal(path)


def test_a_flipped_byte_in_the_sheet_is_told(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["text"], *[[f"some words {i * 7919}"] for i in range(3000)]])
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        info = archive.getinfo("xl/worksheets/sheet1.xml")
    middle = info.header_offset + info.compress_size // 2
    data[middle : middle + 40] = bytes(40)
    path.write_bytes(data)
    assert "is damaged" in refusal(path)


def test_a_zip_bomb_is_refused_unopened(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", TABLE)
    with (
        zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/huge.xml", "w") as file,
    ):
        for _ in range(80):
            file.write(bytes(1 << 20))
    assert refusal(path) == "a.xlsx would unpack to an absurd size and is not opened. Ask for it as CSV."


NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
STRINGS = f"<sst {NAMESPACE}><si><t>text</t></si><si><r><t>some </t></r><r><t>rich words</t></r></si></sst>"


def like_excel(path: Path, strings: str) -> Path:
    """A workbook whose texts are in a part of their own, as Excel writes them."""
    workbook(path, TABLE)
    cells = "".join(f'<row r="{r}"><c r="A{r}" t="s"><v>{r - 1}</v></c></row>' for r in (1, 2))
    sheet = f"<worksheet {NAMESPACE}><sheetData>{cells}</sheetData></worksheet>"
    kind = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    part = b'<Override PartName="/xl/sharedStrings.xml" ContentType="' + kind + b'"/></Types>'
    replace_in(path, "xl/worksheets/sheet1.xml", lambda _: sheet.encode())
    replace_in(
        path,
        "[Content_Types].xml",
        lambda xml: xml if b"sharedStrings" in xml else xml.replace(b"</Types>", part),
    )
    with zipfile.ZipFile(path) as archive:
        there = "xl/sharedStrings.xml" in archive.namelist()
    if there:
        replace_in(path, "xl/sharedStrings.xml", lambda _: strings.encode())
    else:
        with zipfile.ZipFile(path, "a") as archive:
            archive.writestr("xl/sharedStrings.xml", strings)
    return path


def test_shared_and_rich_texts_are_read(tmp_path: Path) -> None:
    assert [row.text for row in load(like_excel(tmp_path / "a.xlsx", STRINGS))[0]] == ["some rich words"]


@pytest.mark.parametrize("strings", [f"<sst {NAMESPACE}/>", "not xml", STRINGS[:60]])
def test_damaged_shared_texts_are_told(tmp_path: Path, strings: str) -> None:
    path = like_excel(tmp_path / "a.xlsx", strings)
    assert "is damaged and cannot be read as Excel" in refusal(path)


def test_xml_that_declares_entities_is_refused(tmp_path: Path) -> None:
    entity = '<?xml version="1.0"?><!DOCTYPE sst [<!ENTITY a "aaaaaaaaaa">]>'
    assert "absurd size" in refusal(like_excel(tmp_path / "a.xlsx", entity + STRINGS))


def test_protected_and_foreign_spreadsheets_are_told(tmp_path: Path) -> None:
    old = tmp_path / "a.xls"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000))
    assert "another spreadsheet format" in refusal(old)
    locked = tmp_path / "b.xlsx"
    locked.write_bytes(old.read_bytes() + "EncryptedPackage".encode("utf-16-le"))
    assert refusal(locked) == "b.xlsx is protected by a password. Save it without the password."
    for name, kind, sentence in (
        ("c.ods", "application/vnd.oasis.opendocument.spreadsheet", "another spreadsheet format"),
        ("d.odt", "application/vnd.oasis.opendocument.text", "is a document, not a table"),
    ):
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.writestr("mimetype", kind)
        assert sentence in refusal(tmp_path / name)
    with zipfile.ZipFile(tmp_path / "e.zip", "w") as archive:
        archive.writestr("a.csv", "text\nx")
    assert "Unpack it first" in refusal(tmp_path / "e.zip")


@pytest.mark.parametrize("rows", [[], [["text", "label"]], [[None, " "]]])
def test_a_workbook_without_rows_is_told(tmp_path: Path, rows: list[list[object]]) -> None:
    assert re.search("no row under them|no text in it", refusal(workbook(tmp_path / "a.xlsx", rows)))


def test_signs_that_xml_cannot_hold_come_back(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["text"], ["one_x000A_two _x005F_x0041_ _x0007_end of it"]])
    assert load(path)[0][0].text == "one\ntwo _x0041_ end of it"


def test_reading_a_workbook_stops_when_asked(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", [["text"], *[[f"some words {i}"] for i in range(5000)]])
    seen: list[int] = []
    with pytest.raises(Stopped):
        seen.extend(len(chunk.rows) for chunk in read(path, cancelled=lambda: bool(seen)))
    assert seen == [2000]
