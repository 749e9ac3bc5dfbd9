"""Unlabelled rows move the head to where the rows lie, and no further than the labels carry it."""

from __future__ import annotations

import numpy as np
import pytest

from fsl_desktop.learn.heads import LinearHead, Matrix, softmax
from fsl_desktop.learn.methods.instant import C_FROZEN, fit_instant
from fsl_desktop.learn.methods.selftrain import as_sure_as, pseudo_labels, self_train

CLASSES, DIM = 3, 20


def clouds(n: int, seed: int, *, weights: list[float] | None = None) -> tuple[Matrix, np.ndarray]:
    """Rows of unit length around three directions of their own, and their classes."""
    chance = np.random.default_rng(seed)
    labels = np.sort(chance.choice(CLASSES, n, p=weights))
    centres = 0.8 * np.eye(CLASSES, DIM)
    rows = centres[labels] + chance.normal(0, 0.25, (n, DIM)) + 0.5
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32), labels


def one_label_each(seed: int) -> tuple[Matrix, np.ndarray]:
    rows, labels = clouds(60, seed)
    first = [int(np.flatnonzero(labels == label)[0]) for label in range(CLASSES)]
    return rows[first], labels[first]


def right(head: LinearHead, rows: Matrix, labels: np.ndarray) -> float:
    return float((head.logits(rows).argmax(axis=1) == labels).mean())


def test_with_one_label_per_class_the_pool_helps() -> None:
    plain, trained = [], []
    for seed in range(10):
        rows, labels = one_label_each(seed)
        pool, truth = clouds(300, 100 + seed)
        plain.append(right(fit_instant(rows, labels, None, CLASSES), pool, truth))
        head = self_train(rows, labels, None, pool, CLASSES, c=C_FROZEN)
        trained.append(right(head, pool, truth))
    assert np.mean(trained) > np.mean(plain) + 0.03, (np.mean(plain), np.mean(trained))


def test_the_head_takes_embeddings_as_they_are() -> None:
    """It is fitted on rows seen from the middle of the pool; nobody who uses it needs to know."""
    rows, labels = one_label_each(0)
    pool, _ = clouds(300, 1)
    aside = np.float32(3.0)
    here = self_train(rows, labels, None, pool, CLASSES, c=C_FROZEN)
    there = self_train(rows + aside, labels, None, pool + aside, CLASSES, c=C_FROZEN)
    assert np.allclose(softmax(here.logits(pool)), softmax(there.logits(pool + aside)), atol=1e-3)


def test_a_class_without_a_row_or_a_name_is_never_answered() -> None:
    rows, labels = one_label_each(2)
    pool, _ = clouds(200, 3)
    head = self_train(rows[:2], labels[:2], None, pool, CLASSES, c=C_FROZEN)
    assert head.known.tolist() == [True, True, False]
    assert 2 not in head.logits(pool).argmax(axis=1)


def test_a_rare_class_stays_rare() -> None:
    """Class proportions are moved towards those of the labels, not towards equal ones."""
    share = [0.9, 0.05, 0.05]
    rows, labels = clouds(60, 4, weights=share)
    pool, truth = clouds(400, 5, weights=share)
    head = self_train(rows, labels, None, pool, CLASSES, c=C_FROZEN)
    answers = head.logits(pool).argmax(axis=1)
    assert (answers == 0).mean() == pytest.approx((truth == 0).mean(), abs=0.05)


def test_pseudo_labels_are_sharper_and_half_way_to_the_expected_proportions() -> None:
    answers = np.tile(np.float32([[0.8, 0.2], [0.6, 0.4]]), (5, 1))
    guessed, confidence = pseudo_labels(answers, np.array([0.5, 0.5]))
    assert np.allclose(guessed.sum(axis=1), 1)
    assert guessed[0].max() > answers[0].max()
    assert answers.mean(axis=0)[1] < guessed.mean(axis=0)[1] < 0.5
    assert confidence[0] > confidence[1]


def test_a_self_trained_head_is_made_no_surer_than_the_plain_one() -> None:
    rows, labels = one_label_each(6)
    pool, _ = clouds(300, 7)
    plain = fit_instant(rows, labels, None, CLASSES)
    trained = self_train(rows, labels, None, pool, CLASSES, c=C_FROZEN)
    heat = as_sure_as(plain, 0.5, trained, pool)
    surest = [softmax(head.logits(pool), t).max(axis=1).mean() for head, t in ((plain, 0.5), (trained, heat))]
    assert surest[0] == pytest.approx(surest[1], abs=0.01)
    assert softmax(trained.logits(pool)).max(axis=1).mean() != pytest.approx(surest[0], abs=0.01)
