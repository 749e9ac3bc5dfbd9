"""What the benchmarks of orders and of label errors count, without models and without their peers."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"
MODULES = ("_active_records", "_active_report", "label_errors")


@pytest.fixture(scope="module")
def b() -> Iterator[SimpleNamespace]:
    """The benchmarks' modules, which are no part of the package."""
    sys.path.insert(0, str(BENCHMARKS))
    known = set(sys.modules)
    yield SimpleNamespace(**{name.lstrip("_"): importlib.import_module(name) for name in MODULES})
    sys.path.remove(str(BENCHMARKS))
    for name in set(sys.modules) - known:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(BENCHMARKS)):
            del sys.modules[name]


def test_a_run_that_was_stopped_goes_on_where_it_was(b: SimpleNamespace, tmp_path: Path) -> None:
    file = tmp_path / "build" / "runs.jsonl"
    records = b.active_records.Records(file, 5)
    for n in (20, 40):
        records.add(b.active_records.Record("trec6", 0, "mixed", n, 5, 50.0 + n, 40.0, 6, 1.0))
    with file.open("a", encoding="utf-8") as stream:
        stream.write('{"set": "trec6", "se')  # it was killed while it wrote
    again = b.active_records.Records(file, 5)
    assert again.has("trec6", 0, "mixed", (20, 40))
    assert not again.has("trec6", 0, "mixed", (20, 40, 80))
    again.add(b.active_records.Record("trec6", 0, "mixed", 80, 5, 70.0, 60.0, 6, 1.0))
    assert b.active_records.Records(file, 5).has("trec6", 0, "mixed", (20, 40, 80)), "after half a line"
    assert not b.active_records.Records(file, 1).has("trec6", 0, "mixed", (20,)), "another step"


def test_differences_are_paired_and_what_is_below_chance_is_named(b: SimpleNamespace) -> None:
    made = [
        b.active_records.Record("trec6", seed, method, 20, 5, score + 10 * seed, score, 6, 1.0)
        for seed in range(3)
        for method, score in (("random", 50.0), ("margin", 55.0), ("mixed", 48.0))
    ]
    words = b.active_report.report(made, (20,), ("random", "margin", "mixed"), ours="mixed", chance="random")
    assert "-2.0 ± 0.0 | -7.0 ± 0.0" in words, "the seeds' own ups and downs cancel"
    assert "below random by more than a standard error: trec6 at 20 (-2.0 ± 0.0)" in words
    assert "the better peer on average is margin; mixed minus it: -7.0 points" in words


def test_planted_errors_are_as_many_as_were_asked_for_and_found_by_a_perfect_order(
    b: SimpleNamespace,
) -> None:
    truth = np.arange(200) % 4
    labels, wrong = b.label_errors.plant(truth, 4, 0.1, seed=3)
    assert wrong.sum() == 20
    assert (labels[wrong] != truth[wrong]).all()
    assert (labels[~wrong] == truth[~wrong]).all()
    case = b.label_errors.Case(labels, wrong, np.eye(4, dtype=np.float32)[truth])
    assert case.precision(np.argsort(~wrong, kind="stable")) == 100
    assert case.precision(np.argsort(wrong, kind="stable")) == 0
