"""Mel spectrograms: the right band and level, no seam between tiles, kept in the cache."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sounds import save, tone

from fsl_desktop.core.audio.spectrogram import BANDS, FLOOR_DB, Scale, Spectrogram, band_hertz, mel
from fsl_desktop.core.errors import Stopped, UserError


@pytest.mark.parametrize("band", [0, 5, 20, 40, 63])
def test_a_tone_is_in_its_band_at_its_level(tmp_path: Path, band: int) -> None:
    wave = 2 * tone(2.0, pitch=float(band_hertz()[band]), noise=0)
    picture = Spectrogram(save(tmp_path / "a.wav", wave, subtype="FLOAT"), tmp_path / "c").between(0.5, 1.5)
    assert picture.shape == (100, BANDS)
    assert abs(int(picture.mean(axis=0).argmax()) - band) <= 1
    # A filter that is wider than the window's own smear adds up some bins of it.
    assert -3 < picture.max() < 12


@pytest.mark.parametrize("band", [0, 30, 127])
def test_on_the_linear_scale_all_bands_are_of_one_width(tmp_path: Path, band: int) -> None:
    hertz = band_hertz(Scale.LINEAR)
    assert np.diff(hertz) == pytest.approx(8000 / 129)
    path = save(tmp_path / "a.wav", 2 * tone(2.0, pitch=float(hertz[band]), noise=0), subtype="FLOAT")
    picture = Spectrogram(path, tmp_path / "c", Scale.LINEAR).between(0.5, 1.5)
    assert picture.shape == (100, 128)
    assert int(picture.mean(axis=0).argmax()) == band
    assert Spectrogram(path, tmp_path / "c").between(0.5, 1.5).shape == (100, BANDS), "kept apart"


def test_silence_is_the_floor(tmp_path: Path) -> None:
    path = save(tmp_path / "a.wav", np.zeros(16_000, np.float32))
    assert (Spectrogram(path, tmp_path / "c").tile(0) == FLOOR_DB).all()


@pytest.mark.parametrize("rate", [16_000, 44_100])
def test_tiles_meet_without_a_seam(tmp_path: Path, rate: int) -> None:
    wave = tone(25.0, rate, noise=0.2)
    path = save(tmp_path / "a.wav", wave, rate, subtype="FLOAT")
    spectrogram = Spectrogram(path, tmp_path / "c")
    assert spectrogram.tiles == 3
    assert [spectrogram.tile(k).shape[0] for k in range(3)] == [1000, 1000, 500]
    whole = spectrogram.between(0, 99)
    assert whole.shape == (2500, BANDS)
    from fsl_desktop.core.audio.sound import read

    at_once = mel(read(path), 0, 2500)
    assert np.abs(whole - at_once)[:-5].max() < 0.3
    assert np.array_equal(spectrogram.between(9.5, 10.5), whole[950:1050])
    assert spectrogram.between(30, 40).shape == (0, BANDS)
    assert spectrogram.between(-5, 0.1).shape == (10, BANDS)


def test_a_click_is_where_it_is(tmp_path: Path) -> None:
    wave = np.zeros(16_000 * 12, np.float32)
    wave[round(10.5 * 16_000)] = 1
    picture = Spectrogram(save(tmp_path / "a.wav", wave), tmp_path / "c").between(10, 11)
    assert int(picture.max(axis=1).argmax()) == 50


def test_tiles_come_from_the_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path / "a.wav", tone(12.0))
    first = np.array(Spectrogram(path, tmp_path / "c").between(0, 12))
    again = Spectrogram(path, tmp_path / "c")
    monkeypatch.setattr("fsl_desktop.core.audio.spectrogram.read", None)
    assert np.array_equal(again.between(0, 12), first)
    assert isinstance(again.tile(0), np.memmap)


def test_a_damaged_tile_is_made_again(tmp_path: Path) -> None:
    path = save(tmp_path / "a.wav", tone(1.0))
    first = np.array(Spectrogram(path, tmp_path / "c").tile(0))
    (file,) = (tmp_path / "c").rglob("*.tile")
    file.write_bytes(b"\x93NUMPY\x01\x00" + bytes(50))
    assert np.array_equal(Spectrogram(path, tmp_path / "c").tile(0), first)


def test_behind_the_break_of_a_file_there_is_silence(tmp_path: Path) -> None:
    path = save(tmp_path / "a.flac", tone(40.0, noise=0.3))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 4])
    spectrogram = Spectrogram(path, tmp_path / "c")
    assert spectrogram.tiles == 4
    assert (spectrogram.tile(3) == FLOOR_DB).all()
    assert spectrogram.tile(0).max() > -20


def test_stop_and_no_sound(tmp_path: Path) -> None:
    path = save(tmp_path / "a.wav", tone(1.0))
    with pytest.raises(Stopped):
        Spectrogram(path, tmp_path / "c").between(0, 1, cancelled=lambda: True)
    with pytest.raises(UserError):
        Spectrogram(tmp_path / "none.wav", tmp_path / "c")


def test_huge_samples_stay_numbers() -> None:
    assert np.isfinite(mel(np.full(4000, 1e6, np.float32), 0, 20)).all()
    assert mel(np.zeros(1, np.float32), 0, 1).shape == (1, BANDS)
