"""A view of clips over a player that plays nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from long_fakes import load, night, open_sounds
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


@pytest.fixture
def opened(qtbot: QtBot, home: Path):  # type: ignore[no-untyped-def]
    """(window, runner, workspace) on the Test page of the sample of recordings."""
    window, runner, made = open_sounds(qtbot, home)
    window.show_page("test")
    yield window, runner, made
    window.close_project()


@pytest.fixture
def page(qtbot: QtBot, opened, tmp_path: Path):  # type: ignore[no-untyped-def]
    """The one for long recordings, with a recording of a minute and a half."""
    return load(qtbot, opened[2], night(tmp_path))
