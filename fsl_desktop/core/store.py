"""Connections to ``project.db``: how they are set up, and what their failures mean to a person."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from fsl_desktop.core import atomic
from fsl_desktop.core.errors import UserError

DB_NAME = "project.db"
BACKUP_NAME = "project.backup.db"
LOCK_NAME = "project.lock"

BUSY_SECONDS = 5.0
# 4 MB: a page cache that holds the labels and the top of every tree of a large project.
CACHE_KIB = 4096

DB_ERRORS = (sqlite3.Error, UnicodeDecodeError)
"""What a damaged file can raise: SQLite quotes its bytes in messages that are then no UTF-8."""

# Primary result codes of SQLite (the lower eight bits of an extended code).
_BUSY, _LOCKED, _READONLY, _IOERR, _CORRUPT, _FULL, _CANTOPEN, _NOTADB = 5, 6, 8, 10, 11, 13, 14, 26
_IOERR_SHORT_READ = 522
# There is no room for the index of the write-ahead log.
_IOERR_SHMSIZE = 4874


def connect(path: Path, *, query: str = "mode=rw", busy: float = BUSY_SECONDS) -> sqlite3.Connection:
    """Open an existing database. Transactions are begun by hand; one thread at a time may use it."""
    db = sqlite3.connect(
        f"{_uri(path)}?{query}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=busy,
    )
    try:
        # A project may come from anybody: its schema must not call functions with side effects.
        db.execute("PRAGMA trusted_schema = OFF")
        db.execute("PRAGMA cell_size_check = ON")
        db.execute(f"PRAGMA cache_size = -{CACHE_KIB}")
    except BaseException:
        db.close()
        raise
    return db


def _uri(path: Path) -> str:
    """Unlike ``Path.as_uri`` also for Windows shares, whose server SQLite does not want as the authority."""
    name = path.absolute().as_posix()
    return "file://" + quote(name if name.startswith("/") else f"/{name}")


def connect_writer(path: Path, *, checkpoint_pages: int, busy: float = BUSY_SECONDS) -> sqlite3.Connection:
    """Open for writing, with a write-ahead log where the file system allows one.

    ``synchronous=NORMAL``: a commit survives the death of the process; the keeper's thread makes it
    survive a power cut a moment later. ``checkpoint_pages`` 0 leaves checkpoints to others.
    """
    db = connect(path, busy=busy)
    try:
        # Where it is refused (some network folders), the answer is the old mode, and that works too.
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("PRAGMA synchronous = NORMAL")
        db.execute(f"PRAGMA wal_autocheckpoint = {checkpoint_pages}")
        db.execute("PRAGMA foreign_keys = ON")
    except BaseException:
        db.close()
        raise
    return db


def connect_new(path: Path) -> sqlite3.Connection:
    """Make a database file that must not exist yet."""
    with path.open("xb"):
        pass
    return connect_writer(path, checkpoint_pages=0)


def is_damage(error: Exception) -> bool:
    """Is this the file's fault, and not that of the disk, the rights or another program?"""
    if isinstance(error, UnicodeDecodeError):
        return True
    if isinstance(error, sqlite3.OperationalError) and "no such" in str(error):
        return True  # a table or column of ours is not there
    if isinstance(error, sqlite3.OperationalError) and "decode to UTF-8" in str(error):
        return True
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        return isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
    return code == _IOERR_SHORT_READ or code & 0xFF in (_CORRUPT, _NOTADB)


def is_read_only(error: Exception) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (_READONLY, _CANTOPEN)


def is_full(error: Exception) -> bool:
    """Is a full disk (or quota) to blame?"""
    if isinstance(error, OSError):
        return atomic.is_full(error)
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF == _FULL or code == _IOERR_SHMSIZE or "disk is full" in str(error)


def explain(error: Exception) -> UserError:
    """The sentence for a failed read or write of the project."""
    details = repr(error)
    full = is_full(error)
    if isinstance(error, OSError):
        forbidden = error.errno in (errno.EACCES, errno.EPERM, errno.EROFS)
        broken = False
    else:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        forbidden = code in (_READONLY, _CANTOPEN)
        broken = is_damage(error)
        if code in (_BUSY, _LOCKED) or "locked" in str(error):
            return UserError(
                "The project is busy in another program. Wait a moment and try again.", details=details
            )
    if full:
        return UserError(
            "The disk is full, so this change was not made. Free some space and try again; "
            "everything before it is safe.",
            details=details,
        )
    if forbidden:
        return UserError(
            "The project's folder may not be written, so this change was not made. "
            "Copy the folder to where you may write, and open it there.",
            details=details,
        )
    if broken:
        return UserError(
            "The project's file was damaged while it was open. Close the project and open it again: "
            "it is then repaired.",
            details=details,
        )
    return UserError(
        "The project's file could not be read or written. Check the disk and try again.", details=details
    )


@contextlib.contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; raises what SQLite raised."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        # After "disk full" SQLite may have rolled back by itself, or may still hold the transaction.
        if db.in_transaction:
            with contextlib.suppress(sqlite3.Error):
                db.execute("ROLLBACK")
        raise


@contextlib.contextmanager
def explained() -> Iterator[None]:
    """Failures of SQLite and of the file system as ``UserError``."""
    try:
        yield
    except (*DB_ERRORS, OSError) as error:
        raise explain(error) from error
