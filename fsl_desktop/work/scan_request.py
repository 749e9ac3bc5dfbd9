"""Listening to a long recording: what the window asks for, and what it gets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from fsl_desktop.core.message import Message
from fsl_desktop.work.request import Request

if TYPE_CHECKING:
    from fsl_desktop.core.audio.track import Track


@dataclass(frozen=True, slots=True)
class ScanRecording(Request):
    """What does the model say to every window of a long recording? -> Reply(Scanned)

    Windows of ``window`` seconds begin every ``hop`` seconds. Tells ``Progress(ENCODING)`` where the rows of
    the project have to be heard first, then ``LookingThrough``, ``ScanStarted``, and ``ScanPart`` twice a
    second at most. ``model`` as in ``Ask``: it answers as it was at the beginning, whatever is labelled
    meanwhile. What was answered is kept in the cache, so the same request goes on where it was stopped.
    """

    project: str
    path: str
    model: str
    window: float
    hop: float


@dataclass(frozen=True, slots=True, eq=False)
class Scanned:
    track: Track
    notes: tuple[Message, ...] = ()
    """What the user should know of the recording."""
