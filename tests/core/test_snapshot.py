"""The child's view: always of one moment, brought up to date in small steps, beside a writing window."""

from __future__ import annotations

import contextlib
import multiprocessing
import random
import time
from pathlib import Path

import numpy as np
import pytest
import snapshot_jobs
from projects import import_rows, load, make_project

from fsl_desktop.core import commands as c
from fsl_desktop.core import snapshot
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow
from fsl_desktop.core.snapshot import ProjectReader


@pytest.fixture
def project(tmp_path: Path):
    made = make_project(tmp_path / "test.fsl", 30)
    yield made
    made.close()


def _same(reader: ProjectReader, project: Project) -> bool:
    mine, theirs = reader.table, project.table
    shown, seen = ~mine.removed, ~theirs.removed
    return (
        reader.revision == project.revision
        and reader.classes == project.classes
        and np.array_equal(mine.ids[shown], theirs.ids[seen])
        and np.array_equal(mine.labels[shown], theirs.labels[seen])
        and [t for t, s in zip(mine.texts, shown, strict=True) if s]
        == [t for t, s in zip(theirs.texts, seen, strict=True) if s]
    )


def test_classes_are_there_at_once_and_rows_after_the_first_refresh(project: Project) -> None:
    with ProjectReader(project.folder) as reader:
        assert reader.classes == project.classes
        assert len(reader.table) == 0
        assert reader.refresh()
        assert _same(reader, project)
        assert reader.changed_ids.tolist() == list(range(1, 31))
        assert not reader.refresh()
        assert len(reader.changed_ids) == 0


def test_only_rows_with_another_text_count_as_changed(project: Project) -> None:
    with ProjectReader(project.folder) as reader:
        reader.refresh()
        project.do(c.SetLabels((1, 2), 1))
        project.do(c.EditText(7, "changed"))
        project.do(c.AddBatch(import_rows(project, [ReadRow("new", "yes")]), (("yes", 1),)))
        load(project)
        assert reader.refresh()
        assert reader.changed_ids.tolist() == [7, 31]
        assert _same(reader, project)


def test_one_label_reads_one_row(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    with ProjectReader(project.folder) as reader:
        reader.refresh()
        table = reader.table
        project.do(c.SetLabels((3,), 2))
        asked: list[str] = []
        reader._reading.db.set_trace_callback(asked.append)
        reader.refresh()
        assert reader.table is table
        assert table.labels[2] == 2
        assert not [sql for sql in asked if "r.text" in sql]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("most", [0, 5000])
def test_whatever_is_edited_undone_and_redone_the_view_follows(
    project: Project, monkeypatch: pytest.MonkeyPatch, most: int, seed: int
) -> None:
    monkeypatch.setattr(snapshot, "_MOST_EDITS", most)
    chance = random.Random(seed)
    with ProjectReader(project.folder) as reader:
        for step in range(150):
            # Rows of an import that was undone cannot be edited.
            with contextlib.suppress(UserError):
                _edit(project, chance, step)
            load(project)
            if chance.random() < 0.4:
                reader.refresh()
                assert _same(reader, project), step


def _edit(project: Project, chance: random.Random, step: int) -> None:
    row = chance.randrange(1, 35)
    act = chance.randrange(12)
    if act < 3:
        project.do(c.SetLabels((row, row % 30 + 1), chance.choice([0, -1, -2, *_ids(project)])))
    elif act == 3:
        project.do(c.EditText(row, f"text {step}"))
    elif act == 4:
        project.do(c.RemoveRows((row,)))
    elif act == 5:
        project.do(c.AddClass(f"class {step}"))
    elif act == 6 and len(project.classes) > 2:
        project.do(c.RemoveClass(project.classes[0].id))
    elif act == 7:
        batch = import_rows(project, [ReadRow(f"new {step}", "yes"), ReadRow("x")])
        project.do(c.AddBatch(batch, (("yes", None),)))
    elif act < 10:
        for _ in range(chance.randrange(1, 5)):
            project.undo()
    else:
        for _ in range(chance.randrange(1, 4)):
            project.redo()


def _ids(project: Project) -> list[int]:
    return [info.id for info in project.classes]


def test_a_project_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="no project"):
        ProjectReader(tmp_path / "missing.fsl")


def test_another_process_reads_what_the_window_writes(project: Project) -> None:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=snapshot_jobs.follow, args=(str(project.folder), there))
    process.start()
    try:
        for row in range(1, 16):
            project.do(c.SetLabels((row,), 1 + row % 3))
            here.send(project.revision)
            # Writing goes on while the other process reads.
            project.do(c.SetLabels((row + 15,), 2))
            assert here.poll(30)
            labels, _, texts, n_changed = here.recv()
            assert labels[:row] == project.table.labels[:row].tolist()
            assert (len(texts), n_changed) == (30, 30 if row == 1 else 0)
        project.do(c.RemoveRows((4,)))
        here.send(project.revision)
        assert here.poll(30)
        labels, removed, _, _ = here.recv()
        assert labels == project.table.labels.tolist()
        assert removed == project.table.removed.tolist()
    finally:
        here.send(None)
        process.join(30)
    assert process.exitcode == 0
    here.close()
    there.close()


def test_labels_can_be_set_while_the_child_imports(project: Project) -> None:
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=snapshot_jobs.bring, args=(str(project.folder), 30_000, there))
    process.start()
    waits: list[float] = []
    try:
        assert here.poll(30)
        assert here.recv() == "started"
        while not here.poll():
            row = 1 + len(waits) % 30
            start = time.perf_counter()
            project.do(c.SetLabels((row,), 1 + (len(waits) // 30) % 3))
            waits.append(time.perf_counter() - start)
            time.sleep(0.001)
        batch = here.recv()
    finally:
        process.join(30)
    assert process.exitcode == 0
    assert len(waits) > 3, "nobody labelled while the rows came in"
    assert max(waits) < 2.0, "a label waits for a short transaction at most"
    expected = project.table.labels.tolist()
    project.do(c.AddBatch(batch, (("yes", 1),)))
    load(project)
    assert project.table.labels.tolist() == expected + [1] * 30_000
    here.close()
    there.close()
