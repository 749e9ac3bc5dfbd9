"""The benchmark of text accuracy, on two made sets with the tiny encoder and without its peers."""

from __future__ import annotations

import importlib
import json
import re
import sys
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import torch
from tiny_encoder import FRUIT, TOOLS

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
MODULES = ("_multilabel", "_text_sets", "_text_records", "_text_report", "_text_methods", "text")


@pytest.fixture(scope="module")
def b() -> Iterator[SimpleNamespace]:
    """The benchmark's modules, which are no part of the package."""
    sys.path.insert(0, str(BENCHMARKS))
    before = torch.get_num_threads()
    yield SimpleNamespace(**{name.lstrip("_"): importlib.import_module(name) for name in MODULES})
    torch.set_num_threads(before)
    sys.path.remove(str(BENCHMARKS))
    for name in MODULES:
        del sys.modules[name]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """``text/trec6`` and ``text/snips`` of fruit and tools, 30 rows a class to learn and 6 to answer."""
    for name in ("trec6", "snips"):
        folder = tmp_path / "data" / "text" / name
        folder.mkdir(parents=True)
        for file, times in (("train", 5), ("test", 1)):
            rows = [
                {"text": text, "label": label}
                for label, texts in (("fruit", FRUIT), ("tools", TOOLS))
                for text in texts * times
            ]
            text = "".join(json.dumps(row) + "\n" for row in rows)
            (folder / f"{file}.jsonl").write_text(text, encoding="utf-8")
    return tmp_path / "data"


@pytest.fixture
def catalogue(encoder_folder: Path) -> SimpleNamespace:
    return SimpleNamespace(resolve=lambda _model: encoder_folder)


def options(b: SimpleNamespace, data: Path, *more: str) -> Namespace:
    file = str(data / "fits.jsonl")
    arguments = ["--data", str(data), "--sets", "trec6", "snips", "--cases", "--seeds", "2", "--json", file]
    arguments += ["--methods", "frozen + LR", "instant", "--threads", "1", "--shots", "2", "8"]
    asked: Namespace = b.text.parse([*arguments, *more])
    return asked


def lines(data: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in (data / "fits.jsonl").read_text(encoding="utf-8").splitlines()]


def test_every_fit_is_measured_once_and_told_in_the_table(
    b: SimpleNamespace, data: Path, catalogue: SimpleNamespace
) -> None:
    table = b.text.run(options(b, data), catalogue)
    fits = lines(data)
    assert len(fits) == 2 * 2 * 2 * 2
    assert [fit["seed"] for fit in fits] == [0] * 8 + [1] * 8, "a part of a run has every set"
    assert {fit["rows"] for fit in fits if fit["shots"] == 8} == {16}
    assert all(0 <= fit["accuracy"] <= 100 and fit["seconds"] > 0 for fit in fits)  # type: ignore[operator]
    mean = sum(fit["accuracy"] for fit in fits if _is(fit, "snips", 8, "instant")) / 2  # type: ignore[misc]
    row = next(line for line in table.split("8 labels per class")[1].splitlines() if "| snips |" in line)
    assert f"| {mean:.1f} ± " in row
    assert row.count("(2; ") == 2
    floor = next(line for line in table.splitlines() if line.startswith("| trec6 | 86.1 |"))
    gain = sum(fit["accuracy"] for fit in fits if _is(fit, "trec6", 8, "instant")) / 2 - 86.1  # type: ignore[misc]
    assert f"| {gain:+.1f} ± " in floor


def _is(fit: dict[str, object], name: str, shots: int, method: str) -> bool:
    return (fit["set"], fit["shots"], fit["method"]) == (name, shots, method)


def test_a_run_that_was_stopped_goes_on(b: SimpleNamespace, data: Path, catalogue: SimpleNamespace) -> None:
    whole = b.text.run(options(b, data), catalogue)
    kept = lines(data)[:5]
    half = json.dumps(lines(data)[5])[:40]
    text = "".join(json.dumps(fit) + "\n" for fit in kept) + half
    (data / "fits.jsonl").write_text(text, encoding="utf-8")
    again = b.text.run(options(b, data), catalogue)
    written = (data / "fits.jsonl").read_text(encoding="utf-8").splitlines()
    fits = [json.loads(line) for line in written if line != half]
    assert fits[:5] == kept
    assert len(fits) == 16
    assert _without_seconds(again) == _without_seconds(whole)


def _without_seconds(table: str) -> list[str]:
    return [re.sub(r"[\d.]+( s\)|s\))", "", line) for line in table.splitlines()]


def test_figures_made_otherwise_do_not_count(
    b: SimpleNamespace, data: Path, catalogue: SimpleNamespace
) -> None:
    b.text.run(options(b, data, "--seeds", "1"), catalogue)
    old = [{**fit, "code": "an older one" if fit["code"] else ""} for fit in lines(data)]
    (data / "fits.jsonl").write_text("".join(json.dumps(fit) + "\n" for fit in old), encoding="utf-8")
    records = b.text_records.Records(data / "fits.jsonl", b.text_records.Conditions(1, True))
    assert {record.method for record in records.all()} == {"frozen + LR"}
    assert records.left_out == 4
    asked = options(b, data, "--seeds", "1", "--no-unlabelled", "--any-code")
    other = b.text_records.Records(asked.json, b.text_records.Conditions(1, asked.unlabelled), any_code=True)
    assert {record.method for record in other.all()} == {"frozen + LR"}


def test_what_cannot_be_measured_is_said_with_the_reason(
    b: SimpleNamespace, data: Path, catalogue: SimpleNamespace
) -> None:
    more = ("--methods", "instant", "SetFit", "--shots", "8", "--seeds", "1", "--peers", str(data / "none"))
    table = b.text.run(options(b, data, *more), catalogue)
    assert {fit["method"] for fit in lines(data)} == {"instant"}
    assert "packaging/peers.sh" in table


def test_gains_over_setfit_are_of_the_same_seeds(b: SimpleNamespace) -> None:
    def record(seed: int, method: str, accuracy: float, seconds: float) -> object:
        return b.text_records.Record(
            "trec6", 8, seed, method, accuracy, accuracy, seconds, 48, 6, "minilm", 1, True, ""
        )

    records = [record(seed, "instant", 80 + seed, 2) for seed in range(5)]
    records += [record(0, "SetFit", 70, 20), record(1, "SetFit", 75, 40)]
    table = b.text_report.report(records, ["trec6"], {}, ["instant", "SetFit"], "SetFit")
    assert "| trec6 | +8.0 ± 2.8 (2; 15.0 times as fast) |" in table
    assert "| trec6 | 82.0 ± 1.6 (5; 2.0 s) | 72.5 ± 3.5 (2; 30.0 s) |" in table


def test_a_draw_is_the_same_for_a_seed_and_has_the_rows_asked_for(b: SimpleNamespace) -> None:
    train = [(f"{label} {n}", label) for label in ("a", "b") for n in range(20)]
    drawn = b.text_sets.pick(train, train, {"a": 1, "b": 9}, seed=3, test_rows=12)
    assert (drawn.labels.count("a"), drawn.labels.count("b"), len(drawn.test_texts)) == (1, 9, 12)
    assert all(text.startswith(label) for text, label in zip(drawn.texts, drawn.labels, strict=True))
    assert drawn == b.text_sets.pick(train, train, {"a": 1, "b": 9}, seed=3, test_rows=12)
    assert drawn != b.text_sets.pick(train, train, {"a": 1, "b": 9}, seed=4, test_rows=12)


def test_with_several_labels_a_row_is_right_where_the_whole_set_is(b: SimpleNamespace) -> None:
    rows = b.text_sets.Draw(["x", "y"], ["a; b", "b"], ["p", "q", "r"], ["a", "a; b", "b"], several=True)
    assert b.text._scores(rows, ["a", "a; b", "b"]) == (1.0, 1.0)
    accuracy, macro_f1 = b.text._scores(rows, ["a", "b", "b"])
    assert accuracy == pytest.approx(2 / 3)
    assert 2 / 3 < macro_f1 < 1


SHARED = BENCHMARKS.parents[1] / "shared" / "data"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the sample data is not beside the project")
def test_the_cases_are_what_they_are_called(b: SimpleNamespace) -> None:
    case = {one.name: one.draw(SHARED, one.shots, 1) for one in b.text_sets.CASES}
    many, lonely, rare = case["150 classes"], case["a class with one example"], case["two classes 1:50"]
    assert len(set(many.labels)) == 150
    assert 140 <= len(set(many.test_labels)) <= 150, "a few fine classes have no test rows"
    assert set(many.test_labels) <= set(many.labels)
    counts = sorted(lonely.labels.count(label) for label in set(lonely.labels))
    assert counts == [1, 8, 8, 8, 8, 8]
    assert (rare.labels.count("Business"), rare.labels.count("Sci/Tech")) == (4, 200)
    assert (rare.test_labels.count("Business"), rare.test_labels.count("Sci/Tech")) == (20, 1000)
    assert len(case["one example per class"].labels) == 77
    assert len(case["Chinese"].labels) == 240
    assert case["several labels per row"].several
    assert any("; " in label for label in case["several labels per row"].labels)
    assert len(case["Chinese"].test_texts) == 2010
