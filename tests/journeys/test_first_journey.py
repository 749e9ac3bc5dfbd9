"""A newcomer's first hour: a file in, six labels, a trained model, a sentence tried, closed, opened again."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from fsl_desktop.core.config import Preset
from fsl_desktop.core.events import Evaluated, StepEnd
from fsl_desktop.core.labels import UNLABELLED
from fsl_desktop.ui.wizard.new_project import NewProjectWizard

from hands import hands  # isort: skip
from texts import DELIVERY, MIXED  # isort: skip

pytestmark = [pytest.mark.model, pytest.mark.journey, pytest.mark.timeout(300)]


def write_csv(path: Path) -> Path:
    with path.open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(["number", "question"])
        writer.writerows((number, text) for number, text in enumerate(MIXED, start=1))
    return path


def test_from_a_file_of_texts_to_a_tested_model(journey, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    hand = hands()
    journey.shot("1-start")

    # A file comes to the start screen; the wizard looks into it.
    hand.bring(journey.window, write_csv(tmp_path / "questions.csv"))
    wizard = journey.window.findChild(NewProjectWizard)
    journey.until(lambda: wizard.step == 1 and wizard.next.isEnabled(), "the preview")
    assert wizard.reading.preview.options.text_column == "question"
    journey.shot("2-wizard")
    hand.click(wizard.next)
    hand.click(wizard.classes_step.typed)
    hand.type("delivery\nexchange rate")
    journey.until(wizard.next.isEnabled, "the classes to be taken")
    hand.click(wizard.next)
    journey.until(lambda: wizard.step == 3, "the last step")
    hand.click(wizard.next)
    journey.until(lambda: journey.window.workspace is not None, "the project to open")
    space = journey.workspace
    journey.until(lambda: len(space.session.table) == len(MIXED), "the rows")
    assert [info.name for info in space.session.classes] == ["delivery", "exchange rate"]

    # Six labels with single keys; the cursor moves on by itself.
    hand.click(
        space.label.view.viewport(), space.label.view.visualRect(space.label.model.index(0, 1)).center()
    )
    for _ in range(6):
        row = space.label.view.current_row()
        text = space.session.table.texts[int(space.session.table.positions([row])[0])]
        hand.press("1" if text in DELIVERY else "2")
        journey.until(lambda row=row: space.label.view.current_row() != row, "the next row")
    labels = space.session.table.labels.copy()
    assert (labels > 0).sum() == 6

    # Suggestions follow.
    ids = {info.name: info.id for info in space.session.classes}
    truth = [ids["delivery" if text in DELIVERY else "exchange rate"] for text in space.session.table.texts]
    journey.until(lambda: space.suggester.revision == space.session.project.revision, "suggestions", 90)
    right = sum(int(a) == b for a, b in zip(space.suggester.class_ids, truth, strict=True))
    assert right >= 18, f"{right} of 24 suggestions are right"
    journey.shot("3-label")
    hand.click(journey.window.rail.pages["data"])
    journey.shot("3-data")
    hand.press("Ctrl+2")
    journey.until(space.label.view.hasFocus, "the table to have the keyboard again")

    # Undo and redo.
    hand.press("Ctrl+Z")
    journey.until(lambda: (space.session.table.labels > 0).sum() == 5, "the undo")
    journey.window.actions_.redo.trigger()
    assert (space.session.table.labels == labels).all()

    # Train, with moving curves.
    hand.press("Ctrl+3")
    journey.until(space.train.isVisible, "the Train page")
    space.choice.set_preset(Preset.BALANCED)
    hand.click(space.train.controls.start)
    journey.until(lambda: space.trainer.running, "training to start")
    run_id = space.trainer.running
    seen = lambda kind: [e for e in space.trainer.history(run_id) if isinstance(e, kind)]  # noqa: E731
    journey.until(lambda: len(seen(StepEnd)) >= 8 or space.trainer.running is None, "the curve", 120)
    journey.shot("4-train")
    journey.until(lambda: space.trainer.running is None, "the end of training", 180)
    run = space.trainer.run(run_id)
    assert run.state == "finished", run.message
    losses = [event.train_loss for event in seen(StepEnd)]
    assert losses[-1] < losses[0], "the loss did not fall"
    assert any(event.held_out_loss is not None for event in seen(StepEnd))
    assert seen(Evaluated), "no score on the way"
    assert run.summary.accuracy is not None
    assert run.summary.accuracy.low < run.summary.accuracy.value <= run.summary.accuracy.high
    journey.shot("5-trained")

    # Type a sentence of one's own.
    hand.click(journey.window.rail.pages["test"])
    hand.click(space.test.box)
    hand.type("has my parcel been sent yet")
    journey.until(lambda: space.test.answer.answer is not None, "an answer")
    QTest.qWait(700)
    answer = space.test.answer.answer
    best = max(zip(answer.probabilities, answer.class_ids, strict=True))
    assert best[1] == ids["delivery"]
    assert best[0] > 0.5
    journey.shot("6-test")
    hand.press("Ctrl+5")
    journey.until(space.results.isVisible, "the Results page")
    journey.shot("7-results")
    was_dark = journey.themes.theme.is_dark
    hand.press("Ctrl+Shift+L")
    journey.until(lambda: journey.themes.theme.is_dark != was_dark, "the other theme")

    # Close, open again: everything is there.
    folder = str(space.session.project.folder)
    journey.quit()
    journey.start()
    assert journey.window.settings.recent[0] == folder
    journey.window.start_page.open_requested.emit(folder)
    journey.until(lambda: journey.window.workspace is not None, "the project to open")
    space = journey.workspace
    journey.until(lambda: not space.session.loading, "the rows")
    assert (space.session.table.labels == labels).all()
    assert space.trainer.active == run_id
    assert len(space.trainer.history(run_id)) > 8, "the curve of the run was not kept"
    assert space.session.project.can_undo
    space.session.undo()
    assert (space.session.table.labels != UNLABELLED).sum() == 5
    journey.until(lambda: space.suggester.revision == space.session.project.revision, "suggestions", 90)
    right = sum(int(a) == b for a, b in zip(space.suggester.class_ids, truth, strict=True))
    assert right >= 20, f"{right} of 24 are right after training"
    QApplication.processEvents()


def test_the_sample_project_in_both_themes(journey) -> None:  # type: ignore[no-untyped-def]
    """Every page on the sample project, light and dark; tuning is looked at in the journey above."""
    hand = hands()
    hand.click(journey.window.start_page.sample)
    journey.until(lambda: journey.window.workspace is not None, "the sample project")
    space = journey.workspace
    journey.until(lambda: space.suggester.revision >= 0, "suggestions", 90)
    assert len(space.session.table) == 360
    space.choice.set_preset(Preset.INSTANT)
    for name in ("data", "label", "test"):
        journey.window.show_page(name)
        if name == "test":
            space.test.box.setFocus()
            hand.type("how long until my new card gets here")
            journey.until(lambda: space.test.answer.answer is not None, "an answer")
            QTest.qWait(900)
        journey.shot(f"sample-{name}")
    journey.window.show_page("train")
    hand.click(space.train.controls.start)
    journey.until(lambda: space.trainer.running is None, "the end of training", 180)
    (run,) = space.trainer.runs()
    assert run.state == "finished", run.message
    journey.shot("sample-train")
    journey.window.show_page("results")
    journey.shot("sample-results")
    journey.window.close_project()
    journey.shot("sample-start")
