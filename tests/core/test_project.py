"""What a user can do to a project, and what is there after closing and opening it again."""

from __future__ import annotations

from pathlib import Path

import pytest
from projects import import_rows, labels_of, load, make_project, reopened, text_of

from fsl_desktop.core.commands import (
    AddBatch,
    AddClass,
    Command,
    DescribeClass,
    EditText,
    MoveClass,
    RemoveClass,
    RemoveRows,
    RenameClass,
    RenameProject,
    SetLabels,
    SetLabelsEach,
)
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.labels import MAX_CLASSES, SKIPPED, UNLABELLED, UNSURE
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow


@pytest.fixture
def project(tmp_path: Path):
    made = make_project(tmp_path / "test.fsl")
    yield made
    made.close()


def test_every_label_is_there_after_reopening(project: Project) -> None:
    project.do(SetLabels((3,), 1))
    project.do(SetLabels((4, 5, 6), 2))
    project.do(SetLabels((7,), SKIPPED))
    project.do(SetLabels((8,), UNSURE))
    project.do(SetLabels((5,), UNLABELLED))
    expected = {3: 1, 4: 2, 6: 2, 7: SKIPPED, 8: UNSURE}
    assert labels_of(project) == expected
    again = reopened(project)
    assert labels_of(again) == expected
    assert again.table.texts[2] == text_of(3)
    assert not again.notices
    again.close()


def test_a_change_says_what_changed(project: Project) -> None:
    change = project.do(SetLabels((6, 4, 5), 2))
    assert (change.kind, change.row_ids.tolist()) == ("labels", [4, 5, 6])
    assert not change.classes_changed
    assert not change.rows_changed
    assert change.message.text == "Labelled 3 rows as no"
    assert change.revision == project.revision


def test_the_label_that_a_row_has_already_is_no_edit(project: Project) -> None:
    project.do(SetLabels((1,), 1))
    before = project.revision
    change = project.do(SetLabels((1,), 1))
    assert len(change.row_ids) == 0
    assert project.revision == before
    change = project.do(SetLabels((1, 2), 1))
    assert change.row_ids.tolist() == [2]


def test_each_row_can_get_its_own_label_and_the_last_word_counts(project: Project) -> None:
    project.do(SetLabelsEach((9, 3, 9), (1, 2, SKIPPED)))
    assert labels_of(project) == {3: 2, 9: SKIPPED}


@pytest.mark.parametrize(
    ("command", "sentence"),
    [
        (SetLabels((1,), 99), "This class is not there"),
        (SetLabels((999,), 1), "This row is not in the project"),
        (SetLabels((1, 999), 1), "This row is not in the project"),
        (AddClass("  "), "A class needs a name"),
        (AddClass("x" * 201), "too long. Use at most 200"),
        (AddClass(" YES "), "already a class “yes”"),
        (RenameClass(1, "No"), "already a class “no”"),
        (RenameClass(77, "x"), "This class is not there"),
        (RemoveClass(77), "This class is not there"),
        (EditText(1, " \n"), "A row needs a text"),
        (EditText(999, "x"), "This row is not in the project"),
        (RemoveRows((1, 999)), "This row is not in the project"),
        (AddBatch(999), "Import it again"),
        (RenameProject(" "), "A project needs a name"),
        (RenameProject("x" * 300), "too long"),
    ],
)
def test_what_is_not_possible_is_said_and_changes_nothing(
    project: Project, command: Command, sentence: str
) -> None:
    project.do(SetLabels((2,), 2))
    before = (project.revision, project.classes, labels_of(project), project.name)
    with pytest.raises(UserError, match=sentence):
        project.do(command)
    assert (project.revision, project.classes, labels_of(project), project.name) == before
    again = reopened(project)
    assert (again.revision, again.classes, labels_of(again), again.name) == before
    again.close()


def test_classes_keep_names_order_and_descriptions(project: Project) -> None:
    project.do(AddClass("  later   on ", " spare "))
    project.do(MoveClass(4, 0))
    project.do(RenameClass(1, "YES"))
    project.do(DescribeClass(2, "not at all"))
    expected = [("later on", "spare"), ("YES", ""), ("no", "not at all"), ("maybe", "")]
    again = reopened(project)
    assert [(info.name, info.description) for info in again.classes] == expected
    assert [info.position for info in again.classes] == [0, 1, 2, 3]
    again.close()


def test_a_removed_class_leaves_its_rows_unlabelled_and_its_id_is_not_given_again(project: Project) -> None:
    project.do(SetLabels((1, 2), 1))
    project.do(SetLabels((3,), 3))
    change = project.do(RemoveClass(1))
    assert change.row_ids.tolist() == [1, 2]
    assert labels_of(project) == {3: 3}
    assert [(info.id, info.position) for info in project.classes] == [(2, 0), (3, 1)]
    project.do(RemoveClass(3))
    project.do(AddClass("maybe"))
    assert [info.id for info in project.classes] == [2, 4]
    again = reopened(project)
    again.do(AddClass("one more"))
    assert [info.id for info in again.classes] == [2, 4, 5]
    again.close()


def test_a_project_has_a_most_of_classes(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p.fsl", "P")
    batch = import_rows(project, [ReadRow("a")])
    many = tuple((f"class {i}", None) for i in range(MAX_CLASSES + 1))
    with pytest.raises(UserError, match="at most 500 classes"):
        project.do(AddBatch(batch, many))
    assert project.classes == ()
    project.do(AddBatch(batch, many[:-1]))
    assert len(project.classes) == MAX_CLASSES
    with pytest.raises(UserError, match="at most 500 classes"):
        project.do(AddClass("one more"))
    project.close()


def test_texts_can_be_changed_and_rows_removed(project: Project) -> None:
    change = project.do(EditText(2, "half a pair \ud83d and a NUL \x00 end"))
    assert change.kind == "text"
    change = project.do(RemoveRows((4, 3, 4)))
    assert change.rows_changed
    assert change.row_ids.tolist() == [3, 4]
    again = reopened(project)
    assert again.table.texts[1] == "half a pair ? and a NUL \x00 end"
    assert again.table.removed.nonzero()[0].tolist() == [2, 3]
    assert len(again.table) == again.row_count == 50
    again.close()


def test_an_import_brings_labels_extra_columns_and_its_source(project: Project) -> None:
    rows = [
        ReadRow("first", "No", {"id": "a1", "größe": "ß"}),
        ReadRow("second", "fresh"),
        ReadRow("third", "ignored"),
        ReadRow("fourth"),
    ]
    batch = import_rows(project, rows, "über alles.csv")
    assert len(project.table) == 50, "imported rows are not seen before they are added"
    change = project.do(AddBatch(batch, (("No", 2), ("fresh", None), ("FRESH", None))))
    assert change.rows_changed
    assert change.classes_changed
    load(project)
    assert project.table.texts[50:] == ["first", "second", "third", "fourth"]
    assert project.table.labels[50:].tolist() == [2, 4, 0, 0]
    assert [info.name for info in project.classes] == ["yes", "no", "maybe", "fresh"]
    assert project.extra(51) == {"id": "a1", "größe": "ß"}
    assert project.extra(52) == {}
    assert [(s.source, s.rows) for s in project.sources()] == [("rows.csv", 50), ("über alles.csv", 4)]


def test_of_two_waiting_imports_the_later_may_be_added_first(project: Project) -> None:
    first = import_rows(project, [ReadRow(f"first {i}", "yes") for i in range(3)])
    second = import_rows(project, [ReadRow(f"second {i}") for i in range(3)])
    project.do(AddBatch(second))
    load(project)
    project.do(AddBatch(first, (("yes", 1),)))
    load(project)
    assert project.table.texts[50:] == [f"second {i}" for i in range(3)] + [f"first {i}" for i in range(3)]
    expected = labels_of(project)
    assert len(expected) == 3
    again = reopened(project)
    assert labels_of(again) == expected
    assert again.table.texts == project.table.texts
    again.close()


def test_labels_can_be_set_before_the_rows_are_loaded(project: Project) -> None:
    folder = project.folder
    project.close()
    again = Project.open(folder)
    assert again.row_count == 50
    again.do(SetLabels((7,), 3))
    load(again)
    assert labels_of(again) == {7: 3}
    again.close()


def test_rows_load_in_steps_and_loading_goes_on_after_an_import(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p.fsl", 2500)
    again = reopened(project)
    again.close()
    again = Project.open(project.folder)
    steps = list(again.load_rows(chunk=1000))
    assert steps[-1] == 2500
    assert all(b - a <= 1000 for a, b in zip([0, *steps], steps, strict=False))
    again.do(AddBatch(import_rows(again, [ReadRow("new")])))
    assert list(again.load_rows()) == [2501]
    again.close()


def test_remembered_values_and_the_name_stay(project: Project) -> None:
    project.set_meta("active_run", "run-1")
    project.do(RenameProject("  Another   name "))
    again = reopened(project)
    assert again.meta("active_run") == "run-1"
    assert again.meta("never set", "x") == "x"
    assert again.name == "Another name"
    assert again.task == "classify-text"
    again.close()


def test_a_new_project_needs_a_free_place(project: Project, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="already something"):
        Project.create(project.folder, "P")
    with pytest.raises(UserError, match="needs a name"):
        Project.create(tmp_path / "other.fsl", " ")
    assert not (tmp_path / "other.fsl").exists()
    (tmp_path / "file").touch()
    with pytest.raises(UserError):
        Project.create(tmp_path / "file" / "below.fsl", "P")


def test_a_folder_without_a_project_is_told(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(UserError, match=r"no project in .*ends in \.fsl"):
            Project.open(folder)
    assert list(tmp_path.iterdir()) == []


def test_opening_by_the_database_file_works_too(project: Project) -> None:
    project.close()
    again = Project.open(project.folder / "project.db")
    assert again.folder == project.folder
    again.close()
    again.close()


@pytest.mark.parametrize("name", ["ünï 项目", "100 % #1? & more", "a;b=c", "-wal"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    project = make_project(tmp_path / f"{name}.fsl")
    project.do(SetLabels((1,), 1))
    again = reopened(project)
    assert labels_of(again) == {1: 1}
    assert sorted(p.name for p in tmp_path.iterdir()) == [f"{name}.fsl"]
    again.close()


def test_an_empty_file_in_an_empty_project_changes_no_row(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p.fsl", "P")
    project.do(AddBatch(import_rows(project, [])))
    assert list(project.load_rows()) == []
    project.do(AddBatch(import_rows(project, [ReadRow("first")])))
    assert list(project.load_rows()) == [1]
    project.close()
