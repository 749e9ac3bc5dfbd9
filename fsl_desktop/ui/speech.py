"""Numbers in words: pure functions, every sentence translatable, none with an abbreviation to look up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QDate, QDateTime, QLocale

from fsl_desktop.core.answers import Answer
from fsl_desktop.core.config import Preset
from fsl_desktop.core.events import Phase, Progress, RunSummary, Score, StepEnd
from fsl_desktop.core.message import Message

if TYPE_CHECKING:
    from fsl_desktop.core.runs import RunRecord

#: Below these the likeliest class is a guess, and the sentence says so.
SURE_PROBABILITY = 0.5
SURE_MARGIN = 0.15


def _tr(text: str) -> str:
    return QCoreApplication.translate("Speech", text)


def say(message: Message) -> str:
    """A message of the lower storeys in the reader's language."""
    return message.fill(QCoreApplication.translate("Message", message.template))


def percent(value: float) -> str:
    """0.837 -> "84 %"."""
    return _tr("{value} %").format(value=round(100 * value))


def certainty(probability: float) -> str:
    """A probability for people: "93 %"; never "0 %" or "100 %" where it is not quite that."""
    if 0 < probability < 0.005:
        return _tr("< 1 %")
    if 0.995 <= probability < 1:
        return _tr("> 99 %")
    return percent(probability)


def between(score: Score) -> str:
    """ "between 71 and 93 %" """
    return _tr("between {low} and {high} %").format(low=round(100 * score.low), high=round(100 * score.high))


def labels(n: int) -> str:
    return _tr("1 label") if n == 1 else _tr("{n} labels").format(n=QLocale().toString(n))


def rows(n: int) -> str:
    return _tr("1 row") if n == 1 else _tr("{n} rows").format(n=QLocale().toString(n))


def span(score: Score) -> str:
    """ "between 71 and 93 %, from 25 labels" """
    return _tr("{between}, from {labels}").format(between=between(score), labels=labels(score.n))


def score_words(score: Score) -> str:
    """ "84 %, between 71 and 93 %, from 25 labels" """
    return _tr("{value}, {span}").format(value=percent(score.value), span=span(score))


def duration(seconds: float) -> str:
    """ "2 s", "1 minute", "3 minutes", "2 hours", rounded as people do"""
    if seconds < 1:
        return _tr("under 1 s")
    if seconds < 50:
        return _tr("{n} s").format(n=round(seconds))
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return _tr("1 minute") if minutes == 1 else _tr("{n} minutes").format(n=minutes)
    hours = round(minutes / 60)
    return _tr("1 hour") if hours == 1 else _tr("{n} hours").format(n=hours)


def time_left(seconds: float | None) -> str:
    """ "about 2 s left"; "" where it is not known"""
    if seconds is None:
        return ""
    if seconds < 1:
        return _tr("almost done")
    return _tr("about {duration} left").format(duration=duration(seconds))


def phase_words(phase: Phase) -> str:
    words = {
        Phase.READING: _tr("Reading the rows"),
        Phase.LOADING: _tr("Loading the model"),
        Phase.ENCODING: _tr("Reading the texts"),
        Phase.CHECKING: _tr("Checking"),
        Phase.TUNING: _tr("Tuning"),
        Phase.FITTING: _tr("Fitting the last layer"),
        Phase.SCORING: _tr("Working out the score"),
        Phase.SAVING: _tr("Saving the model"),
        Phase.DOWNLOADING: _tr("Fetching the model"),
        Phase.VERIFYING: _tr("Checking the files"),
        Phase.WRITING: _tr("Writing"),
    }
    return words[phase]


def progress_words(event: Progress | StepEnd) -> str:
    """ "Tuning, step 21 of 30"; the time left is said apart"""
    words = phase_words(event.phase)
    if isinstance(event, StepEnd):
        return _tr("{phase}, step {step} of {steps}").format(phase=words, step=event.step, steps=event.steps)
    if event.total > 0 and event.phase in (Phase.ENCODING, Phase.READING, Phase.WRITING):
        done, total = QLocale().toString(event.done), QLocale().toString(event.total)
        return _tr("{phase}, {done} of {total}").format(phase=words, done=done, total=total)
    return _tr("{phase}…").format(phase=words)


def phase_hint(phase: Phase | None) -> str:
    """One sentence on what the machine is doing and why."""
    if phase is Phase.CHECKING:
        return _tr("It learns from a part of your labels, to see how it does on the rest.")
    if phase is Phase.TUNING:
        return _tr("Now it learns from all labels. This is the model that is kept.")
    return ""


def preset_name(preset: Preset) -> str:
    names = {
        Preset.AUTO: _tr("Automatic"),
        Preset.INSTANT: _tr("Instant"),
        Preset.BALANCED: _tr("Balanced"),
        Preset.THOROUGH: _tr("Thorough"),
    }
    return names[preset]


def preset_words(preset: Preset) -> str:
    words = {
        Preset.AUTO: _tr("Tries out on held-out rows whether tuning helps, and tunes where it does."),
        Preset.INSTANT: _tr("Keeps the model as it is and learns only the last layer. About a second."),
        Preset.BALANCED: _tr("Also tunes the model's upper layers to your labels. Often under a minute."),
        Preset.THOROUGH: _tr("Checks more carefully what helps and how good it is. About twice as long."),
    }
    return words[preset]


def preset_of(name: str) -> str:
    """The preset's name in words, or the name itself where it is none of ours (a newer version's run)."""
    try:
        return preset_name(Preset(name))
    except ValueError:
        return name


def state_words(run: RunRecord) -> str:
    """What became of a run, in a word or two; "" for one that simply finished."""
    words = {
        "running": _tr("running"),
        "cancelled": _tr("stopped") if run.summary else _tr("stopped, nothing kept"),
        "failed": _tr("failed"),
        "interrupted": _tr("interrupted"),
    }
    return words.get(run.state, "")


def when(iso: str, now: QDateTime | None = None) -> str:
    """ "today, 14:05", "yesterday, 9:30" or "12 Nov 2026, 14:05", in local time"""
    try:
        moment = QDateTime.fromSecsSinceEpoch(int(datetime.fromisoformat(iso).timestamp()))
    except (ValueError, OverflowError, OSError):
        return iso
    today = (now or QDateTime.currentDateTime()).date()
    clock = QLocale().toString(moment.time(), QLocale.FormatType.ShortFormat)
    return _tr("{day}, {time}").format(day=_day(moment.date(), today), time=clock)


def _day(day: QDate, today: QDate) -> str:
    if day == today:
        return _tr("today")
    if day == today.addDays(-1):
        return _tr("yesterday")
    return QLocale().toString(day, "d MMM" if day.year() == today.year() else "d MMM yyyy")


def run_title(run: RunRecord) -> str:
    """ "Balanced, today, 14:05" """
    return _tr("{preset}, {when}").format(preset=preset_name(run.config.preset), when=when(run.created))


def kept_words(summary: RunSummary | None) -> str:
    """What a stopped run leaves behind."""
    if summary is None:
        return _tr("Stopped before a model was ready; nothing was kept. Your labels are untouched.")
    if summary.best_step > 0:
        return _tr("Stopped. The best model so far, from step {step}, is kept and ready to use.").format(
            step=summary.best_step
        )
    return _tr("Stopped. What it had learnt so far is kept and ready to use.")


def ranked(answer: Answer) -> list[tuple[int, float]]:
    """(class id, probability), likeliest first."""
    pairs = zip(answer.class_ids, answer.probabilities, strict=True)
    return sorted(pairs, key=lambda pair: -pair[1])


def is_sure(answer: Answer) -> bool:
    order = ranked(answer)
    if not order:
        return False
    second = order[1][1] if len(order) > 1 else 0.0
    # With two classes 0.5 is a toss-up, so the margin decides as well.
    return order[0][1] >= SURE_PROBABILITY and order[0][1] - second >= SURE_MARGIN


def answer_words(answer: Answer, name: Callable[[int], str]) -> str:
    """ "card arrival, 93 %", or that the model is not sure and between what; ``name`` of a class id"""
    order = ranked(answer)
    if not order:
        return _tr("The model has no answer yet.")
    if answer.thresholds:
        said = [name(class_id) for class_id, _ in order if class_id in answer.said]
        return ", ".join(said) if said else _tr("None of the classes.")
    if is_sure(answer) or len(order) == 1:
        return _tr("{name}, {percent}").format(name=name(order[0][0]), percent=certainty(order[0][1]))
    # A line must not end between a number and its sign.
    p1, p2 = (certainty(probability).replace(" ", "\N{NO-BREAK SPACE}") for _, probability in order[:2])
    return _tr("The model is not sure: {first} {p1}, or {second} {p2}").format(
        first=name(order[0][0]), p1=p1, second=name(order[1][0]), p2=p2
    )


def missing_words(counts: Sequence[int], several: bool = False) -> str:
    """What is missing before a run can start; "" when nothing is. ``counts``: labels of each class;
    ``several``: a row may have several, so that one class can be learnt as well."""
    if several:
        return "" if any(counts) else _tr("Give at least one row a class to start.")
    if len(counts) < 2:
        return _tr("Add at least two classes, then label a row of each.")
    used = sum(1 for count in counts if count > 0)
    if used == 0:
        return _tr("Label at least one row of two classes to start.")
    if used == 1:
        return _tr("Label at least one row of a second class to start.")
    return ""


def comparison(first: RunRecord, second: RunRecord) -> str:
    """How the scores of two runs stand to each other, with the doubt that belongs to it."""
    a = first.summary.accuracy if first.summary else None
    b = second.summary.accuracy if second.summary else None
    if a is None or b is None:
        return _tr("One of the two runs has no score, so they cannot be compared.")
    if a.value < b.value:
        first, second, a, b = second, first, b, a
    points = round(100 * a.value) - round(100 * b.value)
    if points == 0:
        return _tr("Both runs score {percent}.").format(percent=percent(a.value))
    words = _tr("{first} is {points} points ahead of {second} ({a} against {b}).").format(
        first=run_title(first),
        points=points,
        second=run_title(second),
        a=percent(a.value),
        b=percent(b.value),
    )
    if a.low <= b.high:
        return words + " " + _tr("The intervals overlap, so it may be chance.")
    return words + " " + _tr("The intervals do not overlap: it is most likely better.")
