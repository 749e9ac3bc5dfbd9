"""Runs of a project as the window keeps them: live, failed, stopped, and read back after a restart."""

from __future__ import annotations

import json

import pytest

from fakes import FakeRunner
from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import Cancelled, Failure, Finished, Phase, RunSummary, Score, Started, StepEnd
from fsl_desktop.core.message import Message
from fsl_desktop.core.project import Project
from fsl_desktop.core.samples import make_sample
from fsl_desktop.core.serial import to_plain
from fsl_desktop.ui.jobs import Jobs
from fsl_desktop.ui.session import Session
from fsl_desktop.ui.trainer import Trainer
from fsl_desktop.work.protocol import Train

SUMMARY = RunSummary("balanced", "minilm", 10, 5, 4.2, 16, 12, accuracy=Score(0.8, 0.5, 0.9, 10))
STEP = StepEnd(Phase.TUNING, 1, 16, 0.5)


@pytest.fixture
def parts(qtbot, tmp_path):
    project = make_sample(tmp_path / "sample.fsl")
    runner = FakeRunner()
    session = Session(project, Jobs(runner))
    yield Trainer(session), runner, session
    session.close()


def test_a_finished_run_is_kept_and_its_model_is_used(parts, qtbot):
    trainer, runner, session = parts
    run_id = trainer.start(TrainConfig(preset=Preset.BALANCED))
    ticket, request = runner.last(Train)
    assert (request.run_id, request.project) == (run_id, str(session.project.folder))
    runner.tell(ticket, Started("balanced", 16, 10, 5))
    runner.tell(ticket, STEP)
    assert trainer.history(run_id)[-1] == STEP
    with qtbot.waitSignals([trainer.ended, trainer.active_changed]):
        runner.reply(ticket, SUMMARY)
    assert trainer.running is None
    assert trainer.active == run_id
    assert trainer.run(run_id).summary == SUMMARY
    assert trainer.run(run_id).state == "finished"


def test_only_one_run_at_a_time(parts):
    trainer, runner, _ = parts
    assert trainer.start(TrainConfig()) is not None
    assert trainer.start(TrainConfig()) is None
    assert len(runner.requests) == 1


def test_a_run_that_fails_says_why_and_leaves_the_model_in_use(parts, qtbot):
    trainer, runner, session = parts
    run_id = trainer.start(TrainConfig())
    why = Message.of("Not enough memory. Close other programs.")
    with qtbot.waitSignal(session.failed) as told:
        runner.refuse(runner.last(Train)[0], why, "details")
    assert told.args == [why, "details"]
    assert trainer.run(run_id).state == "failed"
    assert trainer.run(run_id).message == why
    assert isinstance(trainer.history(run_id)[-1], Failure)
    assert trainer.active is None
    assert trainer.start(TrainConfig()) is not None


@pytest.mark.parametrize("kept", [True, False])
def test_stop_keeps_what_was_usable(parts, kept):
    trainer, runner, _ = parts
    run_id = trainer.start(TrainConfig())
    ticket, _ = runner.last(Train)
    trainer.stop()
    assert runner.cancelled == [ticket]
    assert trainer.stopping
    if kept:
        summary = RunSummary("balanced", "minilm", 10, 5, 1.0, cancelled=True)
        runner.tell(ticket, Cancelled(summary))
        runner.reply(ticket, summary)
    else:
        runner.drop(ticket)
    assert trainer.run(run_id).state == "cancelled"
    assert isinstance(trainer.history(run_id)[-1], Cancelled)
    assert trainer.active == (run_id if kept else None)
    assert not trainer.stopping


def test_the_curve_of_an_earlier_start_is_read_back_without_its_broken_line(parts):
    trainer, runner, session = parts
    run_id = trainer.start(TrainConfig())
    runner.reply(runner.last(Train)[0], SUMMARY)
    folder = session.project.run_folder(run_id)
    folder.mkdir(parents=True, exist_ok=True)
    events = [Started("balanced", 16, 10, 5), STEP, Finished(SUMMARY)]
    lines = [json.dumps({"event": type(event).__name__, **to_plain(event)}) for event in events]
    lines[1:1] = ['{"event": "os.system", "command": "no"}', '{"event": "StepEnd", "step"']
    (folder / "events.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert Trainer(session).history(run_id) == tuple(events)


def test_deleting_the_model_in_use_goes_back_to_the_instant_one(parts, qtbot):
    trainer, runner, _ = parts
    run_id = trainer.start(TrainConfig())
    runner.reply(runner.last(Train)[0], SUMMARY)
    with qtbot.waitSignal(trainer.active_changed):
        trainer.remove(run_id)
    assert trainer.active is None
    assert trainer.runs() == ()


def test_a_run_cut_off_by_a_crash_is_told_at_the_next_start(parts, tmp_path):
    trainer, _, session = parts
    run_id = trainer.start(TrainConfig())
    folder = session.project.folder
    session.project.close()  # the window is gone; nobody ended the run
    project = Project.open(folder)
    state = next(run.state for run in project.runs() if run.id == run_id)
    assert state == "interrupted"
    session.project = project


def test_the_end_of_a_run_shows_although_the_disk_is_full_and_is_written_later(parts, monkeypatch):
    trainer, runner, session = parts
    run_id = trainer.start(TrainConfig())
    said = []
    session.failed.connect(lambda message, _: said.append(message.text))

    def full(_):
        raise UserError("The disk is full.")

    with monkeypatch.context() as patch:
        patch.setattr(session.project, "update_run", full)
        runner.refuse(runner.last(Train)[0], Message.of("No room."))
        assert trainer.run(run_id).state == trainer.runs()[0].state == "failed"
        assert said == ["The disk is full.", "No room."]
    assert session.project.runs()[0].state == "running"
    trainer.close()
    assert session.project.runs()[0].state == "failed"
