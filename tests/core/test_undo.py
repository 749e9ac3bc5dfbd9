"""Undo and redo of everything, in the right order, across restarts; the log only ever grows."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest
from projects import import_rows, labels_of, load, make_project, reopened, state_of

from fsl_desktop.core import commands as c
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow


def _commands(project: Project) -> list[c.Command]:
    """One of each kind, every one of them changing something."""
    batch = import_rows(project, [ReadRow("new row", "yes"), ReadRow("another", "brand new")])
    return [
        c.SetLabels((1,), 1),
        c.SetLabels((1, 2, 3), 2),
        c.SetLabels((2,), 0),
        c.SetLabels((4,), -1),
        c.SetLabelsEach((5, 6), (1, -2)),
        c.AddClass("added", "for good"),
        c.RenameClass(2, "nope"),
        c.DescribeClass(1, "agreement"),
        c.MoveClass(3, 0),
        c.EditText(7, "another text"),
        c.RemoveRows((8, 9, 10)),
        c.AddBatch(batch, (("yes", 1), ("brand new", None))),
        c.SetLabels((11,), 5),
        c.SplitClass(2, "parted", (1, 2)),
        c.MergeClasses(6, 3),
        c.RemoveClass(2),
        c.RenameProject("Renamed"),
        c.RemoveRows(tuple(range(20, 45))),
    ]


@pytest.mark.parametrize("restart", [False, True])
def test_every_edit_can_be_undone_and_redone_in_order(tmp_path: Path, restart: bool) -> None:
    project = make_project(tmp_path / "p.fsl")
    states = [state_of(project)]
    for command in _commands(project):
        project.do(command)
        load(project)
        assert state_of(project) != states[-1], command
        states.append(state_of(project))
    for expected in reversed(states[:-1]):
        if restart:
            project = reopened(project)
        change = project.undo()
        assert change is not None
        assert state_of(project) == expected, change.message
    for expected in states[1:]:
        if restart:
            project = reopened(project)
        change = project.redo()
        assert change is not None
        load(project)
        assert state_of(project) == expected, change.message
    assert not project.can_redo
    assert project.redo() is None
    project.close()


def test_random_walks_of_edits_undos_redos_and_restarts_end_where_a_plain_stack_says(tmp_path: Path) -> None:
    chance = random.Random(7)
    project = make_project(tmp_path / "p.fsl", 20)
    undo: list[tuple[object, ...]] = []
    redo: list[tuple[object, ...]] = []
    base = project.revision
    while project.undo():
        pass
    while project.redo():
        load(project)
    assert project.revision == base + 8
    here = state_of(project)
    for _ in range(250):
        act = chance.random()
        if act < 0.45:
            row = chance.randrange(1, 21)
            command = chance.choice(
                [
                    c.SetLabels((row, row % 20 + 1), chance.choice([0, -1, -2, 1, 2])),
                    c.EditText(row, f"text {chance.random()}"),
                    c.DescribeClass(1, str(chance.random())),
                    c.MoveClass(chance.choice([1, 2, 3]), chance.randrange(3)),
                ]
            )
            if project.do(command).revision != base:
                after = state_of(project)
                if after != here:
                    undo.append(here)
                    redo.clear()
                    here = after
        elif act < 0.7 and undo:
            project.undo()
            redo.append(here)
            here = undo.pop()
        elif act < 0.9 and redo:
            project.redo()
            undo.append(here)
            here = redo.pop()
        elif act > 0.97:
            project = reopened(project)
        base = project.revision
        assert state_of(project) == here
        assert project.can_redo == bool(redo)
    project.close()


def test_a_new_edit_ends_what_could_be_redone(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p.fsl")
    project.do(c.SetLabels((1,), 1))
    project.do(c.SetLabels((2,), 1))
    project.undo()
    assert project.can_redo
    project.do(c.SetLabels((3,), 2))
    project = reopened(project)
    assert not project.can_redo
    assert project.redo() is None
    project.undo()
    assert labels_of(project) == {1: 1}
    project.close()


def test_the_words_say_what_undo_and_redo_would_do(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p.fsl")
    project.do(c.SetLabels((1,), 1))
    project.do(c.RenameClass(1, "sure"))
    assert project.undo_text is not None
    assert project.undo_text.text == "Renamed the class yes to sure"
    change = project.undo()
    assert change is not None
    assert change.message.text == "Renamed the class back to yes"
    project = reopened(project)
    assert project.undo_text is not None
    assert project.redo_text is not None
    assert project.undo_text.text == "Labelled a row as yes"
    assert project.redo_text.text == "Renamed the class yes to sure"
    project.close()


def test_an_empty_project_has_nothing_to_undo(tmp_path: Path) -> None:
    project = Project.create(tmp_path / "p.fsl", "P")
    assert not project.can_undo
    assert project.undo() is None
    assert project.undo_text is None
    project.close()


def test_an_undone_import_stays_away_and_comes_back_whole(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p.fsl", 5)
    project.do(c.AddBatch(import_rows(project, [ReadRow("a", "yes"), ReadRow("b")]), (("yes", 1),)))
    load(project)
    change = project.undo()
    assert change is not None
    assert change.rows_changed
    assert change.row_ids.tolist() == [6, 7]
    assert project.table.removed.tolist() == [False] * 5 + [True] * 2
    for command in (c.SetLabels((6,), 1), c.SetLabels((1, 6), 1), c.RemoveRows((6,)), c.EditText(6, "x")):
        with pytest.raises(UserError, match="not in the project any more"):
            project.do(command)
    project = reopened(project)
    assert len(project.table) == project.row_count == 5
    project.redo()
    load(project)
    assert project.table.texts[5:] == ["a", "b"]
    assert labels_of(project) == {6: 1}
    project.close()


def test_large_edits_take_little_room_in_the_log(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p.fsl", 30_000)
    project.do(c.SetLabels(tuple(range(1, 30_001)), 1))
    project.do(c.RemoveRows(tuple(range(5_000, 30_001))))
    project.do(c.RemoveClass(1))
    db = sqlite3.connect(project.folder / "project.db")
    size = "coalesce(length(row_ids), 0) + coalesce(length(before), 0) + coalesce(length(after), 0)"
    sizes = [row[0] for row in db.execute(f"SELECT length(detail) + {size} FROM edits")]
    db.close()
    assert max(sizes) < 5_000
    for _ in range(3):
        project.undo()
    assert labels_of(project) == {}
    assert not project.table.removed.any()
    project.close()


def test_nothing_in_the_log_can_be_changed_or_deleted(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p.fsl")
    project.do(c.SetLabels((1,), 1))
    db = sqlite3.connect(project.folder / "project.db")
    before = db.execute("SELECT * FROM edits").fetchall()
    for statement in ("DELETE FROM edits", "UPDATE edits SET kind = 'x'", "DELETE FROM edits WHERE id = 1"):
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            db.execute(statement)
    db.rollback()
    project.undo()
    project.redo()
    after = db.execute("SELECT * FROM edits").fetchall()
    db.close()
    assert after[: len(before)] == before
    assert len(after) == len(before) + 2
    project.close()


def test_a_damaged_record_of_an_edit_is_told_and_everything_else_works(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p.fsl")
    project.do(c.SetLabels((1,), 1))
    db = sqlite3.connect(project.folder / "project.db")
    db.execute("DROP TRIGGER edits_stay")
    db.execute("UPDATE edits SET row_ids = x'7aff', detail = '[' WHERE id = (SELECT max(id) FROM edits)")
    db.commit()
    db.close()
    project = reopened(project)
    with pytest.raises(UserError, match="its record is damaged"):
        project.undo()
    project.do(c.SetLabels((2,), 2))
    project.undo()
    assert labels_of(project) == {1: 1}
    project.close()
