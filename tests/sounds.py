"""Recordings made for tests: tones with a little noise, in any format that libsndfile writes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray


def tone(
    seconds: float = 1.0, rate: int = 16_000, pitch: float = 440.0, noise: float = 0.01
) -> NDArray[np.float32]:
    """A tone of amplitude 0.5 with noise, the same at every call."""
    n = round(seconds * rate)
    wave = 0.5 * np.sin(2 * np.pi * pitch * np.arange(n) / rate)
    return (wave + noise * np.random.default_rng(n).standard_normal(n)).astype(np.float32)


def save(path: Path, samples: NDArray[np.float32], rate: int = 16_000, **how: str) -> Path:
    """Write ``samples`` (n,) or (n, channels) and give the path back."""
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, rate, **how)
    return path
