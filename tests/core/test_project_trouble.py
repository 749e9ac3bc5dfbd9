"""Disks that are full or read-only, two windows, newer versions: one sentence, and nothing is lost."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from projects import crashed, import_rows, labels_of, load, make_project

from fsl_desktop.core import lock, migrations, opening
from fsl_desktop.core.commands import AddBatch, AddClass, EditText, SetLabels
from fsl_desktop.core.config import TrainConfig
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.project import Project
from fsl_desktop.core.readers.types import ReadRow
from fsl_desktop.core.runs import RunRecord
from fsl_desktop.core.snapshot import ProjectReader


@pytest.fixture
def project(tmp_path: Path):
    made = make_project(tmp_path / "test.fsl")
    made.do(SetLabels((1,), 1))
    yield made
    made.close()


def _full(project: Project) -> None:
    """The database may not grow by another page: SQLite then says what it says on a full disk."""
    pages = project._db.execute("PRAGMA page_count").fetchone()[0]
    project._db.execute(f"PRAGMA max_page_count = {pages}")


def test_on_a_full_disk_the_edit_is_refused_and_nothing_is_lost(project: Project) -> None:
    _full(project)
    before = (project.revision, labels_of(project), project.classes, list(project.table.texts))
    huge = "x" * 100_000
    for command in (EditText(2, huge), AddClass("new", huge)):
        with pytest.raises(UserError, match=r"disk is full.*Free some space"):
            project.do(command)
        assert (project.revision, labels_of(project), project.classes, project.table.texts) == before
    with pytest.raises(UserError, match="disk is full"):
        project.set_meta("key", huge)
    assert project.meta("key") == ""
    with pytest.raises(UserError, match="disk is full"):
        project.add_run(RunRecord(huge[:20], "", TrainConfig(model=huge)))
    assert project.runs() == ()
    project._db.execute("PRAGMA max_page_count = 1000000")
    project.do(SetLabels((2,), 2))
    folder = project.folder
    project.close()
    again = load(Project.open(folder))
    assert labels_of(again) == {1: 1, 2: 2}
    assert again.undo_text is not None
    again.close()


def test_a_commit_that_fails_on_the_disk_changes_nothing(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Full:
        """A connection whose commits meet a full disk."""

        def __init__(self, db: sqlite3.Connection) -> None:
            self._db = db
            self.in_transaction = True

        def execute(self, sql: str, values: tuple[object, ...] = ()) -> sqlite3.Cursor:
            if sql == "COMMIT":
                raise OSError(errno.ENOSPC, "No space left on device")
            return self._db.execute(sql, values)

    real = project._db
    monkeypatch.setattr(project, "_db", Full(real))
    with pytest.raises(UserError, match="disk is full"):
        project.do(SetLabels((2,), 2))
    monkeypatch.setattr(project, "_db", real)
    assert labels_of(project) == {1: 1}
    project.do(SetLabels((3,), 2))
    assert labels_of(project) == {1: 1, 3: 2}


def test_a_database_that_stays_locked_is_told(project: Project) -> None:
    other = sqlite3.connect(project.folder / "project.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    project._db.execute("PRAGMA busy_timeout = 20")
    with pytest.raises(UserError, match=r"busy in another program. Wait a moment"):
        project.do(SetLabels((2,), 2))
    other.execute("ROLLBACK")
    other.close()
    assert labels_of(project) == {1: 1}
    project.do(SetLabels((2,), 2))


def test_two_windows_cannot_edit_one_project(project: Project) -> None:
    with pytest.raises(UserError, match=r"already open in another window. Close it there"):
        Project.open(project.folder)
    project.do(SetLabels((2,), 2))
    project.close()
    Project.open(project.folder).close()


def test_the_lock_of_a_dead_program_is_taken_over(tmp_path: Path) -> None:
    make_project(tmp_path / "p.fsl").close()
    holder = (
        "import sys; from pathlib import Path; from fsl_desktop.core.project import Project\n"
        "project = Project.open(Path(sys.argv[1])); print('open', flush=True); sys.stdin.read()"
    )
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[2])}
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(tmp_path / "p.fsl")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline().strip() == b"open"
        with pytest.raises(UserError, match="already open in another window"):
            Project.open(tmp_path / "p.fsl")
        process.kill()
    again = Project.open(tmp_path / "p.fsl")
    assert not again.read_only
    again.close()


def _forbid_writing(monkeypatch: pytest.MonkeyPatch, number: int = errno.EROFS) -> None:
    """A folder where nothing can be written, also for root, whom the rights do not stop."""
    real = sqlite3.connect

    def connect(target: str, **options: object) -> sqlite3.Connection:
        # What SQLite does where it cannot make the file of shared memory beside a write-ahead log.
        if "immutable=1" not in target and "fsl-read-" not in target:
            target = "file:/nowhere/at/all?mode=ro"
        return real(target, **options)  # type: ignore[arg-type]

    def no_lock(folder: Path) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(sqlite3, "connect", connect)
    monkeypatch.setattr(opening, "ProjectLock", no_lock)


@pytest.mark.parametrize("number", [errno.EROFS, errno.EACCES])
@pytest.mark.parametrize("crash", [False, True])
def test_a_read_only_project_opens_and_says_how_to_go_on(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, crash: bool, number: int
) -> None:
    project.add_run(RunRecord("run-1", "", TrainConfig()))
    folder = project.folder
    if crash:
        folder = crashed(project, tmp_path / "crashed.fsl")
    else:
        project.close()
    before = sorted(p.name for p in folder.iterdir())
    _forbid_writing(monkeypatch, number)
    again = load(Project.open(folder))
    assert again.read_only
    (notice,) = again.notices
    assert "copy its folder to where you may write" in notice.text
    assert labels_of(again) == {1: 1}, "also when the last edits are in the write-ahead log alone"
    assert [run.state for run in again.runs()] == ["interrupted"]
    assert not again.can_undo
    for act in (lambda: again.do(SetLabels((2,), 2)), again.undo, lambda: again.set_meta("a", "b")):
        with pytest.raises(UserError, match="can only be read here"):
            act()
    with ProjectReader(folder) as reader:
        reader.refresh()
        assert reader.table.labels.tolist() == again.table.labels.tolist()
    again.close()
    assert sorted(p.name for p in folder.iterdir()) == before


def test_a_damaged_project_that_is_read_only_says_where_it_can_be_repaired(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.close()
    (project.folder / "project.db").write_bytes(b"garbage" * 1000)
    _forbid_writing(monkeypatch)
    with pytest.raises(UserError, match=r"cannot be repaired where it is.*Copy the folder"):
        Project.open(project.folder)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write_opens_read_only(project: Project) -> None:
    project.close()
    project.folder.chmod(0o500)
    try:
        again = load(Project.open(project.folder))
        assert again.read_only
        again.close()
    finally:
        project.folder.chmod(0o700)


def test_a_project_of_a_newer_version_is_refused_and_not_touched(project: Project) -> None:
    project.close()
    db = sqlite3.connect(project.folder / "project.db")
    db.execute("UPDATE meta SET value = '99' WHERE key = 'schema'")
    db.execute("DROP TABLE labels")
    db.commit()
    db.close()
    before = (project.folder / "project.db").read_bytes()
    with pytest.raises(UserError, match=r"newer version of FSL Desktop. Update the program"):
        Project.open(project.folder)
    assert (project.folder / "project.db").read_bytes() == before


def test_an_older_project_is_brought_up_to_date_and_kept_as_it_was(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.close()
    schema = migrations.present_schema()
    step = "CREATE TABLE notes(row_id INTEGER PRIMARY KEY, note TEXT); INSERT INTO notes VALUES(1, ';');"
    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, step))
    again = load(Project.open(project.folder))
    assert labels_of(again) == {1: 1}
    assert again._db.execute("SELECT note FROM notes").fetchall() == [(";",)]
    assert again._db.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone() == (str(schema + 1),)
    old = sqlite3.connect(project.folder / f"project.schema-{schema}.db")
    assert old.execute("SELECT value FROM meta WHERE key = 'schema'").fetchone() == (str(schema),)
    old.close()
    again.close()


def test_a_migration_that_fails_leaves_the_old_project(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.close()
    step = "CREATE TABLE notes(x); INSERT INTO nowhere VALUES(1);"
    monkeypatch.setattr(migrations, "MIGRATIONS", (*migrations.MIGRATIONS, step))
    with pytest.raises(UserError):
        Project.open(project.folder)
    monkeypatch.undo()
    again = load(Project.open(project.folder))
    assert labels_of(again) == {1: 1}
    again.close()


def test_a_garbled_mark_in_the_lock_file_means_nothing(project: Project) -> None:
    project.close()
    (project.folder / lock.LOCK_NAME).write_bytes(b"\xff\x00 what is this")
    again = Project.open(project.folder)
    assert not again.notices
    again.close()


def test_the_program_dying_in_an_import_leaves_nothing_of_it(project: Project, tmp_path: Path) -> None:
    from fsl_desktop.core.batches import BatchWriter

    waiting = import_rows(project, [ReadRow("finished but not added")])
    writer = BatchWriter(project.folder, "half.csv")
    writer.add([ReadRow(f"half {i}") for i in range(1000)])
    folder = crashed(project, tmp_path / "crashed.fsl")
    again = load(Project.open(folder))
    assert len(again.table) == 50
    assert again._db.execute("SELECT count(*) FROM rows").fetchall() == [(51,)]
    again.do(AddBatch(waiting))
    load(again)
    assert again.table.texts[-1] == "finished but not added"
    again.close()
    writer.discard()
