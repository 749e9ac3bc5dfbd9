"""Reading a project that may be on a disk where nothing can be written."""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import tempfile
from pathlib import Path

from fsl_desktop.core import store


class Reading:
    """A read-only connection in ``db``; sees what others commit, where the folder can be written."""

    def __init__(self, path: Path) -> None:
        """Raises ``sqlite3.Error`` and ``OSError``."""
        self._copy: tempfile.TemporaryDirectory[str] | None = None
        try:
            self.db = _probed(path, "mode=ro")
            return
        except sqlite3.OperationalError as error:
            if not (store.is_read_only(error) or store.is_full(error)) or not path.is_file():
                raise
        # A write-ahead log needs a file beside it that cannot be made here.
        wal = path.with_name(f"{path.name}-wal")
        if not wal.is_file() or wal.stat().st_size == 0:
            self.db = _probed(path, "immutable=1")
            return
        # Its newest edits are in the log alone, so look at a copy of both.
        self._copy = tempfile.TemporaryDirectory(prefix="fsl-read-")
        copy = Path(self._copy.name) / path.name
        try:
            shutil.copyfile(path, copy)
            shutil.copyfile(wal, copy.with_name(wal.name))
            self.db = _probed(copy, "mode=rw")
        except BaseException:
            self._copy.cleanup()
            raise

    def close(self) -> None:
        with contextlib.suppress(sqlite3.Error):
            self.db.close()
        if self._copy is not None:
            self._copy.cleanup()
            self._copy = None


def _probed(path: Path, query: str) -> sqlite3.Connection:
    """SQLite opens lazily: what cannot be read shows at the first query."""
    db = store.connect(path, query=query)
    try:
        db.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except BaseException:
        db.close()
        raise
    return db
