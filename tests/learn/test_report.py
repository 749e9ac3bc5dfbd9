"""What a run tells of itself: calibrated answers, a curve, a forecast, and what was learnt by heart."""

from __future__ import annotations

import numpy as np
import pytest

from fsl_desktop.core.events import Score
from fsl_desktop.learn.calibrate import INSTANT_TEMPERATURE, tuned_temperature
from fsl_desktop.learn.data import TrainingData
from fsl_desktop.learn.methods.instant import fit_instant
from fsl_desktop.learn.report import (
    Answers,
    Labelled,
    alike,
    frozen_answers,
    instant_curve,
    report,
    share_right,
)

CLASSES, DIM = 4, 16


def drawn(n: int, seed: int = 0, noise: float = 0.5) -> Labelled:
    labels = np.arange(n) % CLASSES
    spread = np.random.default_rng(seed).normal(size=(n, DIM)) * noise
    vectors = (np.eye(DIM)[labels] + spread).astype(np.float32)
    return Labelled(vectors, labels, CLASSES, np.arange(n))


def answers_of(labelled: Labelled) -> Answers:
    found = frozen_answers(labelled)
    assert found is not None
    return found


def test_every_row_is_answered_ten_times_by_models_that_had_not_seen_it() -> None:
    labelled = drawn(48)
    found = answers_of(labelled)
    assert found.rows.tolist() == list(range(48))
    assert found.probabilities.shape == (10, 48, CLASSES)
    np.testing.assert_allclose(found.probabilities.sum(axis=2), 1, atol=1e-5)
    head = fit_instant(labelled.vectors, labelled.labels, None, CLASSES)
    learnt = share_right(head, labelled.vectors, labelled.labels)
    right = (found.probabilities.argmax(axis=2) == labelled.labels).mean()
    assert learnt is not None
    assert right < learnt


def test_calibration_makes_the_instant_head_less_modest_and_its_error_smaller() -> None:
    labelled = drawn(80, noise=0.35)
    found = report(labelled, answers_of(labelled), tuned=False, prior=INSTANT_TEMPERATURE)
    assert found.temperature < 1
    assert found.reliability is not None
    assert found.reliability.ece_after < found.reliability.ece_before
    assert found.reliability.n == 80
    assert sum(one.n for one in found.reliability.bins) == pytest.approx(80, abs=3)


def test_with_few_rows_the_temperature_stays_near_what_is_usual_for_the_head() -> None:
    labels = np.arange(6) % 2
    even = Answers(np.arange(6), np.full((6, 2), 0.5, np.float32))
    assert even.heat(labels, INSTANT_TEMPERATURE) < even.heat(labels, 1.0)
    none = Answers(np.arange(0), np.zeros((0, 2), np.float32))
    assert none.heat(labels, INSTANT_TEMPERATURE) == INSTANT_TEMPERATURE
    assert none.heat(labels, 1.0) == 1.0


def test_a_model_that_is_surer_than_those_who_answered_for_it_is_calibrated_by_less() -> None:
    labelled = drawn(80, noise=0.35)
    answers = answers_of(labelled)
    same, surer = (report(labelled, answers, tuned=True, prior=0.5, times=times) for times in (1.0, 1.5))
    assert same.temperature == same.answers_temperature
    assert same.temperature < surer.temperature < 1.5 * same.temperature
    assert surer.temperature == pytest.approx(1.5 * surer.answers_temperature)


def test_the_fewer_rows_a_tuned_model_has_the_colder_it_is_read() -> None:
    temperatures = [tuned_temperature(labels) for labels in (1, 4, 16)]
    assert temperatures == sorted(temperatures)
    assert temperatures[0] > 0.2
    assert temperatures[-1] < 0.7


def test_the_curve_of_a_tuned_model_starts_its_forecast_from_its_own_score() -> None:
    labelled = drawn(64)
    answers = answers_of(labelled)
    own = Score(0.97, 0.9, 1.0, 64)
    instant = report(labelled, answers, tuned=False, prior=1.0).curve
    tuned = report(labelled, answers, tuned=True, prior=1.0, score=own).curve
    assert instant is not None
    assert tuned is not None
    assert tuned.points == instant.points
    assert tuned.stand_in
    assert not instant.stand_in
    # With three in a hundred wrong there is less to gain than with a fifth wrong.
    assert tuned.forecast.gain < 0.5 * instant.forecast.gain
    assert tuned.forecast.high <= 0.03 + 1e-9


def test_a_run_that_is_stopped_has_no_curve_but_is_calibrated() -> None:
    labelled = drawn(40)
    found = report(labelled, answers_of(labelled), tuned=False, prior=1.0, cancelled=lambda: True)
    assert found.curve is None
    assert found.reliability is not None
    assert found.temperature != 1.0


def test_where_nothing_can_be_held_out_nothing_is_told() -> None:
    alone = Labelled(np.eye(3, DIM, dtype=np.float32), np.arange(3), 3, np.arange(3))
    assert frozen_answers(alone) is None
    assert instant_curve(alone) is None
    assert report(alone, None, tuned=True, prior=0.7).temperature == 0.7


def test_nearly_equal_rows_are_one_group() -> None:
    texts = ["my card was lost on day 3", "My card  was lost on day 3", "where is my refund", "new password"]
    data = TrainingData.of_lists(texts, ["card", "card", "refund", "login"])
    vectors = np.eye(4, DIM, dtype=np.float32)
    groups = alike(vectors, data)
    assert groups[0] == groups[1]
    assert len(set(groups.tolist())) == 3
