"""Confidence against what was right: by hand, and where a model is honest."""

from __future__ import annotations

import numpy as np
import pytest

from fsl_desktop.core.reliability import calibration_error, reliability


def test_the_calibration_error_is_the_mean_gap_of_the_bins() -> None:
    confidence = [0.95, 0.95, 0.55, 0.55]
    right = [True, False, True, False]
    assert calibration_error(confidence, right) == pytest.approx((2 * 0.45 + 2 * 0.05) / 4)
    assert calibration_error([], []) == 0
    assert calibration_error([1.0, 0.0], [1, 0]) == 0
    with pytest.raises(ValueError, match="shape"):
        calibration_error([0.5], [1, 0])


def test_an_honest_model_lies_on_the_diagonal() -> None:
    chance = np.random.default_rng(0)
    confidence = chance.uniform(0.2, 1.0, 20_000)
    right = chance.random(20_000) < confidence
    boastful = np.sqrt(confidence)
    found = reliability(boastful, confidence, right)
    assert found.ece_after < 0.02
    assert found.ece_before > 0.1
    assert found.n == sum(one.n for one in found.bins) == 20_000
    for one in found.bins:
        assert one.low <= one.confidence <= one.high
        assert one.right == pytest.approx(one.confidence, abs=0.03)


def test_empty_bins_are_not_drawn() -> None:
    found = reliability([0.9, 0.95], [0.9, 1.0], [1, 1])
    assert [(one.low, one.high, one.n) for one in found.bins] == [(0.8, 1.0, 2)]
