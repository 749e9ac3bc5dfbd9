"""A run's summary with everything that says how far it can be trusted."""

from __future__ import annotations

from page_fakes import summary

from fsl_desktop.core.events import RunSummary
from fsl_desktop.core.learning_curve import CurvePoint, Forecast, LearningCurve, sentence
from fsl_desktop.core.reliability import Reliability, ReliabilityBin


def trusted(value: float = 0.84, *, stand_in: bool = False, n: int = 48) -> RunSummary:
    """A summary with a curve that ends at its score, and percentages that are two points off."""
    points = tuple(
        CurvePoint(labels, value - drop, value - drop - 0.12, min(1.0, value - drop + 0.09))
        for labels, drop in ((12, 0.21), (19, 0.13), (29, 0.07), (38, 0.03), (48, 0.0))
    )
    forecast = Forecast(20, 0.035, 0.02, 0.05)
    bins = (
        ReliabilityBin(0.2, 0.4, 0.33, 0.25, 4),
        ReliabilityBin(0.4, 0.6, 0.52, 0.5, 8),
        ReliabilityBin(0.6, 0.8, 0.71, 0.75, 12),
        ReliabilityBin(0.8, 1.0, 0.93, 0.958, 24),
    )
    return summary(
        value,
        n=n,
        curve=LearningCurve(points, forecast, sentence(forecast), stand_in),
        reliability=Reliability(bins, 0.2, 0.04, n),
        notes=(),
    )
