"""Windows into detections: by hand-made answers of which every detection can be told."""

from __future__ import annotations

import time
from collections.abc import Sequence

import numpy as np
import pytest

from fsl_desktop.core.audio.detections import (
    Cells,
    Detection,
    Joining,
    Overlap,
    Rule,
    Smoothing,
    cells,
    detect,
    find,
    thresholds_of,
)
from fsl_desktop.core.audio.track import Track


def track(
    columns: dict[str, Sequence[float]],
    hop: float = 1.0,
    length: float = 1.0,
    places: Sequence[int] | None = None,
    seconds: float | None = None,
) -> Track:
    values = np.array(list(columns.values()), np.float32).T
    at = np.arange(len(values)) if places is None else np.array(places, np.int64)
    end = float(at[-1]) * hop + length if len(at) else 0.0
    return Track(tuple(columns), hop, length, end if seconds is None else seconds, at, values)


def spans(found: Sequence[Detection]) -> list[tuple[float, float, str]]:
    return [(one.start, one.end, one.label) for one in found]


def curve(*values: float) -> Cells:
    """One class, a second per value."""
    return Cells(("a",), np.arange(len(values) + 1.0), np.array(values, np.float32)[:, None])


def test_neighbouring_windows_are_one_detection_as_sure_as_the_surest() -> None:
    found = detect(track({"a": [0.1, 0.6, 0.9, 0.2, 0.7], "b": [0.9, 0.4, 0.1, 0.8, 0.3]}), Rule(gap=0))
    assert found == [
        Detection(0.0, 1.0, "b", pytest.approx(0.9)),
        Detection(1.0, 3.0, "a", pytest.approx(0.9)),
        Detection(3.0, 4.0, "b", pytest.approx(0.8)),
        Detection(4.0, 5.0, "a", pytest.approx(0.7)),
    ]


def test_a_moment_under_several_windows_has_their_mean_or_what_the_least_sure_says() -> None:
    # A sound from 3 to 4 s: the windows from 2 and from 3 s hold it, those before and behind do not.
    half = track({"a": [0, 0, 1, 1, 0, 0]}, hop=1.0, length=2.0)
    by_mean = Joining(overlap=Overlap.MEAN)
    mean = cells(half, by_mean)
    assert mean.edges.tolist() == [0, 1, 2, 3, 4, 5, 6, 7]
    assert mean.values[:, 0].tolist() == [0, 0, 0.5, 1, 0.5, 0, 0]
    assert spans(detect(half, Rule(threshold=0.6), by_mean)) == [(3.0, 4.0, "a")]
    assert spans(detect(half, Rule(), by_mean)) == [(2.0, 5.0, "a")]
    assert spans(detect(half)) == [(3.0, 4.0, "a")]


def test_a_hop_that_does_not_divide_the_window_gives_shorter_cells_and_no_empty_ones() -> None:
    found = cells(track({"a": np.ones(1000).tolist()}, hop=0.48, length=0.96, seconds=480.0))
    assert np.diff(found.edges).min() > 0.1
    assert found.edges[-1] == 480.0
    assert (found.values == 1).all()
    odd = cells(track({"a": [1.0, 0.0, 1.0]}, hop=0.4, length=1.0), Joining(overlap=Overlap.MEAN))
    assert np.allclose(odd.edges, [0, 0.4, 0.8, 1.0, 1.4, 1.8])
    assert np.allclose(odd.values[:, 0], [1, 0.5, 2 / 3, 0.5, 1])


def test_skipped_windows_hear_nothing_whatever_the_threshold() -> None:
    found = track({"a": [0.9, 0.9]}, places=[1, 4], seconds=8.0)
    assert spans(detect(found)) == [(1.0, 2.0, "a"), (4.0, 5.0, "a")]
    assert spans(detect(found, Rule(threshold=0.0, gap=0.0))) == [(1.0, 2.0, "a"), (4.0, 5.0, "a")]
    assert detect(track({"a": []}, seconds=5.0)) == []


def test_the_last_window_ends_with_the_recording() -> None:
    assert spans(detect(track({"a": [0.1, 0.9]}, hop=1.0, length=2.0, seconds=2.5), Rule(threshold=0.8))) == [
        (2.0, 2.5, "a")
    ]


def test_smoothing_drops_what_both_neighbours_deny() -> None:
    lone = track({"a": [0, 0, 1, 0, 0, 0.9, 0.9, 0.9, 0]})
    median = Joining(smoothing=Smoothing.MEDIAN, width=3)
    assert spans(detect(lone, joining=median)) == [(5.0, 8.0, "a")]
    mean = cells(lone, Joining(smoothing=Smoothing.MEAN, width=3)).values[:, 0]
    assert mean.tolist() == pytest.approx([0, 1 / 3, 1 / 3, 1 / 3, 0.3, 0.6, 0.9, 0.6, 0.3])
    wide = Joining(smoothing=Smoothing.MEDIAN, width=99)  # wider than the recording
    assert cells(track({"a": [0.2, 0.4]}), wide).values.shape == (2, 1)


def test_gaps_are_closed_within_a_class_and_what_stays_short_is_dropped() -> None:
    made = curve(0.9, 0, 0.9, 0, 0, 0.9, 0.9)
    assert spans(find(made, Rule(gap=0.5)).detections()) == [(0, 1, "a"), (2, 3, "a"), (5, 7, "a")]
    assert spans(find(made, Rule(gap=1.0)).detections()) == [(0, 3, "a"), (5, 7, "a")]
    assert spans(find(made, Rule(gap=2.0)).detections()) == [(0, 7, "a")]
    assert spans(find(made, Rule(gap=0.5, shortest=1.5)).detections()) == [(5, 7, "a")]
    two = track({"a": [0.9, 0.1], "b": [0.1, 0.9]})
    assert spans(detect(two, Rule(gap=99))) == [(0, 1, "a"), (1, 2, "b")]


def test_a_dip_above_the_release_does_not_cut_a_sound_in_two() -> None:
    made = curve(0.3, 0.8, 0.4, 0.7, 0.3, 0, 0.4)
    assert len(find(made, Rule(gap=0))) == 2
    held = find(made, Rule(gap=0, release=0.7))
    assert spans(held.detections()) == [(1, 4, "a")]  # and what never reaches the threshold stays unheard
    assert held.confidence.tolist() == pytest.approx([0.8])


def test_thresholds_of_their_own_and_classes_that_are_no_news() -> None:
    both = track({"a": [0.6, 0.2], "b": [0.4, 0.8]})
    own = thresholds_of(("a", "b"), 0.5, {"a": 0.7})
    assert own == (0.7, 0.5)
    assert spans(detect(both, Rule(threshold=own))) == [(1, 2, "b")]
    assert spans(detect(both, Rule(threshold=0.0, leave_out=frozenset("b"), gap=0))) == [(0, 2, "a")]
    with pytest.raises(ValueError, match=r".+"):
        detect(both, Rule(threshold=(0.5, 0.5, 0.5)))


def test_the_same_as_one_by_one() -> None:
    """The arrays against a loop over random answers."""
    chance = np.random.default_rng(3)
    values = chance.random((400, 4)).astype(np.float32) ** 2
    made = Cells(tuple("abcd"), np.arange(401.0), values)
    rule = Rule(threshold=0.4, release=0.5, gap=1.0, shortest=2.0)
    expected = []
    for label in range(4):
        parts: list[list[int]] = []
        k = 0
        while k < 400:
            if values[k, label] < np.float32(0.2):
                k += 1
                continue
            end = k
            while end < 400 and values[end, label] >= np.float32(0.2):
                end += 1
            if values[k:end, label].max() >= 0.4:
                if parts and k - parts[-1][1] <= 1:
                    parts[-1][1] = end
                else:
                    parts.append([k, end])
            k = end
        expected += [(float(a), float(b), "abcd"[label]) for a, b in parts if b - a >= 2]
    assert sorted(spans(find(made, rule).detections())) == sorted(expected)
    assert len(expected) > 20


def test_a_slider_over_three_hours_moves_at_once() -> None:
    chance = np.random.default_rng(0)
    values = chance.random((21_600, 12)).astype(np.float32) ** 4
    made = cells(Track(tuple("abcdefghijkl"), 0.5, 2.0, 10_801.5, np.arange(21_600), values))
    took = []
    for threshold in (0.2, 0.3, 0.5, 0.7, 0.9):
        began = time.process_time()
        find(made, Rule(threshold=threshold))
        took.append(time.process_time() - began)
    assert min(took) < 0.05  # of the processor, whatever runs beside; some 5 ms
