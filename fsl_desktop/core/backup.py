"""The second copy of a project, which is there when the first is damaged."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from fsl_desktop.core import store
from fsl_desktop.core.atomic import sync_folder
from fsl_desktop.core.history import read_top
from fsl_desktop.core.migrations import schema_of


@dataclass(frozen=True, slots=True)
class Stamp:
    """How far a database is: two that are equal hold the same."""

    revision: int
    others: int
    """Writes that are no edits: runs and remembered values."""


def read_stamp(db: sqlite3.Connection) -> Stamp:
    found = db.execute("SELECT value FROM meta WHERE key = 'writes'").fetchone()
    others = int(found[0]) if found and str(found[0]).isdecimal() else 0
    return Stamp(read_top(db).revision, others)


def backup_stamp(folder: Path) -> Stamp | None:
    """How far the backup is; ``None`` where there is none that can be read."""
    path = folder / store.BACKUP_NAME
    if not path.is_file():
        return None
    try:
        db = store.connect(path, query="immutable=1")
        try:
            return read_stamp(db)
        finally:
            db.close()
    except store.DB_ERRORS:
        return None


def is_sound(path: Path) -> bool:
    """Can every page of a database without a write-ahead log be read, and is it a project?"""
    if not path.is_file() or path.stat().st_size == 0:
        return False
    try:
        db = store.connect(path, query="immutable=1")
        try:
            schema_of(db)
            return bool(db.execute("PRAGMA quick_check(1)").fetchone()[0] == "ok")
        finally:
            db.close()
    except store.DB_ERRORS:
        return False


def write_backup(folder: Path, name: str = store.BACKUP_NAME) -> bool:
    """Copy the project, as it is now, over the backup. False where the copy is not sound: then the old
    backup stays. Readers and writers of the project go on meanwhile. Raises ``sqlite3.Error`` and
    ``OSError``."""
    target = folder / name
    part = folder / f"{name}.tmp"
    part.unlink(missing_ok=True)
    try:
        source = store.connect(folder / store.DB_NAME)
        try:
            copy = sqlite3.connect(part)
            try:
                # All pages in one step: a reader's snapshot, which no writer makes start anew.
                source.backup(copy)
                # The copy must not need a write-ahead log beside it.
                copy.execute("PRAGMA journal_mode = DELETE")
            finally:
                copy.close()
        finally:
            source.close()
        if not is_sound(part):
            return False
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        os.replace(part, target)
        sync_folder(folder)
        return True
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
