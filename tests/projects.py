"""Small projects for tests: made, labelled, and left behind as a crash leaves them."""

from __future__ import annotations

import shutil
from pathlib import Path

from fsl_desktop.core.batches import BatchWriter
from fsl_desktop.core.commands import AddBatch, AddClass
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow


def text_of(number: int) -> str:
    return f"Row number {number} of a file of short texts about this and that"


def import_rows(project: Project, rows: list[ReadRow], source: str = "rows.csv") -> int:
    """Rows as the child brings them: in a batch that is not visible yet."""
    writer = BatchWriter(project.folder, source)
    writer.add(rows)
    return writer.finish([])


def load(project: Project) -> Project:
    for _ in project.load_rows():
        pass
    return project


def make_project(
    folder: Path, n_rows: int = 50, classes: tuple[str, ...] = ("yes", "no", "maybe")
) -> Project:
    """An open project with rows 1 to ``n_rows`` and the classes 1, 2, 3."""
    project = Project.create(folder, "Test")
    for name in classes:
        project.do(AddClass(name))
    batch = import_rows(project, [ReadRow(text_of(i)) for i in range(1, n_rows + 1)])
    project.do(AddBatch(batch))
    return load(project)


def labels_of(project: Project) -> dict[int, int]:
    """Row id -> label of the rows that have one and are not removed."""
    table = project.table
    kept = (table.labels != 0) & ~table.removed
    return dict(zip(table.ids[kept].tolist(), table.labels[kept].tolist(), strict=True))


def reopened(project: Project) -> Project:
    folder = project.folder
    project.close()
    return load(Project.open(folder))


def crashed(project: Project, to: Path) -> Path:
    """The project's folder as it would be had the program died just now; the project is closed."""
    shutil.copytree(project.folder, to)
    project.close()
    return to


def state_of(project: Project) -> tuple[object, ...]:
    """Everything that undo has to bring back."""
    table = project.table
    shown = ~table.removed
    return (
        table.ids[shown].tolist(),
        table.labels[shown].tolist(),
        [text for text, there in zip(table.texts, shown, strict=True) if there],
        project.classes,
        project.name,
    )
