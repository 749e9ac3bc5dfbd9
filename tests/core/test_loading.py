"""Rows come as they are in the project, whatever order and gaps their numbers have."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from fsl_desktop.core import store
from fsl_desktop.core.batches import BatchWriter
from fsl_desktop.core.commands import AddBatch, AddClass, RemoveRows, SetLabels
from fsl_desktop.core.labels import SKIPPED
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow


def rows(name: str, first: int, n: int) -> list[ReadRow]:
    return [ReadRow(f"{name} {number}") for number in range(first, first + n)]


@pytest.fixture
def project(tmp_path: Path):
    made = Project.create(tmp_path / "p.fsl", "P")
    made.do(AddClass("card"))
    yield made
    made.close()


def reloaded(project: Project, chunk: int = 2000) -> Project:
    project.close()
    again = Project.open(project.folder)
    for _ in again.load_rows(chunk=chunk):
        pass
    return again


def test_two_files_whose_rows_were_written_in_turns(project: Project) -> None:
    one, two = BatchWriter(project.folder, "one.csv"), BatchWriter(project.folder, "two.csv")
    for part in range(3):
        one.add(rows("one", 300 * part, 300))
        two.add(rows("two", 700 * part, 700))
    project.do(AddBatch(one.finish([]), ()))
    project.do(AddBatch(two.finish([]), ()))
    again = reloaded(project)
    texts = dict(zip(again.table.ids.tolist(), again.table.texts, strict=True))
    db = sqlite3.connect(again.folder / store.DB_NAME)
    assert texts == dict(db.execute("SELECT id, text FROM rows"))
    db.close()
    assert len(texts) == 3000
    assert (np.diff(again.table.ids) > 0).all()
    again.close()


def test_labels_and_removed_rows_at_both_ends_of_what_is_read_at_once(project: Project) -> None:
    writer = BatchWriter(project.folder, "one.csv")
    writer.add(rows("one", 0, 1500))
    project.do(AddBatch(writer.finish([]), ()))
    for _ in project.load_rows():
        pass
    ids = project.table.ids.tolist()
    labelled, removed, skipped = (ids[0], ids[399], ids[400], ids[1499]), (ids[1], ids[798]), (ids[2],)
    project.do(SetLabels(labelled, 1))
    project.do(SetLabels(skipped, SKIPPED))
    project.do(RemoveRows(removed))
    before = project.table
    for chunk in (1, 399, 2000):
        project = reloaded(project, chunk if chunk > 1 else 150)
        assert project.table.ids.tolist() == ids
        np.testing.assert_array_equal(project.table.labels, before.labels)
        np.testing.assert_array_equal(project.table.removed, before.removed)
    assert set(project.table.ids[project.table.labels == 1].tolist()) == set(labelled)
    assert set(project.table.ids[project.table.removed].tolist()) == set(removed)
    project.close()


def test_rows_that_are_not_there_are_passed_over(project: Project) -> None:
    """A project that claims a milliard rows and holds ten opens with ten, at once."""
    writer = BatchWriter(project.folder, "one.csv")
    writer.add(rows("one", 0, 10))
    project.do(AddBatch(writer.finish([]), ()))
    project.close()
    db = sqlite3.connect(project.folder / store.DB_NAME)
    db.execute("UPDATE batches SET last_row = 1000000000, n_rows = 1000000000")
    db.execute("UPDATE rows SET id = 900000000 WHERE id = (SELECT max(id) FROM rows)")
    db.commit()
    db.close()
    again = reloaded(project)
    assert again.table.texts == [f"one {number}" for number in range(10)]
    assert again.table.ids[-1] == 900_000_000
    again.close()


def test_labels_of_rows_that_are_not_there_label_nothing(project: Project) -> None:
    writer = BatchWriter(project.folder, "one.csv")
    writer.add(rows("one", 0, 5))
    project.do(AddBatch(writer.finish([]), ()))
    project.close()
    db = sqlite3.connect(project.folder / store.DB_NAME)
    db.execute("UPDATE rows SET id = id + 100 WHERE id > 3")
    db.execute("INSERT INTO labels VALUES(50, 1)")
    db.execute("INSERT INTO removed VALUES(51)")
    db.execute("INSERT INTO labels VALUES(105, 1)")
    db.execute("UPDATE batches SET last_row = 105")
    db.commit()
    db.close()
    again = reloaded(project)
    assert again.table.ids.tolist() == [1, 2, 3, 104, 105]
    assert again.table.labels.tolist() == [0, 0, 0, 0, 1]
    assert not again.table.removed.any()
    again.close()
