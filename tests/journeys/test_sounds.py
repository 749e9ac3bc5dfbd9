"""The sample of spoken digits in the real window, with the real child and the real encoders: from the first
recording that is heard to a file of events for another program."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from fsl_desktop.core.audio.detections import Detection
from fsl_desktop.core.audio.event_files.files import read_events
from fsl_desktop.core.audio.event_scores import by_intersection
from fsl_desktop.core.catalogue import AUDIO, Catalogue
from fsl_desktop.core.config import Preset
from fsl_desktop.core.events import Evaluated, StepEnd
from fsl_desktop.ui.sound.devices import MICROPHONE_VARIABLE
from fsl_desktop.ui.sound.player import PlayState
from fsl_desktop.ui.sound.recorder import RecordState
from fsl_desktop.ui.theme import class_mark

from hands import QtHands  # isort: skip
from conftest import MODELS  # isort: skip
from digits import SAID, SPOKEN, counting, take  # isort: skip

pytestmark = [pytest.mark.model, pytest.mark.journey, pytest.mark.timeout(400)]


@pytest.fixture(autouse=True)
def encoders() -> None:
    catalogue = Catalogue.load(MODELS)
    if not all(catalogue.status(entry.id).installed for entry in catalogue.of(AUDIO)):
        pytest.skip("The encoders for sounds are not installed; `make setup` fetches them")


def test_hear_label_train_speak_and_take_the_events_away(  # type: ignore[no-untyped-def]
    journey, hand: QtHands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(MICROPHONE_VARIABLE, str(take(SPOKEN[0], tmp_path)))
    hand.click(journey.window.start_page.sound_sample)
    space = journey.workspace
    journey.until(lambda: not space.session.loading, "the rows")
    hear(journey, hand)
    journey.until(lambda: (space.suggester.class_ids > 0).all(), "suggestions for every recording", 180)
    journey.shot("sounds-label")
    label(journey, hand)
    # While the instant model answers nothing has to be heard twice.
    look_through(journey, hand, monkeypatch, tmp_path)
    train(journey, hand)
    speak(journey, hand)
    hand.click(journey.window.rail.pages["results"])
    journey.shot("sounds-results")


def hear(journey, hand: QtHands) -> None:  # type: ignore[no-untyped-def]
    """Space plays the recording of the row, and its cursor moves with the sound."""
    space = journey.workspace
    clips, player = space.sounds.dock.clip_view, space.sounds._players[0]
    space.label.view.go_to_row(int(space.session.table.ids[10]))
    space.label.view.setFocus()
    journey.until(lambda: clips.can_play, "the recording")
    reached: list[float] = []
    player.moved.connect(reached.append)
    hand.press("Space")
    journey.until(lambda: player.state is PlayState.PLAYING, "the sound")
    journey.until(lambda: player.state is PlayState.STOPPED, "its end")
    assert max(reached) > 0.2
    onwards = reached[: reached.index(max(reached))]  # at the end it goes back to the beginning
    assert onwards == sorted(onwards)


def label(journey, hand: QtHands) -> None:  # type: ignore[no-untyped-def]
    """Thirty recordings by key; each is heard and seen as it comes up."""
    space = journey.workspace
    view = space.label.view
    names = {info.name: info.id for info in space.session.classes}
    keys = {info.name: class_mark(info.position) for info in space.session.classes}
    spoken = sorted((number, word) for word, rows in SAID.items() for number in rows)
    for number, word in spoken:
        view.go_to_row(int(space.session.table.ids[number - 1]))
        hand.press(keys[word])
        assert int(space.session.table.labels[number - 1]) == names[word]
    journey.until(lambda: space.suggester.revision == space.session.project.revision, "new suggestions")
    assert space.session.table.labelled().sum() == 10 + len(spoken)
    journey.until(lambda: space.suggester.score is not None, "a score")
    journey.shot("sounds-labelled")


def look_through(journey, hand: QtHands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """A long recording: its events are found, and other programs can read where."""
    recording, target = tmp_path / "counting.wav", tmp_path / "counting.txt"
    spans = counting(recording)
    hand.click(journey.window.rail.pages["test"])
    tabs = journey.workspace.sounds.tabs
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(recording), ""))
    hand.click(tabs.clip.choose)
    page = tabs.long
    journey.until(page.isVisible, "the tab for long recordings")
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
    tabs.tabs.setCurrentIndex(0)


def train(journey, hand: QtHands) -> None:  # type: ignore[no-untyped-def]
    """Layers of the encoders are tuned, and the curve moves while that goes on."""
    space = journey.workspace
    hand.click(journey.window.rail.pages["train"])
    # A handful of steps: that it learns shows already, and that it is worth while is for the benchmarks.
    space.choice.set_config(replace(space.choice.config, preset=Preset.BALANCED, steps=9))
    drawn: list[int] = []
    hand.click(space.train.controls.start)
    journey.until(lambda: space.trainer.running, "the run")
    run_id = space.trainer.running

    def goes_on() -> bool:
        """Notes how many points of the loss are on the screen while the run goes on."""
        chart = space.train.charts.loss
        known = 0 if chart is None or chart.training.xData is None else len(chart.training.xData)
        if space.trainer.running is None:
            return False
        if known > (drawn[-1] if drawn else 0):
            drawn.append(known)
            if known == 4:
                journey.shot("sounds-train")
        return True

    journey.until(lambda: not goes_on(), "the end of the run", 240)
    run = space.trainer.run(run_id)
    assert run.state == "finished", run.message
    assert len(drawn) >= 3, f"the curve did not grow while the model learnt: {drawn}"
    history = space.trainer.history(run_id)
    steps = [event for event in history if isinstance(event, StepEnd)]
    assert steps[-1].train_loss < steps[0].train_loss
    assert any(event.held_out_loss is not None for event in steps)
    assert any(isinstance(event, Evaluated) for event in history)
    assert run.summary.accuracy is not None
    assert run.summary.accuracy.low < run.summary.accuracy.value < run.summary.accuracy.high
    assert space.trainer.active == run_id


def speak(journey, hand: QtHands) -> None:  # type: ignore[no-untyped-def]
    """The right answer to what is spoken into the microphone: a recording that nobody labelled."""
    space = journey.workspace
    names = {info.name: info.id for info in space.session.classes}
    hand.click(journey.window.rail.pages["test"])
    hand.click(space.test.record)
    journey.until(lambda: space.test.recorder.state is RecordState.RECORDING, "the microphone")
    QTest.qWait(900)
    hand.click(space.test.record)
    journey.until(lambda: space.test.answer.answer is not None, "what it heard so far", 60)
    journey.until(lambda: space.test.tried.count() == 1, "the answer to the whole", 60)
    answer = space.test.answer.answer
    assert "Speech" in space.test.answer.kinds.text()
    best = answer.class_ids[int(np.argmax(answer.probabilities))]
    assert best == names[SPOKEN[1]]
    journey.until(lambda: space.test.why.isVisible(), "the parts that decided", 30)
    QTest.qWait(300)
    journey.shot("sounds-test")
