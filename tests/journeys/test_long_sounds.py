"""A recording of spoken digits in the real window: they are found, and other programs can read where."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
import pytest
import soundfile
from PySide6.QtWidgets import QFileDialog

from fsl_desktop.core.audio.detections import Detection
from fsl_desktop.core.audio.event_files.files import read_events
from fsl_desktop.core.audio.event_scores import by_intersection
from fsl_desktop.core.catalogue import AUDIO, Catalogue
from fsl_desktop.core.paths import resources_dir

from hands import QtHands  # isort: skip
from conftest import MODELS  # isort: skip
from test_sounds import SAID  # isort: skip

pytestmark = [pytest.mark.model, pytest.mark.journey, pytest.mark.timeout(400)]

RATE = 8000


@pytest.fixture(autouse=True)
def encoders() -> None:
    catalogue = Catalogue.load(MODELS)
    if not all(catalogue.status(entry.id).installed for entry in catalogue.of(AUDIO)):
        pytest.skip("The encoders for sounds are not installed; `make setup` fetches them")


def counting(path: Path) -> list[tuple[float, float]]:
    """A minute with something said every two seconds in faint noise; where it is said, to the sample."""
    chance = np.random.default_rng(0)
    spans: list[tuple[float, float]] = []
    pieces, moment = [], 0.0
    with zipfile.ZipFile(resources_dir() / "samples" / "digits" / "digits.zip") as shipped:
        for number in range(60, 90):
            said, rate = soundfile.read(io.BytesIO(shipped.read(f"{number:03}.flac")), dtype="float32")
            assert rate == RATE
            pause = chance.normal(scale=0.0005, size=int(RATE * chance.uniform(1.4, 2.2)))
            pieces += [pause.astype(np.float32), said]
            moment += len(pause) / RATE
            spans.append((moment, moment + len(said) / RATE))
            moment = spans[-1][1]
    soundfile.write(path, np.concatenate(pieces), RATE)
    assert moment > 60
    return spans


def test_find_events_in_a_long_recording_and_take_them_away(  # type: ignore[no-untyped-def]
    journey, hand: QtHands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window = journey.window
    recording, target = tmp_path / "counting.wav", tmp_path / "counting.txt"
    spans = counting(recording)
    hand.click(window.start_page.sound_sample)
    space = journey.workspace
    journey.until(lambda: not space.session.loading, "the rows")
    names = {info.name: info.id for info in space.session.classes}
    for word, numbers in SAID.items():
        space.session.label_rows([int(space.session.table.ids[n - 1]) for n in numbers], names[word])
    hand.click(window.rail.pages["test"])
    tabs = space.sounds.tabs
    tabs.show_long(recording)
    page = tabs.long
    page.play.each.setChecked(False)
    journey.until(lambda: page.setup.listen.isEnabled(), "the recording")
    hand.click(page.setup.listen)
    journey.until(lambda: page.scan.running, "the scan")
    journey.until(lambda: not page.scan.running, "the end of the scan", 180)

    # Nearly every word is found where it is, whatever it is taken for.
    page.timeline.slider.setValue(30)
    found = page.timeline.detections()
    truth = [Detection(start, end, "said") for start, end in spans]
    anything = [Detection(one.start, one.end, "said") for one in found]
    score = by_intersection(truth, anything, of_detection=0.3, of_event=0.3).overall
    assert score.found >= 0.8 * len(spans)
    assert score.false <= 0.2 * len(spans)
    page.timeline.step(1)
    page.timeline.canvas.zoom(0.4, 0.0)
    journey.shot("sounds-long")

    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(target), ""))
    assert page.panel.export.isEnabled()
    action = next(one for one in page.panel.export.menu().actions() if "Audacity" in one.text())
    action.trigger()
    journey.until(target.exists, "the labels")
    assert [(one.label, one.start) for one in read_events(target)] == [
        (one.label, pytest.approx(one.start, abs=1e-6)) for one in found
    ]

    # Once more: every answer is known, so nothing is heard anew.
    hand.click(page.setup.listen)
    journey.until(lambda: not page.scan.running, "the answers that are known", 5)
    assert page.timeline.detections() == found
