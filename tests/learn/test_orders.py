"""Which row next: typical and spread out, doubtful and balanced; and which labels are doubtful."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from fsl_desktop.learn.orders.contradictions import contradictions
from fsl_desktop.learn.orders.cover import Cover
from fsl_desktop.learn.orders.diverse import diverse
from fsl_desktop.learn.orders.doubted import doubted, label_doubt
from fsl_desktop.learn.orders.mixed import margin_doubt, mixed, usefulness
from fsl_desktop.learn.orders.views import WIDTH, compact
from fsl_desktop.learn.unknown import directions_of

Floats = NDArray[np.float32]
NONE = np.zeros(0, np.int64)


def crowds(sizes: list[int], spread: float = 0.15, width: int = 16) -> tuple[Floats, NDArray[np.int64]]:
    """(rows (n, width), which crowd each is of): crowds in directions of their own."""
    chance = np.random.default_rng(3)
    middles = np.eye(width)[: len(sizes)]
    rows = [middles[i] + spread * chance.normal(size=(n, width)) for i, n in enumerate(sizes)]
    return np.concatenate(rows).astype(np.float32), np.repeat(np.arange(len(sizes)), sizes)


def test_diverse_visits_every_crowd_before_it_comes_back_to_one() -> None:
    rows, crowd = crowds([40, 30, 20, 20])
    first = diverse(compact(rows), np.arange(len(rows)), NONE)
    assert sorted(crowd[first[:4]].tolist()) == [0, 1, 2, 3]
    assert crowd[first[0]] == 0, "where most rows are"
    assert len(set(first.tolist())) == len(first) == len(rows)


def test_diverse_begins_where_nothing_has_a_label() -> None:
    rows, crowd = crowds([40, 30, 20, 20])
    labelled = np.array([np.flatnonzero(crowd == one)[0] for one in (0, 1)])
    free = np.setdiff1d(np.arange(len(rows)), labelled)
    first = diverse(compact(rows), free, labelled)
    assert set(crowd[first[:2]].tolist()) == {2, 3}
    assert not set(labelled.tolist()) & set(first.tolist())


def test_diverse_leaves_a_row_like_no_other_for_later() -> None:
    rows, _ = crowds([40, 40])
    loner = np.zeros((1, rows.shape[1]), np.float32)
    loner[0, 9] = 3
    first = diverse(compact(np.concatenate([rows, loner])), np.arange(81), NONE)
    assert 80 not in first[:2].tolist()


def test_mixed_asks_about_what_is_doubted() -> None:
    rows, crowd = crowds([40, 40, 40])
    doubt = np.where(crowd == 1, 0.9, 0.01).astype(np.float32)
    guess = crowd.astype(np.int64)
    labelled = np.array([0, 40, 80])
    free = np.setdiff1d(np.arange(120), labelled)
    first = mixed(compact(rows), doubt, guess, np.array([1, 1, 1]), free, labelled)
    assert set(crowd[first[:5]].tolist()) == {1}


def test_mixed_evens_out_the_classes() -> None:
    rows, crowd = crowds([40, 40])
    doubt = np.full(80, 0.5, np.float32)
    labelled = np.array([0, 1, 2, 40])
    free = np.setdiff1d(np.arange(80), labelled)
    seen, guess = compact(rows), crowd.astype(np.int64)
    even = mixed(seen, doubt, guess, np.array([20, 20]), free, labelled)
    rare = mixed(seen, doubt, guess, np.array([30, 0]), free, labelled)
    assert (crowd[rare[:10]] == 1).sum() > (crowd[even[:10]] == 1).sum()


def test_mixed_does_not_ask_twice_about_the_same() -> None:
    rows, crowd = crowds([50, 50], spread=0.05)
    doubt = np.full(100, 1.0, np.float32)
    doubt[crowd == 0] = 0.9
    first = mixed(compact(rows), doubt, None, np.array([3, 3]), np.arange(100), NONE)
    assert sorted(crowd[first[:2]].tolist()) == [0, 1], "the most doubtful rows alone are all of one crowd"


def test_mixed_is_diverse_while_there_are_fewer_labels_than_classes() -> None:
    rows, crowd = crowds([40, 30, 20])
    doubt = np.where(crowd == 0, 0.0, 1.0).astype(np.float32)
    free, seen = np.arange(1, 90), compact(rows)
    first = mixed(seen, doubt, crowd.astype(np.int64), np.array([1, 0, 0]), free, np.array([0]))
    np.testing.assert_array_equal(first, diverse(seen, free, np.array([0]), most=len(first)))


def test_usefulness_keeps_the_order_and_goes_on_with_doubt() -> None:
    doubt = np.array([0.1, 1.0, 0.5, 0.3], np.float32)
    worth = usefulness(np.array([3, 0]), doubt)
    assert np.argsort(-worth).tolist() == [3, 0, 1, 2]
    assert 0 <= worth.min() <= worth.max() <= 1


def test_the_margin_tells_doubt() -> None:
    chances = np.array([[0.9, 0.05, 0.05], [0.5, 0.49, 0.01], [0.4, 0.3, 0.3]], np.float32)
    assert margin_doubt(chances).argsort()[::-1].tolist() == [1, 2, 0]
    assert margin_doubt(np.ones((2, 1), np.float32)).tolist() == [1, 1]


def test_the_same_seed_gives_the_same_order_however_many_rows() -> None:
    chance = np.random.default_rng(0)
    seen = directions_of(chance.normal(size=(5000, 8)).astype(np.float32))
    free = np.arange(10, 5000)
    one = diverse(seen, free, np.arange(10), seed=1)
    np.testing.assert_array_equal(one, diverse(seen, free, np.arange(10), seed=1))
    assert one.tolist() != diverse(seen, free, np.arange(10), seed=2).tolist()
    assert len(one) == 300


@pytest.mark.parametrize("n", [0, 1, 2])
def test_hardly_any_rows_are_no_trouble(n: int) -> None:
    seen = compact(np.ones((n, 4), np.float32))
    every = np.arange(n)
    assert sorted(diverse(seen, every, NONE).tolist()) == every.tolist()
    first = mixed(seen, np.ones(n, np.float32), None, np.zeros(0, np.int64), every, NONE)
    assert sorted(first.tolist()) == every.tolist()
    assert len(diverse(seen, NONE, every)) == 0
    assert contradictions(seen, np.zeros(n, np.int64)) == []
    assert len(Cover(seen, every, every, NONE).order(None, 0)) == 0


def test_wide_rows_keep_who_is_like_whom() -> None:
    rows, crowd = crowds([60, 60, 60], width=1000, spread=0.02)
    seen = compact(rows)
    assert seen.shape == (180, WIDTH)
    np.testing.assert_allclose(np.linalg.norm(seen, axis=1), 1, atol=1e-5)
    nearest = (seen @ seen.T - 2 * np.eye(180)).argmax(axis=1)
    assert (crowd[nearest] == crowd).all()


def test_blocks_side_by_side_count_alike_however_large_their_numbers() -> None:
    one, crowd = crowds([30, 30])
    noise = np.random.default_rng(0).normal(size=(60, 4)).astype(np.float32) * 1000
    seen = compact(np.concatenate([one, noise], axis=1), widths=[16, 4])
    inside = (seen @ seen.T)[crowd[:, None] == crowd].mean()
    assert inside > (seen @ seen.T)[crowd[:, None] != crowd].mean() + 0.4


def shares_of(labels: NDArray[np.int64], right: float = 0.8) -> Floats:
    """Models that are as sure of everything."""
    shares = np.full((len(labels), 3), (1 - right) / 2, np.float32)
    shares[np.arange(len(labels)), labels] = right
    return shares


def test_planted_errors_come_first_and_are_counted() -> None:
    truth = np.arange(60) % 3
    labels = truth.copy()
    flipped = [5, 17, 40]
    labels[flipped] = (labels[flipped] + 1) % 3
    found = doubted(labels, shares_of(truth))
    assert sorted(found.order[:3].tolist()) == flipped
    assert found.marked == 3
    assert sorted(found.order.tolist()) == list(range(60))


def test_where_all_labels_agree_none_is_marked() -> None:
    truth = np.arange(12) % 3
    assert doubted(truth, shares_of(truth)).marked == 0


def test_doubt_of_a_single_class_is_none() -> None:
    assert label_doubt(np.zeros(2, np.int64), np.ones((2, 1), np.float32)).tolist() == [0, 0]


def test_the_same_words_under_two_labels_contradict_each_other() -> None:
    vectors = np.eye(6, dtype=np.float32)
    vectors[4] = vectors[1]
    vectors[5] = vectors[2]
    labels = np.array([1, 2, 3, 1, 3, 3])
    found = contradictions(vectors, labels)
    assert [rows.tolist() for rows in found] == [[1, 4]], "rows 2 and 5 are the same, and agree"


def test_rows_known_to_be_the_same_are_compared_whatever_the_model_says() -> None:
    found = contradictions(np.eye(4, dtype=np.float32), np.array([1, 1, 2, 2]), groups=np.array([0, 1, 0, 2]))
    assert [rows.tolist() for rows in found] == [[0, 2]]
