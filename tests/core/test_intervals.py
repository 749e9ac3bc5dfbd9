"""Intervals of cross-validated scores: wide enough to be believed, and of the scores scikit-learn has."""

from __future__ import annotations

import time

import numpy as np
import pytest
from sklearn import metrics as peer

from fsl_desktop.core import intervals, metrics


def random_case(n: int, classes: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    generator = np.random.default_rng((n, classes, seed))
    true = generator.integers(1, classes + 1, n) * 3
    wrong = generator.random(n) < 0.4
    return true, np.where(wrong, generator.integers(1, classes + 1, n) * 3, true)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("n", "classes"), [(1, 2), (7, 3), (60, 3), (500, 20)])
def test_the_scores_of_classes_are_those_of_scikit_learn(n: int, classes: int) -> None:
    true, predicted = random_case(n, classes, 0)
    ids = np.union1d(true, predicted)[::-1].tolist()
    matrix = intervals.mean_confusion(true, predicted, ids)
    p, r, f, s = peer.precision_recall_fscore_support(true, predicted, labels=ids, zero_division=0)
    ours = intervals.per_class(matrix, ids)
    assert [c.class_id for c in ours] == ids
    assert [c.precision for c in ours] == pytest.approx(p)
    assert [c.recall for c in ours] == pytest.approx(r)
    assert [c.f1 for c in ours] == pytest.approx(f)
    assert [c.support for c in ours] == s.tolist()
    assert intervals.macro_f1(matrix).value == pytest.approx(peer.f1_score(true, predicted, average="macro"))
    for one in ours:
        assert 0 <= one.recall_low <= one.recall <= one.recall_high <= 1
        assert 0 <= one.f1_low <= one.f1 <= one.f1_high <= 1


def test_repeats_are_averaged_and_count_no_row_twice() -> None:
    true = np.array([1, 1, 2, 2])
    answers = np.array([[1, 1, 2, 2], [1, 2, 2, 1]])
    matrix = intervals.mean_confusion(true, answers, [1, 2])
    assert matrix.tolist() == [[1.5, 0.5], [0.5, 1.5]]
    assert [one.support for one in intervals.per_class(matrix, [1, 2])] == [2, 2]
    score = intervals.macro_f1(matrix)
    assert (score.value, score.n) == (pytest.approx(0.75), 4)


def test_a_cross_validated_row_counts_less_than_a_fresh_one() -> None:
    fresh, folded = metrics.wilson(30, 40), intervals.cross_validated(0.75, 40)
    assert folded.value == fresh.value
    assert folded.n == 40
    assert folded.low < fresh.low
    assert fresh.high < folded.high
    assert 0.75 - intervals.cross_validated(0.75, 40 * 100).low < 0.02


def test_fewer_labels_in_the_folds_leave_room_for_a_better_model() -> None:
    few = intervals.cross_validated(0.7, 60, learnt=0.5)
    most = intervals.cross_validated(0.7, 60, learnt=0.95)
    assert few.value == most.value == 0.7
    assert few.high > most.high + 0.02
    assert few.low == most.low
    for share in (0.0, 0.02, 0.5, 0.98, 1.0):
        score = intervals.cross_validated(share, 2000, learnt=0.5)
        assert 0 <= score.low <= score.value <= score.high <= 1


@pytest.mark.parametrize("learnt", [0.5, 0.8])
def test_the_interval_covers_a_model_that_has_learnt_from_more_than_those_of_the_folds(learnt: float) -> None:
    """The folds' models err more often than the kept one, by as much as is usual for so many more labels."""
    chance = np.random.default_rng(0)
    truth, n = 0.8, 400
    folds = 1 - (1 - truth) * learnt**-intervals.USUAL_SLOPE
    rights = chance.binomial(n, folds, 1000) / n

    def covers(told: float) -> float:
        scores = [intervals.cross_validated(right, n, learnt=told) for right in rights]
        return float(np.mean([one.low <= truth <= one.high for one in scores]))

    assert covers(learnt) > 0.95
    assert covers(1.0) < covers(learnt) - 0.01


def test_an_interval_does_not_leave_out_a_model_that_no_label_makes_better() -> None:
    score = intervals.cross_validated(0.75, 40 * 1000, learnt=0.5)
    assert score.low < 0.748
    assert 0.77 < score.high < 0.80


def test_nothing_is_claimed_of_nothing_and_a_perfect_score_keeps_its_doubt() -> None:
    for score in (intervals.cross_validated(0.0, 0), intervals.macro_f1(np.zeros((2, 2)))):
        assert (score.low, score.high, score.n) == (0.0, 1.0, 0)
    (only,) = intervals.per_class(intervals.mean_confusion([], [], [4]), [4])
    assert (only.support, only.recall_low, only.recall_high, only.f1_low, only.f1_high) == (0, 0, 1, 0, 1)
    perfect = intervals.macro_f1(np.diag([4.0, 4.0]))
    assert perfect.value == perfect.high == 1
    assert 0.5 < perfect.low < 0.7


def test_the_interval_of_f1_covers_where_rows_are_drawn_by_chance() -> None:
    """Two classes, each called wrongly at a known rate: the F1 of endless rows lies inside nearly always."""
    chance = np.random.default_rng(0)
    recall, other = 0.8, 0.7
    truth = 2 * recall / (2 * recall + (1 - recall) + (1 - other))
    inside = 0
    for _ in range(400):
        hits, others = chance.binomial(16, recall), chance.binomial(16, other)
        matrix = np.array([[hits, 16 - hits], [16 - others, others]], dtype=float)
        one = intervals.per_class(matrix, [0, 1])[0]
        inside += one.f1_low <= truth <= one.f1_high
    assert inside >= 0.95 * 400


def test_many_rows_and_classes_are_quick() -> None:
    true, predicted = random_case(100_000, 100, 0)
    started = time.process_time()
    matrix = intervals.mean_confusion(true, predicted, np.unique(true).tolist())
    assert intervals.macro_f1(matrix).low > 0.5
    assert len(intervals.per_class(matrix, np.unique(true).tolist())) == 100
    assert time.process_time() - started < 2
