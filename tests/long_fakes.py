"""The page for long recordings over the fake runner, and what a model could say to a recording."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sounds import save, tone
from window_fakes import make_window, space

from fakes import FakeRunner
from fsl_desktop.core.audio.scanning import LookingThrough, ScanPart, ScanStarted
from fsl_desktop.core.audio.track import Track
from fsl_desktop.ui.sound.long_page import LongPage
from fsl_desktop.ui.workspace import Workspace
from fsl_desktop.work.protocol import CheckModel, ModelStatus, Scanned, ScanRecording

SECONDS, HOP = 90.0, 0.5


def night(folder: Path, seconds: float = SECONDS) -> Path:
    return save(folder / "night.wav", tone(seconds))


def open_sounds(qtbot, home: Path):  # type: ignore[no-untyped-def]
    """(window, runner, workspace) with the sample of recordings open and its encoders installed."""
    window, runner = make_window(home)
    qtbot.addWidget(window)
    window.show()
    window.open_sound_sample()
    made = space(window)
    qtbot.waitUntil(lambda: not made.session.loading)
    ticket, _ = runner.last(CheckModel)
    runner.reply(ticket, ModelStatus("sounds", True, "/models"))
    return window, runner, made


def load(qtbot, made: Workspace, path: Path) -> LongPage:  # type: ignore[no-untyped-def]
    """The page with a recording whose waveform is there."""
    made.sounds.tabs.show_long(path)
    page: LongPage = made.sounds.tabs.long
    qtbot.waitUntil(lambda: page._peaks is not None, timeout=5000)
    return page


def names(made: Workspace) -> tuple[str, ...]:
    return tuple(info.name for info in made.session.classes)


def track(made: Workspace) -> Track:
    """The second class at 20 s, the fourth at 40 and 60 s (there but faintly), 2 s each."""
    n = int(SECONDS / HOP)
    said = np.full((n, len(names(made))), 0.01, np.float32)
    for at, place, sure in ((20, 1, 0.9), (40, 3, 0.8), (60, 3, 0.4)):
        said[int(at / HOP) : int(at / HOP) + 4, place] = sure
    return Track(names(made), HOP, HOP, SECONDS, np.arange(n), said)


def tell_half(runner: FakeRunner, ticket: int, whole: Track) -> None:
    """The first half of a track, as it comes from the child."""
    half = len(whole.places) // 2
    runner.tell(ticket, LookingThrough(0.4))
    runner.tell(ticket, ScanStarted(whole.seconds, len(whole.places), 7, 0, whole.class_names))
    part = whole.places[:half], whole.probabilities[:half]
    runner.tell(ticket, ScanPart(*part, half, len(whole.places), 12.0))


def find(runner: FakeRunner, made: Workspace, page: LongPage) -> Track:
    """Press the button, and have the whole track come back."""
    page.setup.listen.click()
    ticket, _ = runner.last(ScanRecording)
    whole = track(made)
    runner.reply(ticket, Scanned(whole))
    return whole
