"""Damaged projects: the last good state opens, what happened is told, the damaged file is kept."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from damage import (
    DAMAGES,
    PAGE,
    into_the_file,
    labelled,
    middle_page,
    no_file,
    old_backup,
    truncate_oddly,
    works,
)
from projects import crashed, import_rows, labels_of, load, make_project, reopened

from fsl_desktop.core.commands import AddBatch, AddClass, EditText, RemoveClass, SetLabels
from fsl_desktop.core.config import TrainConfig
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow
from fsl_desktop.core.runs import RunRecord


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_file_of_a_closed_project_opens_from_its_backup(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    project, labels = labelled(tmp_path / "p.fsl")
    project.close()
    damage(project.folder)
    damaged = (project.folder / "project.db").read_bytes() if damage is not no_file else b""
    again = load(Project.open(project.folder))
    assert labels_of(again) == labels
    assert len(again.table) == 600
    (notice,) = again.notices
    if damaged:
        assert "damaged" in notice.text
        (kept,) = project.folder.glob("project.damaged-*.db")
        assert kept.name in notice.text
        assert kept.read_bytes() == damaged
    elif damage is no_file:
        assert "missing" in notice.text
    works(again)


@pytest.mark.parametrize("damage", [middle_page, truncate_oddly])
def test_edits_after_the_backup_are_read_from_the_damaged_file(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    project, _ = labelled(tmp_path / "p.fsl")
    project = reopened(project)
    # More rows than edits, so that the middle of the file is texts and not the log.
    batch = import_rows(project, [ReadRow(f"new {i}", "no") for i in range(30)])
    project.do(AddBatch(batch, (("no", 2),)))
    project.do(AddClass("late"))
    project.do(SetLabels((300,), 4))
    project.do(SetLabels((301,), 1))
    project.undo()
    project.do(EditText(5, "a text that was changed late"))
    project.do(RemoveClass(3))
    project.add_run(RunRecord("run-1", "2026-11-23T12:00:00+00:00", TrainConfig(), "finished"))
    project.set_meta("active_run", "run-1")
    load(project)
    expected, texts, classes = labels_of(project), list(project.table.texts), project.classes
    into_the_file(project.folder)
    folder = crashed(project, tmp_path / "crashed.fsl")
    old_backup(tmp_path, folder)
    damage(folder)
    again = load(Project.open(folder))
    assert labels_of(again) == expected
    assert again.table.texts == texts
    assert again.classes == classes
    assert [run.id for run in again.runs()] == ["run-1"]
    assert again.meta("active_run") == "run-1"
    assert "nothing is missing" in again.notices[0].text
    works(again)


def test_whatever_page_is_lost_no_label_of_the_backup_is(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p.fsl", 150)
    for row in range(1, 60):
        project.do(SetLabels((row,), 1 + row % 3))
    labels = labels_of(project)
    project.close()
    size = (project.folder / "project.db").stat().st_size
    chance = random.Random(5)
    for page in range(size // PAGE):
        folder = tmp_path / f"page-{page}.fsl"
        shutil.copytree(project.folder, folder)
        data = bytearray((folder / "project.db").read_bytes())
        data[page * PAGE : (page + 1) * PAGE] = chance.randbytes(PAGE)
        (folder / "project.db").write_bytes(data)
        again = load(Project.open(folder))
        assert labels_of(again) == labels, page
        assert len(again.notices) == 1, page
        again.close()


def test_without_a_backup_every_readable_row_and_label_is_kept(tmp_path: Path) -> None:
    project, labels = labelled(tmp_path / "p.fsl")
    project.close()
    (project.folder / "project.backup.db").unlink()
    middle_page(project.folder)
    again = load(Project.open(project.folder))
    assert "no usable backup" in again.notices[0].text
    kept = labels_of(again)
    assert len(again.table) >= 500, "one page of 600 rows holds some 60"
    there = set(again.table.ids.tolist())
    assert kept == {row: label for row, label in labels.items() if row in there}
    assert [info.name for info in again.classes] == ["yes", "no", "maybe"]
    works(again)
