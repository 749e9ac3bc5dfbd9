"""Repairs in harder cases: broken logs, lost write-ahead logs, repairs broken off, damage met while open."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from damage import (
    PAGE,
    garbage,
    into_the_file,
    labelled,
    middle_page,
    old_backup,
    scribble,
    works,
    zero_bytes,
)
from projects import crashed, labels_of, load, make_project, reopened

from fsl_desktop.core import keeper, recovery
from fsl_desktop.core.backup import is_sound
from fsl_desktop.core.commands import AddClass, SetLabels
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.project import Project
from fsl_desktop.core.snapshot import ProjectReader


def test_where_the_log_breaks_off_the_labels_themselves_are_taken(tmp_path: Path) -> None:
    project, _ = labelled(tmp_path / "p.fsl")
    for row in range(400, 500):
        project.do(SetLabels((row,), 2))
    expected = labels_of(project)
    project.close()
    folder = project.folder
    old_backup(tmp_path, folder)
    db = sqlite3.connect(folder / "project.db")
    root = db.execute("SELECT rootpage FROM sqlite_master WHERE name = 'edits'").fetchone()[0]
    db.close()
    data = bytearray((folder / "project.db").read_bytes())
    data[(root - 1) * PAGE : root * PAGE] = bytes(PAGE)
    (folder / "project.db").write_bytes(data)
    again = load(Project.open(folder))
    assert labels_of(again) == expected
    change = again.undo()
    assert change is not None
    assert change.message.text == "Took back 100 labels of a damaged file"
    again.close()


@pytest.mark.parametrize("damage", [garbage, zero_bytes])
def test_when_nothing_can_be_read_one_sentence_says_what_to_do(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    project, _ = labelled(tmp_path / "p.fsl")
    project.close()
    (project.folder / "project.backup.db").unlink()
    damage(project.folder)
    before = (project.folder / "project.db").read_bytes()
    for _ in range(2):
        with pytest.raises(UserError, match=r"nothing in it can be read. Put a copy of your own"):
            Project.open(project.folder)
    assert (project.folder / "project.db").read_bytes() == before


def test_a_damaged_backup_of_a_damaged_project_is_not_trusted(tmp_path: Path) -> None:
    project, labels = labelled(tmp_path / "p.fsl")
    project.close()
    (project.folder / "project.backup.db").write_bytes(b"garbage" * 1000)
    middle_page(project.folder)
    again = load(Project.open(project.folder))
    assert "no usable backup" in again.notices[0].text
    assert labels_of(again).items() <= labels.items()
    again.close()


@pytest.mark.parametrize("how", ["missing", "garbage"])
def test_a_lost_write_ahead_log_is_noticed_and_counted(tmp_path: Path, how: str) -> None:
    project, labels = labelled(tmp_path / "p.fsl")
    project = reopened(project)
    for row in (301, 302, 303):
        project.do(SetLabels((row,), 1))
    # What the keeper's thread does a moment after each edit.
    project._opened.lock.mark(project.revision)
    folder = crashed(project, tmp_path / "crashed.fsl")
    old_backup(tmp_path, folder)
    wal = folder / "project.db-wal"
    assert wal.stat().st_size > 0
    if how == "missing":
        wal.unlink()
        (folder / "project.db-shm").unlink(missing_ok=True)
    else:
        wal.write_bytes(bytes(wal.stat().st_size))
    again = load(Project.open(folder))
    assert labels_of(again) == labels
    assert "the last 3 edits are lost" in again.notices[0].text
    again.do(SetLabels((1,), 3))
    again = reopened(again)
    assert not again.notices
    again.close()


def test_a_crash_alone_loses_nothing_and_is_not_mentioned(tmp_path: Path) -> None:
    project, _ = labelled(tmp_path / "p.fsl")
    project.do(SetLabels((555,), 3))
    expected = labels_of(project)
    folder = crashed(project, tmp_path / "crashed.fsl")
    again = load(Project.open(folder))
    assert labels_of(again) == expected
    assert not again.notices
    works(again)


def test_a_repair_that_was_broken_off_is_finished(tmp_path: Path) -> None:
    project, labels = labelled(tmp_path / "p.fsl")
    project.close()
    folder = project.folder
    shutil.copy(folder / "project.db", folder / recovery.RESTORED_NAME)
    garbage(folder)
    (folder / "project.db-wal").write_bytes(b"the log of the damaged file")
    again = load(Project.open(folder))
    assert labels_of(again) == labels
    assert {p.suffix for p in folder.glob("project.damaged-*")} == {".db", ".db-wal"}
    works(again)


def test_damage_met_while_open_is_repaired_at_the_next_opening(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As with a large project, whose pages are not all looked at when it is opened.
    monkeypatch.setattr(recovery, "THOROUGH_BYTES", 0)
    project, labels = labelled(tmp_path / "p.fsl")
    project.close()
    middle_page(project.folder)
    again = Project.open(project.folder)
    assert not again.notices
    with pytest.raises(UserError, match=r"damaged while it was open. Close the project and open it again"):
        load(again)
    again.close()
    again = load(Project.open(project.folder))
    assert labels_of(again) == labels
    assert len(again.notices) == 1
    assert not (project.folder / keeper.SUSPECT_NAME).exists()
    again.close()


def test_a_sound_backup_is_not_replaced_by_a_damaged_copy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "THOROUGH_BYTES", 0)
    project, labels = labelled(tmp_path / "p.fsl")
    project.close()
    backup = (project.folder / "project.backup.db").read_bytes()
    middle_page(project.folder)
    again = Project.open(project.folder)
    again.set_meta("something", "new")
    again.close()
    assert (project.folder / "project.backup.db").read_bytes() == backup
    again = load(Project.open(project.folder))
    assert labels_of(again) == labels
    assert again.meta("something") == "new"
    again.close()


def test_the_childs_reader_follows_to_the_repaired_file(tmp_path: Path) -> None:
    project, labels = labelled(tmp_path / "p.fsl")
    reader = ProjectReader(project.folder)
    reader.refresh()
    reader.refresh()
    into_the_file(project.folder)
    project.close()
    garbage(project.folder)
    again = load(Project.open(project.folder))
    assert labels_of(again) == labels
    assert reader.refresh()
    assert reader.table.labels.tolist() == again.table.labels.tolist()
    assert len(reader.changed_ids) == 600
    reader.close()
    again.close()


def test_bytes_that_are_no_text_do_not_keep_rows_from_loading(tmp_path: Path) -> None:
    project = make_project(tmp_path / "p.fsl")
    project.close()
    db = sqlite3.connect(project.folder / "project.db")
    db.execute("UPDATE rows SET text = CAST(x'61ff62' AS TEXT) WHERE id = 3")
    db.execute("UPDATE rows SET text = x'6162' WHERE id = 4")
    db.execute("INSERT INTO labels VALUES(5, 4711)")
    db.commit()
    db.close()
    again = load(Project.open(project.folder))
    assert again.table.texts[2] == "a\ufffdb"
    assert all(isinstance(text, str) for text in again.table.texts)
    assert labels_of(again) == {}, "a label that is no class counts as none"
    again.close()


def test_a_damaged_backup_is_read_where_the_file_itself_gives_nothing(tmp_path: Path) -> None:
    project, labels = labelled(tmp_path / "p.fsl")
    project.close()
    folder = project.folder
    zero_bytes(folder)
    backup = bytearray((folder / "project.backup.db").read_bytes())
    backup[-PAGE:] = bytes(PAGE)
    (folder / "project.backup.db").write_bytes(backup)
    again = load(Project.open(folder))
    kept = labels_of(again)
    assert kept.items() <= labels.items()
    assert len(again.table) == again.row_count > 300
    assert f"{again.row_count} rows and {len(kept)} labels" in again.notices[0].text
    again.close()
    assert len(list(folder.glob("project.damaged-*"))) == 2, "both damaged files are kept"
    assert is_sound(folder / "project.backup.db")


def test_any_damage_opens_or_is_told_in_a_sentence(tmp_path: Path) -> None:
    project, labels = labelled(tmp_path / "p.fsl")
    project = reopened(project)
    for row in range(300, 340):
        project.do(SetLabels((row,), 2))
    crash = crashed(project, tmp_path / "crashed.fsl")
    chance = random.Random(4)
    opened = 0
    for number in range(40):
        folder = tmp_path / f"{number}.fsl"
        shutil.copytree(crash, folder)
        names = chance.choice(
            [
                ["project.db"],
                ["project.db-wal"],
                ["project.db", "project.db-wal"],
                ["project.db", "project.lock"],
            ]
            + [["project.db", "project.backup.db"]] * 2
        )
        noticeable = [scribble(folder / name, chance) for name in names]
        try:
            again = load(Project.open(folder))
        except UserError:
            assert "project.backup.db" in names
            continue
        if all(noticeable) and "project.backup.db" not in names:
            assert labels.items() <= labels_of(again).items(), (number, names)
        again.do(AddClass("goes on"))
        assert again.undo() is not None
        again.close()
        opened += 1
    assert opened > 25
