"""Scores: equal to scikit-learn's where it has them, honest where there is little to go by."""

from __future__ import annotations

import time

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
    p, r, f, s = peer.precision_recall_fscore_support(true, predicted, labels=ids, zero_division=0)
    ours = metrics.per_class(true, predicted, ids.tolist())
    assert [c.class_id for c in ours] == ids.tolist()
    assert [c.precision for c in ours] == pytest.approx(p)
    assert [c.recall for c in ours] == pytest.approx(r)
    assert [c.f1 for c in ours] == pytest.approx(f)
    assert [c.support for c in ours] == s.tolist()


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
    for score in (metrics.wilson(0, 0), metrics.bootstrap_macro_f1([], [], 0)):
        assert (score.low, score.high, score.n) == (0.0, 1.0, 0)
    (only,) = metrics.per_class([], [], [4])
    assert (only.support, only.recall_low, only.recall_high) == (0, 0.0, 1.0)


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


def test_the_same_seed_gives_the_same_bootstrap_interval() -> None:
    true, predicted = random_case(60, 3, 0)
    assert metrics.bootstrap_macro_f1(true, predicted, 7) == metrics.bootstrap_macro_f1(true, predicted, 7)
    assert metrics.bootstrap_macro_f1(true, predicted, 7) != metrics.bootstrap_macro_f1(true, predicted, 8)


@pytest.mark.parametrize(("n", "classes"), [(30, 2), (60, 3), (500, 20)])
def test_the_bootstrap_interval_is_that_of_resampling_row_by_row(n: int, classes: int) -> None:
    true, predicted = random_case(n, classes, 0)
    score = metrics.bootstrap_macro_f1(true, predicted, 0, resamples=4000)
    generator = np.random.default_rng(1)
    groups = [np.flatnonzero(true == c) for c in np.unique(true)]
    slow = []
    for _ in range(1000):
        rows = np.concatenate([generator.choice(group, group.size) for group in groups])
        slow.append(metrics.macro_f1(true[rows], predicted[rows]))
    assert score.value == pytest.approx(metrics.macro_f1(true, predicted))
    assert score.n == n
    assert score.low == pytest.approx(np.percentile(slow, 2.5), abs=0.03)
    assert score.high == pytest.approx(np.percentile(slow, 97.5), abs=0.03)


def test_a_perfect_score_on_few_rows_still_has_an_interval() -> None:
    score = metrics.bootstrap_macro_f1([1, 2] * 5, [1, 2] * 5, 0)
    assert score.value == 1.0
    assert score.low == pytest.approx(0.7224672, abs=1e-4)
    nothing_right = metrics.bootstrap_macro_f1([1, 2], [2, 1], 0)
    assert (nothing_right.value, nothing_right.low) == (0.0, 0.0)
    assert nothing_right.high > 0.5


def test_the_bootstrap_of_many_rows_and_classes_is_quick_and_small() -> None:
    true, predicted = random_case(100_000, 100, 0)
    started = time.process_time()
    score = metrics.bootstrap_macro_f1(true, predicted, 0)
    assert score.low < score.value < score.high
    assert time.process_time() - started < 5
