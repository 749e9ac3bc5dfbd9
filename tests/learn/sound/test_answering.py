"""What is said of single clips beside the classes: what they sound like, and which parts decided."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import soundfile
from sound_bands import PITCHES, Bands, drawn, make_recordings
from sound_reference import installed

from fsl_desktop.core.answers import Answer
from fsl_desktop.core.audio.info import RATE
from fsl_desktop.core.errors import Stopped
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.sound.answering import MOST_PARTS, answer_clips, sounds_like
from fsl_desktop.learn.sound.blocks import SoundEncoders
from fsl_desktop.learn.sound.clips import Clip, Samples
from fsl_desktop.learn.sound.fitted import FittedMix, fit_sounds


@pytest.fixture
def fitted(tmp_path: Path) -> FittedMix:
    """Learnt from six clips of every pitch."""
    clips, names = drawn(make_recordings(tmp_path / "sounds", 6), 6)
    data = TrainingData.of_lists([clip.name for clip in clips], names)
    own = Bands().blocks([clip.samples() for clip in clips])
    return fit_sounds(data, np.arange(len(clips)), own, [block[:0] for block in own], None)


def write_halves(path: Path) -> Path:
    """Faint noise for a second, then a high tone for another."""
    time = np.arange(RATE) / RATE
    noise = np.random.default_rng(1).normal(size=RATE) * 0.01
    tone = np.sin(2 * np.pi * PITCHES["high"] * time) * 0.3
    soundfile.write(path, np.concatenate([noise, noise + tone]).astype(np.float32), RATE)
    return path


def ask(fitted: FittedMix, clip: Clip) -> Answer:
    return answer_clips(fitted, Bands(), [clip], explain=True)[0]


def test_the_part_with_the_tone_decided(fitted: FittedMix, tmp_path: Path) -> None:
    path = write_halves(tmp_path / "halves.wav")
    moments = ask(fitted, Clip(path)).moments
    assert len(moments) == MOST_PARTS
    assert moments[0].start == 0
    assert moments[-1].end == pytest.approx(2.0)
    assert all(one.end == other.start for one, other in pairwise(moments))
    assert sum(abs(one.weight) for one in moments) == pytest.approx(1)
    noise = sum(one.weight for one in moments[: MOST_PARTS // 2])
    tone = sum(one.weight for one in moments[MOST_PARTS // 2 :])
    assert tone > noise


def test_moments_of_a_part_are_times_in_its_file(fitted: FittedMix, tmp_path: Path) -> None:
    path = write_halves(tmp_path / "halves.wav")
    moments = ask(fitted, Clip(path, 1.0, 1.5)).moments
    assert len(moments) == 5
    assert (moments[0].start, moments[-1].end) == (pytest.approx(1.0), pytest.approx(1.5))


def test_a_clip_too_short_for_two_parts_is_answered_without_moments(
    fitted: FittedMix, tmp_path: Path
) -> None:
    path = write_halves(tmp_path / "halves.wav")
    answer = ask(fitted, Clip(path, 0.0, 0.15))
    assert answer.moments == ()
    assert sum(answer.probabilities) == pytest.approx(1, abs=1e-5)


def test_nothing_is_explained_that_was_not_asked_for(fitted: FittedMix, tmp_path: Path) -> None:
    path = write_halves(tmp_path / "halves.wav")
    assert answer_clips(fitted, Bands(), [Clip(path)])[0].moments == ()


@pytest.mark.model
def test_spoken_digits_sound_like_speech_and_noise_does_not(clips: list[Samples]) -> None:
    ears = SoundEncoders({"yamnet": installed("yamnet")})
    noise = np.random.default_rng(0).normal(size=RATE).astype(np.float32) * 0.1
    kinds = sounds_like(ears, ears.blocks([*clips, noise]))
    speech = [any("speech" in kind.name.lower() for kind in found) for found in kinds]
    assert sum(speech[:10]) >= 8
    assert not speech[10]
    assert all(0.1 <= kind.share <= 1 for found in kinds for kind in found)


@pytest.mark.model
def test_an_explanation_can_be_stopped(fitted: FittedMix, clips: list[Samples], tmp_path: Path) -> None:
    ears = SoundEncoders({"yamnet": installed("yamnet")})
    path = write_halves(tmp_path / "halves.wav")
    with pytest.raises(Stopped):
        answer_clips(fitted, ears, [Clip(path)], explain=True, cancelled=lambda: True)
