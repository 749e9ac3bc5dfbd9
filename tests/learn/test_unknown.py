"""Rows of a class that nobody named are noticed; rows of known classes are left alone."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from fsl_desktop.learn.folds import stratified
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.methods.instant import fit_instant
from fsl_desktop.learn.unknown import UnknownGauge, fit_unknown

DIM, KNOWN = 24, 4


def rows_of(classes: NDArray[np.int64], seed: int) -> Matrix:
    """Directions around one corner per class, as wide as to overlap a little."""
    noise = np.random.default_rng(seed).normal(size=(len(classes), DIM)) * 0.25
    return (np.eye(DIM)[classes] + noise).astype(np.float32)


def gauge_of(
    per_class: int = 12, pool: Matrix | None = None, seed: int = 0
) -> tuple[UnknownGauge, Callable[[Matrix], Matrix]]:
    labels = np.repeat(np.arange(KNOWN), per_class)
    vectors = rows_of(labels, seed)

    def fit(rows: NDArray[np.int64]) -> Callable[[Matrix], Matrix]:
        return fit_instant(vectors[rows], labels[rows], None, KNOWN).logits

    folds = stratified(labels, np.arange(len(labels)), 4, seed)
    answer = fit(np.arange(len(labels)))
    return fit_unknown(vectors, labels, folds, KNOWN, answer, fit, pool), answer


def scores(gauge: UnknownGauge, answer: Callable[[Matrix], Matrix], vectors: Matrix) -> Matrix:
    return gauge.score(vectors, answer(vectors))


def auroc(known: Matrix, new: Matrix) -> float:
    return float((new[:, None] > known[None, :]).mean())


def test_new_classes_are_told_from_known_ones() -> None:
    gauge, answer = gauge_of()
    known = scores(gauge, answer, rows_of(np.arange(400) % KNOWN, 1))
    new = scores(gauge, answer, rows_of(KNOWN + np.arange(100) % 3, 2))
    assert known.min() >= 0
    assert new.max() <= 1
    assert auroc(known, new) > 0.85
    assert 0.005 < (known > 0.5).mean() < 0.12
    assert (new > 0.5).mean() > 4 * (known > 0.5).mean()


def test_unlabelled_rows_help_and_do_no_great_harm_where_nothing_in_them_is_new() -> None:
    known, new = rows_of(np.arange(400) % KNOWN, 1), rows_of(KNOWN + np.arange(100) % 3, 2)
    found = {}
    for name, classes in {"none": None, "mixed": KNOWN + 3, "known": KNOWN}.items():
        pool = None if classes is None else rows_of(np.arange(350) % classes, 3)
        gauge, answer = gauge_of(pool=pool)
        found[name] = auroc(scores(gauge, answer, known), scores(gauge, answer, new))
    assert found["mixed"] > found["none"]
    assert found["known"] > found["none"] - 0.1


def test_a_row_scores_the_same_in_any_company_and_after_saving() -> None:
    gauge, answer = gauge_of(pool=rows_of(np.arange(60) % 7, 3))
    rows = rows_of(np.arange(40) % 7, 4)
    whole = scores(gauge, answer, rows)
    one_by_one = np.concatenate([scores(gauge, answer, rows[i : i + 1]) for i in range(len(rows))])
    np.testing.assert_allclose(whole, one_by_one, atol=1e-5)
    again = UnknownGauge.of_arrays(gauge.arrays())
    np.testing.assert_allclose(scores(again, answer, rows), whole, atol=1e-6)


@pytest.mark.parametrize(
    ("name", "value"),
    [("labels", np.full(48, KNOWN)), ("pool", np.zeros((5, DIM))), ("scale", np.zeros(3)), ("rows", None)],
)
def test_arrays_that_do_not_fit_are_refused(name: str, value: NDArray[np.generic] | None) -> None:
    arrays = gauge_of()[0].arrays()
    if value is None:
        del arrays[name]
    else:
        arrays[name] = value
    with pytest.raises(ValueError, match=r"missing|do not fit"):
        UnknownGauge.of_arrays(arrays)


def test_no_rows_and_a_class_that_only_its_name_speaks_for() -> None:
    labels = np.repeat(np.arange(2), 6)
    vectors = rows_of(labels, 0)
    names = np.eye(3, DIM, dtype=np.float32)

    def fit(rows: NDArray[np.int64]) -> Callable[[Matrix], Matrix]:
        return fit_instant(vectors[rows], labels[rows], names, 3).logits

    answer = fit(np.arange(12))
    gauge = fit_unknown(vectors, labels, stratified(labels, np.arange(12), 3, 0), 3, answer, fit)
    assert gauge.score(np.zeros((0, DIM), np.float32), np.zeros((0, 3), np.float32)).shape == (0,)
    found = scores(gauge, answer, rows_of(np.full(5, 2), 1))
    assert np.isfinite(found).all()
