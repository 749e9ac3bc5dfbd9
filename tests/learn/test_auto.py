"""The automatic preset: it tunes where that helps on held-out rows, and leaves out what does not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from tiny_encoder import FRUIT, NAMES, TOOLS

from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.events import Event, Finished, Phase, StepEnd
from fsl_desktop.learn.choice import HeldOutAnswers, clearly_better, skill
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.judge import Judge
from fsl_desktop.learn.loop import Training
from fsl_desktop.learn.material import Material
from fsl_desktop.learn.presets import MANY_CLASSES, plan_of
from fsl_desktop.learn.watch import Watch

QUICK = TrainConfig(preset=Preset.AUTO, tuned_layers=1, learning_rate=2e-3)
POOL = [f"{one} {other}" for one in ("new", "old", "ripe", "sharp") for other in (*FRUIT, *TOOLS)]


def trained(data: TrainingData, config: TrainConfig, encoder: TextEncoder) -> tuple[list[Event], Training]:
    training = Training(data, config, encoder)
    return list(training), training


def notes(training: Training) -> str:
    assert training.model is not None
    assert training.model.summary is not None
    return " ".join(note.text for note in training.model.summary.notes)


def tuned_steps(events: list[Event]) -> int:
    return sum(isinstance(event, StepEnd) and event.phase is Phase.TUNING for event in events)


def judged(encoder: TextEncoder, tuned_right: bool) -> Judge:
    """A judge of twelve rows whose labels say nothing, to whom tuned models gave all or no right answers."""
    chance = np.random.default_rng(3)
    labels = chance.permutation(["fruit", "tools"] * 6).tolist()
    data = TrainingData.of_lists([*FRUIT, *TOOLS], labels, NAMES)
    plan = plan_of(QUICK)
    watch = Watch(plan)
    material = Material(data, encoder, ())
    for _ in material.embed(None, lambda: False):
        pass
    judge = Judge(material, plan, watch, 0, lambda: False)
    judge.deal()
    said = data.labels if tuned_right else 1 - data.labels
    watch.add(plan.steps, 0.1, 0.1)
    told = HeldOutAnswers(np.arange(12), np.eye(2, dtype=np.float32)[said], data.labels)
    watch.evaluate(plan.steps, told)
    return judge


def test_tuning_goes_on_where_it_helps_and_is_left_out_where_it_does_not(encoder: TextEncoder) -> None:
    assert judged(encoder, tuned_right=True).tuning_helps()
    judge = judged(encoder, tuned_right=False)
    assert not judge.tuning_helps()
    assert "left out" in judge.notes[-1].text


def test_a_run_ends_with_the_instant_model_where_tuning_cannot_help(encoder: TextEncoder) -> None:
    """Every word tells its class, so the instant model makes no mistake."""
    texts = [f"{first} {second}" for words in (FRUIT, TOOLS) for first in words for second in words]
    data = TrainingData.of_lists(texts, ["fruit"] * 36 + ["tools"] * 36, NAMES)
    events, training = trained(data, QUICK, encoder)
    assert isinstance(events[-1], Finished)
    assert tuned_steps(events) == 0
    assert "left out" in notes(training)
    assert training.model is not None
    assert "frozen embeddings" in training.model.provenance.recipe


def test_names_that_mislead_take_no_part_in_a_run(encoder: TextEncoder) -> None:
    """The names stand beside the wrong classes."""
    texts = [f"{first} {second}" for words in (FRUIT, TOOLS) for first in words for second in words]
    swapped = TrainingData.of_lists(texts, ["hammer nail saw"] * 36 + ["apple pear plum"] * 36)
    rightly = TrainingData.of_lists(texts, ["apple pear plum"] * 36 + ["hammer nail saw"] * 36)
    config = TrainConfig(preset=Preset.INSTANT)
    (_, misled), (_, led) = (trained(data, config, encoder) for data in (swapped, rightly))
    assert "mislead" in notes(misled)
    assert misled.model is not None
    assert not misled.model.provenance.uses_class_names
    assert "mislead" not in notes(led)


def test_with_very_many_classes_only_the_head_is_fitted() -> None:
    many = plan_of(TrainConfig(preset=Preset.AUTO), MANY_CLASSES + 1)
    assert many.recipe is None
    assert plan_of(TrainConfig(preset=Preset.AUTO), MANY_CLASSES).recipe is not None
    assert plan_of(TrainConfig(preset=Preset.BALANCED), MANY_CLASSES + 1).recipe is not None


def test_unlabelled_rows_take_part_and_can_be_left_out(encoder: TextEncoder) -> None:
    data = TrainingData.of_lists(
        [*FRUIT, *TOOLS], ["fruit"] * 6 + ["tools"] * 6, NAMES, unlabelled_texts=POOL * 2
    )
    config = replace(QUICK, preset=Preset.THOROUGH)
    events, training = trained(data, config, encoder)
    assert "96 unlabelled rows" not in notes(training)
    assert "without a label took part" in notes(training)
    plan = plan_of(config)
    assert plan.refining is not None
    assert tuned_steps(events) > plan.refining.steps
    assert training.model is not None
    assert "with unlabelled rows" in training.model.provenance.recipe
    without, alone = trained(data, replace(config, use_unlabelled=False), encoder)
    assert tuned_steps(without) < tuned_steps(events)
    assert "without a label" not in notes(alone)


def test_the_same_seed_gives_the_same_model_with_unlabelled_rows(encoder: TextEncoder) -> None:
    data = TrainingData.of_lists(
        [*FRUIT, *TOOLS], ["fruit"] * 6 + ["tools"] * 6, NAMES, unlabelled_texts=POOL * 2
    )
    models = [trained(data, replace(QUICK, preset=Preset.BALANCED), encoder)[1].model for _ in range(2)]
    one, other = (model.predict(POOL).probabilities for model in models if model is not None)
    assert np.array_equal(one, other)


def test_sentences_about_classes_take_part_in_the_tuning(encoder: TextEncoder) -> None:
    plain = TrainingData.of_lists([*FRUIT, *TOOLS], ["fruit"] * 6 + ["tools"] * 6, NAMES)
    told = replace(plain, descriptions=["apple pear plum", "hammer nail saw"])
    config = replace(QUICK, preset=Preset.BALANCED)
    models = [trained(data, config, encoder)[1].model for data in (plain, told)]
    one, other = (model.predict(POOL).probabilities for model in models if model is not None)
    assert not np.array_equal(one, other)
    assert models[0] is not None
    assert models[1] is not None
    assert models[0].provenance.data_sha256 != models[1].provenance.data_sha256


def test_a_few_unlabelled_rows_are_left_alone(encoder: TextEncoder) -> None:
    data = TrainingData.of_lists(
        [*FRUIT, *TOOLS], ["fruit"] * 6 + ["tools"] * 6, NAMES, unlabelled_texts=POOL[:10]
    )
    _, training = trained(data, replace(QUICK, preset=Preset.INSTANT), encoder)
    assert "without a label" not in notes(training)


def answers(right: str) -> HeldOutAnswers:
    """One answer per character, right where it is 1."""
    rows = np.arange(len(right))
    sure = np.array([[0.1, 0.9] if mark == "1" else [0.9, 0.1] for mark in right], dtype=np.float32)
    return HeldOutAnswers(rows, sure, np.ones(len(right), dtype=np.int64))


def test_a_difference_within_chance_is_no_difference() -> None:
    assert not clearly_better(answers("11110"), answers("01110"))
    assert not clearly_better(answers("11100111"), answers("11111000"))
    assert clearly_better(answers("11111111"), answers("00001111"))
    assert not clearly_better(answers("00001111"), answers("11111111"))


def test_skill_is_nothing_by_chance_and_one_when_always_right() -> None:
    assert skill(answers("1111")) == 1
    assert skill(answers("1010")) == 0
