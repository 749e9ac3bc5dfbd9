"""Work beside the window: the newest wins, failures are sentences, nothing comes after the end."""

from __future__ import annotations

import threading

from pytestqt.qtbot import QtBot

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.readers.source import stop_if
from fsl_desktop.ui.sound import lane as module
from fsl_desktop.ui.sound.lane import Lane


def test_results_come_on_the_lanes_own_thread(qtbot: QtBot) -> None:
    lane = Lane("test")
    got = []
    lane.do(
        lambda give, cancelled: give(threading.current_thread().name),
        lambda value: got.append((value, threading.current_thread() is threading.main_thread())),
    )
    qtbot.waitUntil(lambda: bool(got))
    assert got == [("test", True)]
    lane.close()


def test_only_the_newest_is_done_and_what_runs_is_told_to_stop(qtbot: QtBot) -> None:
    lane, got, begun, go = Lane("test"), [], threading.Event(), threading.Event()

    def long(give, cancelled):
        begun.set()
        go.wait(5)
        stop_if(cancelled)
        give("long")

    lane.do(long, got.append)
    assert begun.wait(5)
    for number in range(5):
        lane.do(lambda give, cancelled, n=number: give(n), got.append)
    go.set()
    qtbot.waitUntil(lambda: bool(got))
    qtbot.waitUntil(lambda: not lane.busy)
    assert got == [4]


def test_after_clear_nothing_comes(qtbot: QtBot) -> None:
    lane, got, go = Lane("test"), [], threading.Event()

    def work(give, cancelled):
        go.wait(5)
        give(1)

    lane.do(work, got.append)
    lane.clear()
    go.set()
    lane.do(lambda give, cancelled: give(2), got.append)
    qtbot.waitUntil(lambda: bool(got))
    assert got == [2]
    lane.close()


def test_failures_are_sentences(qtbot: QtBot, caplog) -> None:
    lane, told = Lane("test"), []

    def refuse(give, cancelled):
        raise UserError("The file is gone. Put it back.")

    def break_down(give, cancelled):
        raise ZeroDivisionError

    for work in (refuse, break_down):
        lane.do(work, lambda value: None, lambda message: told.append(message.text))
        qtbot.waitUntil(lambda: not lane.busy)
        qtbot.wait(10)
    assert told == ["The file is gone. Put it back.", module.FAULT]
    assert "ZeroDivisionError" in caplog.text
