"""Times in words and on axes: seconds for clips, minutes and hours for what is long."""

from __future__ import annotations

import math

_STEPS = (
    *(0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0),
    *(60.0, 120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0, 7200.0, 14400.0),
)


def tick_step(span: float, most: int) -> float:
    """The smallest step that people count in with at most ``most`` ticks in ``span`` seconds."""
    for step in _STEPS:
        if span / step <= max(1, most):
            return step
    return 3600.0 * math.ceil(span / max(1, most) / 3600.0)


def clock(seconds: float, decimals: int = 0, *, long: bool = False) -> str:
    """ "1.25", from a minute on (or where ``long``) "2:05", from an hour on "1:02:05" """
    unit = 10**decimals
    ticks = round(max(0.0, seconds) * unit)
    whole, rest = divmod(ticks, unit)
    tail = f".{rest:0{decimals}d}" if decimals else ""
    if whole >= 3600:
        return f"{whole // 3600}:{whole // 60 % 60:02d}:{whole % 60:02d}{tail}"
    if whole >= 60 or long:
        return f"{whole // 60}:{whole % 60:02d}{tail}"
    return f"{whole}{tail}"


def decimals_for(step: float) -> int:
    """How many decimals tell ticks apart that are ``step`` seconds from each other."""
    return 0 if step >= 1 else min(3, math.ceil(-math.log10(step) - 1e-9))
