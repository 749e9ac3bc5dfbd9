"""The append-only log of edits, and where undo and redo stand in it.

Nothing in the log is ever changed. Undo and redo are entries of their own, and every entry says which
edit would be undone and which undo would be redone after it (``undo_top``, ``redo_top``) and what lay
below it on its stack (``below``). So both stacks are linked lists through the log: of any depth, there
at once when a project is opened, and right after a restart.

- an edit E: undo_top = E, redo_top = 0, below = the undo_top before it
- an undo U of E: target = E, undo_top = E.below, redo_top = U, below = the redo_top before it
- a redo of U: target = U.target = E, undo_top = E, redo_top = U.below
"""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime

from fsl_desktop.core import store
from fsl_desktop.core.edit import Edit, Packed, pack, unpack, unpack_words
from fsl_desktop.core.edit_words import sentence
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message

DO, UNDO, REDO = "do", "undo", "redo"
_UNREADABLE = Message.of("the last change")


@dataclass(frozen=True, slots=True)
class Top:
    """The end of the log. ``undo`` is the edit that undo takes back, ``redo`` the undo that redo
    takes back; 0 for none."""

    revision: int = 0
    undo: int = 0
    redo: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    id: int
    act: str
    target: int
    below: int


def read_top(db: sqlite3.Connection) -> Top:
    found = db.execute("SELECT id, undo_top, redo_top FROM edits ORDER BY id DESC LIMIT 1").fetchone()
    return Top(*found) if found else Top()


def read_entry(db: sqlite3.Connection, entry: int) -> Entry | None:
    """``None`` where the log does not have it (any more, after damage)."""
    found = db.execute("SELECT id, act, target, below FROM edits WHERE id = ?", (entry,)).fetchone()
    return Entry(*found) if found else None


def read_edit(db: sqlite3.Connection, entry: int) -> Edit:
    """What the edit of a ``do`` entry was; ``UserError`` where its record is gone or damaged."""
    found = db.execute(
        "SELECT kind, detail, row_ids, before, after FROM edits WHERE id = ? AND act = 'do'", (entry,)
    ).fetchone()
    try:
        if found is None:
            raise ValueError("no such edit")
        return unpack(Packed(*found))
    except ValueError as error:
        raise UserError(
            "This step cannot be undone: its record is damaged. Everything else still works.",
            details=f"edit {entry}: {error}",
        ) from error


def read_words(db: sqlite3.Connection, entry: int) -> Message | None:
    """The words of a ``do`` entry, without reading what it changed. A disk that fails now keeps nobody from
    trying: then the words are general."""
    try:
        found = db.execute("SELECT kind, detail FROM edits WHERE id = ? AND act = 'do'", (entry,)).fetchone()
        if found is None:
            return None
        return sentence(found[0], unpack_words(json.loads(found[1])))
    except (ValueError, AttributeError, RecursionError):
        return None
    except (*store.DB_ERRORS, OSError):
        return _UNREADABLE


def redo_words(db: sqlite3.Connection, entry: int) -> Message | None:
    """The words of what an ``undo`` entry took back; as :func:`read_words`."""
    try:
        found = read_entry(db, entry)
    except (*store.DB_ERRORS, OSError):
        return _UNREADABLE
    return read_words(db, found.target) if found else None


def append_edit(db: sqlite3.Connection, top: Top, edit: Edit) -> Top:
    """Log a new edit; what could be redone no longer can."""
    packed = pack(edit)
    new = Top(top.revision + 1, top.revision + 1, 0)
    _append(db, new, DO, packed.kind, 0, top.undo, packed)
    return new


def next_undo(db: sqlite3.Connection, top: Top) -> tuple[Entry, Edit] | None:
    """The edit that undo would take back."""
    entry = read_entry(db, top.undo) if top.undo else None
    return (entry, read_edit(db, entry.id)) if entry and entry.act == DO else None


def next_redo(db: sqlite3.Connection, top: Top) -> tuple[Entry, Edit] | None:
    """The undo that redo would take back, and the edit it had undone."""
    entry = read_entry(db, top.redo) if top.redo else None
    return (entry, read_edit(db, entry.target)) if entry and entry.act == UNDO else None


def append_undo(db: sqlite3.Connection, top: Top, entry: Entry, kind: str) -> Top:
    """Log that the edit of ``entry`` was taken back."""
    new = Top(top.revision + 1, entry.below, top.revision + 1)
    _append(db, new, UNDO, kind, entry.id, top.redo, None)
    return new


def append_redo(db: sqlite3.Connection, top: Top, entry: Entry, kind: str) -> Top:
    """Log that the undo ``entry`` was taken back."""
    new = Top(top.revision + 1, entry.target, entry.below)
    _append(db, new, REDO, kind, entry.target, 0, None)
    return new


def _append(
    db: sqlite3.Connection, top: Top, act: str, kind: str, target: int, below: int, packed: Packed | None
) -> None:
    blobs = (packed.row_ids, packed.before, packed.after) if packed else (None, None, None)
    db.execute(
        "INSERT INTO edits VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            top.revision,
            datetime.now(UTC).isoformat(timespec="milliseconds"),
            act,
            kind,
            target,
            below,
            top.undo,
            top.redo,
            packed.detail if packed else "{}",
            *blobs,
        ),
    )
