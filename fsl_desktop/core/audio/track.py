"""What a model said of every window of a long recording."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Probabilities = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """Answers to windows that begin at ``places * hop`` seconds and are ``length`` seconds long.

    Windows that were skipped, for nothing can be heard in them, are simply not there.
    """

    class_names: tuple[str, ...]
    hop: float
    length: float
    seconds: float
    """Length of the recording; the last window may reach over its end."""
    places: NDArray[np.int64]
    """(n,) ascending."""
    probabilities: Probabilities
    """(n, C)"""

    @property
    def starts(self) -> NDArray[np.float64]:
        """(n,) in seconds."""
        return np.asarray(self.places * self.hop, np.float64)

    @property
    def ends(self) -> NDArray[np.float64]:
        """(n,) in seconds, none behind the recording's end."""
        return np.asarray(np.minimum(self.starts + self.length, self.seconds), np.float64)
