"""Scores: equal to scikit-learn's where it has them, honest where there is little to go by."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn import metrics as peer

from fsl_desktop.core import metrics

CASES = [(n, classes, seed) for n in (1, 2, 7, 60, 500) for classes in (1, 2, 3, 20) for seed in (0, 1)]


def random_case(n: int, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng((n, classes, seed))
    true = generator.integers(1, classes + 1, n) * 3  # ids need not be 0, 1, 2
    wrong = generator.random(n) < 0.4
    return true, np.where(wrong, generator.integers(1, classes + 1, n) * 3, true)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("n", "classes", "seed"), CASES)
def test_the_scores_are_those_of_scikit_learn(n: int, classes: int, seed: int) -> None:
    true, predicted = random_case(n, classes, seed)
    assert metrics.accuracy(true, predicted) == pytest.approx(peer.accuracy_score(true, predicted))
    assert metrics.macro_f1(true, predicted) == pytest.approx(peer.f1_score(true, predicted, average="macro"))
    assert metrics.mcc(true, predicted) == pytest.approx(peer.matthews_corrcoef(true, predicted), abs=1e-12)
    ids = np.union1d(true, predicted)[::-1]  # in any order
    assert (
        metrics.confusion(true, predicted, ids) == peer.confusion_matrix(true, predicted, labels=ids)
    ).all()
    wanted = [*ids.tolist()[:2], 999]
    assert metrics.macro_f1(true, predicted, wanted) == pytest.approx(
        peer.f1_score(true, predicted, labels=wanted, average="macro", zero_division=0)
    )


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    # R: binom::binom.confint(x, n, methods = "wilson")
    [
        (0, 10, 0.0, 0.2775328),
        (10, 10, 0.7224672, 1.0),
        (5, 10, 0.2365931, 0.7634069),
        (93, 100, 0.8625, 0.9657),
    ],
)
def test_the_wilson_interval_is_the_published_one(successes: int, n: int, low: float, high: float) -> None:
    score = metrics.wilson(successes, n)
    assert (score.value, score.n) == (successes / n, n)
    assert score.low == pytest.approx(low, abs=1e-4)
    assert score.high == pytest.approx(high, abs=1e-4)


@pytest.mark.parametrize("n", [1, 3, 17, 1000, 10**9])
def test_a_wilson_interval_holds_its_value_and_stays_in_0_to_1(n: int) -> None:
    for successes in {0, 1, n // 3, n // 2, n - 1, n}:
        score = metrics.wilson(successes, n)
        assert 0.0 <= score.low <= score.value <= score.high <= 1.0


def test_an_impossible_proportion_is_refused() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        metrics.wilson(3, 2)


def test_with_no_rows_nothing_is_claimed() -> None:
    assert metrics.accuracy([], []) == metrics.macro_f1([], []) == metrics.mcc([], []) == 0.0
    assert metrics.confusion([], [], [1, 2]).tolist() == [[0, 0], [0, 0]]
    assert metrics.confusion([1], [1], []).shape == (0, 0)
    score = metrics.wilson(0, 0)
    assert (score.low, score.high, score.n) == (0.0, 1.0, 0)


def test_arguments_that_do_not_fit_together_are_refused() -> None:
    with pytest.raises(ValueError, match="shape"):
        metrics.accuracy([1, 2], [1])
    with pytest.raises(ValueError, match="duplicates"):
        metrics.confusion([1], [1], [1, 1])


def test_rows_of_classes_not_asked_about_are_left_out_of_the_matrix() -> None:
    assert metrics.confusion([1, 2, 3, 1], [1, 3, 3, 9], [3, 1]).tolist() == [[1, 0], [0, 1]]


def test_many_classes_do_not_overflow() -> None:
    true = np.arange(200_000) % 500
    assert metrics.mcc(true, true) == pytest.approx(1.0)
