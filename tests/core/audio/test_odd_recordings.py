"""Recordings that people really have: clipped, silent, with another's ending, five hours long."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from odd_sounds import write_hours
from sounds import save, tone

from fsl_desktop.core.audio.sound import probe, read, stream
from fsl_desktop.core.audio.windows import cut
from fsl_desktop.core.errors import UserError

HOURS = 5


def test_clipped_sound_is_heard_as_it_is(tmp_path: Path) -> None:
    loud = np.clip(8 * tone(0.5), -1, 1)
    samples = read(save(tmp_path / "clipped.wav", loud))
    assert np.abs(samples - loud).max() < 1e-4
    assert probe(tmp_path / "clipped.wav").notes == ()


def test_silence_is_a_sound_of_zeros(tmp_path: Path) -> None:
    samples = read(save(tmp_path / "zeros.wav", np.zeros(16_000, np.float32)))
    assert len(samples) == 16_000
    assert not samples.any()


@pytest.mark.parametrize(
    ("name", "format", "subtype"),
    [("flac.wav", "FLAC", "PCM_16"), ("mp3.wav", "MP3", "MPEG_LAYER_III"), ("wav.mp3", "WAV", "PCM_16")],
)
def test_what_is_in_a_file_counts_and_not_its_ending(
    tmp_path: Path, name: str, format: str, subtype: str
) -> None:
    path = save(tmp_path / name, tone(0.6), format=format, subtype=subtype)
    assert probe(path).format == format
    samples = read(path)
    assert len(samples) == pytest.approx(9_600, abs=1_500)  # an MP3 begins and ends with a little silence
    assert 0.4 < np.abs(samples[3000:6000]).max() < 0.65


def test_five_hours_are_read_part_by_part_in_little_memory(tmp_path: Path) -> None:
    path = write_hours(tmp_path / "night.wav", HOURS)
    tracemalloc.start()
    assert probe(path).seconds == pytest.approx(HOURS * 3600)
    end = read(path, HOURS * 3600 - 1.0)
    for number, block in enumerate(stream(path, block_seconds=10.0)):
        assert len(block) == 160_000
        if number == 60:
            break
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(end) == pytest.approx(16_000, abs=2)
    assert 0.4 < np.abs(end).max() < 0.65
    assert peak < 30_000_000  # decoded it would be 1.2 GB


def test_as_one_clip_it_is_too_long_and_the_sentence_says_what_to_do(tmp_path: Path) -> None:
    path = write_hours(tmp_path / "night.wav", HOURS)
    with pytest.raises(UserError, match=r"night\.wav is longer than \d+ hours?.*Cut it into windows"):
        read(path)


def test_a_tone_in_a_silent_hour_is_the_one_window(tmp_path: Path) -> None:
    path = write_hours(tmp_path / "hour.wav", 1)
    spans = cut(path, 2.0, 0.0, skip_silence=True).spans
    assert len(spans) <= 2
    assert spans[-1][1] == pytest.approx(3600, abs=2)
