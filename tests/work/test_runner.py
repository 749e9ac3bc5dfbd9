"""The runner and a real child process: what the window is told."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psutil
import pytest
from PySide6.QtCore import QObject
from runner_diary import Diary

from fsl_desktop.core.config import TrainConfig
from fsl_desktop.core.events import Progress, StepEnd
from fsl_desktop.work.protocol import Ask, PreviewFile, Request, Suggest, Train
from fsl_desktop.work.runner import Runner, RunnerState


def ask(words: str) -> Request:
    return Ask("p", (words,))


def suggest(words: str, project: str = "p") -> Request:
    return Suggest(project, 1, words)


def train(words: str) -> Request:
    return Train("p", words, TrainConfig())


@pytest.fixture
def diary(runner: Runner, qtbot) -> Diary:  # type: ignore[no-untyped-def]
    return Diary(runner, qtbot)


def test_ready_says_what_the_computer_has(runner: Runner) -> None:
    assert runner.state is RunnerState.READY
    assert runner.ready is not None
    assert runner.ready.threads == 1


def test_a_request_is_answered_under_its_ticket(runner: Runner, diary: Diary) -> None:
    first, second = runner.submit(ask("echo one")), runner.submit(ask("echo two"))
    assert diary.end(second) == ("replied", ("two",))
    assert diary.end(first) == ("replied", ("one",))


def test_requests_made_before_the_start_wait_for_the_child(make_runner, qtbot) -> None:  # type: ignore[no-untyped-def]
    runner = make_runner()
    diary = Diary(runner, qtbot)
    ticket = runner.submit(ask("echo early"))
    runner.start()
    assert diary.end(ticket) == ("replied", ("early",))


def test_files_are_read_before_the_model_is_there(make_runner, qtbot, monkeypatch, tmp_path) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("CHILD_JOBS_PREPARE", f"until {tmp_path / 'imported'}")
    runner = make_runner()
    diary = Diary(runner, qtbot)
    runner.start()
    question, file = runner.submit(ask("echo later")), runner.submit(PreviewFile("echo rows"))
    assert diary.end(file) == ("replied", ("rows",))
    assert runner.state is RunnerState.STARTING
    assert question not in diary.ends
    (tmp_path / "imported").touch()
    assert diary.end(question) == ("replied", ("later",))


def test_a_file_that_kills_the_starting_child_is_tried_twice_only(
    make_runner, qtbot, monkeypatch, tmp_path
) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("CHILD_JOBS_PREPARE", f"until {tmp_path / 'imported'}")
    runner = make_runner()
    diary = Diary(runner, qtbot)
    runner.start()
    file = runner.submit(PreviewFile("exit"))
    assert diary.end(file)[0] == "refused"
    (tmp_path / "imported").touch()
    diary.becomes(RunnerState.READY)
    assert RunnerState.STOPPED not in diary.states


@pytest.mark.skipif(sys.platform == "win32", reason="priorities are called otherwise there")
def test_the_child_lets_the_window_go_first(runner: Runner) -> None:
    assert psutil.Process(runner.pid).nice() == min(19, psutil.Process().nice() + 5)


def test_an_answer_comes_while_a_training_runs(runner: Runner, diary: Diary, tmp_path: Path) -> None:
    training = runner.submit(train(f"until {tmp_path / 'go'}"))
    diary.begun(training)
    assert diary.end(runner.submit(ask("echo hello"))) == ("replied", ("hello",))
    assert diary.end(runner.submit(PreviewFile("echo file"))) == ("replied", ("file",))
    assert training not in diary.ends
    (tmp_path / "go").touch()
    assert diary.end(training)[0] == "replied"


def test_a_cancelled_job_is_dropped_and_the_child_stays(runner: Runner, diary: Diary, tmp_path: Path) -> None:
    pid = runner.pid
    training = runner.submit(train(f"until {tmp_path / 'never'}"))
    diary.begun(training)
    runner.cancel(training)
    assert diary.end(training) == ("dropped", None)
    assert runner.pid == pid
    assert not diary.said


def test_a_cancelled_job_may_reply_with_what_was_kept(runner: Runner, diary: Diary) -> None:
    training = runner.submit(train("keep"))
    diary.begun(training)
    runner.cancel(training)
    assert diary.end(training) == ("replied", ("kept",))


def test_a_job_that_has_not_begun_is_dropped_at_once(runner: Runner, diary: Diary, tmp_path: Path) -> None:
    first = runner.submit(train(f"until {tmp_path / 'go'}"))
    second = runner.submit(train("echo never"))
    runner.cancel(second)
    assert diary.end(second) == ("dropped", None)
    assert first not in diary.ends
    (tmp_path / "go").touch()
    assert diary.end(first)[0] == "replied"


@pytest.mark.parametrize("words", ["deaf", "stubborn"])
def test_a_job_that_ignores_the_cancel_is_ended_by_force(words: str, runner: Runner, diary: Diary) -> None:
    pid = runner.pid
    training = runner.submit(train(words))
    diary.begun(training)
    runner.cancel(training)
    question = runner.submit(ask("echo still here"))
    diary.becomes(RunnerState.READY, after=RunnerState.RESTARTING)
    assert diary.end(training) == ("dropped", None)
    assert diary.end(question)[0] == "replied"
    assert runner.pid != pid
    assert [m.text for m in diary.said] == [
        "Stopping took too long, so the model was ended and started again. Your labels are safe."
    ]


def test_a_forced_end_takes_other_jobs_with_it_and_says_so(runner: Runner, diary: Diary) -> None:
    training = runner.submit(train("deaf"))
    reading = runner.submit(PreviewFile("deaf"))
    diary.begun(training)
    diary.begun(reading)
    runner.cancel(reading)
    assert diary.end(reading) == ("dropped", None)
    how, message = diary.end(training)
    assert how == "refused"
    assert message.text == (
        "Training stopped because another job could not be stopped otherwise. Please train again."
    )


def test_a_crash_in_training_is_said_and_repaired(runner: Runner, diary: Diary) -> None:
    training = runner.submit(train("exit"))
    diary.begun(training)
    how, message = diary.end(training)
    assert how == "refused"
    assert message.text.startswith("Training stopped because the model ran out of memory or crashed.")
    diary.becomes(RunnerState.READY, after=RunnerState.RESTARTING)
    assert [m.text for m in diary.said] == [
        "Training stopped because the model ran out of memory or crashed. Your labels are safe; "
        "it has been started again."
    ]
    assert diary.end(runner.submit(ask("echo back"))) == ("replied", ("back",))


@pytest.mark.parametrize("question", [ask, suggest])
def test_a_question_outlives_one_crash(question, runner: Runner, diary: Diary, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    ticket = runner.submit(question(f"once {tmp_path / 'died'}"))
    assert diary.end(ticket) == ("replied", ("second time",))
    assert len(diary.said) == 1


def test_a_question_that_crashes_twice_is_refused(runner: Runner, diary: Diary) -> None:
    ticket = runner.submit(ask("exit"))
    how, message = diary.end(ticket)
    assert how == "refused"
    assert message.text.startswith("The model crashed twice while answering.")
    assert len(diary.said) == 2


def test_newer_suggestions_replace_waiting_ones_and_answers_wait_for_none(
    runner: Runner, diary: Diary, tmp_path: Path
) -> None:
    running = runner.submit(suggest(f"until {tmp_path / 'go'}"))
    diary.begun(running)
    replaced = runner.submit(suggest("echo old"))
    other = runner.submit(suggest("echo other", project="another"))
    newest = runner.submit(suggest("echo new"))
    assert diary.end(replaced) == ("dropped", None)
    answer = runner.submit(ask("echo answer"))
    assert diary.end(answer) == ("replied", ("answer",))
    (tmp_path / "go").touch()
    assert diary.end(newest) == ("replied", ("new",))
    assert list(diary.ends) == [replaced, answer, running, other, newest]


def test_ten_thousand_events_arrive_in_order_and_progress_is_thinned(runner: Runner, diary: Diary) -> None:
    ticket = runner.submit(train("steps 10000"))
    assert diary.end(ticket) == ("replied", ("10000",))
    events = diary.events[ticket]
    steps = [event.step for event in events if isinstance(event, StepEnd)]
    assert steps == list(range(10_000))
    progress = [event.done for event in events if isinstance(event, Progress)]
    assert progress == sorted(progress)
    assert progress[-1] == 9_999
    assert len(progress) < 500


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("bad", "Row 14 has no text. Fill it in or remove it."),
        ("memory", "There is not enough memory. Close other programs, or choose a smaller file or model."),
        ("full out.csv", "The disk is full. Free some space, then try again."),
        ("unsendable", "The result could not be handed over. Please try again."),
    ],
)
def test_a_failure_is_one_sentence(words: str, sentence: str, runner: Runner, diary: Diary) -> None:
    how, message = diary.end(runner.submit(ask(words)))
    assert how == "refused"
    assert message.text == sentence


def test_an_unforeseen_failure_keeps_its_traceback_for_the_details_and_the_log(
    runner: Runner, diary: Diary, tmp_path: Path
) -> None:
    ticket = runner.submit(ask("bug"))
    how, message = diary.end(ticket)
    assert how == "refused"
    assert "ZeroDivisionError" not in message.text
    assert "ZeroDivisionError" in diary.details[ticket]
    assert "ZeroDivisionError" in (tmp_path / "logs" / "child.log").read_text("utf-8")


def test_three_failed_starts_stop_the_runner_with_the_reason(make_runner, qtbot, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    monkeypatch.setenv("CHILD_JOBS_PREPARE", "refuse")
    runner = make_runner()
    diary = Diary(runner, qtbot)
    early = runner.submit(ask("echo early"))
    runner.start()
    diary.becomes(RunnerState.STOPPED)
    assert [m.text for m in diary.said] == [
        "The model could not be started. This part is missing. Your labels are safe; "
        "start the program again to try once more."
    ]
    assert diary.end(early)[0] == "refused"
    late = runner.submit(ask("echo late"))
    assert late not in diary.ends
    assert diary.end(late)[0] == "refused"

    monkeypatch.delenv("CHILD_JOBS_PREPARE")
    runner.start()
    diary.becomes(RunnerState.READY)
    assert diary.end(runner.submit(ask("echo again"))) == ("replied", ("again",))


def test_no_memory_for_a_process_is_a_sentence(make_runner, qtbot, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    def fail(*_: object) -> None:
        raise OSError(12, "Cannot allocate memory")

    monkeypatch.setattr("fsl_desktop.work.runner.ChildProcess", fail)
    runner = make_runner()
    diary = Diary(runner, qtbot)
    runner.start()
    diary.becomes(RunnerState.STOPPED)
    assert "There is not enough memory." in diary.said[0].text


def test_a_slot_may_close_the_runner(runner: Runner, diary: Diary) -> None:
    runner.replied.connect(lambda *_: runner.close())
    assert diary.end(runner.submit(ask("echo last"))) == ("replied", ("last",))
    assert runner.pid is None


def test_closing_does_not_wait_for_a_deaf_job(runner: Runner, diary: Diary) -> None:
    diary.begun(runner.submit(train("stubborn")))
    pid = runner.pid
    runner.close()
    assert pid is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_runner_that_is_forgotten_takes_its_child_along(qapp: QObject, make_runner, qtbot) -> None:  # type: ignore[no-untyped-def]
    del qapp
    runner = make_runner()
    diary = Diary(runner, qtbot)
    runner.start()
    diary.becomes(RunnerState.READY)
    finalizer = runner._finalizer
    assert finalizer is not None
    finalizer()  # what the end of the interpreter or of the object does
    runner._timer.stop()
