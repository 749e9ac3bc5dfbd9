"""What the table calls a clip: the file's name, and the times where it is a part."""

from __future__ import annotations


def clip_name(name: str, start: float = 0.0, end: float | None = None) -> str:
    """``bird.wav`` for a whole recording, ``bird.wav 1:02.5–1:05`` for a part (minutes:seconds)."""
    return f"{name}{times(start, end)}"


def times(start: float, end: float | None) -> str:
    """What :func:`clip_name` adds; "" for a whole recording."""
    if start <= 0 and end is None:
        return ""
    return f" {clock(start)}–{'' if end is None else clock(end)}"


def clock(seconds: float) -> str:
    """``0:07.25``, ``1:02:03``: hours where there are some, thousandths where they are not 0."""
    thousandths = round(1000 * max(0.0, seconds))
    whole, rest = divmod(thousandths, 1000)
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    fraction = f".{rest:03d}".rstrip("0") if rest else ""
    front = f"{hours}:{minute:02d}" if hours else f"{minute}"
    return f"{front}:{second:02d}{fraction}"
