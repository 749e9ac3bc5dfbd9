"""How patient the runner is with its child."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Grace:
    """How long the runner is patient, in seconds; tests are less so."""

    terminate: float = 3.0
    """From asking a job to stop until the child is told to end."""
    kill: float = 5.0
    """From asking until it is killed."""
    close: float = 1.0
    start: float = 300.0
    """Importing torch from a cold disk behind a virus scanner can take minutes."""
    window: float = 60.0
    """Three failed starts within this time are too many."""
    retry: float = 1.0
    """Pause before another start after a failed one."""
