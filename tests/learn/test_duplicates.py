"""Nearly the same rows are one group, merely related ones are not, and none of it depends on text."""

from __future__ import annotations

import time

import numpy as np
import pytest

from fsl_desktop.learn.duplicates import near_duplicates
from fsl_desktop.learn.encoders.text import TextEncoder
from fsl_desktop.learn.folds import Answerer, out_of_fold, repeated_folds


def test_twins_share_a_number_whatever_their_length_and_offset() -> None:
    rows = np.random.default_rng(0).normal(size=(30, 16)).astype(np.float32)
    rows[7] = 1.001 * rows[3]
    rows[20] = rows[7] + 0.01
    groups = near_duplicates(rows + 50)  # an offset gives all pairs a cosine near 1
    assert groups[3] == groups[7] == groups[20]
    assert groups.max() + 1 == 28
    assert groups[:4].tolist() == [0, 1, 2, 3]


def test_likeness_is_passed_on_along_a_chain() -> None:
    angles = np.linspace(0, 1.5, 12)
    arc = np.stack([np.cos(angles), np.sin(angles)], axis=1).astype(np.float32)
    groups = near_duplicates(np.concatenate([arc, -arc]), alike=0.97)
    assert groups.tolist() == [0] * 12 + [1] * 12


def test_rows_known_to_be_the_same_stay_together() -> None:
    rows = np.eye(6, dtype=np.float32)
    groups = near_duplicates(rows, groups=np.array([4, 1, 2, 1, 3, 4]))
    assert groups.tolist() == [0, 1, 2, 1, 3, 0]


def test_shared_words_join_related_rows_only() -> None:
    rows = np.eye(40, dtype=np.float32)
    rows[1] = 0.9 * rows[0] + np.sqrt(1 - 0.81) * rows[1]
    texts = ["so late again, my train #angry", "So late again, my train!", *["the same words"] * 38]
    groups = near_duplicates(rows, texts=texts)
    assert groups.tolist() == [0, *range(39)]
    assert near_duplicates(rows).tolist() == list(range(40))


def test_few_rows_and_none() -> None:
    assert near_duplicates(np.zeros((0, 4), np.float32)).tolist() == []
    assert near_duplicates(np.ones((1, 4), np.float32)).tolist() == [0]
    assert near_duplicates(np.ones((2, 4), np.float32)).tolist() == [0, 0]


def test_thousands_of_rows_are_quick() -> None:
    chance = np.random.default_rng(0)
    rows = chance.normal(size=(5000, 128)).astype(np.float32)
    rows[2500:] = rows[:2500] + 0.05 * chance.normal(size=(2500, 128)).astype(np.float32)
    started = time.process_time()
    groups = near_duplicates(rows)
    assert time.process_time() - started < 5
    np.testing.assert_array_equal(groups[:2500], groups[2500:])
    assert groups.max() + 1 == 2500


def test_repeated_folds_are_dealt_anew_and_keep_groups_together() -> None:
    labels = np.repeat([0, 1, 2], 10)
    groups = np.arange(30) // 2
    folds = repeated_folds(labels, groups, 3, 5, 4, seed=0)
    assert folds is not None
    assert folds.shape == (4, 30)
    np.testing.assert_array_equal(folds[:, ::2], folds[:, 1::2])
    assert len({tuple(one) for one in folds.tolist()}) == 4
    for one in folds:
        assert np.bincount(one).tolist() == [6] * 5


def test_out_of_fold_answers_come_from_models_without_the_row_and_in_order() -> None:
    labels = np.array([0] * 30 + [1] * 30 + [2])
    vectors = np.arange(61, dtype=np.float32)[:, None]
    folds = repeated_folds(labels, np.arange(61), 3, 4, 3, seed=0)
    assert folds is not None

    def fit(rows: np.ndarray) -> Answerer:
        assert 60 in rows  # the only row of its class is learnt from every time
        return lambda asked: np.stack([asked[:, 0], np.isin(asked[:, 0], rows)], axis=1)

    rows, logits = out_of_fold(vectors, folds, fit)
    assert rows.tolist() == list(range(60))
    assert logits.shape == (3, 60, 2)
    for repeat in logits:
        assert repeat[:, 0].tolist() == list(range(60))
        assert not repeat[:, 1].any()


@pytest.mark.model
def test_a_changed_word_is_a_duplicate_and_a_paraphrase_is_not(minilm: TextEncoder) -> None:
    texts = [
        "Where do I get a disposable virtual card?",
        "Where can I get a disposable virtual card?",
        "How would I order one of the virtual cards that work once?",
        "My cash withdrawal is still pending.",
        "The exchange rate was wrong.",
        "How can I cancel my transfer?",
    ]
    assert near_duplicates(minilm.encode(texts), texts=texts).tolist() == [0, 0, 1, 2, 3, 4]
