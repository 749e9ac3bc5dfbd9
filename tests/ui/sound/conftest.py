"""A view of clips over a player that plays nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from sound_view_fakes import FakePlayer
from sounds import save, tone

from fsl_desktop.ui.sound.clip_view import ClipView
from fsl_desktop.ui.theme import LIGHT, ThemeHolder


@pytest.fixture
def player(qapp) -> FakePlayer:
    return FakePlayer()


@pytest.fixture
def view(qtbot: QtBot, player: FakePlayer, tmp_path: Path) -> Iterator[ClipView]:
    made = ClipView(ThemeHolder(LIGHT), player, tmp_path / "cache")
    qtbot.addWidget(made)
    made.resize(1000, 320)
    made.show()
    yield made
    made.shut()


@pytest.fixture
def sound(tmp_path: Path) -> Path:
    return save(tmp_path / "five seconds.wav", tone(5.0))
