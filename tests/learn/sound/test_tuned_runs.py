"""Runs on recordings that tune: the events a window draws, what is kept, and what class names add."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch
from sound_bands import Bands, TunableBands, drawn, make_recordings
from sound_reference import installed

from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import (
    Cancelled,
    EpochEnd,
    Evaluated,
    Event,
    Finished,
    Phase,
    Started,
    StepEnd,
)
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.sound import presets as module
from fsl_desktop.learn.sound.blocks import SoundEncoders
from fsl_desktop.learn.sound.data import SoundData
from fsl_desktop.learn.sound.ears import TunableEars
from fsl_desktop.learn.sound.folder import load_sound_folder
from fsl_desktop.learn.sound.model import SoundModel
from fsl_desktop.learn.sound.run import SoundTraining
from fsl_desktop.learn.sound.tuned import TunedEars, saved_ears, with_tuned

BALANCED = TrainConfig(preset=Preset.BALANCED, learning_rate=5e-3)


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_recordings(tmp_path_factory.mktemp("recordings"), 40)


def run(
    folder: Path,
    config: TrainConfig = BALANCED,
    each: int = 12,
    cancelled: Callable[[], bool] = lambda: False,
    ears: Bands | None = None,
) -> tuple[list[Event], SoundTraining]:
    data = SoundData.of_lists(*drawn(folder, each))
    training = SoundTraining(data, config, ears or TunableBands(), cancelled)
    return list(training), training


def probabilities(model: SoundModel | None, folder: Path) -> Matrix:
    assert model is not None
    return model.predict([clip.path for clip in drawn(folder, 5, first=30)[0]]).probabilities


def notes(events: Sequence[Event]) -> str:
    last = events[-1]
    assert isinstance(last, Finished)
    return " ".join(note.text for note in last.summary.notes)


def test_balanced_tells_a_curve_as_for_texts_and_keeps_layers_that_learnt(recordings: Path) -> None:
    events, training = run(recordings)
    started, last = events[0], events[-1]
    assert isinstance(started, Started)
    assert isinstance(last, Finished)
    checked = [one for one in events if isinstance(one, StepEnd) and one.phase is Phase.CHECKING]
    assert [one.step for one in checked] == list(range(1, len(checked) + 1))
    assert len(checked) <= started.steps == checked[0].steps
    assert checked[-1].train_loss < checked[0].train_loss
    assert all(one.held_out_loss is not None and one.seconds_left is not None for one in checked)
    evaluated = [one for one in events if isinstance(one, Evaluated)]
    assert any(one.best for one in evaluated)
    assert any(isinstance(one, EpochEnd) for one in events)
    kept = [one for one in events if isinstance(one, StepEnd) and one.phase is Phase.TUNING]
    assert [one.step for one in kept] == list(range(1, kept[-1].steps + 1))
    assert last.summary.steps == len(checked)
    assert last.summary.best_step == len(kept)
    assert last.summary.accuracy is not None
    assert last.summary.accuracy.value > 0.8
    assert training.model is not None
    assert isinstance(training.model.ears, TunedEars)
    assert "upper layers of bands" in training.model.provenance.recipe
    names = training.model.class_names
    true = drawn(recordings, 5, first=30)[1]
    said = [names[one] for one in probabilities(training.model, recordings).argmax(axis=1)]
    assert sum(one == name for one, name in zip(said, true, strict=True)) >= 12


def test_the_same_seed_gives_the_same_tuned_model_and_another_one_another(recordings: Path) -> None:
    one, same, other = (
        probabilities(run(recordings, TrainConfig(preset=Preset.BALANCED, seed=seed))[1].model, recordings)
        for seed in (0, 0, 1)
    )
    np.testing.assert_array_equal(one, same)
    assert np.abs(one - other).max() > 1e-6


def test_a_tuned_model_answers_the_same_after_it_was_loaded(recordings: Path, tmp_path: Path) -> None:
    _, training = run(recordings)
    before = probabilities(training.model, recordings)
    assert training.model is not None
    training.model.save(tmp_path / "model")
    again = load_sound_folder(tmp_path / "model", lambda folder, ids: with_tuned(TunableBands(), folder))
    np.testing.assert_allclose(probabilities(again, recordings), before, atol=1e-6)
    assert not list((tmp_path / "model").rglob("*.pkl"))
    layers = tmp_path / "model" / "encoders" / "tuned.safetensors"
    content = layers.read_bytes()
    layers.write_bytes(content[:-4] + b"\0\0\0\1")
    with pytest.raises(UserError, match=r"tuned\.safetensors"):
        load_sound_folder(tmp_path / "model", lambda folder, ids: with_tuned(TunableBands(), folder))


def test_layers_of_an_unknown_encoder_are_refused(tmp_path: Path) -> None:
    (tmp_path / "tuned.safetensors").write_bytes(b"no tensors")
    with pytest.raises(UserError, match="damaged"):
        with_tuned(TunableBands(), tmp_path)


def test_a_run_that_is_stopped_while_it_tunes_keeps_the_mix(recordings: Path) -> None:
    instant = run(recordings, TrainConfig(preset=Preset.INSTANT))[1].model
    told: list[Event] = []
    training = SoundTraining(
        SoundData.of_lists(*drawn(recordings, 12)),
        BALANCED,
        TunableBands(),
        cancelled=lambda: sum(isinstance(one, StepEnd) for one in told) >= 3,
    )
    for event in training:
        told += [event]  # one by one: the run asks in between
    last = told[-1]
    assert isinstance(last, Cancelled)
    assert sum(isinstance(one, StepEnd) for one in told) == 3
    assert last.summary is not None
    assert last.summary.cancelled
    assert "instant model was kept" in " ".join(note.text for note in last.summary.notes)
    assert training.model is not None
    assert not isinstance(training.model.ears, TunedEars)
    said = probabilities(training.model, recordings).argmax(axis=1)
    assert instant is not None
    np.testing.assert_array_equal(said, probabilities(instant, recordings).argmax(axis=1))


def test_automatic_is_instant_with_few_labels_and_says_so(recordings: Path) -> None:
    events, training = run(recordings, TrainConfig(preset=Preset.AUTO), each=5)
    assert not any(isinstance(one, StepEnd) for one in events)
    assert "fewer than 20 labelled clips per class" in notes(events)
    assert training.model is not None


def test_automatic_does_not_tune_where_nothing_is_left_to_be_gained(
    recordings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fsl_desktop.learn.sound.tuning_run.PERFECT", 0.8)
    events, _ = run(recordings, TrainConfig(preset=Preset.AUTO), each=20)
    assert not any(isinstance(one, StepEnd) for one in events)
    assert "next to nothing to be gained" in notes(events)


class Deaf(TunableBands):
    """Its frozen blocks say nothing, or its layer hears nothing."""

    def __init__(self, *, above: bool) -> None:
        self._above = above

    def blocks(
        self, samples: Sequence[np.ndarray], *, progress: object = None, cancelled: object = None
    ) -> list[Matrix]:
        if self._above:
            return super().blocks(samples)
        return [np.random.default_rng(len(samples)).normal(size=(len(samples), 4)).astype(np.float32)]

    def lower(
        self, samples: Sequence[np.ndarray], models: Sequence[str], *, cancelled: object = None
    ) -> list[tuple[torch.Tensor, ...]]:
        if not self._above:
            return super().lower(samples, models)
        chance = torch.Generator().manual_seed(0)
        return [(torch.randn(15, 12, generator=chance).half(),) for _ in samples]


def test_automatic_tunes_where_that_is_a_gain(recordings: Path) -> None:
    config = TrainConfig(preset=Preset.AUTO, learning_rate=5e-3)
    events, training = run(recordings, config, each=20, ears=Deaf(above=False))
    assert any(isinstance(one, StepEnd) and one.phase is Phase.TUNING for one in events)
    assert training.model is not None
    assert isinstance(training.model.ears, TunedEars)


def test_a_tuned_model_that_is_clearly_worse_is_never_kept(
    recordings: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fsl_desktop.learn.sound.tuning_run.SHARE", 0.98)
    events, training = run(recordings, each=12, ears=Deaf(above=True))
    assert any(isinstance(one, StepEnd) and one.phase is Phase.CHECKING for one in events)
    assert not any(isinstance(one, StepEnd) and one.phase is Phase.TUNING for one in events)
    assert "frozen encoders were kept" in notes(events)
    assert training.model is not None
    assert not isinstance(training.model.ears, TunedEars)


def test_clips_of_a_recording_are_never_apart_and_one_label_per_class_is_not_tuned(recordings: Path) -> None:
    events, _ = run(recordings, each=1)
    assert not any(isinstance(one, StepEnd) for one in events)
    assert "too few different clips" in notes(events)


def test_long_clips_are_tuned_without_whisper() -> None:
    there = ("yamnet", "whisper-base")
    assert module.models_to_tune(there, Preset.BALANCED, 0.5) == there
    assert module.models_to_tune(there, Preset.BALANCED, 4.0) == ("yamnet",)
    assert module.models_to_tune(there, Preset.THOROUGH, 4.0) == there
    assert module.models_to_tune(("whisper-base",), Preset.AUTO, 4.0) == ("whisper-base",)


@pytest.mark.model
def test_real_encoders_are_tuned_saved_and_answer_the_same(tmp_path: Path, clips: list[np.ndarray]) -> None:
    folders = {model: installed(model) for model in ("yamnet", "whisper-base")}
    ears = SoundEncoders(folders)
    assert isinstance(ears, TunableEars)
    assert ears.tunable() == ("yamnet", "whisper-base")
    upper = ears.upper(ears.tunable())
    lower = ears.lower(clips, ears.tunable())
    upper.centre(lower)
    tuned = TunedEars(ears, upper, ears.tunable())
    blocks = tuned.blocks(clips)
    assert [block.shape[1] for block in blocks] == [3072, 1024, 1024, 1024, 1024 + 512]
    # Before anything is learnt the tuned block holds what the frozen encoders say themselves.
    embedding = blocks[0][:, :1024]
    middle = embedding - embedding.mean(axis=0)
    cosine = (middle / np.linalg.norm(middle, axis=1, keepdims=True) * blocks[-1][:, :1024]).sum(axis=1)
    np.testing.assert_allclose(cosine * 2**0.5, 1, atol=0.01)
    (tmp_path / "out").mkdir()
    tuned.save(tmp_path / "out")
    again = saved_ears(tmp_path / "out", ears.models)
    assert isinstance(again, TunedEars)
    for one, same in zip(blocks, again.blocks(clips), strict=True):
        np.testing.assert_array_equal(one, same)
