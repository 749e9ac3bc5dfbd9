"""A start without a label: the names of the classes suggest, and German rows get a model that reads them."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtTest import QTest

from fsl_desktop.core.catalogue import Catalogue
from fsl_desktop.ui.wizard.new_project import NewProjectWizard

from hands import QtHands  # isort: skip
from conftest import MODELS  # isort: skip
from texts import DELIVERY, MIXED  # isort: skip

pytestmark = [pytest.mark.model, pytest.mark.journey, pytest.mark.timeout(400)]

GERMAN = {
    "Wo bleibt das Paket, das ihr mir geschickt habt?": "Lieferung",
    "Die neue Karte ist noch nicht mit der Post gekommen": "Lieferung",
    "Wie lange dauert die Lieferung nach Hause?": "Lieferung",
    "Der Brief lag leer in meinem Briefkasten": "Lieferung",
    "Welchen Wechselkurs nehmt ihr für Dollar?": "Wechselkurs",
    "Der Kurs für Euro war schlechter als versprochen": "Wechselkurs",
    "Ist der Wechselkurs fest, wenn ich im Ausland zahle?": "Wechselkurs",
    "Ich habe weniger Franken bekommen als der Kurs sagt": "Wechselkurs",
}


def write_csv(path: Path, texts) -> Path:  # type: ignore[no-untyped-def]
    with path.open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([["question"], *([text] for text in texts)])
    return path


def new_project(journey, hand: QtHands, path: Path, names: str, shot: str):  # type: ignore[no-untyped-def]
    """Through the wizard with names of classes alone; returns the workspace."""
    hand.bring(journey.window, path)
    wizard = journey.window.findChildren(NewProjectWizard)[-1]
    journey.until(lambda: wizard.step == 1 and wizard.next.isEnabled(), "the preview")
    hand.click(wizard.next)
    hand.click(wizard.classes_step.typed)
    hand.type(names)
    journey.shot(f"zero-{shot}-classes")
    hand.click(wizard.next)
    journey.until(lambda: wizard.step == 3, "the last step")
    words = wizard.place_step.reader.words.text()
    journey.shot(f"zero-{shot}-name")
    before = journey.window.workspace
    hand.click(wizard.next)
    journey.until(lambda: journey.window.workspace not in (None, before), "the project to open")
    space = journey.workspace
    journey.until(lambda: not space.session.loading, "the rows")
    return space, words


def right(space, truth: dict[str, str]) -> int:  # type: ignore[no-untyped-def]
    names = {info.id: info.name for info in space.session.classes}
    said = [names.get(int(value)) for value in space.suggester.class_ids]
    return sum(truth[text] == name for text, name in zip(space.session.table.texts, said, strict=True))


def test_names_alone_suggest_and_german_rows_choose_their_model(  # type: ignore[no-untyped-def]
    journey, hand: QtHands, tmp_path: Path
) -> None:
    names = "delivery of the card or parcel\nexchange rate"
    delivery, rate = names.split("\n")
    truth = {text: delivery if text in DELIVERY else rate for text in MIXED}
    space, words = new_project(journey, hand, write_csv(tmp_path / "questions.csv", MIXED), names, "english")
    assert "Language: English" in words
    assert space.base.model == "minilm"

    # Suggestions from the names alone, with a confidence, and the window says where they come from.
    journey.until(lambda: (space.suggester.class_ids > 0).all(), "suggestions from the names", 180)
    assert not space.session.table.labelled().any()
    assert right(space, truth) >= 18, f"{right(space, truth)} of 24 are right"
    assert 0.5 < space.suggester.confidence.mean() < 0.95
    journey.until(lambda: "names of the classes alone" in space.label.hint.text(), "where they come from")
    assert space.suggester.score is None
    journey.shot("zero-label")

    # The Test page answers before there is a label.
    hand.click(journey.window.rail.pages["test"])
    hand.click(space.test.box)
    hand.type("how many dollars do I get for my euros")
    journey.until(lambda: space.test.answer.answer is not None, "an answer")
    QTest.qWait(500)
    answer = space.test.answer.answer
    best = max(zip(answer.probabilities, answer.class_ids, strict=True))
    assert {info.id: info.name for info in space.session.classes}[best[1]] == rate
    journey.shot("zero-test")
    hand.click(journey.window.rail.pages["train"])
    assert space.train.base.whole().startswith("Language: English")
    journey.shot("zero-train")
    hand.click(journey.window.rail.pages["data"])
    journey.shot("zero-data")

    # Accepting by key: the label is what was suggested, and the hint has done its work.
    hand.press("Ctrl+2")
    journey.until(space.label.view.hasFocus, "the table to have the keyboard")
    for _ in range(4):
        row = space.label.view.current_row()
        place = int(space.session.table.positions([row])[0])
        suggested = int(space.suggester.class_ids[place])
        hand.press("Return")
        assert int(space.session.table.labels[place]) == suggested
    assert space.session.table.labelled().sum() == 4
    journey.until(lambda: space.suggester.revision == space.session.project.revision, "new suggestions")
    journey.until(lambda: space.label.hint.isHidden(), "the hint to go")

    if not Catalogue.load(MODELS).status("e5-small").installed:
        return
    space, words = new_project(
        journey, hand, write_csv(tmp_path / "fragen.csv", GERMAN), "Lieferung\nWechselkurs", "german"
    )
    assert "Language: German" in words
    assert "Multilingual E5 small reads them, because MiniLM (English) knows English only." in words
    assert space.base.model == space.suggester.model == space.choice.config.model == "e5-small"
    journey.until(lambda: (space.suggester.class_ids > 0).all(), "suggestions from the names", 180)
    assert right(space, GERMAN) >= 7, f"{right(space, GERMAN)} of 8 are right"
    journey.shot("zero-german")
