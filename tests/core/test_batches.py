"""Imports: written unseen, discarded without a trace, their bad rows remembered."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from projects import load, make_project

from fsl_desktop.core.batches import MAX_PROBLEMS, BatchWriter
from fsl_desktop.core.commands import AddBatch, SetLabels
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow, RowProblem


@pytest.fixture
def project(tmp_path: Path):
    made = make_project(tmp_path / "test.fsl", 5)
    yield made
    made.close()


def _count(project: Project, table: str) -> int:
    db = sqlite3.connect(project.folder / "project.db")
    try:
        return int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    finally:
        db.close()


def test_a_discarded_import_leaves_no_trace(project: Project) -> None:
    writer = BatchWriter(project.folder, "a.csv")
    writer.add([ReadRow(f"row {i}") for i in range(1500)])
    assert _count(project, "rows") == 1505
    writer.discard()
    writer.discard()
    assert _count(project, "rows") == 5
    assert _count(project, "batches") == 1


def test_bad_rows_are_remembered_with_number_and_reason(project: Project) -> None:
    writer = BatchWriter(project.folder, "folder/of/a.csv")
    writer.add([ReadRow("good")])
    bad = [RowProblem(i, Message.of("Row {row} has no text.", row=i)) for i in range(2, MAX_PROBLEMS + 100)]
    project.do(AddBatch(writer.finish(bad)))
    info = project.sources()[-1]
    assert info.source == "a.csv"
    assert info.rows == 1
    assert info.problems == tuple(bad[:MAX_PROBLEMS])
    assert info.problems[0].message.text == "Row 2 has no text."


def test_any_text_can_be_imported(project: Project) -> None:
    texts = ["", "\x00", "half \ud83d pair", "🙂" * 1000, "'; DROP TABLE rows; --", "x" * 2_000_000]
    writer = BatchWriter(project.folder, "a.csv")
    writer.add([ReadRow(text, text[:100], {"k\ud83d": text[:100]}) for text in texts])
    project.do(AddBatch(writer.finish([]), (("\x00", 1), ("half ? pair", 2))))
    load(project)
    assert project.table.texts[5:] == [*texts[:2], "half ? pair", *texts[3:]]
    assert project.table.labels[5:].tolist() == [0, 1, 2, 0, 0, 0]
    assert project.extra(9) == {"k?": "🙂" * 100}


def test_an_import_goes_on_unharmed_beside_labels(project: Project) -> None:
    writer = BatchWriter(project.folder, "a.csv")
    for part in range(5):
        writer.add([ReadRow(f"{part} {i}") for i in range(100)])
        project.do(SetLabels((part + 1,), 1))
    project.do(AddBatch(writer.finish([])))
    load(project)
    assert len(project.table) == 505
    assert project.table.labels[:6].tolist() == [1] * 5 + [0]


def test_a_writer_whose_batch_was_cleared_away_is_told(project: Project) -> None:
    writer = BatchWriter(project.folder, "a.csv")
    writer.add([ReadRow("x")])
    project.close()
    again = Project.open(project.folder)
    with pytest.raises(UserError, match=r"import was interrupted. Start it again"):
        writer.add([ReadRow("y")])
    with pytest.raises(UserError, match="import was interrupted"):
        writer.finish([])
    writer.discard()
    assert _count(again, "rows") == 5
    again.close()


def test_an_empty_import_adds_nothing_and_harms_nothing(project: Project) -> None:
    writer = BatchWriter(project.folder, "empty.csv")
    project.do(AddBatch(writer.finish([])))
    load(project)
    assert len(project.table) == project.row_count == 5
    project.undo()
    project.redo()
    assert [source.source for source in project.sources()] == ["rows.csv", "empty.csv"]


def test_a_project_that_is_gone_is_told(tmp_path: Path) -> None:
    with pytest.raises(UserError):
        BatchWriter(tmp_path / "missing.fsl", "a.csv")
