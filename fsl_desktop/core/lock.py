"""One window per project, and a mark of how far the log had come.

The lock is the operating system's: it ends with the process that holds it, so a killed program leaves
none behind. The lock file holds the last revision that is known to be on disk; a project whose log ends
before it has lost something (a deleted or damaged write-ahead log would otherwise go unnoticed).
"""

from __future__ import annotations

import contextlib
import os
import sys
from pathlib import Path

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.store import LOCK_NAME

# Windows locks bytes, not files, and locked bytes cannot be read: lock one far behind the mark.
_LOCKED_BYTE = 1 << 20
_DIGITS = 20


class ProjectLock:
    """Held from construction to :meth:`release`. ``UserError`` where another window has it, ``OSError``
    where the folder may not be written."""

    def __init__(self, folder: Path) -> None:
        self._handle = os.open(folder / LOCK_NAME, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            taken = _try_lock(self._handle)
        except BaseException:
            os.close(self._handle)
            raise
        if not taken:
            os.close(self._handle)
            raise UserError(
                "This project is already open in another window. Close it there, or go on there.",
                details=str(folder),
            )
        self.marked = self._read()
        """The revision that the last session left; 0 for none."""
        self._open = True

    def mark(self, revision: int) -> None:
        """Note that the log is on disk up to ``revision``. Raises ``OSError``."""
        if self._open:
            os.lseek(self._handle, 0, os.SEEK_SET)
            os.write(self._handle, b"%0*d\n" % (_DIGITS, revision))

    def release(self) -> None:
        if self._open:
            self._open = False
            # Closing the handle ends the lock; the file stays, because deleting it would race.
            with contextlib.suppress(OSError):
                os.close(self._handle)

    def __del__(self) -> None:
        if getattr(self, "_open", False):
            self.release()

    def _read(self) -> int:
        try:
            text = os.read(self._handle, _DIGITS).strip()
        except OSError:
            return 0
        return int(text) if text.isdigit() else 0


def _try_lock(handle: int) -> bool:
    """False where somebody holds it. A file system without locks counts as free: better no guard there
    than no project."""
    if sys.platform == "win32":
        import msvcrt

        os.lseek(handle, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        os.lseek(handle, 0, os.SEEK_SET)
        return True
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True
    return True
