"""The curve rises where labels help, and the forecast says no more than is known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from fsl_desktop.core.learning_curve import CurvePoint, Forecast, sentence
from fsl_desktop.learn.folds import repeated_folds
from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.learning_curve import forecast, learning_curve
from fsl_desktop.learn.methods.instant import fit_instant

CLASSES, DIM = 4, 16


def drawn(n: int, seed: int, noise: float = 0.5) -> tuple[Matrix, NDArray[np.int64]]:
    labels = np.arange(n) % CLASSES
    spread = np.random.default_rng(seed).normal(size=(n, DIM)) * noise
    return (np.eye(DIM)[labels] + spread).astype(np.float32), labels


def fitter(
    vectors: Matrix, labels: NDArray[np.int64], seen: list[NDArray[np.int64]] | None = None
) -> Callable[[NDArray[np.int64]], Callable[[Matrix], Matrix]]:
    def fit(rows: NDArray[np.int64]) -> Callable[[Matrix], Matrix]:
        if seen is not None:
            seen.append(rows)
        return fit_instant(vectors[rows], labels[rows], None, CLASSES).logits

    return fit


def folds_for(labels: NDArray[np.int64], repeats: int = 2) -> NDArray[np.int64]:
    folds = repeated_folds(labels, np.arange(len(labels)), CLASSES, 5, repeats, 0)
    assert folds is not None
    return folds


def test_the_curve_rises_and_ends_at_all_labels() -> None:
    vectors, labels = drawn(64, 1)
    curve = learning_curve(vectors, labels, folds_for(labels), CLASSES, fitter(vectors, labels))
    assert [point.labels for point in curve.points] == [16, 26, 38, 51, 64]
    assert curve.points[-1].value > curve.points[0].value + 0.03
    for point in curve.points:
        assert 0 <= point.low <= point.value <= point.high <= 1
    again = learning_curve(vectors, labels, folds_for(labels), CLASSES, fitter(vectors, labels))
    assert again == curve


def test_no_part_is_without_a_class_and_none_holds_out_what_it_learns() -> None:
    vectors, labels = drawn(64, 0)
    seen: list[NDArray[np.int64]] = []
    folds = folds_for(labels, 1)
    learning_curve(vectors, labels, folds, CLASSES, fitter(vectors, labels, seen))
    assert len(seen) == 25
    for call, rows in enumerate(seen):
        counts = np.bincount(labels[rows], minlength=CLASSES)
        assert counts.max() - counts.min() <= 2  # the folds themselves differ by one
        assert not (folds[0][rows] == call // 5).any()


def test_the_band_holds_the_real_gain_four_times_out_of_five() -> None:
    test_vectors, test_labels = drawn(4000, 99)
    inside = []
    for seed in range(40):
        vectors, labels = drawn(52, seed)
        few = np.arange(32)
        curve = learning_curve(
            vectors[few], labels[few], folds_for(labels[few], 1), CLASSES, fitter(vectors, labels)
        )
        right = [
            (fitter(vectors, labels)(rows)(test_vectors).argmax(axis=1) == test_labels).mean()
            for rows in (few, np.arange(52))
        ]
        inside.append(curve.forecast.low <= right[1] - right[0] <= curve.forecast.high)
    assert np.mean(inside) >= 0.75


def test_a_forecast_never_promises_more_than_is_wrong() -> None:
    good = [CurvePoint(n, 0.99, 0.9, 1.0) for n in (20, 40, 80)]
    found = forecast(good)
    assert 0 < found.gain < 0.01
    assert found.high <= 0.01
    many = [CurvePoint(n, 1 - 2 * n**-0.5, 0.5, 1.0) for n in (1000, 4000, 16000)]
    measured = forecast(many, more=16000)
    assert measured.gain == pytest.approx(2 * 16000**-0.5 * (1 - 2**-0.5), rel=0.1)


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (0.031, 0.068, "20 more labels would probably add 3 to 7 points."),
        (-0.01, 0.052, "20 more labels would probably add 5 points at most."),
        (0.021, 0.024, "20 more labels would probably add about 2 points."),
        (0.0, 0.013, "20 more labels will probably not help much."),
    ],
)
def test_the_forecast_in_words(low: float, high: float, text: str) -> None:
    assert sentence(Forecast(20, (low + high) / 2, low, high)).text == text
