"""What every message from the window to its child is, and which of them wait for each other."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Lane(StrEnum):
    """Jobs of one lane wait for each other; lanes run side by side."""

    ASK = "ask"  # answers; beside QUICK, because the first suggestions for many rows take a minute
    QUICK = "quick"  # suggestions: newer requests replace waiting older ones
    TRAIN = "train"
    SCAN = "scan"  # long recordings: beside TRAIN, because each may take hours and neither needs the other
    FILES = "files"  # reading, writing, installing models


@dataclass(frozen=True, slots=True)
class Request:
    """The base of what the window asks for."""
