"""A long recording that goes away, or loses its end, while somebody listens to it."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
import soundfile
from sound_bands import PITCHES, Bands, make_recordings

from fsl_desktop.core.audio.scanning import ScanFinished, ScanPart, ScanStarted
from fsl_desktop.core.config import Preset, Task, TrainConfig
from fsl_desktop.core.errors import UserError
from fsl_desktop.learn.sound.clips import RATE, Clip
from fsl_desktop.learn.sound.data import SoundData
from fsl_desktop.learn.sound.model import SoundModel
from fsl_desktop.learn.sound.run import SoundTraining
from fsl_desktop.learn.sound.scan import scan

SECONDS = 300


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> SoundModel:
    folder = make_recordings(tmp_path_factory.mktemp("clips"), 3)
    clips = [Clip(folder / f"{name} {k}.wav") for name in PITCHES for k in range(3)]
    data = SoundData.of_lists(clips, [name for name in PITCHES for _ in range(3)])
    config = TrainConfig(task=Task.CLASSIFY_AUDIO, model="bands", preset=Preset.INSTANT, seed=0)
    training = SoundTraining(data, config, Bands())
    for _ in training:
        pass
    assert training.model is not None
    return training.model


@pytest.fixture
def night(tmp_path: Path) -> Path:
    noise = np.random.default_rng(1).normal(scale=0.1, size=SECONDS * RATE)
    soundfile.write(tmp_path / "night.wav", noise, RATE)
    return tmp_path / "night.wav"


def test_gone_before_anything_was_heard_is_one_sentence_and_back_again_it_is_heard(
    model: SoundModel, night: Path, tmp_path: Path
) -> None:
    keep, away = tmp_path / "keep", tmp_path / "away.wav"
    events = scan(model, night, 2.0, 2.0, skip_silence=False, keep=keep)
    while not isinstance(next(events), ScanStarted):
        pass
    night.rename(away)
    with pytest.raises(UserError, match=r"^night\.wav is not there\. Choose the file again\.$"):
        next(events)
    away.rename(night)
    finished = list(scan(model, night, 2.0, 2.0, skip_silence=False, keep=keep))[-1]
    assert isinstance(finished, ScanFinished)
    assert len(finished.track.places) == SECONDS // 2


def test_cut_off_in_the_middle_what_was_heard_stays_and_the_rest_is_told_once(
    model: SoundModel, night: Path
) -> None:
    parts, finished = [], None
    for event in scan(model, night, 2.0, 2.0, skip_silence=False):
        if isinstance(event, ScanPart):
            if not parts:
                os.truncate(night, night.stat().st_size // 2)
            parts.append(event)
        finished = event
    assert isinstance(finished, ScanFinished)
    heard = len(finished.track.places)
    assert len(parts[0].places) <= heard < SECONDS // 2
    assert finished.track.places.tolist() == list(range(heard)), "from the start on, without a gap"
    assert len(finished.notes) == 1
    assert finished.notes[0].text.startswith("night.wav ")
