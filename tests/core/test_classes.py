"""Classes that are merged and split: what rows become, in one step that undo takes back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from projects import labels_of, make_project, reopened, state_of

from fsl_desktop.core.commands import MergeClasses, RemoveRows, SetClasses, SetLabels, SetSeveral, SplitClass
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.project import Project


@pytest.fixture
def project(tmp_path: Path):
    made = make_project(tmp_path / "test.fsl", 8)
    made.do(SetLabels((1, 2, 3), 1))
    made.do(SetLabels((4, 5), 2))
    yield made
    made.close()


def sets_of(project: Project) -> dict[int, tuple[int, ...]]:
    table = project.table
    rows = np.flatnonzero(table.labels > 0)
    return {int(table.ids[row]): table.sets.members(int(table.labels[row])) for row in rows}


def test_merged_rows_get_the_other_class_and_the_first_is_gone(project: Project) -> None:
    before = state_of(project)
    change = project.do(MergeClasses(1, 2))
    assert change.message.text == "Merged the class yes into no: 3 rows"
    assert change.row_ids.tolist() == [1, 2, 3]
    assert labels_of(project) == dict.fromkeys((1, 2, 3, 4, 5), 2)
    assert [(info.name, info.position) for info in project.classes] == [("no", 0), ("maybe", 1)]
    after = state_of(project)
    back = project.undo()
    assert back is not None
    assert back.message.text == "Took yes and no apart again: 3 rows"
    assert state_of(project) == before
    project.redo()
    again = reopened(project)
    assert state_of(again) == after
    again.close()


def test_rows_with_both_classes_keep_one(project: Project) -> None:
    project.do(SetSeveral(True))
    project.do(SetClasses((1, 6, 7), ((1, 2), (1, 3), (1, 2, 3))))
    before = sets_of(project)
    project.do(MergeClasses(1, 2))
    assert sets_of(project) == {1: (2,), 2: (2,), 3: (2,), 4: (2,), 5: (2,), 6: (2, 3), 7: (2, 3)}
    project.undo()
    assert sets_of(project) == before


def test_removed_rows_are_merged_too(project: Project) -> None:
    project.do(RemoveRows((1,)))
    project.do(MergeClasses(1, 2))
    assert project.table.labels[0] == 2, "when it comes back its class must be one that is there"


def test_a_class_is_not_merged_into_itself_nor_into_one_that_is_gone(project: Project) -> None:
    before = state_of(project)
    with pytest.raises(UserError, match="cannot be merged into itself"):
        project.do(MergeClasses(1, 1))
    with pytest.raises(UserError, match="not there any more"):
        project.do(MergeClasses(1, 99))
    assert state_of(project) == before


def test_split_takes_only_chosen_rows_of_the_class(project: Project) -> None:
    before = state_of(project)
    change = project.do(SplitClass(1, "of course", (2, 3, 4, 8)))
    assert change.message.text == "Moved 2 rows of yes to the new class of course"
    assert labels_of(project) == {1: 1, 2: 4, 3: 4, 4: 2, 5: 2}
    assert [(info.name, info.position) for info in project.classes] == [
        ("yes", 0),
        ("of course", 1),
        ("no", 2),
        ("maybe", 3),
    ]
    after = state_of(project)
    project.undo()
    assert state_of(project) == before
    project.redo()
    assert state_of(project) == after


def test_split_leaves_other_labels_of_a_row(project: Project) -> None:
    project.do(SetSeveral(True))
    project.do(SetClasses((6, 7), ((1, 3), (1, 2))))
    project.do(SplitClass(1, "of course", (6, 1)))
    assert sets_of(project) == {1: (4,), 2: (1,), 3: (1,), 4: (2,), 5: (2,), 6: (3, 4), 7: (1, 2)}


def test_split_refuses_rows_without_the_class_and_a_name_that_is_taken(project: Project) -> None:
    before = state_of(project)
    with pytest.raises(UserError, match="None of the chosen rows has the class “yes”"):
        project.do(SplitClass(1, "new", (4, 8)))
    with pytest.raises(UserError, match="already a class “no”"):
        project.do(SplitClass(1, "No", (1,)))
    assert state_of(project) == before
