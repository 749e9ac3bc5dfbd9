"""What more labels would add, whether percentages can be believed, and what fits no class: in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from fsl_desktop.core.events import RunSummary
from fsl_desktop.core.reliability import Reliability, ReliabilityBin
from fsl_desktop.ui import speech

FEW_ROWS = 30
"""With fewer rows a difference between said and found is mostly chance."""
MANY_ROWS = 100
"""With fewer rows the calibration error is mostly that of bins with one or two of them."""
NEAR = 0.05


def _tr(text: str) -> str:
    return QCoreApplication.translate("Trust", text)


def forecast_words(summary: RunSummary | None) -> str:
    """ "20 more labels would probably add 2 to 5 points."; "" where there is no forecast"""
    curve = summary.curve if summary is not None else None
    return speech.say(curve.sentence) if curve is not None else ""


def calibration_words(found: Reliability | None) -> str:
    """ "When it says 80 %, it is right about 78 % of the time."; "" where nothing was measured"""
    usual = usual_bin(found)
    if found is None or usual is None:
        return ""
    words = _tr("When it says {said}, it is right about {found} of the time.").format(
        said=speech.percent(usual.confidence), found=speech.percent(usual.right)
    )
    if found.n < FEW_ROWS:
        return (
            words
            + " "
            + _tr("That comes from {rows} only, so it is a rough guess.").format(rows=speech.rows(found.n))
        )
    gap = usual.right - usual.confidence
    if abs(gap) <= NEAR:
        return words + " " + _tr("Its percentages can be believed.")
    if gap < 0:
        return words + " " + _tr("It is too sure of itself: check answers that matter.")
    return words + " " + _tr("It is right more often than it says.")


def error_words(found: Reliability) -> str:
    """The calibration error, as points of a hundred; "" where it is mostly chance"""
    if found.n < MANY_ROWS:
        return ""
    points = round(100 * found.ece_after)
    if points == 0:
        return _tr("Taken together, its percentages are off by less than a point.")
    if points == 1:
        return _tr("Taken together, its percentages are off by one point.")
    return _tr("Taken together, its percentages are off by {points} points.").format(points=points)


def usual_bin(found: Reliability | None) -> ReliabilityBin | None:
    """The one that most answers fall in."""
    return max(found.bins, key=lambda one: one.n) if found is not None and found.bins else None


def bin_words(one: ReliabilityBin) -> str:
    """ "60 to 80 % sure: 7 of 9 rows right, 78 %" """
    return _tr("{low} to {high} % sure: {right} of {rows} right, {share}").format(
        low=round(100 * one.low),
        high=round(100 * one.high),
        right=round(one.right * one.n),
        rows=speech.rows(one.n),
        share=speech.percent(one.right),
    )


def strange_words() -> str:
    return _tr("Fits none of the classes well.")


def strange_answer() -> str:
    """What to make of it where an answer is read."""
    return _tr(
        "It is unlike the rows that the model learnt from, so do not rely on this answer. About one in twenty"
        " ordinary texts is marked by mistake."
    )


def strange_reason() -> str:
    """What to make of it where rows are labelled."""
    return _tr(
        "It is unlike the rows you labelled. Choose a class if it has one all the same, or add a class for"
        " rows like it. About one in twenty ordinary rows is marked by mistake."
    )
