"""JSON Lines and JSON lists: every object that can be read is, and each other is named."""

from __future__ import annotations

import json
import tracemalloc
from pathlib import Path

import pytest
import read_files
from read_files import load

from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.readers import ReadRow, preview, read

ROWS = [
    {"id": 1, "text": "Schöner Tag, oder?", "label": "a"},
    {"id": 2, "text": 'a "quoted" {bracket] \\ back', "label": "b"},
    {"id": 3, "text": "two\nlines", "label": None},
]
WANTED = [
    ReadRow("Schöner Tag, oder?", "a", {"id": "1"}),
    ReadRow('a "quoted" {bracket] \\ back', "b", {"id": "2"}),
    ReadRow("two\nlines", None, {"id": "3"}),
]


def write(folder: Path, content: str, name: str = "data.jsonl", encoding: str = "utf-8") -> Path:
    return read_files.write(folder, content, name, encoding)


LAYOUTS = {
    "lines": "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS),
    "lines, escaped": "\r\n".join(json.dumps(row) for row in ROWS) + "\r\n\r\n",
    "a list on one line": json.dumps(ROWS),
    "a list laid out": json.dumps(ROWS, indent=2, ensure_ascii=False),
    "a list, an object a line": "[\n" + ",\n".join(json.dumps(row) for row in ROWS) + "\n]\n",
    "objects laid out": "\n".join(json.dumps(row, indent=4) for row in ROWS),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("name", ["data.jsonl", "data.json", "data.txt", "data.csv"])
def test_every_layout_of_json_is_read(tmp_path: Path, layout: str, encoding: str, name: str) -> None:
    path = write(tmp_path, LAYOUTS[layout], name, encoding)
    assert load(path) == (WANTED, {})
    seen = preview(path)
    assert (seen.format, seen.options.text_column, seen.options.label_column) == ("jsonl", "text", "label")
    assert seen.estimated_rows == 3
    assert seen.rows[0] == ("1", "Schöner Tag, oder?", "a")


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
def test_a_list_is_read_alike_in_blocks_of_any_size(size: int) -> None:
    from fsl_desktop.core.readers.json_items import JsonItems

    for text in (json.dumps(ROWS), json.dumps(ROWS, indent=1), ' [ "a]\\"", {}, [], {"x": [{"y": "}"}]} ] '):
        blocks = [text[i : i + size] for i in range(0, len(text), size)]
        items = list(JsonItems(blocks))
        assert [json.loads(item) for item, _ in items] == json.loads(text)
        assert {fault for _, fault in items} == {None}


def test_broken_lines_are_listed_and_the_others_load(tmp_path: Path) -> None:
    lines = [
        '{"text": "good one", "label": "a"}',
        '{"text": "cut off',
        "",
        "not json at all",
        '["a", "list"]',
        '"a string"',
        "17",
        "null",
        '{"label": "a"}',
        '{"text": "   ", "label": "a"}',
        '{"text": null}',
        "[" * 100_000,
        '{"text": "good two", "label": "b"}',
    ]
    rows, problems = load(write(tmp_path, "\n".join(lines)))
    assert [row.text for row in rows] == ["good one", "good two"]
    assert list(problems) == [2, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    assert problems[2] == "Row 2 is not valid JSON. Correct or remove it."
    assert problems[5] == 'Row 5 is not a JSON object. Write it as {"text": "..."}.'
    assert problems[9] == "Row 9 has no text. Fill it in or remove it."


def test_a_broken_object_in_a_list_costs_itself(tmp_path: Path) -> None:
    items = [
        '{"text": "first one"}',
        '{"text": bad}',
        '{"text": "second one"}',
        '"string"',
        '{"text": "third one"}',
    ]
    rows, problems = load(write(tmp_path, "[" + ",\n ".join(items) + "]", "a.json"))
    assert [row.text for row in rows] == ["first one", "second one", "third one"]
    assert list(problems) == [2, 4]
    rows, problems = load(write(tmp_path, "[" + ",".join(items[:3]) + ', {"text": "cut', "b.json"))
    assert len(rows) == 2
    assert list(problems) == [2, 4]


def test_values_of_other_kinds_are_read_as_text(tmp_path: Path) -> None:
    line = (
        '{"text": 1.50, "label": true, "n": 12345678901234567890123, "tags": ["x", 1.0], "o": {"é": [1]},'
        ' "nan": NaN, "one": ["single"], "nothing": null}'
    )
    rows, _ = load(write(tmp_path, line), text_column="text")
    assert rows == [
        ReadRow(
            "1.50",
            "true",
            {
                "n": "12345678901234567890123",
                "tags": '["x", 1.0]',
                "o": '{"é": [1]}',
                "nan": "",
                "one": "single",
                "nothing": "",
            },
        )
    ]


def test_numbers_of_thousands_of_digits_are_no_crash(tmp_path: Path) -> None:
    rows, _ = load(write(tmp_path, '{"text": "words here", "n": [' + "9" * 5000 + "]}"))
    assert rows[0].text == "words here"


def test_keys_may_come_and_go(tmp_path: Path) -> None:
    lines = ['{"text": "one text"}', '{"label": "a", "text": "two text"}', '{"x": 1, "text": "three text"}']
    rows, _ = load(write(tmp_path, "\n".join(lines)))
    assert [(row.text, row.label) for row in rows] == [
        ("one text", None),
        ("two text", "a"),
        ("three text", None),
    ]
    assert rows[2].extra == {"x": "1"}


def test_half_a_character_never_gets_through(tmp_path: Path) -> None:
    rows, _ = load(write(tmp_path, r'{"text": "bad \ud83d half", "label": "a\u0000b"}'))
    assert rows == [ReadRow("bad \ufffd half", "ab", {})]


@pytest.mark.parametrize("as_list", [False, True])
def test_a_huge_object_is_one_problem(tmp_path: Path, as_list: bool) -> None:
    huge = '{"text": "' + "a" * 30_000_000 + '"}'
    items = ['{"text": "before"}', huge, '{"text": "after"}']
    path = write(tmp_path, "[" + ",".join(items) + "]" if as_list else "\n".join(items))
    del huge, items
    tracemalloc.start()
    rows, problems = load(path)
    assert tracemalloc.get_traced_memory()[1] < 40_000_000
    tracemalloc.stop()
    assert [row.text for row in rows] == ["before", "after"]
    assert list(problems) == [2]


def test_thousands_of_different_keys_are_refused(tmp_path: Path) -> None:
    path = write(tmp_path, "\n".join(f'{{"text": "some words", "key{i}": 1}}' for i in range(1100)))
    with pytest.raises(UserError, match="more than 1000 different keys"):
        load(path)


@pytest.mark.parametrize("content", ["[]", "{}", "\n\n", "[", '{"text": ""}', "nonsense", '{"a": 1}'])
def test_json_without_a_text_ends_in_a_sentence(tmp_path: Path, content: str) -> None:
    with pytest.raises(UserError):
        load(write(tmp_path, content))


def test_reading_a_list_stops_when_asked(tmp_path: Path) -> None:
    path = write(tmp_path, json.dumps([{"text": f"some words {i}"} for i in range(20_000)]))
    seen: list[int] = []
    with pytest.raises(Stopped):
        seen.extend(len(chunk.rows) for chunk in read(path, cancelled=lambda: bool(seen)))
    assert seen == [2000]
