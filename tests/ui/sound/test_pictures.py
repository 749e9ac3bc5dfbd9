"""The pictures of a sound show it where and how it is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QColor, QImage
from sounds import save, tone

from fsl_desktop.core.audio.overview import overview
from fsl_desktop.core.audio.peaks import compute_peaks
from fsl_desktop.core.audio.spectrogram import Scale
from fsl_desktop.ui.sound.colour_maps import ColourMap, ground, table
from fsl_desktop.ui.sound.spectrum_picture import Look, SpectrumSource, hertz_at, share_at
from fsl_desktop.ui.sound.wave_picture import WaveSource, sample_columns, wave_image
from fsl_desktop.ui.theme import luminance


def never() -> bool:
    return False


def pixels(image: QImage) -> np.ndarray:
    image = image.convertToFormat(QImage.Format.Format_ARGB32)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


def test_columns_are_the_extremes_of_their_samples() -> None:
    wave = np.zeros(1000, np.float32)
    wave[505], wave[506] = 0.8, -0.6
    columns = sample_columns(wave, 0, 1000, 100)
    assert columns[50].tolist() == pytest.approx([-0.6, 0.8])
    assert not columns[:50].any()
    assert not columns[52:].any()


def test_closer_than_the_samples_the_line_between_them_is_drawn() -> None:
    columns = sample_columns(np.array([0, 1, 0], np.float32), 0, 2, 8)
    assert columns[:, 1].tolist() == pytest.approx([0.25, 0.5, 0.75, 1, 1, 0.75, 0.5, 0.25])


def test_outside_the_recording_there_is_nothing() -> None:
    columns = sample_columns(np.ones(100, np.float32), -100, 200, 30)
    assert not columns[:9].any()
    assert not columns[21:].any()
    assert (columns[11:19] == 1).all()


def test_a_short_part_is_read_once_and_a_long_one_needs_peaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path / "a.wav", tone(40.0))
    source = WaveSource(path)
    near = source.columns(10, 12, 50)
    monkeypatch.setattr("fsl_desktop.ui.sound.wave_picture.read", None)
    assert near is not None
    assert source.columns(11, 13, 50) is not None, "from what is held"
    assert source.columns(0, 40, 50) is None
    source.peaks = compute_peaks(path)
    far = source.columns(0, 40, 50)
    assert far is not None
    assert far.shape == (50, 2)
    assert far[25] == pytest.approx([-0.53, 0.53], abs=0.03)


def test_the_wave_is_drawn_where_its_values_are(qapp) -> None:
    columns = np.array([[-1, 1], [0, 0], [0.5, 1.0]], np.float32)
    shown = pixels(wave_image(columns, 101, "#3355D1"))
    opaque = shown[:, :, 3] > 200
    assert opaque[:, 0].all()
    assert np.flatnonzero(opaque[:, 1]).tolist() in ([50], [49, 50], [50, 51])
    assert np.flatnonzero(opaque[:, 2]).max() == pytest.approx(25, abs=1)
    assert QColor(*shown[50, 0, 2::-1].tolist()).name().upper() == "#3355D1"


def test_gain_makes_the_wave_taller(qapp) -> None:
    columns = np.full((1, 2), [-0.25, 0.25], np.float32)
    heights = [
        int((pixels(wave_image(columns, 101, "#000000", gain))[:, 0, 3] > 128).sum()) for gain in (1, 2, 99)
    ]
    assert heights[1] == pytest.approx(2 * heights[0], abs=2)
    assert heights[2] == 101


@pytest.mark.parametrize("scale", list(Scale))
def test_a_tone_is_a_line_at_its_pitch_from_its_start_to_its_end(tmp_path: Path, qapp, scale: Scale) -> None:
    wave = np.zeros(10 * 16_000, np.float32)
    wave[4 * 16_000 : 6 * 16_000] = tone(2.0, pitch=2000, noise=0)
    source = SpectrumSource(save(tmp_path / "a.wav", wave), tmp_path / "c")
    look = Look(scale)
    got: list[QImage] = []
    source.draw(0, 10, (200, 100), look, got.append, never)
    light = pixels(got[-1])[:, :, :3].sum(axis=2).astype(int)
    assert light.shape == (100, 200)
    row = 99 - int(share_at(2000, look) * 100)
    line = np.flatnonzero(light[row - 1 : row + 2].max(axis=0) > 400)
    assert line.min() == pytest.approx(80, abs=2)
    assert line.max() == pytest.approx(120, abs=2)
    assert int(light[:, 100].argmax()) == pytest.approx(row, abs=2)


def test_the_frequencies_seen_can_be_cut(tmp_path: Path, qapp) -> None:
    source = SpectrumSource(save(tmp_path / "a.wav", tone(2.0, pitch=1000, noise=0)), tmp_path / "c")
    for top in (8000, 2000):
        got: list[QImage] = []
        source.draw(0, 2, (50, 80), Look(top_hertz=top), got.append, never)
        loudest = int(pixels(got[-1])[:, 25, :3].sum(axis=1).argmax())
        assert 79 - loudest == pytest.approx(80 * 1000 / top, abs=3)


@pytest.mark.parametrize("scale", list(Scale))
def test_axis_and_picture_agree(scale: Scale) -> None:
    look = Look(scale)
    for hertz in (100.0, 1000.0, 7000.0):
        assert hertz_at(np.array([share_at(hertz, look)]), look)[0] == pytest.approx(hertz)


def test_pictures_come_while_tiles_are_computed(
    tmp_path: Path, qapp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fsl_desktop.ui.sound.spectrum_picture._AGAIN", 0.0)
    source = SpectrumSource(save(tmp_path / "a.wav", tone(50.0)), tmp_path / "c")
    got: list[QImage] = []
    source.draw(0, 50, (100, 40), Look(), got.append, never)
    assert len(got) == 5
    known = [
        int((pixels(image)[20, :, :3].sum(axis=1) != pixels(image)[20, 99, :3].sum()).sum()) for image in got
    ]
    assert known[0] < known[2] < known[3]
    source.draw(0, 50, (100, 40), Look(), got.append, never)
    assert len(got) == 6, "all is known"


def test_a_long_part_is_drawn_from_its_overview(tmp_path: Path, qapp) -> None:
    path = save(
        tmp_path / "a.wav", np.concatenate([tone(200.0, pitch=3000), np.zeros(200 * 16_000, np.float32)])
    )
    source = SpectrumSource(path, tmp_path / "c")
    got: list[QImage] = []
    source.draw(0, 400, (100, 40), Look(), got.append, never)
    assert got == [], "nothing is known yet"
    source.overviews[Scale.LINEAR] = overview(path, tmp_path / "c", Scale.LINEAR)
    source.draw(0, 400, (100, 40), Look(), got.append, never)
    light = pixels(got[0])[39 - 15, :, :3].sum(axis=1)
    assert light[10] > 350 > 200 > light[90]


@pytest.mark.parametrize("colours", list(ColourMap))
def test_colour_maps_only_get_lighter_or_only_darker(colours: ColourMap) -> None:
    light = np.array([luminance(f"#{int(value) & 0xFFFFFF:06X}") for value in table(colours)])
    steps = np.diff(light) * (-1 if colours is ColourMap.INK else 1)
    assert (steps > -2e-3).all()
    assert abs(light[-1] - light[0]) > 0.7
    assert luminance(ground(colours)) == pytest.approx(light[0])
