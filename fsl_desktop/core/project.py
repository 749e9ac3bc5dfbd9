"""An open project: the rows in memory, every edit on disk, undo and redo across restarts."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from fsl_desktop.core import history, runs, store
from fsl_desktop.core.apply import apply_edit, set_meta
from fsl_desktop.core.backup import Stamp, backup_stamp, read_stamp
from fsl_desktop.core.batches import BatchInfo, move_to_end, read_sources
from fsl_desktop.core.class_list import ClassList
from fsl_desktop.core.clip_table import renew_files, write_places
from fsl_desktop.core.commands import AddBatch, Change, Command
from fsl_desktop.core.edit import Edit
from fsl_desktop.core.edit_words import sentence, words_of
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.keeper import SUSPECT_NAME, Keeper
from fsl_desktop.core.labels import ClassInfo
from fsl_desktop.core.loading import open_table, read_next
from fsl_desktop.core.message import Message
from fsl_desktop.core.mirror import mirror_edit, rows_of_batch
from fsl_desktop.core.opening import Opened, create_project, open_project
from fsl_desktop.core.plan import changes_nothing, plan
from fsl_desktop.core.runs import RunRecord
from fsl_desktop.core.serial import texts_of
from fsl_desktop.core.table import ExampleTable

# Well inside half a frame, so that a timer can read rows while people work.
LOAD_SECONDS = 0.003


class Project:
    """Opened by :meth:`open` or :meth:`create`. One thread at a time may use it.

    Every method that writes raises ``UserError`` where it could not; memory and disk are then as before.
    """

    def __init__(self, opened: Opened) -> None:
        self.folder: Path = opened.folder
        self.read_only: bool = opened.read_only
        self.notices: tuple[Message, ...] = opened.notices
        self._opened = opened
        self._db: sqlite3.Connection = opened.db
        self._top = history.read_top(self._db)
        self._class_list = ClassList.read(self._db)
        self.classes: tuple[ClassInfo, ...] = self._class_list.ordered()
        self.table: ExampleTable = open_table(self._db, self.folder)
        self._meta = {str(k): str(v) for k, v in self._db.execute("SELECT key, value FROM meta")}
        self._runs = opened.runs
        self._words: dict[int, Message | None] = {}
        stamp = read_stamp(self._db)
        self._others = stamp.others
        self._closed = False
        self._keeper: Keeper | None = None
        if opened.lock is not None:
            saved = backup_stamp(self.folder)
            self._keeper = Keeper(self.folder, opened.lock, stamp, saved)
            if saved != stamp:
                self._keeper.committed(stamp)

    @classmethod
    def create(cls, folder: Path, name: str, task: str = "classify-text") -> Project:
        """A new, empty project in ``folder``, which must not exist yet (or be empty)."""
        return cls(create_project(Path(folder), name, str(task)))

    @classmethod
    def open(cls, folder: Path) -> Project:
        """Open without reading rows; a damaged project is repaired and ``notices`` say so."""
        opened = open_project(Path(folder))
        try:
            return cls(opened)
        except store.DB_ERRORS as error:
            opened.close()
            raise store.explain(error) from error

    @property
    def name(self) -> str:
        return self._meta.get("name", "") or self.folder.stem

    @property
    def task(self) -> str:
        return self._meta.get("task", "classify-text")

    @property
    def several(self) -> bool:
        """May a row have several labels?"""
        return self._meta.get("several") == "1"

    @property
    def revision(self) -> int:
        """Counts edits, undos and redos."""
        return self._top.revision

    @property
    def row_count(self) -> int:
        """Rows of all files that are in the project, removed ones too; known before loading."""
        with store.explained():
            return int(
                self._db.execute("SELECT coalesce(sum(n_rows), 0) FROM batches WHERE state = 2").fetchone()[0]
            )

    def class_by_id(self, class_id: int) -> ClassInfo | None:
        return self._class_list.find(class_id)

    def load_rows(self, chunk: int = 2000) -> Iterator[int]:
        """Read the rows that the table does not hold yet, at most ``chunk`` a step and only as many as
        take some milliseconds; yields the rows so far."""
        while not self._closed:
            ids = [info.id for info in self.classes]
            with self._noticed():
                found = read_next(self._db, self.table, ids, limit=chunk, seconds=LOAD_SECONDS)
            if not found:
                return
            yield len(self.table)

    def do(self, command: Command) -> Change:
        """Carry out a command: on disk and in the table when this returns. A command that changes nothing
        (the label a row has already) writes nothing and gives a change without rows."""
        self._writable()
        if isinstance(command, AddBatch):
            with self._noticed():
                move_to_end(self._db, command.batch)
        with self._noticed(), store.transaction(self._db):
            edit = plan(self._db, self._class_list, self.table.sets, self.name, self.several, command)
            top = self._top
            if not changes_nothing(edit):
                apply_edit(self._db, edit)
                top = history.append_edit(self._db, top, edit)
            rows = rows_of_batch(self._db, edit)
        return self._done(edit, top, rows, sentence(edit.kind, edit.words))

    def undo(self) -> Change | None:
        """Take the last edit back; ``None`` where there is none."""
        self._writable()
        with self._noticed(), store.transaction(self._db):
            found = history.next_undo(self._db, self._top)
            if found is None:
                return None
            entry, edit = found
            back = edit.inverted()
            apply_edit(self._db, back)
            top = history.append_undo(self._db, self._top, entry, edit.kind)
            rows = rows_of_batch(self._db, back)
        return self._done(back, top, rows, sentence(edit.kind, edit.words, undone=True))

    def redo(self) -> Change | None:
        """Take the last undo back; ``None`` where there is none."""
        self._writable()
        with self._noticed(), store.transaction(self._db):
            found = history.next_redo(self._db, self._top)
            if found is None:
                return None
            entry, edit = found
            apply_edit(self._db, edit)
            top = history.append_redo(self._db, self._top, entry, edit.kind)
            rows = rows_of_batch(self._db, edit)
        return self._done(edit, top, rows, sentence(edit.kind, edit.words))

    @property
    def can_undo(self) -> bool:
        return not self.read_only and self.undo_text is not None

    @property
    def can_redo(self) -> bool:
        return not self.read_only and self.redo_text is not None

    @property
    def undo_text(self) -> Message | None:
        """What undo would take back."""
        return self._words_of(self._top.undo)

    @property
    def redo_text(self) -> Message | None:
        """What redo would do again."""
        return history.redo_words(self._db, self._top.redo) if self._top.redo else None

    def extra(self, row_id: int) -> dict[str, str]:
        """The other columns of the row's file, in file order."""
        with self._noticed():
            found = self._db.execute("SELECT extra FROM rows WHERE id = ?", (int(row_id),)).fetchone()
        return texts_of(found and found[0])

    def relink(self, paths: Iterable[tuple[int, Path]]) -> None:
        """Write down where recordings (by file id) are now; no edit, and not undone."""
        self._write(lambda: write_places(self._db, self.folder, paths))
        if self.table.clips is not None:
            renew_files(self._db, self.table.clips)

    def sources(self) -> tuple[BatchInfo, ...]:
        """The files whose rows are in the project."""
        with self._noticed():
            return read_sources(self._db)

    def runs(self) -> tuple[RunRecord, ...]:
        """Oldest first."""
        return tuple(self._runs.values())

    def new_run_id(self) -> str:
        return runs.new_run_id(set(self._runs))

    def run_folder(self, run_id: str) -> Path:
        """``runs/<id>``; may not exist. ``UserError`` for an id that leads anywhere else."""
        return runs.run_folder(self.folder, run_id)

    def add_run(self, record: RunRecord) -> None:
        self.run_folder(record.id)
        self.update_run(record)

    def update_run(self, record: RunRecord) -> None:
        """Write the record, new or known."""
        self._write(lambda: runs.write_run(self._db, record))
        self._runs = dict(sorted({**self._runs, record.id: record}.items()))

    def remove_run(self, run_id: str) -> None:
        """Forget a run and delete its folder."""
        self._writable()
        runs.remove_run_folder(self.folder, run_id)
        self._write(lambda: self._db.execute("DELETE FROM runs WHERE id = ?", (run_id,)))
        self._runs = {k: v for k, v in self._runs.items() if k != run_id}

    def meta(self, key: str, default: str = "") -> str:
        """A value that the program remembers with the project; no edit, and not undone."""
        return self._meta.get(f"user.{key}", default)

    def set_meta(self, key: str, value: str) -> None:
        if self._meta.get(f"user.{key}") != value:
            self._write(lambda: set_meta(self._db, f"user.{key}", value))
            self._meta[f"user.{key}"] = value

    def close(self) -> None:
        """Bring the backup up to date and let go of the files. Never raises; may be called twice."""
        if self._closed:
            return
        self._closed = True
        if self._keeper is not None:
            self._keeper.stop()
        self._opened.close()

    def _done(self, edit: Edit, top: history.Top, batch_rows: tuple[int, int], message: Message) -> Change:
        """Memory follows the disk; nothing is read here, for the edit is made."""
        rows = mirror_edit(edit, self.table, self._class_list, batch_rows)
        self._top = top
        if edit.classes:
            self.classes = self._class_list.ordered()
        if edit.name is not None:
            self._meta["name"] = edit.name[1]
        if edit.several is not None:
            self._meta["several"] = str(int(edit.several[1]))
        self._committed()
        return Change(
            kind=words_of(edit.kind).change,
            row_ids=rows,
            classes_changed=bool(edit.classes),
            rows_changed=edit.removal is not None or edit.batch is not None,
            message=message,
            revision=top.revision,
        )

    def _write(self, act: Callable[[], object]) -> None:
        """A write that is no edit."""
        self._writable()
        with self._noticed(), store.transaction(self._db):
            act()
            set_meta(self._db, "writes", str(self._others + 1))
        self._others += 1
        self._committed()

    def _committed(self) -> None:
        if self._keeper is not None:
            self._keeper.committed(Stamp(self._top.revision, self._others))

    def _writable(self) -> None:
        if self.read_only:
            raise UserError(
                "This project can only be read here, so it was not changed. "
                "Copy its folder to where you may write, and open it there."
            )

    def _words_of(self, entry: int) -> Message | None:
        if entry not in self._words:
            self._words = {entry: history.read_words(self._db, entry) if entry else None}
        return self._words[entry]

    @contextlib.contextmanager
    def _noticed(self) -> Iterator[None]:
        """Failures as ``UserError``; damage is remembered, so that the next opening repairs it."""
        try:
            yield
        except (*store.DB_ERRORS, OSError) as error:
            if not isinstance(error, OSError) and store.is_damage(error):
                with contextlib.suppress(OSError):
                    (self.folder / SUSPECT_NAME).touch()
            raise store.explain(error) from error
