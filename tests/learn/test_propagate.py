"""Labels spread along rows that lie close together, and not across a gap."""

from __future__ import annotations

import numpy as np
import pytest

from fsl_desktop.learn.methods.propagate import propagated
from fsl_desktop.learn.unknown import directions_of


def test_a_label_goes_along_a_curve_where_the_nearest_label_is_the_wrong_one() -> None:
    turn = np.linspace(0, 0.45 * np.pi, 60)
    first = np.stack([np.cos(turn), np.sin(turn), np.zeros(60)], axis=1)
    second = first * [1, 1, 0] + [0, 0, 0.35]
    # The end of the first curve is labelled at its start only, the second one at its end only.
    rows = np.concatenate([first[:1], second[-1:], first[1:], second[:-1]])
    rows = directions_of(rows.astype(np.float32)).astype(np.float64)
    alike = rows @ rows.T
    truth = np.repeat([0, 1], 59)
    nearest = alike[2:, :2].argmax(axis=1)
    assert (nearest == truth).mean() < 0.6
    said = propagated(alike, np.array([0, 1]), 2)
    assert (said.argmax(axis=1) == truth).mean() > 0.9
    np.testing.assert_allclose(said.sum(axis=1), 1)


def test_rows_that_no_label_reaches_are_given_none() -> None:
    ends = np.eye(4)
    rows = np.concatenate([ends[:2], np.repeat(ends[:2], 20, axis=0), np.repeat(ends[2:3], 12, axis=0)])
    said = propagated(rows @ rows.T, np.array([0, 1]), 3)
    np.testing.assert_allclose(said[:40], np.repeat(np.eye(3)[:2], 20, axis=0), atol=1e-3)
    assert (said[40:] == 0).all()


@pytest.mark.parametrize("n", [1, 5])
def test_few_rows_and_rows_that_are_all_alike_are_no_trouble(n: int) -> None:
    alike = np.ones((2 + n, 2 + n))
    said = propagated(alike, np.array([0, 1]), 2)
    np.testing.assert_allclose(said, 0.5, atol=1e-6)
