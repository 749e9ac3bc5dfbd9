"""The sample of spoken digits in the real window: hear, label by key, train, speak, get the right answer."""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtTest import QTest

from fsl_desktop.core.catalogue import AUDIO, Catalogue
from fsl_desktop.core.paths import resources_dir
from fsl_desktop.ui.sound.devices import MICROPHONE_VARIABLE
from fsl_desktop.ui.sound.recorder import RecordState
from fsl_desktop.ui.theme import class_mark

from hands import QtHands  # isort: skip
from conftest import MODELS  # isort: skip

pytestmark = [pytest.mark.model, pytest.mark.journey, pytest.mark.timeout(400)]

#: What is said in some rows of the sample (from 1), as a person hears it.
SAID = {
    "seven": (11, 12, 19),
    "six": (13, 17, 30),
    "zero": (14, 16, 36),
    "nine": (15, 22, 28),
    "eight": (18, 20, 39),
    "four": (21, 23, 32),
    "one": (24, 27, 29),
    "two": (25, 38, 49),
    "three": (31, 41, 47),
    "five": (40, 44, 46),
}
#: What the microphone hears: another recording of the sample, and the word in it.
SPOKEN = ("026.flac", "seven")


@pytest.fixture(autouse=True)
def encoders() -> None:
    catalogue = Catalogue.load(MODELS)
    if not all(catalogue.status(entry.id).installed for entry in catalogue.of(AUDIO)):
        pytest.skip("The encoders for sounds are not installed; `make setup` fetches them")


def test_hear_label_train_and_speak(  # type: ignore[no-untyped-def]
    journey, hand: QtHands, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    window = journey.window
    heard = tmp_path / SPOKEN[0]
    with zipfile.ZipFile(resources_dir() / "samples" / "digits" / "digits.zip") as shipped:
        heard.write_bytes(shipped.read(SPOKEN[0]))
    monkeypatch.setenv(MICROPHONE_VARIABLE, str(heard))
    hand.click(window.start_page.sound_sample)
    space = journey.workspace
    journey.until(lambda: not space.session.loading, "the rows")
    journey.until(lambda: (space.suggester.class_ids > 0).all(), "suggestions for every recording", 180)
    journey.shot("sounds-label")

    # Thirty recordings by key; each is heard and seen as it comes up.
    view = space.label.view
    names = {info.name: info.id for info in space.session.classes}
    keys = {info.name: class_mark(info.position) for info in space.session.classes}
    spoken = sorted((number, word) for word, rows in SAID.items() for number in rows)
    for number, word in spoken:
        view.go_to_row(int(space.session.table.ids[number - 1]))
        hand.press(keys[word])
        assert int(space.session.table.labels[number - 1]) == names[word]
    hand.press("Space")
    journey.until(lambda: space.sounds.dock.clip_view.clip is not None, "the recording")
    journey.until(lambda: space.suggester.revision == space.session.project.revision, "new suggestions")
    assert space.session.table.labelled().sum() == 10 + len(spoken)
    journey.until(lambda: space.suggester.score is not None, "a score")
    journey.shot("sounds-labelled")

    # A run, and the answer to what is spoken into the microphone: a recording that nobody labelled.
    run_id = space.trainer.start(space.choice.config)
    journey.until(lambda: space.trainer.running is None, "the run", 180)
    summary = next(run for run in space.trainer.runs() if run.id == run_id).summary
    assert summary is not None
    assert summary.accuracy is not None
    hand.click(window.rail.pages["test"])
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
    QTest.qWait(500)
    journey.shot("sounds-test")

    # The table with everything, to take away.
    hand.click(window.rail.pages["results"])
    journey.shot("sounds-results")
