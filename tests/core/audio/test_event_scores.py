"""Scores of detections against events, case by case as one would count by hand."""

from __future__ import annotations

import numpy as np
import pytest

from fsl_desktop.core.audio.detections import Detection
from fsl_desktop.core.audio.event_scores import EventScore, by_collars, by_intersection


def events(*spans: tuple[float, float], label: str = "a") -> list[Detection]:
    return [Detection(start, end, label) for start, end in spans]


def test_shares_of_counts() -> None:
    score = EventScore(events=10, found=6, false=2)
    assert (score.precision, score.recall) == (0.75, 0.6)
    assert score.f1 == pytest.approx(2 * 0.75 * 0.6 / 1.35)
    assert (EventScore(0, 0, 0).f1, EventScore(0, 0, 0).precision, EventScore(3, 0, 0).recall) == (0, 0, 0)


def test_collars_around_beginning_and_end() -> None:
    truth = events((1.0, 2.0))
    assert by_collars(truth, events((1.2, 2.2))).overall == EventScore(1, 1, 0)
    assert by_collars(truth, events((1.21, 2.0))).overall == EventScore(1, 0, 1)
    assert by_collars(truth, events((0.79, 2.0))).overall == EventScore(1, 0, 1)
    assert by_collars(truth, events((1.0, 2.3))).overall == EventScore(1, 0, 1)
    assert by_collars(truth, events((1.0, 9.0)), offsets=False).overall == EventScore(1, 1, 0)


def test_the_end_of_a_long_event_may_be_off_by_a_share_of_it() -> None:
    truth = events((0.0, 10.0))
    assert by_collars(truth, events((0.0, 12.0))).overall.found == 1
    assert by_collars(truth, events((0.0, 12.1))).overall.found == 0
    assert by_collars(truth, events((0.0, 15.0)), offset_share=0.5).overall.found == 1


def test_every_detection_finds_one_event_and_as_many_pairs_as_can_be_are_made() -> None:
    # Both detections fit the second event, only one the first: taking the nearest first would lose a pair.
    truth = events((1.0, 2.0), (1.15, 2.15))
    assert by_collars(truth, events((1.1, 2.1), (1.3, 2.3))).overall == EventScore(2, 2, 0)
    assert by_collars(truth, events((1.1, 2.1))).overall == EventScore(2, 1, 0)
    assert by_collars(events((1.0, 2.0)), events((1.0, 2.0), (1.05, 2.0))).overall == EventScore(1, 1, 1)


def test_pairs_are_as_many_as_a_search_through_all_finds() -> None:
    chance = np.random.default_rng(1)
    for _ in range(30):
        starts, guesses = chance.uniform(0, 1.2, 5), chance.uniform(0, 1.2, 5)
        truth = events(*[(float(t), float(t) + 1) for t in starts])
        found = events(*[(float(t), float(t) + 1) for t in guesses])
        fits = np.abs(np.sort(starts)[:, None] - np.sort(guesses)) <= 0.2

        def most(row: int, taken: frozenset[int], fits: np.ndarray = fits) -> int:
            if row == len(fits):
                return 0
            free = [k for k in np.flatnonzero(fits[row]).tolist() if k not in taken]
            return max([most(row + 1, taken), *(1 + most(row + 1, taken | {k}) for k in free)])

        assert by_collars(truth, found).overall.found == most(0, frozenset())


def test_classes_are_scored_apart_and_overall_counts_every_event() -> None:
    truth = [*events((0, 1), (5, 6)), *events((0, 1), label="b")]
    found = [*events((0, 1), (5, 6)), *events((3, 4), label="b"), *events((0, 1), label="c")]
    scores = by_collars(truth, found)
    assert dict(scores.per_class) == {
        "a": EventScore(2, 2, 0), "b": EventScore(1, 0, 1), "c": EventScore(0, 0, 1),
    }  # fmt: skip
    assert scores.overall == EventScore(3, 2, 2)
    assert scores.macro_f1 == 0.5
    assert by_collars([], []).overall == EventScore(0, 0, 0)
    assert by_intersection(truth, []).overall == EventScore(3, 0, 0)


def test_intersection_asks_how_much_is_covered_both_ways() -> None:
    truth = events((0.0, 10.0))
    assert by_intersection(truth, events((0.0, 5.0))).overall == EventScore(1, 1, 0)
    assert by_intersection(truth, events((0.0, 4.9))).overall == EventScore(1, 0, 0)  # right, but too little
    assert by_intersection(truth, events((5.0, 15.0))).overall == EventScore(1, 1, 0)
    assert by_intersection(truth, events((5.1, 15.0))).overall == EventScore(1, 0, 1)
    strict = by_intersection(truth, events((0.0, 6.9)), of_detection=0.7, of_event=0.7)
    assert strict.overall == EventScore(1, 0, 0)


def test_a_detection_in_pieces_finds_its_event_and_false_ones_do_not_help() -> None:
    truth = events((0.0, 10.0))
    assert by_intersection(truth, events((0.0, 3.0), (4.0, 6.5))).overall == EventScore(1, 1, 0)
    # The long one lies mostly elsewhere: it is false and covers nothing.
    assert by_intersection(truth, events((0.0, 3.0), (7.0, 30.0))).overall == EventScore(1, 0, 1)
    # One detection over two events finds both; overlapping detections cover a moment once.
    assert by_intersection(events((0, 4), (5, 9)), events((0, 9))).overall == EventScore(2, 2, 0)
    assert by_intersection(truth, events((0, 3), (0.5, 3), (1, 3))).overall == EventScore(1, 0, 0)


def test_events_of_a_moment_count_where_a_detection_is_there() -> None:
    assert by_intersection(events((3.0, 3.0)), events((2.0, 4.0))).overall == EventScore(1, 0, 1)
    assert by_intersection(events((3.0, 3.0), (2.0, 4.0)), events((2.5, 3.5))).overall == EventScore(2, 2, 0)
    assert by_collars(events((3.0, 3.0)), events((3.1, 3.1))).overall == EventScore(1, 1, 0)
