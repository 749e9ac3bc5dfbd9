"""Odd recordings among good ones: what can be heard is heard, the others are told and hold up nobody."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import numpy as np
from odd_sounds import odd, refused, write_hours
from sound_bands import Bands

from fsl_desktop.core.audio.info import HEARD_SECONDS, RATE
from fsl_desktop.learn.sound.clips import Clip, read_clips


def test_each_that_cannot_be_heard_is_one_sentence_and_the_others_have_finite_blocks(tmp_path: Path) -> None:
    bad, good = refused(tmp_path / "bad"), odd(tmp_path / "good")
    asked = [tmp_path / "bad" / name for name in bad] + [tmp_path / "good" / name for name in good]
    gone = tmp_path / "good" / "gone.wav"
    places, samples, troubles = read_clips([Clip(path) for path in (*asked, gone)])
    assert places == list(range(len(bad), len(asked)))
    assert [one.place for one in troubles] == [*range(len(bad)), len(asked)]
    said = [one.message.text for one in troubles]
    assert all(one.startswith(words) for one, words in zip(said, bad.values(), strict=False))
    assert said[-1] == "gone.wav is not there. Choose the file again."
    for block in Bands().blocks(samples):
        assert len(block) == len(good)
        assert np.isfinite(block).all()


def test_of_five_hours_only_what_is_heard_is_read(tmp_path: Path) -> None:
    path = write_hours(tmp_path / "night.wav", 5)
    tracemalloc.start()
    [whole, end] = read_clips([Clip(path), Clip(path, 5 * 3600 - 1.0)])[1]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert len(whole) == HEARD_SECONDS * RATE
    assert 0.4 < np.abs(end).max() < 0.65
    assert peak < 30_000_000
