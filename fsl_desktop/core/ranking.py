"""Orders of rows that are worked out when they are asked for: they need all embeddings or several models."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from fsl_desktop.core.message import Message


class Asked(StrEnum):
    DIVERSE = "diverse"  # typical rows that differ from each other and from what has a label
    ALIKE = "alike"  # like a row
    DOUBTED = "doubted"  # labels that the model, which has not seen them, would not give
    CONTRADICTIONS = "contradictions"  # nearly the same, with different labels


@dataclass(frozen=True, slots=True)
class Ranking:
    """The answer to one of them; rows that are not named come after those that are, as in the file."""

    revision: int
    asked: Asked
    row_ids: NDArray[np.int64]
    """(k,), the first first."""
    marked: int
    """So many of them are what was asked for; the others are as near as it gets."""
    note: Message | None = None
    """What was found, in a sentence; None where the order says it all."""
    row_id: int = 0
    """The row that ALIKE is about."""
    seconds: float = 0.0
