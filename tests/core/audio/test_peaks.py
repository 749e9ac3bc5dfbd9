"""The waveform of a recording: exact at every zoom, kept by content, never believed when damaged."""

from __future__ import annotations

import shutil
import time
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile
from sounds import save, tone

from fsl_desktop.core.audio.arrays import load_arrays, save_arrays
from fsl_desktop.core.audio.content import content_hash
from fsl_desktop.core.audio.peaks import BINS, cached_peaks, compute_peaks, peaks
from fsl_desktop.core.errors import Stopped, UserError


def test_every_zoom_is_the_smallest_and_largest_of_its_samples(tmp_path: Path) -> None:
    wave = tone(20.0, noise=0.3)
    found = compute_peaks(save(tmp_path / "a.wav", wave, subtype="FLOAT"))
    assert found.samples == len(wave)
    assert found.seconds == 20.0
    for count, level in zip(BINS, found.levels, strict=True):
        expected = [(part.min(), part.max()) for part in np.split(wave, range(count, len(wave), count))]
        assert level.shape == (len(expected), 2)
        assert np.abs(level - np.array(expected)).max() < 1e-3


@pytest.mark.parametrize(
    ("start", "end", "columns"), [(0, 20, 50), (3, 4, 40), (0, 20, 1000), (7.3, 15.1, 7)]
)
def test_columns_of_a_picture(tmp_path: Path, start: float, end: float, columns: int) -> None:
    wave = tone(20.0, noise=0.3) * np.linspace(0.1, 1, 320_000, dtype=np.float32)
    found = compute_peaks(save(tmp_path / "a.wav", wave, subtype="FLOAT"))
    drawn = found.between(start, end, columns)
    assert drawn.shape == (columns, 2)
    edges = np.linspace(start, end, columns + 1) * 16_000
    wide = edges[1] - edges[0]
    for k in range(columns):
        inside = wave[int(edges[k]) : int(np.ceil(edges[k + 1]))]
        around = wave[max(0, int(edges[k] - wide - 256)) : int(edges[k + 1] + wide + 256)]
        assert around.min() - 1e-3 <= drawn[k, 0] <= inside.min() + 1e-3
        assert inside.max() - 1e-3 <= drawn[k, 1] <= around.max() + 1e-3


def test_outside_the_recording_there_is_nothing(tmp_path: Path) -> None:
    found = compute_peaks(save(tmp_path / "a.wav", tone(1.0) + 1, subtype="FLOAT"))
    drawn = found.between(-1.0, 3.0, 400)
    assert (drawn[:100] == 0).all()
    assert (drawn[100:200] > 0).all()
    assert (drawn[201:] == 0).all()


def test_one_sample_has_peaks(tmp_path: Path) -> None:
    found = peaks(save(tmp_path / "a.wav", np.full(1, 0.5, np.float32)), tmp_path / "cache")
    assert [level.shape for level in found.levels] == [(1, 2)] * 3
    assert found.between(0, found.seconds, 3).shape == (3, 2)


def test_the_second_time_comes_from_the_cache_whatever_the_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = save(tmp_path / "a.flac", tone(3.0))
    cache = tmp_path / "cache"
    assert cached_peaks(path, cache) is None
    first = peaks(path, cache)
    moved = tmp_path / "鸟 copy.flac"
    shutil.copyfile(path, moved)
    monkeypatch.setattr("fsl_desktop.core.audio.peaks.compute_peaks", None)
    for again in (peaks(moved, cache), cached_peaks(moved, cache)):
        assert again is not None
        assert again.samples == first.samples
        for a, b in zip(first.levels, again.levels, strict=True):
            assert isinstance(b, np.memmap)
            assert np.array_equal(a, b)
    assert [file.suffix for file in cache.iterdir()] == [".peaks"]


@pytest.mark.parametrize("harm", ["cut", "empty", "text", "other", "version", "shape"])
def test_a_damaged_cache_is_made_again(tmp_path: Path, harm: str) -> None:
    path = save(tmp_path / "a.wav", tone(3.0))
    cache = tmp_path / "cache"
    good = peaks(path, cache)
    (file,) = cache.iterdir()
    levels = [np.array(level) for level in good.levels]
    del good
    if harm == "cut":
        file.write_bytes(file.read_bytes()[:-100])
    elif harm == "empty":
        file.write_bytes(b"")
    elif harm == "text":
        file.write_text("no numbers")
    elif harm == "other":
        save_arrays(file, [np.zeros(3)])
    elif harm == "version":
        save_arrays(file, [np.array([99, 48_000]), *levels])
    else:
        save_arrays(file, [np.array([1, 10**12]), *levels])
    assert cached_peaks(path, cache) is None
    assert np.array_equal(peaks(path, cache).levels[0], levels[0])
    assert cached_peaks(path, cache) is not None


def test_objects_are_never_loaded(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    assert load_arrays(tmp_path / "a.npy") is None
    assert load_arrays(tmp_path / "not there") is None


def test_progress_and_stop(tmp_path: Path) -> None:
    path = save(tmp_path / "a.flac", np.zeros(16_000 * 200, np.float32))
    shares: list[float] = []
    peaks(path, tmp_path / "cache", progress=shares.append)
    assert shares == sorted(shares)
    assert len(shares) >= 3
    assert shares[-1] == pytest.approx(1.0)
    other = tmp_path / "other"
    with pytest.raises(Stopped):
        peaks(path, other, progress=shares.append, cancelled=lambda: len(shares) >= 5)
    assert not other.exists()


def test_a_long_recording_opens_at_once_the_second_time(tmp_path: Path) -> None:
    path = tmp_path / "long.wav"
    with soundfile.SoundFile(path, "w", 16_000, 1) as file:
        for _ in range(30):
            file.write(tone(60.0))
    tracemalloc.start()
    peaks(path, tmp_path / "cache")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60_000_000  # the samples alone would be 115 MB
    began = time.perf_counter()
    found = peaks(path, tmp_path / "cache")
    drawn = found.between(0, found.seconds, 2000)
    assert time.perf_counter() - began < 1.0
    assert found.seconds == 1800
    assert (drawn[:, 1] > 0.4).all()


def test_what_is_no_sound_leaves_no_cache(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_text("text")
    with pytest.raises(UserError):
        peaks(tmp_path / "a.wav", tmp_path / "cache")
    assert not (tmp_path / "cache").exists()


def test_the_hash_is_of_the_content(tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.write_bytes(b"abc" * 1000)
    same = tmp_path / "same"
    same.write_bytes(b"abc" * 1000)
    assert content_hash(small) == content_hash(same)
    same.write_bytes(b"abc" * 999 + b"abd")
    assert content_hash(small) != content_hash(same)
    size = 20 << 20
    large = tmp_path / "large"
    large.write_bytes(bytes(size))
    seen = {content_hash(large)}
    for place in (0, size - 1, (size - (64 << 10)) * 31 // 63):
        data = bytearray(size)
        data[place] = 1
        large.write_bytes(data)
        seen.add(content_hash(large))
    large.write_bytes(bytes(size + 1))
    seen.add(content_hash(large))
    data = bytearray(size)
    data[10_000_000 : 10_000_000 + size // 50] = b"\x01" * (size // 50)  # longer than a gap
    large.write_bytes(data)
    seen.add(content_hash(large))
    assert len(seen) == 6
    assert all(len(digest) == 32 for digest in seen)
