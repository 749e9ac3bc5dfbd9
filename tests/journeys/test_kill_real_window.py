"""A window that is killed loses no label that was seen as set, and leaves no process behind."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"

pytestmark = pytest.mark.journey


@pytest.fixture
def benchmark(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The benchmark, which is no part of the package."""
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    spec = importlib.util.spec_from_file_location("kill_real_window", BENCHMARKS / "kill_real_window.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "kill_real_window", module)
    spec.loader.exec_module(module)
    return module


def test_two_kills_of_the_window_lose_no_label_and_leave_no_child(benchmark: ModuleType) -> None:
    tally = benchmark.run(kills=2, n_rows=800, seed=3, longest=1.0)
    assert tally.problems == []
    assert (tally.kills, tally.lost, tally.with_child, tally.left_behind) == (2, 0, 2, 0)
    assert tally.acknowledged > 10
