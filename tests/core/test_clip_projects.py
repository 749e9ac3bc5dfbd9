"""Projects of recordings over time: older schemas, names of parts."""

from __future__ import annotations

from pathlib import Path

import pytest
from clip_projects import bring, paths, rows
from projects import load
from sounds import save, tone

from fsl_desktop.core import migrations
from fsl_desktop.core.batches import BatchWriter
from fsl_desktop.core.clip_names import clip_name
from fsl_desktop.core.commands import AddBatch, SetLabels
from fsl_desktop.core.config import Task
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow


@pytest.mark.parametrize("task", [Task.CLASSIFY_TEXT, Task.CLASSIFY_AUDIO])
def test_a_project_of_schema_2_is_brought_up_to_date(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, task: Task
) -> None:
    with monkeypatch.context() as old:
        old.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:2])
        old.setattr(migrations, "TABLES", ("rows",))
        made = Project.create(tmp_path / "old.fsl", "Old", task)
        if task is Task.CLASSIFY_TEXT:
            writer = BatchWriter(made.folder, "a.csv")
            writer.add([ReadRow("one", "x"), ReadRow("two")])
            made.do(AddBatch(writer.finish([]), (("x", None),)))
        made.close()
    again = load(Project.open(tmp_path / "old.fsl"))
    assert (again.folder / "project.schema-2.db").is_file()
    if task is Task.CLASSIFY_TEXT:
        assert again.table.clips is None
        assert rows(again) == {"one": "x", "two": ""}
        again.do(SetLabels((2,), 1))
    else:
        save(tmp_path / "in" / "cat" / "a.wav", tone(0.2))
        bring(again, tmp_path / "in" / "cat")
        assert paths(again) == [tmp_path / "in" / "cat" / "a.wav"]
    again.close()


@pytest.mark.parametrize(
    ("start", "end", "name"),
    [
        (0.0, None, "a.wav"),
        (0.0, 1.0, "a.wav 0:00–0:01"),
        (59.9996, 3600.0, "a.wav 1:00–1:00:00"),
        (7.25, None, "a.wav 0:07.25–"),
        (3723.004, 3724.5, "a.wav 1:02:03.004–1:02:04.5"),
    ],
)
def test_parts_are_named_by_their_times(start: float, end: float | None, name: str) -> None:
    assert clip_name("a.wav", start, end) == name
