"""Rows with several labels: set, toggled, undone, restarted, imported, repaired, and seen by the child."""

from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import numpy as np
import pytest
from projects import crashed, import_rows, load, make_project, reopened, state_of

from fsl_desktop.core import migrations
from fsl_desktop.core.commands import (
    AddBatch,
    MoveClass,
    RemoveClass,
    SetClasses,
    SetLabels,
    SetSeveral,
    ToggleClass,
)
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.labels import FIRST_SET, SKIPPED
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow
from fsl_desktop.core.snapshot import ProjectReader


@pytest.fixture
def project(tmp_path: Path):
    made = make_project(tmp_path / "test.fsl", 6)
    made.do(SetSeveral(True))
    yield made
    made.close()


def sets_of(project: Project | ProjectReader) -> dict[int, tuple[int, ...]]:
    """Row id -> classes of the labelled rows."""
    table = project.table
    rows = np.flatnonzero(table.labelled())
    return {int(table.ids[row]): table.sets.members(int(table.labels[row])) for row in rows}


def test_keys_add_and_take_off_classes(project: Project) -> None:
    project.do(ToggleClass((1, 2), 1))
    change = project.do(ToggleClass((1,), 3))
    assert change.row_ids.tolist() == [1]
    assert change.message.text == "Added maybe to a row"
    assert sets_of(project) == {1: (1, 3), 2: (1,)}
    # Of rows that differ all get it; only where all have it, it goes.
    project.do(ToggleClass((1, 2, 3), 3))
    assert sets_of(project) == {1: (1, 3), 2: (1, 3), 3: (3,)}
    assert project.do(ToggleClass((1, 2, 3), 3)).message.text == "Took maybe off 3 rows"
    assert sets_of(project) == {1: (1,), 2: (1,)}
    assert project.table.labels.tolist() == [1, 1, 0, 0, 0, 0]


def test_a_class_replaces_what_is_no_class(project: Project) -> None:
    project.do(SetLabels((1,), SKIPPED))
    project.do(ToggleClass((1,), 2))
    assert sets_of(project) == {1: (2,)}


def test_none_of_the_classes_is_a_label_too(project: Project) -> None:
    project.do(SetClasses((1, 2), ((), (2, 1))))
    assert sets_of(project) == {1: (), 2: (1, 2)}
    assert project.table.labels[0] >= FIRST_SET
    assert project.table.counts() == {1: 1, 2: 1}
    project.do(ToggleClass((1,), 2))
    assert sets_of(project) == {1: (2,), 2: (1, 2)}


def test_masks_and_matrix_ask_for_members(project: Project) -> None:
    project.do(SetClasses((1, 2, 3), ((1, 2), (2,), (3, 1))))
    table = project.table
    assert table.having(1).tolist() == [True, False, True, False, False, False]
    assert table.having(2).tolist() == [True, True, False, False, False, False]
    assert table.sets.matrix(table.labels[:4], (3, 2, 1)).astype(int).tolist() == [
        [0, 1, 1],
        [0, 1, 0],
        [1, 0, 1],
        [0, 0, 0],
    ]


def test_every_step_is_undone_and_done_again_across_restarts(project: Project) -> None:
    commands = [
        ToggleClass((1, 2, 3), 1),
        ToggleClass((2, 3), 2),
        SetClasses((4, 5), ((1, 2, 3), ())),
        MoveClass(3, 0),
        RemoveClass(2),
        ToggleClass((1,), 3),
    ]
    seen = [state_of(project)]
    for command in commands:
        project.do(command)
        seen.append(state_of(project))
    project = reopened(project)
    assert state_of(project) == seen[-1]
    for expected in reversed(seen[:-1]):
        assert project.undo() is not None
        assert state_of(project) == expected
    project = reopened(project)
    assert state_of(project) == seen[0]
    for expected in seen[1:]:
        assert project.redo() is not None
        assert state_of(project) == expected
    assert project.several
    project.close()


def test_a_class_that_is_removed_leaves_the_sets_it_was_in(project: Project) -> None:
    project.do(SetClasses((1, 2, 3, 4), ((1, 2), (2,), (1, 2, 3), ())))
    change = project.do(RemoveClass(2))
    assert change.row_ids.tolist() == [1, 2, 3]
    assert sets_of(project) == {1: (1,), 3: (1, 3), 4: ()}
    project.undo()
    assert sets_of(project) == {1: (1, 2), 2: (2,), 3: (1, 2, 3), 4: ()}


def test_one_label_to_several_and_back_only_where_nothing_is_lost(tmp_path: Path) -> None:
    project = make_project(tmp_path / "one.fsl", 4)
    project.do(SetLabels((1, 2), 1))
    with pytest.raises(UserError, match="one label each"):
        project.do(ToggleClass((1,), 2))
    change = project.do(SetSeveral(True))
    assert (change.kind, len(change.row_ids)) == ("project", 0)
    project.do(ToggleClass((1,), 2))
    with pytest.raises(UserError, match=r"none of the classes: 1\. Leave one label"):
        project.do(SetSeveral(False))
    assert project.several
    project.do(ToggleClass((1,), 1))
    project.do(SetSeveral(False))
    assert not project.several
    assert project.table.labels.tolist() == [2, 1, 0, 0]
    project.undo()
    project = reopened(project)
    assert project.several
    project.close()


def test_a_file_with_sets_is_imported_and_taken_back(project: Project) -> None:
    rows = [
        ReadRow("a", '["yes", "new"]'),
        ReadRow("b", "no"),
        ReadRow("c", "[]"),
        ReadRow("d", '["left out"]'),
        ReadRow("e"),
        ReadRow("f", '["new", "yes", "left out"]'),
    ]
    batch = import_rows(project, rows)
    names = tuple((name, None) for name in ("yes", "no", "new"))
    change = project.do(AddBatch(batch, names))
    load(project)
    assert change.classes_changed
    assert sets_of(project) == {7: (1, 4), 8: (2,), 9: (), 12: (1, 4)}
    project.undo()
    assert sets_of(project) == {}
    project = reopened(project)
    project.redo()
    load(project)
    assert sets_of(project) == {7: (1, 4), 8: (2,), 9: (), 12: (1, 4)}
    project.close()


def test_a_list_stays_one_label_where_rows_have_one(tmp_path: Path) -> None:
    project = make_project(tmp_path / "one.fsl", 1)
    batch = import_rows(project, [ReadRow("a", '["yes", "no"]')])
    project.do(AddBatch(batch, (('["yes", "no"]', None),)))
    load(project)
    assert [info.name for info in project.classes] == ["yes", "no", "maybe", '["yes", "no"]']
    assert project.table.labels.tolist() == [0, 4]
    project.close()


def test_the_child_follows_every_edit(project: Project) -> None:
    with ProjectReader(project.folder) as reader:
        reader.refresh()
        assert reader.several
        for command in (
            ToggleClass((1, 2), 1),
            ToggleClass((2,), 3),
            SetClasses((3,), ((),)),
            RemoveClass(3),
            SetLabels((3,), 2),
        ):
            project.do(command)
            assert reader.refresh()
            assert sets_of(reader) == sets_of(project)
        project.undo()
        project.undo()
        reader.refresh()
        assert sets_of(reader) == sets_of(project) == {1: (1,), 2: (1, 3), 3: ()}
        with ProjectReader(project.folder) as fresh:
            fresh.refresh()
            assert sets_of(fresh) == sets_of(project)


def test_a_project_of_schema_1_is_brought_up_to_date(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as old:
        old.setattr(migrations, "MIGRATIONS", migrations.MIGRATIONS[:1])
        project = make_project(tmp_path / "old.fsl", 4)
        project.do(SetLabels((2,), 3))
        project.close()
    with ProjectReader(project.folder) as reader:
        reader.refresh()
        assert not reader.several
        assert sets_of(reader) == {2: (3,)}
    project = load(Project.open(project.folder))
    assert not project.several
    assert project.undo_text is not None
    project.do(SetSeveral(True))
    project.do(ToggleClass((2,), 1))
    assert sets_of(project) == {2: (1, 3)}
    assert (project.folder / "project.schema-1.db").is_file()
    project.close()


def test_a_damaged_project_gets_its_sets_back_from_the_log(project: Project, tmp_path: Path) -> None:
    project.do(ToggleClass((1,), 1))
    project.close()  # the backup is of now
    backup = (project.folder / "project.backup.db").read_bytes()
    again = load(Project.open(project.folder))
    again.do(ToggleClass((1, 2), 3))
    again.do(SetClasses((4,), ((),)))
    expected = sets_of(again)
    again.close()
    (project.folder / "project.backup.db").write_bytes(backup)
    _damage(project.folder / "project.db")
    repaired = load(Project.open(project.folder))
    assert repaired.notices
    assert sets_of(repaired) == expected == {1: (1, 3), 2: (3,), 4: ()}
    repaired.undo()
    assert sets_of(repaired) == {1: (1, 3), 2: (3,)}
    repaired.close()


def test_without_a_backup_the_sets_are_read_from_the_file(project: Project, tmp_path: Path) -> None:
    project.do(SetClasses((1, 2, 3), ((1, 2), (), (3,))))
    folder = crashed(project, tmp_path / "crashed.fsl")
    for file in folder.glob("project.backup*"):
        file.unlink()
    shutil.rmtree(project.folder)
    db = sqlite3.connect(folder / "project.db")
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    db.close()
    _damage(folder / "project.db")
    repaired = load(Project.open(folder))
    assert repaired.several
    assert sets_of(repaired) == {1: (1, 2), 2: (), 3: (3,)}
    repaired.close()


def _damage(path: Path) -> None:
    """Break a page that holds nothing we look at: the index at the end of the file's first free page."""
    db = sqlite3.connect(path)
    root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'removed'").fetchone()[0]
    size = db.execute("PRAGMA page_size").fetchone()[0]
    db.close()
    with path.open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\xff" * 64)
