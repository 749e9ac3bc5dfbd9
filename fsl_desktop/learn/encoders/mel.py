"""From samples to mel bands, as the sound encoders were trained to hear."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

RATE = 16_000
"""Samples a second; every encoder here was trained on it."""
WINDOW, HOP = 400, 160
"""25 ms and 10 ms."""
_BREAK_HZ, _BREAK_MEL, _STEP = 1000.0, 15.0, np.log(6.4) / 27.0


@lru_cache(maxsize=4)
def window() -> Tensor:
    """The periodic Hann window (400,)."""
    return torch.hann_window(WINDOW, periodic=True)


def frames(samples: Tensor) -> Tensor:
    """(n, samples) -> the windows that lie wholly inside (n, frames, 400), weighted."""
    return samples.unfold(-1, WINDOW, HOP) * window()


@lru_cache(maxsize=8)
def slaney_bands(bands: int) -> Tensor:
    """Triangles (bands, 201) of equal area over a 400-point spectrum up to 8 kHz, on the scale that is linear
    below 1 kHz and logarithmic above (Slaney 1998, Auditory Toolbox)."""
    edges = _hertz(np.linspace(0.0, float(_mel(np.array(RATE / 2))), bands + 2))
    bins = np.fft.rfftfreq(WINDOW, 1 / RATE)
    up = (bins - edges[:-2, None]) / (edges[1:-1] - edges[:-2])[:, None]
    down = (edges[2:, None] - bins) / (edges[2:] - edges[1:-1])[:, None]
    triangles = np.maximum(0.0, np.minimum(up, down)) * (2.0 / (edges[2:] - edges[:-2]))[:, None]
    return torch.from_numpy(triangles.astype(np.float32))


def _mel(hertz: NDArray[np.float64]) -> NDArray[np.float64]:
    above = _BREAK_MEL + np.log(np.maximum(hertz, _BREAK_HZ) / _BREAK_HZ) / _STEP
    return np.where(hertz < _BREAK_HZ, hertz * (_BREAK_MEL / _BREAK_HZ), above)


def _hertz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    above = _BREAK_HZ * np.exp(_STEP * (np.maximum(mel, _BREAK_MEL) - _BREAK_MEL))
    return np.where(mel < _BREAK_MEL, mel * (_BREAK_HZ / _BREAK_MEL), above)
