"""Labels that were given in Label Studio, Prodigy and doccano come with their texts.

The records have the shape of the programs' own documentation, which each module in ``core/formats`` names.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from read_files import load

from fsl_desktop.core.label_cells import JSON
from fsl_desktop.core.readers import preview


def choices(*names: str, **more: object) -> dict[str, object]:
    """An annotation of Label Studio."""
    result = [{"from_name": "c", "to_name": "text", "type": "choices", "value": {"choices": list(names)}}]
    return {"id": 1, "completed_by": 2, "result": result, "was_cancelled": False, "lead_time": 3.5} | more


def task(number: int, text: str, *annotations: dict[str, object], **data: object) -> dict[str, object]:
    return {
        "id": number,
        "data": {"review": text} | data,
        "annotations": list(annotations),
        "predictions": [{"result": [], "score": 0.5}],
        "meta": {},
    }


def test_label_studio(tmp_path: Path) -> None:
    region = {"type": "labels", "value": {"start": 0, "end": 4, "labels": ["X"]}}
    tasks = [
        task(1, "a fine day out", choices("good"), stars=4),
        task(
            2,
            "all of it was bad",
            choices("bad", created_at="2024-01-01"),
            choices("good", created_at="2023-01-01"),
        ),
        task(3, "nobody could tell", choices("good", was_cancelled=True)),
        task(4, "nobody was asked"),
        task(5, "some words marked", choices("good") | {"result": [*choices("good")["result"], region]}),  # type: ignore[misc]
    ]
    path = tmp_path / "project-1.json"
    path.write_text(json.dumps(tasks, indent=2), encoding="utf-8")
    seen = preview(path)
    assert (seen.options.text_column, seen.options.label_column) == ("review", "label")
    rows, problems = load(path)
    assert problems == {}
    assert [row.text for row in rows] == [t["data"]["review"] for t in tasks]  # type: ignore[index]
    assert [row.label for row in rows] == ["good", "bad", None, None, "good"]
    assert rows[0].extra["stars"] == "4"
    assert json.loads(rows[1].extra["other labels"]) == [["good"]]
    assert [row.extra.get("skipped", "") for row in rows][2:4] == ["true", ""]
    assert json.loads(rows[4].extra["regions"]) == [region]


def test_label_studio_with_several_choices(tmp_path: Path) -> None:
    tasks = [task(1, "warm and sunny", choices("sun", "warm")), task(2, "just warm today", choices("warm"))]
    path = tmp_path / "a.json"
    path.write_text(json.dumps(tasks), encoding="utf-8")
    assert preview(path).separator_guess == JSON
    rows, _ = load(path, label_separator=JSON)
    assert [row.label for row in rows] == ['["sun", "warm"]', "warm"]


def lines(path: Path, *records: dict[str, object]) -> Path:
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def test_prodigy_answers(tmp_path: Path) -> None:
    hashes = {"_input_hash": 1, "_task_hash": -2, "_session_id": None, "_view_id": "classification"}
    rows, problems = load(
        lines(
            tmp_path / "a.jsonl",
            {"text": "the first of them", "label": "GOOD", "answer": "accept", "meta": {"n": 1.50}, **hashes},
            {"text": "the second of them", "label": "GOOD", "answer": "reject", **hashes},
            {"text": "the third of them", "label": "GOOD", "answer": "ignore", **hashes},
        )
    )
    assert problems == {}
    assert [row.label for row in rows] == ["GOOD", None, None]
    assert rows[0].extra["n"] == "1.5"  # what stands in meta is a column like any other
    assert rows[1].extra["rejected"] == "GOOD"
    assert rows[2].extra["skipped"] == "true"
    assert not any(name.startswith("_") for row in rows for name in row.extra)


def test_prodigy_choices(tmp_path: Path) -> None:
    options = [{"id": "SPORT", "text": "Sport"}, {"id": "ART", "text": "Art"}]
    path = lines(
        tmp_path / "a.jsonl",
        {"text": "a game in the rain", "options": options, "accept": ["SPORT"], "answer": "accept"},
        {"text": "a game on a stage", "options": options, "accept": ["SPORT", "ART"], "answer": "accept"},
        {"text": "neither of the two", "options": options, "accept": [], "answer": "accept"},
    )
    rows, _ = load(path, label_separator=JSON)
    assert [row.label for row in rows] == ["SPORT", '["SPORT", "ART"]', "[]"]


@pytest.mark.parametrize("key", ["label", "labels", "entities"])
def test_doccano_spans_are_kept_beside_the_text_and_are_no_labels(tmp_path: Path, key: str) -> None:
    spans: list[object] = [[0, 6, "ORG"], [8, 12, "LOC"]]
    if key == "entities":
        spans = [{"id": 1, "label": "ORG", "start_offset": 0, "end_offset": 6}]
    rows, _ = load(
        lines(tmp_path / "a.jsonl", {"id": 1, "text": "Google in Rome", key: spans, "Comments": []})
    )
    assert rows[0].label is None
    assert json.loads(rows[0].extra["spans"]) == spans


def test_doccano_classes(tmp_path: Path) -> None:
    path = lines(
        tmp_path / "a.jsonl",
        {"id": 1, "text": "a great one to see", "label": ["positive"], "Comments": []},
        {"id": 2, "text": "a great but long one", "label": ["positive", "long"], "Comments": []},
    )
    rows, _ = load(path, label_column="label", label_separator=JSON)
    assert [row.label for row in rows] == ["positive", '["positive", "long"]']


@pytest.mark.parametrize(
    "record",
    [
        {
            "data": {"text": "some words of it"},
            "annotations": [None, 3, {"result": 5}, {"result": [[], {"type": "choices"}]}],
        },
        {
            "data": {"text": "some words of it", "n": {"a": [1]}},
            "annotations": [choices()],
            "completions": "x",
        },
        {"text": "some words of it", "_input_hash": None, "accept": [[], {}, None], "answer": 7, "label": {}},
        {"text": "some words of it", "label": [[0, 1, "X"]], "entities": 3},
    ],
)
def test_records_that_are_damaged_keep_their_text(tmp_path: Path, record: dict[str, object]) -> None:
    rows, problems = load(lines(tmp_path / "a.jsonl", record, record), text_column="text")
    assert problems == {}
    assert [row.text for row in rows] == ["some words of it"] * 2


FIXTURES = Path(__file__).parent / "fixtures"


@pytest.mark.parametrize("name", ["label_studio_min.json", "label_studio.csv"])
def test_what_label_studios_own_converter_writes_says_the_same_as_its_export(name: str) -> None:
    export, problems = load(FIXTURES / "label_studio.json", label_column="label", label_separator=JSON)
    assert problems == {}
    theirs, problems = load(
        FIXTURES / name, text_column="text", label_column="sentiment", label_separator=JSON
    )
    assert problems == {}
    kept = {row.text: row.label for row in export if "skipped" not in row.extra or not row.extra["skipped"]}
    assert {row.text: row.label for row in theirs} == kept
    assert sorted(map(str, kept.values())) == ["None", '["bad", "long text"]', "good", "good", "long text"]
    assert {row.text: row.extra["source"] for row in theirs}.items() <= {
        row.text: row.extra["source"] for row in export
    }.items()
