"""Many parts of one recording in one pass: the same samples as read one by one."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from sounds import save, tone

from fsl_desktop.core.audio import parts
from fsl_desktop.core.audio.parts import read_parts
from fsl_desktop.core.audio.sound import read
from fsl_desktop.core.errors import Stopped, UserError

SPANS = [
    (3.0, 4.5),
    (0.0, 1.0),
    (0.5, 1.5),
    (21.0, 22.5),
    (0.5, 0.6),
    (0.0, 12.0),
    (11.99, 12.01),
    (23.5, 26.0),
]


@pytest.mark.parametrize("rate", [16_000, 44_100])
@pytest.mark.parametrize("gap", [0.0, 5.0, 300.0])
def test_the_same_as_one_by_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rate: int, gap: float
) -> None:
    monkeypatch.setattr(parts, "_GAP", gap)
    path = save(tmp_path / "a.flac", tone(24.0, rate, noise=0.2), rate)
    found = dict(read_parts(path, SPANS))
    assert sorted(found) == list(range(len(SPANS)))
    for place, samples in found.items():
        alone = read(path, *SPANS[place])
        assert isinstance(samples, np.ndarray)
        assert abs(len(samples) - len(alone)) <= 1
        n = min(len(samples), len(alone))
        inside = slice(100, n - 100) if rate != 16_000 else slice(0, n)  # the filter starts anew in a part
        assert np.abs(samples[:n] - alone[:n])[inside].max() < 1e-3
    assert [SPANS[place][0] for place, _ in read_parts(path, SPANS)] == sorted(start for start, _ in SPANS)


def test_what_is_behind_the_end_is_told_and_the_others_are_given(tmp_path: Path) -> None:
    path = save(tmp_path / "a.wav", tone(2.0))
    found = dict(read_parts(path, [(0.0, 1.0), (1.5, 3.0), (2.5, 3.0), (900.0, 901.0)]))
    assert [len(found[k]) for k in (0, 1)] == [16_000, 8_000]
    for place, start in ((2, "2.50"), (3, "900.00")):
        assert isinstance(found[place], UserError)
        assert f"ends before {start} seconds" in str(found[place])


def test_what_is_no_sound_is_told_for_each(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("text")
    found = list(read_parts(tmp_path / "a.wav", [(0.0, 1.0), (1.0, 2.0)]))
    assert ["is a text" in str(error) for _, error in found] == [True, True]
    assert list(read_parts(tmp_path / "a.wav", [])) == []


def test_memory_is_that_of_the_parts_that_overlap(tmp_path: Path) -> None:
    path = save(tmp_path / "a.wav", tone(600.0))
    spans = [(start / 2, start / 2 + 1.0) for start in range(1198)]
    tracemalloc.start()
    total = sum(len(samples) for _, samples in read_parts(path, spans) if isinstance(samples, np.ndarray))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert total == 1198 * 16_000
    assert peak < 12_000_000  # the whole would be 38 MB


def test_stop_and_spans_that_cannot_be(tmp_path: Path) -> None:
    path = save(tmp_path / "a.wav", tone(2.0))
    with pytest.raises(Stopped):
        list(read_parts(path, [(0.0, 1.0)], cancelled=lambda: True))
    with pytest.raises(UserError, match="not after its start"):
        list(read_parts(path, [(1.0, 1.0)]))
