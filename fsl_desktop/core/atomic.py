"""Files that are either the old one or the new one, never half of each."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import tempfile
from pathlib import Path

from fsl_desktop.core.errors import UserError

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_WINDOWS_FULL = 112
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


def write_bytes_atomic(path: Path, data: bytes) -> None:
    """Replace ``path`` by ``data``; on disk when this returns. ``UserError`` where it cannot be written,
    and the old file is untouched then. The folder is made where it is missing."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            os.replace(name, path)
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
        sync_folder(path.parent)
    except OSError as error:
        raise write_error(error, path) from error


def write_text_atomic(path: Path, text: str) -> None:
    """As :func:`write_bytes_atomic`, in UTF-8 and with line ends as given."""
    write_bytes_atomic(path, text.encode("utf-8"))


def is_full(error: BaseException) -> bool:
    """Is a full disk (or quota) what failed? Libraries written in Rust say it in words only."""
    if isinstance(error, OSError):
        return error.errno in _FULL
    return any(f"(os error {code})" in str(error) for code in (*_FULL, _WINDOWS_FULL))


def write_error(error: OSError, path: Path) -> UserError:
    """The sentence for a file that could not be written."""
    if is_full(error):
        return UserError(
            "The disk is full: {file} could not be written. Free some space and try again.",
            file=path.name,
            details=repr(error),
        )
    if error.errno in _FORBIDDEN:
        return UserError(
            "{file} may not be written in {folder}. Choose another folder, or get the right to write there.",
            file=path.name,
            folder=str(path.parent),
            details=repr(error),
        )
    return UserError(
        "{file} could not be written in {folder}. Check the disk and try again.",
        file=path.name,
        folder=str(path.parent),
        details=repr(error),
    )


def sync_folder(folder: Path) -> None:
    """Make a renaming in ``folder`` survive a power cut, where the system knows how."""
    if sys.platform == "win32":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
