"""A file taken into a project and what an export makes of it, for tests."""

from __future__ import annotations

from pathlib import Path

from projects import import_rows
from projects import load as load_table
from read_files import load

from fsl_desktop.core.commands import AddBatch, SetLabels, SetSeveral
from fsl_desktop.core.exports.kinds import Kind
from fsl_desktop.core.exports.labels import export_labels
from fsl_desktop.core.label_cells import JSON, parts_of
from fsl_desktop.core.labels import SKIPPED, UNSURE
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow


def take(folder: Path, path: Path, *, several: bool = False, **options: object) -> Project:
    """A project with the rows and labels of a file."""
    rows, problems = load(path, **options, **({"label_separator": JSON} if several else {}))
    assert problems == {}
    return of_rows(folder, rows, several=several)


def of_rows(folder: Path, rows: list[ReadRow], *, several: bool = False) -> Project:
    project = Project.create(folder, "Test")
    if several:
        project.do(SetSeveral(True))
    batch = import_rows(project, rows)
    said = [parts_of(row.label) if several else (row.label,) for row in rows if row.label]
    labels = tuple((name, None) for name in dict.fromkeys(name for parts in said for name in parts))
    project.do(AddBatch(batch, labels))
    return load_table(project)


def mark(project: Project, skipped: int, unsure: int) -> None:
    """Two rows (by id) that have no label but a state."""
    project.do(SetLabels((skipped,), SKIPPED))
    project.do(SetLabels((unsure,), UNSURE))


def export(project: Project, kind: Kind, path: Path) -> Path:
    folder = project.folder
    project.close()
    assert export_labels(folder, kind, path).n_rows == len(project.table)
    return path


def as_before(rows: list[ReadRow], again: list[ReadRow]) -> None:
    """Texts, labels and the filled cells of further columns are the same."""
    assert [row.text for row in again] == [row.text for row in rows]
    assert [row.label for row in again] == [row.label for row in rows]
    for old, new in zip(rows, again, strict=True):
        assert _filled(old) == {name: cell for name, cell in _filled(new).items() if name not in ADDED}


ADDED = frozenset(["id", "task", "status", "skipped"])
"""Columns that an export may add."""


def _filled(row: ReadRow) -> dict[str, str]:
    return {name: cell for name, cell in row.extra.items() if cell}
