"""Ten real clips."""

from __future__ import annotations

import numpy as np
import pytest
import soundfile
import soxr
from numpy.typing import NDArray
from sound_reference import HERE


@pytest.fixture(scope="session")
def clips() -> list[NDArray[np.float32]]:
    """Ten spoken digits by six people at 16 kHz, mono, the loudest sample at 0.8."""
    found = []
    for path in sorted((HERE / "clips").glob("*.flac")):
        samples, rate = soundfile.read(path, dtype="float32")
        samples = soxr.resample(samples, rate, 16_000)
        found.append((samples * (0.8 / np.abs(samples).max())).astype(np.float32))
    assert len(found) == 10
    return found
