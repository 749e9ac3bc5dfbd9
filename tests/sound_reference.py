"""What the tests of the sound encoders share: where the models are, what other runtimes said."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from fsl_desktop.core.catalogue import Catalogue

HERE = Path(__file__).parent / "learn" / "sound"


def installed(model: str) -> Path:
    """The model's folder; the test is skipped where there is none."""
    state = Catalogue.load().status(model)
    if not state.installed:
        pytest.skip(f"{model} is not installed; make setup does it")
    return state.folder


def reference(name: str) -> dict[str, NDArray[np.float32]]:
    """What the encoder's own runtime said of the ten clips (README.md says which)."""
    with np.load(HERE / "reference" / f"{name}.npz", allow_pickle=False) as file:
        return {key: file[key].astype(np.float32) for key in file.files}


def cosines(ours: NDArray[np.float32], theirs: NDArray[np.float32]) -> NDArray[np.float64]:
    """Row by row (n,)."""
    a, b = ours.reshape(len(ours), -1).astype(np.float64), theirs.reshape(len(theirs), -1).astype(np.float64)
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return np.asarray((a * b).sum(1) / lengths)
