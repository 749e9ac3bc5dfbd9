"""What every test gets: a home folder of its own, and no window on a real screen unless asked for."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
for folder in (Path(__file__).parent, Path(__file__).parent / "journeys"):
    sys.path.insert(0, str(folder))  # fakes.py, hands.py, texts.py


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Settings, caches and logs of this test alone."""
    folder = tmp_path / "home"
    monkeypatch.setenv("FSL_DESKTOP_HOME", str(folder))
    return folder
