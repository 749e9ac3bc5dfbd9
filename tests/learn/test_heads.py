"""The head is scikit-learn's logistic regression, only sooner there; names answer before the first label."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from fsl_desktop.learn.heads import LinearHead, balance, fit_logistic, softmax
from fsl_desktop.learn.methods.instant import fit_instant


def blobs(n: int, d: int, classes: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Unit vectors (n, d) around one centre per class."""
    chance = np.random.default_rng(seed)
    labels = np.arange(n) % classes
    vectors = chance.normal(size=(classes, d))[labels] + 1.5 * chance.normal(size=(n, d))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), labels


@pytest.mark.parametrize(("n", "d", "classes"), [(6, 40, 2), (24, 40, 5), (200, 20, 3)])
@pytest.mark.parametrize("c", [1.0, 10.0])
def test_the_optimum_is_that_of_scikit_learn(n: int, d: int, classes: int, c: float) -> None:
    from sklearn.linear_model import LogisticRegression

    vectors, labels = blobs(n, d, classes)
    # Rows count by how rare their class is; a peer is told the same.
    labels[labels == 0] = np.where(np.arange(np.sum(labels == 0)) % 3 > 0, 1, 0)
    share = balance(labels)
    peer = LogisticRegression(C=c, max_iter=2000, tol=1e-8)
    peer.fit(vectors.astype(np.float64), labels, sample_weight=share)
    asked, _ = blobs(300, d, classes, seed=1)
    ours = softmax(fit_logistic(vectors, labels, classes, c).logits(asked))
    # With two classes scikit-learn penalises one vector where ours are two: half the penalty for like odds.
    if classes == 2:
        peer = LogisticRegression(C=2 * c, max_iter=2000, tol=1e-8)
        peer.fit(vectors.astype(np.float64), labels, sample_weight=share)
    np.testing.assert_allclose(ours, peer.predict_proba(asked.astype(np.float64)), atol=2e-3)


def test_equal_classes_count_the_same_and_rare_ones_more() -> None:
    assert balance(np.array([0, 1, 2, 0, 1, 2])).tolist() == [1.0] * 6
    share = balance(np.repeat([0, 1, 2], [100, 25, 2]))
    assert share.mean() == pytest.approx(1)
    assert share[100] == pytest.approx(2 * share[0])  # the root of 4
    assert share[-1] == pytest.approx(np.sqrt(50 * 5) * share[0])


def test_beginning_from_another_head_ends_at_the_same_one() -> None:
    vectors, labels = blobs(40, 30, 4)
    cold = fit_logistic(vectors, labels, 4, 10.0)
    other = LinearHead(np.ones((4, 30), np.float32), np.arange(4, dtype=np.float32))
    warm = fit_logistic(vectors, labels, 4, 10.0, start=other)
    np.testing.assert_allclose(softmax(warm.logits(vectors)), softmax(cold.logits(vectors)), atol=2e-3)


def test_a_class_without_rows_is_never_answered_with() -> None:
    vectors, labels = blobs(20, 10, 2)
    head = fit_logistic(vectors, labels * 2, 4, 1.0)
    chances = softmax(head.logits(vectors))
    assert chances[:, [1, 3]].max() == 0
    assert head.known.tolist() == [True, False, True, False]
    np.testing.assert_allclose(chances.sum(axis=1), 1, rtol=1e-5)


def test_names_alone_answer_by_likeness() -> None:
    names, _ = blobs(4, 50, 4)
    head = fit_instant(np.zeros((0, 50), np.float32), np.zeros(0, np.int64), names, 4)
    asked = names + 0.05 * np.random.default_rng(0).normal(size=names.shape).astype(np.float32)
    assert head.logits(asked).argmax(axis=1).tolist() == [0, 1, 2, 3]


def test_labels_outweigh_names_that_mislead() -> None:
    vectors, labels = blobs(80, 50, 2)
    centres = np.stack([vectors[labels == label].mean(axis=0) for label in (1, 0)])  # the wrong way round
    head = fit_instant(vectors, labels, centres, 2)
    assert (head.logits(vectors).argmax(axis=1) == labels).mean() > 0.9


def test_a_single_class_is_certain() -> None:
    vectors, _ = blobs(3, 8, 1)
    assert softmax(fit_logistic(vectors, np.array([2, 2, 2]), 4, 1.0).logits(vectors))[:, 2].min() == 1


def test_seventy_seven_classes_take_no_second() -> None:
    vectors, labels = blobs(8 * 77, 384, 77)
    before = torch.get_num_threads()
    import time

    start = time.process_time()
    head = fit_logistic(vectors, labels, 77, 10.0)
    assert time.process_time() - start < 3
    assert torch.get_num_threads() == before
    assert (head.logits(vectors).argmax(axis=1) == labels).mean() > 0.99
