"""A full disk while a run saves, the window closed in the middle of things: nothing lost, nothing half."""

from __future__ import annotations

import pytest
from projects import labels_of
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from fsl_desktop.core.config import Preset
from fsl_desktop.core.events import StepEnd
from fsl_desktop.core.new_project import projects_folder
from fsl_desktop.ui.closing import StopTraining
from fsl_desktop.ui.wizard.new_project import NewProjectWizard
from fsl_desktop.work.jobs import ChildOptions

from steps import label, left_in, open_project, open_sample, sentences  # isort: skip
from troubled_jobs import FULL, SLOW  # isort: skip

pytestmark = [
    pytest.mark.model,
    pytest.mark.journey,
    pytest.mark.timeout(400),
    pytest.mark.usefixtures("no_traceback"),
]


@pytest.fixture
def child() -> ChildOptions:
    return ChildOptions(handlers="troubled_jobs")


def test_a_full_disk_while_a_run_saves_then_the_window_closed_while_one_learns(journey, hand, tmp_path):  # type: ignore[no-untyped-def]
    space = open_sample(journey, hand)
    folder = space.session.project.folder
    label(journey, hand, 2)
    expected = labels_of(space.session.project)
    space.choice.set_preset(Preset.INSTANT)
    (journey.home / "data" / FULL).touch()
    journey.window.show_page("train")
    hand.click(space.train.controls.start)
    journey.until(lambda: space.trainer.running is None, "the end of the run", 120)
    (said,) = sentences(journey)
    assert "The disk is full" in said
    assert "Free some space" in said
    (run,) = space.trainer.runs()
    assert run.state == "failed"
    assert space.trainer.active is None
    assert not [name for name in left_in(folder / "runs" / run.id) if "model" in name], "half a model"
    assert labels_of(space.session.project) == expected

    # With room again the next run is as good as ever.
    (journey.home / "data" / FULL).unlink()
    journey.window.notifications.clear()
    hand.click(space.train.controls.start)
    journey.until(lambda: space.trainer.running is None, "the end of the run", 120)
    assert sentences(journey) == []
    assert space.trainer.runs()[0].state == "finished"
    assert space.trainer.active == space.trainer.runs()[0].id

    # The window is closed while a third run learns and the table is written: it is asked first.
    (journey.home / "data" / SLOW).touch()
    space.choice.set_preset(Preset.BALANCED)
    run_id = space.trainer.start(space.choice.config)
    steps = lambda: sum(isinstance(e, StepEnd) for e in space.trainer.history(run_id))  # noqa: E731
    journey.until(lambda: steps() >= 3, "the curve to move", 120)
    (tmp_path / "out").mkdir()
    space.results.export_table_requested.emit(str(tmp_path / "out" / "bank.xlsx"), "xlsx")
    journey.until(lambda: left_in(tmp_path / "out"), "the table to be begun")
    asked = []

    def answer() -> None:
        box = QApplication.activeModalWidget()
        if isinstance(box, StopTraining):
            asked.append(box.text())
            box.stop.click()
        else:
            QTimer.singleShot(20, answer)

    QTimer.singleShot(20, answer)
    journey.quit()
    assert asked
    assert left_in(tmp_path / "out") == [], "a part of a table"
    journey.start()
    space = open_project(journey, folder)
    assert journey.window.settings.recent[0] == str(folder)
    run, good, _ = space.trainer.runs()
    parts = [name for name in left_in(folder / "runs" / run_id) if "model" in name]
    if run.state == "cancelled":  # it had time to keep the model that was whole by then
        assert parts == ["model"]
        assert run.summary is not None
        assert sentences(journey) == []
    else:
        assert run.state == "interrupted"
        assert parts == [], "half a model"
        assert sentences(journey) == [
            "The program ended while a model was learning. Start the run again under Train."
        ]
    assert run.id == run_id
    assert space.trainer.active in (run.id, good.id), "a model that was whole is in use"
    assert steps() >= 3, "its curve was not kept"
    assert labels_of(space.session.project) == expected


def test_the_window_closed_in_the_middle_of_an_import_leaves_no_project(journey, hand, tmp_path):  # type: ignore[no-untyped-def]
    file = tmp_path / "many.csv"
    file.write_text("text\n" + "".join(f"this is row number {i} of the file\n" for i in range(100_000)))
    hand.bring(journey.window, file)
    wizard = journey.window.findChild(NewProjectWizard)
    for step in (1, 2, 3):
        journey.until(lambda step=step: wizard.step == step and wizard.next.isEnabled(), f"step {step}")
        hand.click(wizard.next)
    journey.until(lambda: wizard.busy_step.bar.value() > 0, "the reading to go on")
    assert wizard.importing
    journey.quit()
    assert left_in(projects_folder()) == []
    journey.start()
    assert journey.window.settings.recent == ()
    assert sentences(journey) == []
