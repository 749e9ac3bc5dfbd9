"""Numbers are said as a person would say them."""

from __future__ import annotations

import pytest
from page_fakes import answer, record, score, summary
from PySide6.QtCore import QDate, QDateTime, QLocale, QTime

from fsl_desktop.core.events import Phase, Progress, Score, StepEnd
from fsl_desktop.core.message import Message
from fsl_desktop.ui import speech


def test_a_score_comes_with_its_interval_and_its_ground() -> None:
    assert speech.score_words(Score(0.837, 0.712, 0.93, 25)) == "84 %, between 71 and 93 %, from 25 labels"
    assert speech.span(Score(1.0, 0.2, 1.0, 1)) == "between 20 and 100 %, from 1 label"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (None, ""),
        (0.2, "almost done"),
        (2.2, "about 2 s left"),
        (70, "about 1 minute left"),
        (185, "about 3 minutes left"),
        (7300, "about 2 hours left"),
    ],
)
def test_time_left_is_rounded_as_people_do(seconds: float | None, words: str) -> None:
    assert speech.time_left(seconds) == words


def test_every_phase_has_words() -> None:
    words = {speech.phase_words(phase) for phase in Phase}
    assert len(words) == len(Phase)
    assert all(word and phase.value != word for word, phase in zip(words, Phase, strict=True))


def test_progress_names_the_step_or_the_count() -> None:
    assert speech.progress_words(StepEnd(Phase.TUNING, 21, 30, 0.1)) == "Tuning, step 21 of 30"
    assert "3 of 10" in speech.progress_words(Progress(Phase.ENCODING, 3, 10))
    assert speech.progress_words(Progress(Phase.LOADING, 0, 0)) == "Loading the model…"


def test_an_unsure_answer_says_so_and_between_what() -> None:
    names = {1: "card arrival", 2: "exchange rate"}
    assert speech.answer_words(answer(1, 0.93, 2), names.__getitem__) == "card arrival, 93 %"
    unsure = speech.answer_words(answer(1, 0.52, 2), names.__getitem__)
    assert unsure == "The model is not sure: card arrival 52\u00a0%, or exchange rate 48\u00a0%"


def test_what_is_missing_before_a_run() -> None:
    assert "two classes" in speech.missing_words([])
    assert "two classes" in speech.missing_words([0, 0])
    assert "second class" in speech.missing_words([3, 0])
    assert speech.missing_words([1, 1]) == ""


def test_dates_are_said_from_today() -> None:
    now = QDateTime(QDate(2026, 11, 23), QTime(16, 0))
    clock = QLocale().toString(QTime(14, 5), QLocale.FormatType.ShortFormat)
    local = QDateTime(QDate(2026, 11, 23), QTime(14, 5))
    stamp = local.toUTC().toString("yyyy-MM-ddTHH:mm:ss+00:00")
    before = local.addDays(-1).toUTC().toString("yyyy-MM-ddTHH:mm:ss+00:00")
    assert speech.when(stamp, now) == f"today, {clock}"
    assert speech.when(before, now) == f"yesterday, {clock}"
    assert speech.when("not a date", now) == "not a date"


def test_comparing_two_runs_says_when_it_may_be_chance() -> None:
    good, better = record("a", summary=summary(0.74)), record("b", summary=summary(0.84))
    words = speech.comparison(good, better)
    assert "10 points ahead" in words
    assert "chance" in words
    far = record("c", summary=summary(accuracy=Score(0.3, 0.2, 0.4, 25)))
    assert "do not overlap" in speech.comparison(far, better)
    none = record("d", summary=summary(accuracy=None))
    assert "cannot be compared" in speech.comparison(none, better)


def test_a_message_keeps_its_numbers() -> None:
    assert speech.say(Message.of("{n} more labels help.", n=20)) == "20 more labels help."
    assert score().n == 25
