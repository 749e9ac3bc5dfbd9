"""Which words decided, which rows are near, and which row is worth a label."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from tiny_encoder import FRUIT, NAMES, TOOLS

from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.explain import nearest, word_spans, word_weights
from fsl_desktop.learn.loop import Training
from fsl_desktop.learn.select import few_labels, typicality, usefulness
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


def test_doubtful_rows_are_the_most_useful() -> None:
    chances = np.array([[0.9, 0.05, 0.05], [0.5, 0.49, 0.01], [0.4, 0.3, 0.3]], np.float32)
    assert usefulness(chances, None).argsort()[::-1].tolist() == [1, 2, 0]


def test_while_labels_are_few_rows_in_the_thick_of_it_come_first() -> None:
    chance = np.random.default_rng(0)
    crowd = np.array([1, 0, 0, 0]) + 0.05 * chance.normal(size=(60, 4))
    loners = chance.normal(size=(5, 4)) * np.array([0, 1, 1, 1])
    vectors = np.concatenate([crowd, loners]).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    typical = typicality(vectors)
    assert typical[:60].min() > typical[60:].max()
    even = np.full((65, 2), 0.5, np.float32)
    assert usefulness(even, typical)[60:].max() < usefulness(even, typical)[:60].min()
    assert few_labels(np.array([1, 0]))
    assert not few_labels(np.array([3, 2]))


def test_a_hundred_thousand_rows_are_ranked_quickly() -> None:
    vectors = np.random.default_rng(0).normal(size=(100_000, 64)).astype(np.float32)
    start = time.process_time()
    assert len(typicality(vectors)) == 100_000
    assert time.process_time() - start < 5, "a quiet machine needs about half a second"


def test_no_rows_are_no_trouble() -> None:
    assert len(typicality(np.zeros((0, 8), np.float32))) == 0
    assert len(usefulness(np.zeros((0, 2), np.float32), None)) == 0
