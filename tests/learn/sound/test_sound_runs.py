"""A run on recordings: what is heard of them, what is kept, and what becomes of files that are none."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sound_bands import Bands, drawn, make_recordings

from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import Cancelled, Event, Finished, Phase, Progress
from fsl_desktop.learn.sound.clips import Clip
from fsl_desktop.learn.sound.data import SoundData
from fsl_desktop.learn.sound.folder import load_sound_folder
from fsl_desktop.learn.sound.run import SoundTraining

CONFIG = TrainConfig(preset=Preset.INSTANT)


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_recordings(tmp_path_factory.mktemp("recordings"), 40)


def run(data: SoundData, config: TrainConfig = CONFIG) -> tuple[list[Event], SoundTraining]:
    training = SoundTraining(data, config, Bands())
    return list(training), training


def test_a_handful_of_clips_is_learnt_and_others_are_told_apart(recordings: Path) -> None:
    clips, labels = drawn(recordings, 5)
    around, _ = drawn(recordings, 20, first=5)
    events, training = run(SoundData.of_lists(clips, labels, unlabelled=around))
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.summary.accuracy is not None
    assert last.summary.accuracy.n == 15
    assert last.summary.accuracy.low <= last.summary.accuracy.value <= last.summary.accuracy.high
    assert any("60 rows without a label" in note.text for note in last.summary.notes)
    told = [event for event in events if isinstance(event, Progress) and event.phase is Phase.ENCODING]
    assert told[-1].done == told[-1].total == 75
    assert training.model is not None
    asked, true = drawn(recordings, 15, first=25)
    answers = training.model.predict([clip.path for clip in asked])
    assert np.mean([said == right for said, right in zip(answers.labels, true, strict=True)]) > 0.8
    np.testing.assert_allclose(answers.probabilities.sum(axis=1), 1, atol=1e-5)


def test_clips_that_are_no_sound_are_told_and_the_others_are_learnt_from(
    recordings: Path, tmp_path: Path
) -> None:
    clips, labels = drawn(recordings, 4)
    broken = tmp_path / "notes.wav"
    broken.write_text("these are words", encoding="utf-8")
    data = SoundData.of_lists([Clip(broken), *clips, Clip(tmp_path / "gone.wav")], ["low", *labels, "high"])
    events, training = run(data)
    last = events[-1]
    assert isinstance(last, Finished)
    assert last.summary.n_labelled == 12
    assert [trouble.place for trouble in training.troubles] == [0, 13]
    text = " ".join(note.text for note in last.summary.notes)
    assert "notes.wav" in text
    assert "gone.wav" in text
    assert training.model is not None
    places, answers, troubles = training.model.predict_clips([clips[0], Clip(broken), clips[1]])
    assert places == [0, 2]
    assert len(answers.labels) == 2
    assert [trouble.place for trouble in troubles] == [1]


def test_where_nothing_can_be_read_it_says_why(tmp_path: Path) -> None:
    clips = [Clip(tmp_path / name) for name in ("a.wav", "b.wav")]
    with pytest.raises(UserError, match=r"a\.wav"):
        run(SoundData.of_lists(clips, ["one", "other"]))


def test_parts_of_one_recording_do_not_judge_each_other(recordings: Path) -> None:
    path = recordings / "low 0.wav"
    other = recordings / "high 0.wav"
    clips = [Clip(one, start, start + 0.1) for one in (path, other) for start in (0.0, 0.1, 0.2)]
    data = SoundData.of_lists(clips, ["low"] * 3 + ["high"] * 3)
    assert len(set(data.groups().tolist())) == 2
    events, _ = run(data)
    assert isinstance(events[-1], Finished)
    assert events[-1].summary.accuracy is None, "two recordings are too few for a score"


def test_the_same_seed_gives_the_same_model_and_it_survives_being_saved(
    recordings: Path, tmp_path: Path
) -> None:
    clips, labels = drawn(recordings, 3)
    data = SoundData.of_lists(clips, labels)
    models = [run(data)[1].model for _ in range(2)]
    asked, _ = drawn(recordings, 5, first=20)
    paths = [clip.path for clip in asked]
    one, other = (model.predict(paths).probabilities for model in models if model is not None)
    np.testing.assert_array_equal(one, other)
    assert models[0] is not None
    models[0].save(tmp_path / "model")
    again = load_sound_folder(tmp_path / "model", lambda folder, ids: Bands())
    np.testing.assert_allclose(again.predict(paths).probabilities, one, atol=1e-6)
    card = (tmp_path / "model" / "README.md").read_text(encoding="utf-8")
    assert data.sha256() in card
    (tmp_path / "model" / "mix.safetensors").write_bytes(b"changed")
    with pytest.raises(UserError, match=r"mix\.safetensors"):
        load_sound_folder(tmp_path / "model", lambda folder, ids: Bands())


def test_a_run_can_be_stopped(recordings: Path) -> None:
    clips, labels = drawn(recordings, 3)
    training = SoundTraining(SoundData.of_lists(clips, labels), CONFIG, Bands(), cancelled=lambda: True)
    events = list(training)
    assert isinstance(events[-1], Cancelled)
    assert training.model is None
