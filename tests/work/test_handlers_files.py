"""A file on its way into a project, through the child's handlers."""

from __future__ import annotations

from pathlib import Path

import pytest

from fsl_desktop.core.commands import AddBatch, AddClass
from fsl_desktop.core.errors import Stopped, UserError
from fsl_desktop.core.events import Event, Phase, Progress
from fsl_desktop.core.labels import UNLABELLED
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadOptions
from fsl_desktop.work.handlers import build
from fsl_desktop.work.jobs import Job
from fsl_desktop.work.protocol import LANES, ImportedBatch, ImportFile, PreviewFile, Request

COLUMNS = ReadOptions(text_column="text", label_column="label")


class Told:
    def __init__(self) -> None:
        self.events: list[Event] = []

    def tell(self, ticket: int, event: Event) -> None:
        self.events.append(event)


@pytest.fixture
def project(tmp_path: Path):  # type: ignore[no-untyped-def]
    project = Project.create(tmp_path / "notes.fsl", "Notes")
    project.do(AddClass("pain"))
    yield project
    project.close()


def serve(request: Request, told: Told | None = None, *, cancelled: bool = False) -> object:
    job = Job(1, request, told or Told())
    if cancelled:
        job.cancel()
    return build().table[type(request)](request, job)


def write(path: Path, *rows: str) -> str:
    path.write_text("\n".join(("text,label", *rows)) + "\n", "utf-8")
    return str(path)


def texts_and_labels(project: Project) -> list[tuple[str, int]]:
    for _ in project.load_rows():
        pass
    return list(zip(project.table.texts, project.table.labels.tolist(), strict=True))


def test_every_request_has_a_lane_and_a_handler() -> None:
    assert set(build().table) == set(LANES)


def test_a_file_becomes_rows_with_their_labels(project: Project, tmp_path: Path) -> None:
    path = write(tmp_path / "n.csv", "it hurts,pain", "fine today,well", "nothing said,", "still fine,well")
    told = Told()
    batch = serve(ImportFile(path, str(project.folder), COLUMNS), told)
    assert isinstance(batch, ImportedBatch)
    assert (batch.n_rows, batch.n_labelled, batch.n_problems) == (4, 3, 0)
    assert batch.new_classes == ("well",)
    assert isinstance(told.events[-1], Progress)
    assert told.events[-1].phase is Phase.READING
    assert told.events[-1].done == told.events[-1].total

    pain = project.classes[0].id
    project.do(AddBatch(batch.batch, (("pain", pain), ("well", None))))
    well = next(info.id for info in project.classes if info.name == "well")
    assert texts_and_labels(project) == [
        ("it hurts", pain),
        ("fine today", well),
        ("nothing said", UNLABELLED),
        ("still fine", well),
    ]


def test_rows_that_cannot_be_used_are_counted_and_listed(project: Project, tmp_path: Path) -> None:
    path = write(tmp_path / "n.csv", "it hurts,pain", ",pain", "fine,well")
    batch = serve(ImportFile(path, str(project.folder), COLUMNS))
    assert isinstance(batch, ImportedBatch)
    assert batch.n_rows == 2
    assert batch.n_problems == 1
    assert [problem.row for problem in batch.problems] == [3]


def test_a_cancelled_import_leaves_nothing(project: Project, tmp_path: Path) -> None:
    path = write(tmp_path / "n.csv", *(f"row {n},pain" for n in range(5000)))
    with pytest.raises(Stopped):
        serve(ImportFile(path, str(project.folder), COLUMNS), cancelled=True)
    again = serve(ImportFile(write(tmp_path / "m.csv", "one,pain"), str(project.folder), COLUMNS))
    assert isinstance(again, ImportedBatch)
    project.do(AddBatch(again.batch, ()))
    assert texts_and_labels(project) == [("one", UNLABELLED)]


def test_a_column_of_ids_is_no_label_column(project: Project, tmp_path: Path) -> None:
    path = write(tmp_path / "n.csv", *(f"row {n},id-{n}" for n in range(600)))
    with pytest.raises(UserError, match="more than 500 different labels"):
        serve(ImportFile(path, str(project.folder), COLUMNS))


def test_a_preview_shows_columns_before_anything_is_read(tmp_path: Path) -> None:
    path = write(tmp_path / "n.csv", "it hurts,pain", "fine today,well")
    preview = serve(PreviewFile(path))
    assert [column.name for column in preview.columns] == ["text", "label"]  # type: ignore[attr-defined]


def test_a_file_that_is_gone_is_a_sentence(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UserError):
        serve(ImportFile(str(tmp_path / "gone.csv"), str(project.folder), COLUMNS))
