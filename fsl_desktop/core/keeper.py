"""The thread beside an open project: it makes commits survive a power cut, tidies the write-ahead log and
keeps the backup, so that none of it costs the window a frame."""

from __future__ import annotations

import logging
import os
import sqlite3
import sys
import threading
import time
from pathlib import Path

from fsl_desktop.core import store
from fsl_desktop.core.backup import Stamp, write_backup
from fsl_desktop.core.lock import ProjectLock

log = logging.getLogger(__name__)

BACKUP_EVERY_S = 600.0
FIRST_BACKUP_S = 3.0
# A log of this size is written back into the database, between two edits and on this thread.
# The first edit after it waits for the disk, so it comes once in some thousand edits.
CHECKPOINT_BYTES = 16 * 1024 * 1024
SUSPECT_NAME = "project.suspect"
"""Laid down where damage was met, so that the next opening looks at every page."""


class Keeper:
    """``saved`` is what the backup holds. All methods are called by the project's thread."""

    def __init__(self, folder: Path, lock: ProjectLock, now: Stamp, saved: Stamp | None) -> None:
        self._folder = folder
        self._lock = lock
        self._stamp = now
        self._saved = saved
        self._flushed = 0
        self._wal: int | None = None
        self._wake = threading.Event()
        self._stopping = False
        self._thread: threading.Thread | None = None
        # What the last session could not back up is backed up soon, but after the rows are read.
        self._backup_due = time.monotonic() + (BACKUP_EVERY_S if saved == now else FIRST_BACKUP_S)

    def committed(self, stamp: Stamp) -> None:
        """A transaction is in the write-ahead log; returns at once."""
        self._stamp = stamp
        if self._thread is None:
            # Not before there is something to keep: opening a project starts no thread.
            self._thread = threading.Thread(target=self._run, name="project keeper", daemon=True)
            self._thread.start()
        self._wake.set()

    def stop(self) -> None:
        """Flush, and bring the backup up to date where something changed."""
        self._stopping = True
        if self._thread is not None:
            self._wake.set()
            self._thread.join()
            self._thread = None
        self._flush()
        # SQLite does this by itself only when nobody else has the project open; the child may.
        self._checkpoint(0)
        self._back_up()
        if self._wal is not None:
            os.close(self._wal)
            self._wal = None

    def _run(self) -> None:
        while not self._stopping:
            wait = max(0.1, self._backup_due - time.monotonic())
            self._wake.wait(wait if self._stamp != self._saved else None)
            self._wake.clear()
            self._flush()
            self._checkpoint()
            if time.monotonic() >= self._backup_due and not self._stopping:
                self._back_up()

    def _flush(self) -> None:
        stamp = self._stamp
        try:
            if self._wal is None:
                # Never the database itself: closing a second handle on it would end SQLite's locks.
                self._wal = os.open(self._folder / f"{store.DB_NAME}-wal", os.O_RDWR)
            _sync(self._wal)
        except FileNotFoundError:
            pass  # no write-ahead log on this file system: every commit was synchronised by SQLite
        except OSError as error:
            log.warning("the project could not be flushed: %r", error)
            return
        if stamp.revision != self._flushed:
            try:
                self._lock.mark(stamp.revision)
                self._flushed = stamp.revision
            except OSError as error:
                log.warning("the project's mark could not be written: %r", error)

    def _checkpoint(self, at_least: int = CHECKPOINT_BYTES) -> None:
        try:
            if self._wal is None or os.fstat(self._wal).st_size < max(1, at_least):
                return
            db = store.connect(self._folder / store.DB_NAME)
            try:
                db.execute("PRAGMA wal_checkpoint(PASSIVE)")
            finally:
                db.close()
        except (OSError, sqlite3.Error) as error:
            log.warning("the project could not be checkpointed: %r", error)

    def _back_up(self) -> None:
        stamp = self._stamp
        self._backup_due = time.monotonic() + BACKUP_EVERY_S
        if stamp == self._saved:
            return
        try:
            if write_backup(self._folder):
                self._saved = stamp
            else:
                log.error("the project's file is damaged; the backup was left as it was")
                (self._folder / SUSPECT_NAME).touch()
        except (OSError, sqlite3.Error) as error:
            log.warning("the backup could not be written: %r", error)


def _sync(handle: int) -> None:
    if sys.platform == "darwin":
        import fcntl

        try:
            fcntl.fcntl(handle, fcntl.F_FULLFSYNC)
            return
        except OSError:
            pass
    os.fsync(handle)
