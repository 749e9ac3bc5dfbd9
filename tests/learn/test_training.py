"""A run from first to last event: losses fall, scores are held out, stopping keeps what is usable."""

from __future__ import annotations

import math
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from tiny_encoder import FRUIT, NAMES, TOOLS

from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import (
    Cancelled,
    Evaluated,
    Event,
    Finished,
    Phase,
    Progress,
    RunSummary,
    Started,
    StepEnd,
)
from fsl_desktop.core.intervals import cross_validated
from fsl_desktop.learn.cache import EmbeddingCache
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.loop import Training
from fsl_desktop.learn.methods.pairwise import Recipe
from fsl_desktop.learn.presets import plan_of

THOROUGH = TrainConfig(preset=Preset.THOROUGH, tuned_layers=1, learning_rate=2e-3)


@pytest.fixture
def data() -> TrainingData:
    return TrainingData.of_lists([*FRUIT, *TOOLS], ["fruit"] * 6 + ["tools"] * 6, NAMES)


def run(data: TrainingData, config: TrainConfig, encoder: TextEncoder) -> tuple[list[Event], Training]:
    training = Training(data, config, encoder)
    return list(training), training


def summary_of(events: list[Event]) -> RunSummary:
    last = events[-1]
    assert isinstance(last, Finished | Cancelled)
    assert last.summary is not None
    return last.summary


def test_a_thorough_run_tells_its_course_and_learns(data: TrainingData, encoder: TextEncoder) -> None:
    events, training = run(data, THOROUGH, encoder)
    assert isinstance(events[0], Started)
    assert (events[0].n_labelled, events[0].n_classes) == (12, 2)
    checking = [e for e in events if isinstance(e, StepEnd) and e.phase is Phase.CHECKING]
    tuning = [e for e in events if isinstance(e, StepEnd) and e.phase is Phase.TUNING]
    assert [e.step for e in checking] == list(range(1, len(checking) + 1))
    assert all(e.held_out_loss is not None and math.isfinite(e.held_out_loss) for e in checking)
    assert checking[-1].train_loss < 0.75 * checking[0].train_loss
    assert tuning[-1].train_loss < 0.6 * tuning[0].train_loss
    assert all(e.seconds_left is not None and e.seconds_left >= 0 for e in (*checking, *tuning))
    assert tuning[-1].seconds_left == 0
    evaluated = [e for e in events if isinstance(e, Evaluated)]
    assert len(evaluated) >= 3
    assert any(e.best for e in evaluated)
    summary = summary_of(events)
    assert summary.best_step == tuning[-1].step
    assert summary.accuracy is not None
    assert summary.accuracy.n == 12
    assert summary.accuracy.low <= summary.accuracy.value <= summary.accuracy.high
    assert sorted(summary.held_out.row_ids) == list(range(1, 13))
    assert training.model is not None
    assert training.model.predict(["apple pear plum", "hammer nail"]).labels == NAMES


def test_the_score_knows_how_many_labels_the_folds_have_seen(
    data: TrainingData, encoder: TextEncoder
) -> None:
    for folds in (2, 4):
        events, _ = run(data, replace(THOROUGH, folds=folds), encoder)
        summary = summary_of(events)
        assert summary.accuracy is not None
        assert summary.best_step > 0  # the tuned model was kept
        assert summary.accuracy == cross_validated(summary.accuracy.value, 12, learnt=1 - 1 / folds)


def test_the_same_seed_gives_the_same_model_and_another_seed_another(
    data: TrainingData, encoder: TextEncoder
) -> None:
    config = replace(THOROUGH, steps=6)
    chances = [
        run(data, replace(config, seed=seed), encoder)[1].model.predict(TOOLS).probabilities  # type: ignore[union-attr]
        for seed in (1, 1, 2)
    ]
    np.testing.assert_array_equal(chances[0], chances[1])
    assert (chances[0] != chances[2]).any()


def test_a_run_does_not_depend_on_what_is_in_the_cache(
    data: TrainingData, encoder: TextEncoder, tmp_path: Path
) -> None:
    config = TrainConfig(preset=Preset.INSTANT)
    cache = EmbeddingCache(tmp_path)
    models = []
    for _ in range(2):
        training = Training(data, config, encoder, cache)
        list(training)
        models.append(training.model)
    assert models[0] is not None
    assert models[1] is not None
    np.testing.assert_array_equal(models[0].head.weights, models[1].head.weights)


def test_instant_fits_only_the_head(data: TrainingData, encoder: TextEncoder) -> None:
    events, training = run(data, TrainConfig(preset=Preset.INSTANT), encoder)
    assert not any(isinstance(event, StepEnd) for event in events)
    assert training.model is not None
    assert training.model.encoder is encoder
    summary = summary_of(events)
    assert summary.accuracy is not None
    assert summary.accuracy.n == 12


def test_held_out_rows_are_not_seen(encoder: TextEncoder) -> None:
    """Labels that have nothing to do with the texts cannot be foretold."""
    chance = np.random.default_rng(5)
    words = ["apple", "nail", "saw", "plum", "pear", "hammer", "old", "new", "ripe", "sharp"]
    texts = [" ".join(chance.choice(words, 4)) for _ in range(60)]
    labels = [NAMES[place] for place in chance.integers(0, 2, 60)]
    data = TrainingData.of_lists(texts, labels, NAMES)
    for preset in (Preset.INSTANT, Preset.BALANCED):
        summary = summary_of(run(data, TrainConfig(preset=preset, tuned_layers=1), encoder)[0])
        assert summary.accuracy is not None
        assert 0.3 < summary.accuracy.value < 0.7


def test_one_row_per_class_trains_and_says_that_it_is_too_early(encoder: TextEncoder) -> None:
    data = TrainingData.of_lists(["apple pear", "hammer nail"], NAMES)
    events, training = run(data, THOROUGH, encoder)
    summary = summary_of(events)
    assert summary.accuracy is None
    assert any("too early" in note.text for note in summary.notes)
    assert not any(isinstance(event, Evaluated) for event in events)
    assert training.model is not None
    assert training.model.predict(["pear", "nail"]).labels == NAMES


def test_a_class_known_by_name_only_takes_part_and_is_told(encoder: TextEncoder, data: TrainingData) -> None:
    wider = TrainingData.of_lists(data.texts, [NAMES[label] for label in data.labels], [*NAMES, "new"])
    events, training = run(wider, TrainConfig(preset=Preset.INSTANT), encoder)
    assert any("Known by name only" in note.text and "new" in note.text for note in summary_of(events).notes)
    assert training.model is not None
    chances = training.model.predict(["new", *FRUIT, *TOOLS]).probabilities[:, 2]
    assert chances.argmax() == 0, "nothing is more like the name than the name itself"


def test_nothing_to_learn_is_said_before_anything_starts(encoder: TextEncoder) -> None:
    data = TrainingData.of_lists(FRUIT, ["fruit"] * 6, NAMES)
    with pytest.raises(UserError, match="All labelled rows are of the class fruit"):
        next(iter(Training(data, THOROUGH, encoder)))


def test_a_family_that_cannot_be_tuned_is_said_before_anything_starts(
    data: TrainingData, encoder_folder: Path, tmp_path: Path
) -> None:
    from transformers import AlbertConfig, AlbertModel

    shutil.copyfile(encoder_folder / "tokenizer.json", tmp_path / "tokenizer.json")
    config = AlbertConfig(
        vocab_size=64, embedding_size=16, hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
        intermediate_size=64, max_position_embeddings=40,
    )  # fmt: skip
    AlbertModel(config).save_pretrained(str(tmp_path))
    other = TextEncoder.load(tmp_path)
    with pytest.raises(UserError, match="Choose the preset Instant"):
        next(iter(Training(data, THOROUGH, other)))
    assert run(data, TrainConfig(preset=Preset.INSTANT), other)[1].model is not None


def test_tuning_in_bfloat16_learns_as_well(data: TrainingData, encoder_folder: Path) -> None:
    _, training = run(data, THOROUGH, TextEncoder.load(encoder_folder, precision="bfloat16"))
    assert training.model is not None
    assert training.model.encoder.bfloat16
    assert training.model.predict(["apple pear plum", "hammer nail"]).labels == NAMES


def stopped_at(data: TrainingData, encoder: TextEncoder, stop: object) -> tuple[list[Event], Training]:
    asked = False
    training = Training(data, THOROUGH, encoder, cancelled=lambda: asked)
    events = []
    for event in training:
        events.append(event)
        asked = asked or stop(event)  # type: ignore[operator]
    return events, training


def test_stopping_before_the_texts_are_read_leaves_nothing(data: TrainingData, encoder: TextEncoder) -> None:
    events, training = stopped_at(data, encoder, lambda event: isinstance(event, Started))
    assert events[-1] == Cancelled(None)
    assert training.model is None


def test_stopping_while_checking_keeps_the_instant_model_with_its_score(
    data: TrainingData, encoder: TextEncoder
) -> None:
    events, training = stopped_at(data, encoder, lambda event: isinstance(event, StepEnd) and event.step == 7)
    assert isinstance(events[-1], Cancelled)
    steps = [event for event in events if isinstance(event, StepEnd)]
    assert steps[-1].step == 7, "it stopped within a step"
    summary = summary_of(events)
    assert summary.cancelled
    assert summary.accuracy is not None
    assert any("the instant model was kept" in note.text for note in summary.notes)
    assert training.model is not None
    assert training.model.encoder is encoder


def test_stopping_late_keeps_the_tuned_model(data: TrainingData, encoder: TextEncoder) -> None:
    def late(event: Event) -> bool:
        return isinstance(event, StepEnd) and event.phase is Phase.TUNING and event.step >= event.steps - 2

    events, training = stopped_at(data, encoder, late)
    summary = summary_of(events)
    assert summary.cancelled
    assert summary.best_step > 0
    assert training.model is not None
    assert training.model.encoder is not encoder
    assert training.model.predict(["apple pear plum", "hammer nail"]).labels == NAMES


def test_stopping_late_with_very_many_rows_does_not_keep_people_waiting(
    data: TrainingData, encoder: TextEncoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fsl_desktop.learn.run._QUICK_TOKENS", 10)

    def late(event: Event) -> bool:
        return isinstance(event, StepEnd) and event.phase is Phase.TUNING and event.step >= event.steps - 2

    events, training = stopped_at(data, encoder, late)
    assert isinstance(events[-1], Cancelled)
    assert training.model is not None
    assert training.model.encoder is encoder, "the instant model was there already"


def test_tuning_leaves_the_encoder_alone(data: TrainingData, encoder: TextEncoder) -> None:
    before = encoder.encode(FRUIT)
    run(data, replace(THOROUGH, steps=3), encoder)
    np.testing.assert_array_equal(encoder.encode(FRUIT), before)


def test_encoding_tells_progress(data: TrainingData, encoder: TextEncoder) -> None:
    events, _ = run(data, TrainConfig(preset=Preset.INSTANT), encoder)
    told = [event for event in events if isinstance(event, Progress) and event.phase is Phase.ENCODING]
    assert told[-1].done == told[-1].total == 12 + 2, "the texts and the two class names"


def test_advanced_settings_overrule_the_preset() -> None:
    plan = plan_of(TrainConfig(preset=Preset.THOROUGH, steps=8, folds=3, dropout=0.3, patience=1))
    assert plan.recipe is not None
    assert (plan.recipe.steps, plan.folds, plan.patience, plan.recipe.dropout) == (8, 3, 1, 0.3)
    assert plan.least_steps <= 8
    assert plan_of(TrainConfig(preset=Preset.INSTANT, steps=8)).steps == 0


def test_the_kept_model_is_trained_in_proportion_to_its_shorter_folds() -> None:
    plan = plan_of(TrainConfig(preset=Preset.BALANCED))
    assert plan.recipe is not None
    assert plan.steps < plan.recipe.steps
    assert plan.tuning_steps(plan.steps) == plan.recipe.steps
    assert plan.tuning_steps(plan.steps // 2) == plan.recipe.steps // 2
    twice = plan_of(TrainConfig(preset=Preset.BALANCED, steps=2 * plan.recipe.steps))
    assert twice.steps == 2 * plan.steps
    assert twice.tuning_steps(twice.steps) == 2 * plan.recipe.steps


def test_the_learning_rate_warms_up_and_falls_to_nearly_nothing() -> None:
    recipe = Recipe(steps=30)
    rates = [recipe.rate(step) for step in range(30)]
    assert max(rates) == pytest.approx(recipe.learning_rate)
    assert rates[0] < rates[1] < rates[2]
    assert rates[3:] == sorted(rates[3:], reverse=True)
    assert 0 < rates[-1] < 0.1 * recipe.learning_rate
