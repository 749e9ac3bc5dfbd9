"""The overview of a long recording: every half second its loudest, the same from the cache."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sounds import save

from fsl_desktop.core.audio.overview import overview
from fsl_desktop.core.audio.spectrogram import FLOOR_DB, Scale, band_hertz
from fsl_desktop.core.errors import Stopped


def beep(tmp_path: Path) -> Path:
    """25 s of silence with 50 ms of 1 kHz at 12.1 s."""
    wave = np.zeros(25 * 16_000, np.float32)
    n = np.arange(800)
    wave[round(12.1 * 16_000) :][:800] = 0.5 * np.sin(2 * np.pi * 1000 * n / 16_000)
    return save(tmp_path / "a.wav", wave)


@pytest.mark.parametrize("scale", list(Scale))
def test_a_short_call_shows_where_it_is(tmp_path: Path, scale: Scale) -> None:
    rows = overview(beep(tmp_path), tmp_path / "c", scale)
    assert rows.shape == (50, scale.bands)
    loud = np.flatnonzero(rows.max(axis=1) > FLOOR_DB + 30)
    assert loud.tolist() == [24]
    assert band_hertz(scale)[int(rows[24].argmax())] == pytest.approx(1000, rel=0.06)


def test_the_rows_come_while_it_is_computed_and_then_from_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = beep(tmp_path)
    told = []
    rows = overview(path, tmp_path / "c", progress=lambda share, some: told.append((share, some)))
    assert [round(share, 1) for share, _ in told] == [0.4, 0.8, 1.0]
    assert np.array_equal(np.concatenate([some for _, some in told]), rows)
    monkeypatch.setattr("fsl_desktop.core.audio.overview.stream", None)
    assert np.array_equal(overview(path, tmp_path / "c"), rows)


def test_it_can_be_stopped(tmp_path: Path) -> None:
    with pytest.raises(Stopped):
        overview(beep(tmp_path), tmp_path / "c", cancelled=lambda: True)
    assert not (tmp_path / "c").exists()
