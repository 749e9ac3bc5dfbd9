"""Ways in which a project's files get damaged, and what must hold afterwards."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path

from projects import labels_of, make_project, reopened

from fsl_desktop.core.commands import AddClass, SetLabels
from fsl_desktop.core.project import Project

PAGE = 4096


def truncate(folder: Path) -> None:
    data = (folder / "project.db").read_bytes()
    (folder / "project.db").write_bytes(data[: len(data) // 2 // PAGE * PAGE])


def truncate_oddly(folder: Path) -> None:
    data = (folder / "project.db").read_bytes()
    (folder / "project.db").write_bytes(data[: len(data) - 1234])


def middle_page(folder: Path) -> None:
    data = bytearray((folder / "project.db").read_bytes())
    middle = len(data) // PAGE // 2 * PAGE
    data[middle : middle + PAGE] = random.Random(1).randbytes(PAGE)
    (folder / "project.db").write_bytes(data)


def first_page(folder: Path) -> None:
    data = bytearray((folder / "project.db").read_bytes())
    data[:PAGE] = random.Random(2).randbytes(PAGE)
    (folder / "project.db").write_bytes(data)


def zero_bytes(folder: Path) -> None:
    (folder / "project.db").write_bytes(b"")


def garbage(folder: Path) -> None:
    (folder / "project.db").write_bytes(random.Random(3).randbytes(50_000))


def text(folder: Path) -> None:
    (folder / "project.db").write_text("This is not a database\n" * 500)


def foreign_database(folder: Path) -> None:
    (folder / "project.db").unlink()
    db = sqlite3.connect(folder / "project.db")
    db.execute("CREATE TABLE other(x)")
    db.commit()
    db.close()


def no_file(folder: Path) -> None:
    (folder / "project.db").unlink()


DAMAGES = [
    truncate,
    truncate_oddly,
    middle_page,
    first_page,
    zero_bytes,
    garbage,
    text,
    foreign_database,
    no_file,
]


def labelled(folder: Path) -> tuple[Project, dict[int, int]]:
    project = make_project(folder, 600)
    for row in range(1, 201):
        project.do(SetLabels((row,), 1 + row % 3))
    return project, labels_of(project)


def works(project: Project) -> None:
    """Editing, undo and another opening without anything to tell."""
    project.do(AddClass("after the repair"))
    project.do(SetLabels((1,), -1))
    project.undo()
    project.redo()
    expected = labels_of(project)
    again = reopened(project)
    assert not again.notices
    assert labels_of(again) == expected
    again.close()


def into_the_file(folder: Path) -> None:
    """Everything out of the write-ahead log, so that damage to the file is damage."""
    db = sqlite3.connect(folder / "project.db")
    assert db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    db.close()


def old_backup(tmp_path: Path, folder: Path) -> None:
    """The backup as it was before the session that crashed."""
    other, _ = labelled(tmp_path / "other.fsl")
    other.close()
    shutil.copy(other.folder / "project.backup.db", folder / "project.backup.db")


def scribble(path: Path, chance: random.Random) -> bool:
    """Cut, overwrite, flip or empty a file at random. True where that was more than a few bytes: SQLite
    keeps no checksums, so another letter in a text is a text like any other."""
    data = bytearray(path.read_bytes())
    how, size = chance.randrange(4), PAGE
    start = chance.randrange(len(data))
    if how == 0:
        del data[start:]
    elif how == 1:
        size = min(chance.choice([1, 16, PAGE, 5 * PAGE]), len(data) - start)
        data[start : start + size] = chance.randbytes(size)
    elif how == 2:
        for _ in range(5):
            data[chance.randrange(len(data))] ^= 255
    else:
        data.clear()
    path.write_bytes(data)
    return how != 2 and size >= PAGE
