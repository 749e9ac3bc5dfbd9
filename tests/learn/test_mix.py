"""Several frozen encoders at once: the useful ones count, and clips that nobody labelled help."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from fsl_desktop.learn.heads import Matrix
from fsl_desktop.learn.methods.kernel_ridge import PENALTY, left_out
from fsl_desktop.learn.methods.mix import SHARPNESS, Clips, fit_mix

CLASSES = 4


def drawn(n: int, noise: float, seed: int, dim: int = 24) -> tuple[Matrix, NDArray[np.int64]]:
    labels = np.arange(n) % CLASSES
    spread = np.random.default_rng(seed).normal(size=(n, dim)) * noise
    return (3 + np.eye(dim)[labels] + spread).astype(np.float32), labels


def none_of(*blocks: Matrix) -> list[Matrix]:
    return [block[:0] for block in blocks]


def test_with_one_block_it_is_ridge_regression() -> None:
    from sklearn.linear_model import Ridge

    rows, labels = drawn(24, 0.3, 0)
    mix = fit_mix([rows], labels, none_of(rows), CLASSES)
    seen = mix.vectors([rows])
    np.testing.assert_allclose(np.linalg.norm(seen, axis=1), 1, atol=1e-5)
    target = np.eye(CLASSES)[labels]
    peer = Ridge(alpha=PENALTY, fit_intercept=False).fit(seen, target - target.mean(axis=0))
    expected = SHARPNESS * (peer.predict(seen) + target.mean(axis=0))
    np.testing.assert_allclose(mix.logits([rows]), expected, atol=1e-3)


def test_what_is_said_of_a_row_that_is_left_out_is_what_a_fit_without_it_says() -> None:
    rows, labels = drawn(12, 0.4, 1)
    exact = rows.astype(np.float64)
    target = np.eye(CLASSES)[labels]
    gram = exact @ exact.T
    said = left_out(np.linalg.inv(gram + PENALTY * np.eye(len(gram))), target)
    for row in range(len(rows)):
        others = np.flatnonzero(np.arange(len(rows)) != row)
        system = gram[np.ix_(others, others)] + PENALTY * np.eye(len(others))
        np.testing.assert_allclose(
            said[row], gram[row, others] @ np.linalg.solve(system, target[others]), atol=1e-6
        )


def test_a_block_that_says_nothing_counts_next_to_nothing() -> None:
    good, labels = drawn(24, 0.2, 2)
    chance = np.random.default_rng(3).normal(size=(24, 24)).astype(np.float32)
    pools = [drawn(60, 0.2, 4)[0], np.random.default_rng(5).normal(size=(60, 24)).astype(np.float32)]
    for pool in (none_of(good, chance), pools):
        first, second = fit_mix([good, chance], labels, pool, CLASSES).views
        assert second.length < 0.2 * first.length


@pytest.mark.parametrize("n_labels", [4, 6, 8])
def test_clips_without_a_label_help_also_where_a_class_has_a_single_one(n_labels: int) -> None:
    gains = []
    for seed in range(8):
        rows, labels = drawn(n_labels, 0.45, 10 + seed)
        pool, true = drawn(200, 0.45, 100 + seed)
        right = [
            (
                fit_mix([rows], labels, [pool], CLASSES, self_trained=on).logits([pool]).argmax(1) == true
            ).mean()
            for on in (False, True)
        ]
        gains.append(right[1] - right[0])
    assert np.mean(gains) > 0.02


def test_one_label_each_is_enough_to_answer_and_a_class_without_any_is_never_said() -> None:
    rows, labels = drawn(3, 0.1, 6)
    asked, true = drawn(40, 0.1, 7)
    mix = fit_mix([rows, rows], labels, [asked, asked], CLASSES)
    said = mix.logits([asked, asked]).argmax(axis=1)
    assert set(said.tolist()) == {0, 1, 2}
    seen = true < 3
    assert (said[seen] == true[seen]).mean() > 0.9


def test_clips_that_are_all_alike_are_no_trouble() -> None:
    rows = np.ones((6, 5), np.float32)
    mix = fit_mix([rows], np.arange(6) % 2, [rows], 2)
    assert np.isfinite(mix.logits([rows])).all()


def test_what_is_said_of_clips_that_are_known_and_of_the_same_as_new_ones_is_the_same() -> None:
    rows, labels = drawn(16, 0.3, 8)
    pool, _ = drawn(60, 0.3, 9)
    clips = Clips([rows, rows[:, :7]], [pool, pool[:, :7]])
    learnt = clips.fit(np.arange(4, 16), labels[4:], CLASSES)
    known = clips.logits(learnt, np.arange(4))
    np.testing.assert_allclose(clips.mix(learnt).logits([rows[:4], rows[:4, :7]]), known, atol=1e-4)
