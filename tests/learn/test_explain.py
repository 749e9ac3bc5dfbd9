"""Which words decided, and which rows are near."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from tiny_encoder import FRUIT, NAMES, TOOLS

from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.explain import nearest, word_spans, word_weights
from fsl_desktop.learn.loop import Training
from fsl_desktop.learn.trained import TrainedModel


@pytest.fixture(scope="module")
def model(encoder: TextEncoder) -> TrainedModel:
    data = TrainingData.of_lists([*FRUIT, *TOOLS], ["fruit"] * 6 + ["tools"] * 6, NAMES)
    training = Training(data, TrainConfig(preset=Preset.INSTANT), encoder)
    list(training)
    assert training.model is not None
    return training.model


def test_the_word_of_the_other_class_speaks_against(model: TrainedModel) -> None:
    text = "apple, pear nail"
    weights = word_weights(model, text, model.predict([text]).probabilities[0])
    assert [text[word.start : word.end] for word in weights] == ["apple", "pear", "nail"]
    assert weights[2].weight < 0 < max(word.weight for word in weights[:2])
    assert max(abs(word.weight) for word in weights) == pytest.approx(1)


def test_a_single_word_has_nothing_to_be_weighed_against(model: TrainedModel) -> None:
    assert word_weights(model, "apple", np.array([0.9, 0.1], np.float32)) == ()


def test_long_texts_are_weighed_by_groups_that_cover_every_word() -> None:
    text = " ".join(f"word{n}" for n in range(300))
    spans = word_spans(text)
    assert len(spans) == 40
    assert spans[0][0] == 0
    assert spans[-1][1] == len(text)
    assert all(before[1] < after[0] for before, after in itertools.pairwise(spans))


def test_chinese_is_weighed_by_character() -> None:
    assert word_spans("我丢了card") == [(0, 1), (1, 2), (2, 3), (3, 7)]


def test_the_nearest_come_first_and_a_row_is_not_its_own() -> None:
    labelled = np.eye(4, dtype=np.float32)
    asked = np.array([0.9, 0.4, 0.1, 0], np.float32)
    found = nearest(asked, labelled, np.array([10, 20, 30, 40]), [1, 2, 1, 2], skip_row=10)
    assert [(near.row_id, near.class_id) for near in found] == [(20, 2), (30, 1), (40, 2)]
