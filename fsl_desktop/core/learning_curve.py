"""How a score grows with the number of labels, and what further labels would probably add."""

from __future__ import annotations

from dataclasses import dataclass

from fsl_desktop.core.message import Message

SMALL = 0.02
"""A gain below this is not worth the labels, as a sentence puts it."""


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """Accuracy with ``labels`` labelled rows, with its 95 % interval."""

    labels: int
    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Forecast:
    """What ``more`` labels add to the accuracy: ``gain``, and a band that holds it four times out of five."""

    more: int
    gain: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class LearningCurve:
    """Points ascending by labels, the last one at all that there are; at least one."""

    points: tuple[CurvePoint, ...]
    forecast: Forecast
    sentence: Message
    stand_in: bool = False
    """The points are the instant model's, because the run's own would take too long to train that often; the
    forecast starts from the run's own score."""


def sentence(forecast: Forecast) -> Message:
    """The forecast in words; points are points of a hundred."""
    low, high = (round(100 * max(0.0, value)) for value in (forecast.low, forecast.high))
    if forecast.high < SMALL:
        return Message.of("{more} more labels will probably not help much.", more=forecast.more)
    if low < 1:
        return Message.of(
            "{more} more labels would probably add {high} points at most.", more=forecast.more, high=high
        )
    if low == high:
        return Message.of(
            "{more} more labels would probably add about {low} points.", more=forecast.more, low=low
        )
    return Message.of(
        "{more} more labels would probably add {low} to {high} points.",
        more=forecast.more,
        low=low,
        high=high,
    )
