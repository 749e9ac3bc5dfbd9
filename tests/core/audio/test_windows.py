"""Long recordings in windows: every second is in one, silence is skipped, quiet recordings are not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sounds import save, tone

from fsl_desktop.core.audio.windows import cut
from fsl_desktop.core.errors import Stopped, UserError


def noise(seconds: float, level: float, seed: int = 0) -> np.ndarray:
    return (level * np.random.default_rng(seed).standard_normal(round(seconds * 16_000))).astype(np.float32)


def with_calls(seconds: float, background: float, call: float, places: list[float]) -> np.ndarray:
    wave = noise(seconds, background)
    for place in places:
        wave[round(place * 16_000) : round((place + 0.5) * 16_000)] += call * tone(0.5, noise=0)
    return wave


@pytest.mark.parametrize(
    ("seconds", "length", "overlap", "spans"),
    [
        (10.0, 4.0, 0.0, [(0, 4), (4, 8), (8, 10)]),
        (9.9, 4.0, 0.0, [(0, 4), (4, 8)]),
        (8.0, 4.0, 0.0, [(0, 4), (4, 8)]),
        (8.0, 4.0, 2.0, [(0, 4), (2, 6), (4, 8)]),
        (9.0, 4.0, 2.0, [(0, 4), (2, 6), (4, 8), (6, 9)]),
        (3.0, 4.0, 2.0, [(0, 3)]),
        (4.0, 4.0, 0.0, [(0, 4)]),
    ],
)
def test_windows_cover_the_recording(
    tmp_path: Path, seconds: float, length: float, overlap: float, spans: list[tuple[float, float]]
) -> None:
    found = cut(save(tmp_path / "a.wav", tone(seconds)), length, overlap)
    assert list(found.spans) == [pytest.approx(span) for span in spans]
    assert found.skipped == 0
    assert found.seconds == pytest.approx(seconds)


def test_the_rest_is_kept_if_it_is_long_enough(tmp_path: Path) -> None:
    path = save(tmp_path / "a.wav", tone(9.0))
    assert cut(path, 4.0).spans == ((0.0, 4.0), (4.0, 8.0))
    assert cut(path, 4.0, keep_last=0.25).spans[-1] == (8.0, 9.0)


@pytest.mark.parametrize("scale", [1.0, 0.01, 0.001])
def test_silence_is_relative_to_the_recording(tmp_path: Path, scale: float) -> None:
    wave = scale * with_calls(60.0, 0.01, 1.0, [3.2, 30.7, 55.0])
    found = cut(save(tmp_path / "a.wav", wave, subtype="FLOAT"), 1.0)
    assert [span[0] for span in found.spans] == [3.0, 30.0, 31.0, 55.0]
    assert found.skipped == 56


def test_one_rare_call_in_ten_minutes_is_found(tmp_path: Path) -> None:
    wave = with_calls(600.0, 0.01, 0.5, [417.1])
    found = cut(save(tmp_path / "a.flac", wave), 2.0, 1.0)
    assert found.spans == ((416.0, 418.0), (417.0, 419.0))


def test_an_even_sound_is_kept_whole(tmp_path: Path) -> None:
    for wave in (noise(20, 0.1), tone(20.0), noise(20, 1e-4)):
        assert len(cut(save(tmp_path / "a.wav", wave, subtype="FLOAT"), 1.0).spans) == 20


def test_digital_silence_is_skipped_even_around_an_even_sound(tmp_path: Path) -> None:
    wave = np.concatenate([np.zeros(16_000 * 5), noise(5, 0.1), np.full(16_000 * 5, 0.2)]).astype(np.float32)
    found = cut(save(tmp_path / "a.wav", wave), 1.0)
    assert [span[0] for span in found.spans] == [5, 6, 7, 8, 9]


def test_all_silent_has_no_window_and_unskipped_all(tmp_path: Path) -> None:
    path = save(tmp_path / "a.wav", np.zeros(16_000 * 5, np.float32))
    assert cut(path, 1.0).spans == ()
    assert cut(path, 1.0).skipped == 5
    assert len(cut(path, 1.0, skip_silence=False).spans) == 5
    assert cut(path, 10.0).spans == ((0.0, 5.0),)


@pytest.mark.parametrize(("length", "overlap"), [(0, 0), (-1, 0), (2, 2), (2, 3), (2, -1), (float("nan"), 0)])
def test_lengths_that_cannot_be(tmp_path: Path, length: float, overlap: float) -> None:
    with pytest.raises(UserError, match="shorter than the windows"):
        cut(save(tmp_path / "a.wav", tone(1.0)), length, overlap)


def test_too_many_windows(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="more than 2,000,000 windows"):
        cut(save(tmp_path / "a.wav", tone(3.0)), 1.0, 1 - 1e-6)


def test_progress_and_stop(tmp_path: Path) -> None:
    path = save(tmp_path / "a.wav", tone(65.0))
    shares: list[float] = []
    cut(path, 1.0, progress=shares.append)
    assert shares == sorted(shares)
    assert len(shares) == 4
    assert shares[-1] == pytest.approx(1)
    with pytest.raises(Stopped):
        cut(path, 1.0, progress=shares.append, cancelled=lambda: len(shares) > 5)
