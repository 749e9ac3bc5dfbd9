"""Training runs: their records stay, their folders never lie outside the project."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from projects import crashed, make_project

from fsl_desktop.core.config import Preset, TrainConfig
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import RunSummary, Score
from fsl_desktop.core.message import Message
from fsl_desktop.core.project import Project
from fsl_desktop.core.runs import RunRecord
from fsl_desktop.core.serial import to_plain


@pytest.fixture
def project(tmp_path: Path):
    made = make_project(tmp_path / "test.fsl", 5)
    yield made
    made.close()


def _record(run_id: str, state: str = "finished") -> RunRecord:
    summary = RunSummary(
        "balanced",
        "minilm",
        12,
        3,
        4.5,
        accuracy=Score(0.8, 0.6, 0.9, 12),
        notes=(Message.of("{n} more", n=2),),
    )
    config = TrainConfig(preset=Preset.THOROUGH, seed=7)
    return RunRecord(run_id, "2026-11-23T12:00:00+00:00", config, state, summary)


def test_runs_come_back_as_they_were_written(project: Project) -> None:
    first, second = project.new_run_id(), project.new_run_id()
    assert first < second, "ids sort by age"
    project.add_run(_record(second, "failed"))
    project.add_run(_record(first))
    project.update_run(_record(second, "cancelled"))
    project.close()
    again = Project.open(project.folder)
    assert again.runs() == (_record(first), _record(second, "cancelled"))
    assert not again.notices
    again.close()


def test_a_run_that_the_program_died_in_is_interrupted(project: Project, tmp_path: Path) -> None:
    project.add_run(_record("run-1", "running"))
    folder = crashed(project, tmp_path / "crashed.fsl")
    again = Project.open(folder)
    assert [run.state for run in again.runs()] == ["interrupted"]
    assert "The program ended" in again.notices[0].text
    again.close()
    again = Project.open(folder)
    assert not again.notices
    assert [run.state for run in again.runs()] == ["interrupted"]
    again.close()


@pytest.mark.parametrize("cancelled", [False, True])
def test_a_run_whose_model_was_saved_is_kept_although_its_record_was_not(
    cancelled: bool, project: Project, tmp_path: Path
) -> None:
    """A full disk, or the end of the program, between the two."""
    project.add_run(_record("run-1", "running"))
    ended = _record("run-1")
    summary = replace(ended.summary, cancelled=cancelled)
    folder = crashed(project, tmp_path / "crashed.fsl")
    (folder / "runs" / "run-1" / "model").mkdir(parents=True)
    path = folder / "runs" / "run-1" / "summary.json"
    path.write_text(json.dumps(to_plain(summary)), encoding="utf-8")
    again = Project.open(folder)
    assert [(run.state, run.summary) for run in again.runs()] == [
        ("cancelled" if cancelled else "finished", summary)
    ]
    assert not again.notices
    again.close()


@pytest.mark.parametrize("text", ["", "{", "[]", '{"preset": 5}', "[" * 100_000])
def test_a_damaged_summary_is_no_summary(text: str, project: Project, tmp_path: Path) -> None:
    project.add_run(_record("run-1", "running"))
    folder = crashed(project, tmp_path / "crashed.fsl")
    (folder / "runs" / "run-1" / "model").mkdir(parents=True)
    (folder / "runs" / "run-1" / "summary.json").write_text(text, encoding="utf-8")
    again = Project.open(folder)
    assert [run.state for run in again.runs()] == ["interrupted"]
    again.close()


def test_removing_a_run_removes_its_folder_and_no_other(project: Project) -> None:
    for name in ("run-1", "run-2"):
        project.add_run(_record(name))
        (project.run_folder(name) / "model").mkdir(parents=True)
        (project.run_folder(name) / "model" / "weights").write_bytes(b"x")
    project.remove_run("run-1")
    assert [run.id for run in project.runs()] == ["run-2"]
    assert [p.name for p in (project.folder / "runs").iterdir()] == ["run-2"]
    project.remove_run("run-3")


def test_a_run_whose_files_are_in_use_stays_and_is_told(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.add_run(_record("run-1"))
    project.run_folder("run-1").mkdir(parents=True)

    def in_use(folder: Path) -> None:
        raise PermissionError(13, "in use", str(folder))

    monkeypatch.setattr(shutil, "rmtree", in_use)
    with pytest.raises(UserError, match=r"could not be deleted.*try again"):
        project.remove_run("run-1")
    assert [run.id for run in project.runs()] == ["run-1"]


@pytest.mark.parametrize(
    "run_id",
    ["", ".", "..", "../x", "a/b", "a\\b", "/etc", "C:x", "run 1", "RUN", "a\x00", "-", "a" * 65, "a\n"],
)
def test_no_name_leads_outside(project: Project, run_id: str) -> None:
    outside = project.folder.parent / "x"
    outside.mkdir()
    for act in (project.run_folder, project.remove_run, lambda name: project.add_run(_record(name))):
        with pytest.raises(UserError):
            act(run_id)
    assert outside.is_dir()
    assert (project.folder / "project.db").is_file()


@pytest.mark.skipif(os.name == "nt", reason="links need a special right on Windows")
def test_links_are_not_followed(project: Project, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    (outside / "run-1").mkdir(parents=True)
    (outside / "precious").write_bytes(b"x")
    (project.folder / "runs").symlink_to(outside)
    with pytest.raises(UserError, match="is a link to somewhere else"):
        project.remove_run("run-1")
    (project.folder / "runs").unlink()
    (project.folder / "runs").mkdir()
    (project.folder / "runs" / "run-2").symlink_to(outside)
    with pytest.raises(UserError, match="is a link to somewhere else"):
        project.run_folder("run-2")
    project.run_folder("run-3").mkdir()
    (project.run_folder("run-3") / "link").symlink_to(outside)
    project.remove_run("run-3")
    assert not (project.folder / "runs" / "run-3").exists()
    assert {p.name for p in outside.iterdir()} == {"run-1", "precious"}


@pytest.mark.parametrize(
    "text",
    ["", "{", "[]", '{"id": "../up"}', '{"id": "run-9", "created": 3}', '{"id":"run-9"}', "[" * 5000],
)
def test_a_record_that_makes_no_sense_is_passed_over(project: Project, text: str) -> None:
    project.add_run(_record("run-1"))
    project.close()
    db = sqlite3.connect(project.folder / "project.db")
    db.execute("INSERT INTO runs VALUES('run-9', ?)", (text,))
    db.execute("INSERT INTO runs SELECT '../up', record FROM runs WHERE id = 'run-1'")
    db.commit()
    db.close()
    again = Project.open(project.folder)
    assert [run.id for run in again.runs()] == ["run-1"]
    again.close()
