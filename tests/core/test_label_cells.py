"""Cells with several labels: recognised, taken apart, joined, and read from files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fsl_desktop.core import readers
from fsl_desktop.core.label_cells import (
    JSON,
    as_label,
    guess_separator,
    join_cell,
    parts_of,
    split_cell,
)
from fsl_desktop.core.readers.types import ReadOptions


@pytest.mark.parametrize(
    ("cell", "separator", "parts"),
    [
        ("a; b ;a", ";", ("a", "b")),
        ("a|b", "|", ("a", "b")),
        ("a", ";", ("a",)),
        (" ; ", ";", None),
        ("", JSON, None),
        ("[]", JSON, ()),
        ('["a", "b", 3]', JSON, ("a", "b", "3")),
        ("a, b", JSON, ("a, b",)),
        ("nan", ";", None),
        ("a; b", "", ("a; b",)),
    ],
)
def test_cells_are_taken_apart(cell: str, separator: str, parts: tuple[str, ...] | None) -> None:
    assert split_cell(cell, separator) == parts


@pytest.mark.parametrize(
    "names",
    [(), ("a",), ("a", "b"), ("a; b",), ("a", "b;c"), ("[x]",), ('["x"]',), ('say "no"', "b"), ("a, b", "c")],
)
def test_what_is_joined_is_found_again(names: tuple[str, ...]) -> None:
    assert split_cell(join_cell(names), ";") == names
    assert parts_of(as_label(names)) == names


def test_plain_names_are_joined_for_people() -> None:
    assert join_cell(("late", "broken")) == "late; broken"


@pytest.mark.parametrize(
    ("cells", "separator"),
    [
        (["a; b", "b", "a", "b; c", "c"], ";"),
        (["a|b|c", "a|c", "b"], "|"),
        (["joy, anger", "anger", "joy", "", "nan"], ","),
        (['["a"]', '["a", "b"]', "[]"], JSON),
        # As we write it ourselves: lists where there is no other way.
        (["a; b", "b; c", "[]", '["c;d", "a"]', "a", "c"], ";"),
        (["yes", "no", "maybe"], ""),
        # One label with a comma in it: its parts never come again.
        (["Antwerp, Belgium", "Lyon, France", "Antwerp, Belgium"], ""),
        ([], ""),
        (["", "nan"], ""),
    ],
)
def test_separators_are_believed_where_parts_recur(cells: list[str], separator: str) -> None:
    assert guess_separator(cells) == separator


def test_a_csv_is_read_with_its_labels_apart(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('text,label\none,"late; broken"\ntwo,late\nthree,\nfour,broken\n', encoding="utf-8")
    plain = readers.preview(path)
    assert plain.separator_guess == ";"
    assert plain.label_values == ("late; broken", "late", "broken")
    options = ReadOptions(label_separator=";")
    seen = readers.preview(path, options)
    assert seen.label_values == ("late", "broken")
    assert seen.options.label_separator == ";"
    rows = [row for chunk in readers.read(path, options) for row in chunk.rows]
    assert [row.label for row in rows] == ['["late", "broken"]', "late", None, "broken"]
    rows = [row for chunk in readers.read(path) for row in chunk.rows]
    assert [row.label for row in rows] == ["late; broken", "late", None, "broken"]


def test_json_lists_are_labels_too(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    lines = [
        {"text": "one two", "labels": ["late", "broken"]},
        {"text": "two three", "labels": []},
        {"text": "three", "labels": ["late"]},
    ]
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    seen = readers.preview(path, ReadOptions(text_column="text", label_column="labels"))
    assert seen.separator_guess == JSON
    options = ReadOptions(text_column="text", label_column="labels", label_separator=JSON)
    rows = [row for chunk in readers.read(path, options) for row in chunk.rows]
    assert [parts_of(row.label or "?") for row in rows] == [("late", "broken"), (), ("late",)]


def test_a_label_in_a_cell_is_as_long_as_a_label_may_be(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    many = "; ".join(f"label number {i}" for i in range(30))
    path.write_text(f'text,label\none,"{many}"\ntwo,"{"x" * 300}; y"\n', encoding="utf-8")
    options = ReadOptions(text_column="text", label_column="label", label_separator=";")
    (chunk,) = readers.read(path, options)
    assert len(parts_of(chunk.rows[0].label or "")) == 30
    assert "300 characters" in chunk.problems[0].message.text
