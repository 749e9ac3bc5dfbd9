"""Whatever was told as done is there after a crash, and nothing half-done is after a disk failed.

Some rounds of each; ``make bench-crash`` does 200.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

BENCHMARKS = Path(__file__).resolve().parents[2] / "benchmarks"


@pytest.fixture(scope="module")
def crash() -> ModuleType:
    """The benchmark, which is no part of the package."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(BENCHMARKS))
        spec = importlib.util.spec_from_file_location("crash", BENCHMARKS / "crash.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        patch.setitem(sys.modules, "crash", module)
        spec.loader.exec_module(module)
        yield module


@pytest.mark.journey
def test_a_window_that_is_killed_during_mixed_edits_loses_none(crash: ModuleType) -> None:
    tally = crash.kills(3, 300, seed=5)
    assert tally.problems == []
    assert tally.rounds == 3
    assert tally.told > 10


def test_on_a_disk_that_fails_each_edit_is_made_or_refused_without_a_trace(crash: ModuleType) -> None:
    tally = crash.faults(12, 200, seed=5)
    assert tally.problems == []
    assert tally.rounds == 12
    assert min(tally.told, tally.refused, tally.shown) > 100
