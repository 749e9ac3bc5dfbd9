"""Which seconds are seen, where the cursor is, what is selected; and times in words."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

from fsl_desktop.ui.sound.pane_keys import Asked, press
from fsl_desktop.ui.sound.time_view import MIN_SPAN, TimeView
from fsl_desktop.ui.sound.times import clock, decimals_for, tick_step


@pytest.fixture
def view(qapp) -> TimeView:
    made = TimeView()
    made.set_limits(10.0, 20.0)
    return made


def key(view: TimeView, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier):
    return press(view, QKeyEvent(QEvent.Type.KeyPress, key, modifiers))


def test_zooming_keeps_the_place_under_the_mouse(view: TimeView) -> None:
    view.zoom(0.5, at=12.5)
    assert (view.start, view.end) == (11.25, 16.25)
    view.zoom(0.1, at=12.5)
    assert (12.5 - view.start) / view.span == pytest.approx(0.25)


def test_one_cannot_leave_the_clip(view: TimeView) -> None:
    view.zoom(0.5, at=10.0)
    view.scroll(-3)
    assert (view.start, view.end) == (10.0, 15.0)
    view.scroll(100)
    assert (view.start, view.end) == (15.0, 20.0)
    view.zoom(100)
    assert view.is_whole
    view.zoom(1e-9)
    assert view.span == pytest.approx(MIN_SPAN)
    view.move_cursor(99)
    assert view.cursor == 20.0


def test_a_clip_shorter_than_the_closest_zoom_is_seen_whole(view: TimeView) -> None:
    view.set_limits(0.0, 0.01)
    view.zoom(0.5)
    assert (view.start, view.end) == (0.0, 0.01)


def test_the_page_turns_with_the_cursor(view: TimeView) -> None:
    view.show(10, 12)
    view.reveal(11.9)
    assert view.start == 10
    view.reveal(12.1)
    assert view.start <= 12.1 <= view.end
    assert view.span == pytest.approx(2)


def test_a_region_has_an_order_and_a_least_length(view: TimeView) -> None:
    view.select((15, 12))
    assert view.region == (12, 15)
    view.select((5, 99))
    assert view.region == (10, 20)
    view.select((12, 12.001))
    assert view.region is None


def test_arrows_move_the_cursor_and_with_shift_select(view: TimeView) -> None:
    shift, control = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
    assert key(view, Qt.Key.Key_Right) is Asked.NOTHING
    assert view.cursor == pytest.approx(10.1)
    key(view, Qt.Key.Key_Right, control)
    assert view.cursor == pytest.approx(11.1)
    key(view, Qt.Key.Key_Right, shift | control)
    key(view, Qt.Key.Key_Right, shift)
    assert view.region == pytest.approx((11.1, 12.2))
    key(view, Qt.Key.Key_Left, shift)
    assert view.region == pytest.approx((11.1, 12.1))
    key(view, Qt.Key.Key_Home, shift)
    assert view.region == pytest.approx((10.0, 11.1)), "turned over its other end"
    key(view, Qt.Key.Key_Escape)
    assert view.region is None
    assert key(view, Qt.Key.Key_Escape) is None, "then it is for the page"


def test_brackets_set_the_edges_of_the_region(view: TimeView) -> None:
    view.move_cursor(12)
    key(view, Qt.Key.Key_BracketLeft)
    assert view.region == (12, 20)
    view.move_cursor(14)
    key(view, Qt.Key.Key_BracketRight)
    assert view.region == (12, 14)
    assert key(view, Qt.Key.Key_Return) is Asked.LABEL


def test_keys_that_others_must_answer(view: TimeView) -> None:
    assert key(view, Qt.Key.Key_Space) is Asked.PLAY
    assert key(view, Qt.Key.Key_L) is Asked.LOOP
    assert key(view, Qt.Key.Key_Return) is None, "there is no region"
    assert key(view, Qt.Key.Key_3) is None, "labels are for the page"
    assert key(view, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier) is None


def test_keys_zoom(view: TimeView) -> None:
    key(view, Qt.Key.Key_Plus)
    assert view.span == pytest.approx(5)
    key(view, Qt.Key.Key_Minus)
    assert view.is_whole
    view.select((12, 14))
    key(view, Qt.Key.Key_F)
    assert (view.start, view.end) == pytest.approx((11.8, 14.2))
    key(view, Qt.Key.Key_F)
    assert view.is_whole


@pytest.mark.parametrize(
    ("seconds", "decimals", "words"),
    [(0, 0, "0"), (1.25, 2, "1.25"), (59.999, 1, "1:00.0"), (125, 0, "2:05"), (3725.5, 1, "1:02:05.5")],
)
def test_times_in_words(seconds: float, decimals: int, words: str) -> None:
    assert clock(seconds, decimals) == words


def test_ticks_are_at_times_that_people_count_in() -> None:
    assert [tick_step(span, 10) for span in (0.02, 5, 60, 600, 3600, 10_800)] == [
        0.002,
        0.5,
        10,
        60,
        600,
        1800,
    ]
    assert [decimals_for(step) for step in (0.002, 0.05, 0.5, 1, 60)] == [3, 2, 1, 0, 0]
    assert tick_step(1e6, 3) >= 1e6 / 3
