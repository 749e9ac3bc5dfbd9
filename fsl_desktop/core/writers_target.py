"""A file that is there completely or not at all, however long it takes to write."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from fsl_desktop.core.errors import UserError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ETXTBSY, errno.EBUSY}


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give an empty file beside ``path`` to write to; on success it takes the place of ``path``.

    Whatever is raised inside, the new file is removed and an old ``path`` is as it was. ``OSError``
    (full disk, read-only folder, file held by another program) becomes a :class:`UserError`.
    """
    target = Path(os.path.realpath(path))  # a link stays a link
    temporary = _beside(target)
    try:
        _check(target)
        os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666))
        yield temporary
        _to_disk(temporary)
        os.replace(temporary, target)
    except OSError as error:
        raise writing_failed(target, error) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)


@contextlib.contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Give an empty folder beside ``path`` to fill; on success it becomes ``path``.

    ``path`` must not be there, or be an empty folder: what people keep in one is not ours to replace.
    Whatever is raised inside, nothing is left. ``OSError`` becomes a :class:`UserError`.
    """
    target = Path(os.path.realpath(path))
    temporary = _beside(target)
    try:
        if os.path.lexists(target) and (not target.is_dir() or any(target.iterdir())):
            raise UserError("{folder} is there already. Choose the name of a new folder.", folder=target.name)
        temporary.mkdir()
        yield temporary
        if target.is_dir():
            target.rmdir()
        os.replace(temporary, target)
    except OSError as error:
        raise writing_failed(target, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def writing_failed(path: Path, error: OSError) -> UserError:
    """What a failure to write ``path`` means to the user."""
    details = f"{path}: {error}"
    if error.errno in _FULL:
        return UserError(
            "The disk is full. Free some space and save {file} again.", file=path.name, details=details
        )
    if isinstance(error, IsADirectoryError):
        return UserError("{file} is a folder. Choose another name.", file=path.name, details=details)
    if isinstance(error, PermissionError) or error.errno in _FORBIDDEN:
        return UserError(
            "{file} cannot be written. Close it if another program has it open, or choose another folder.",
            file=path.name,
            details=details,
        )
    if isinstance(error, (FileNotFoundError, NotADirectoryError)):
        return UserError(
            "The folder for {file} is not there. Choose another one.", file=path.name, details=details
        )
    if error.errno == errno.ENAMETOOLONG:
        return UserError("The file name is too long. Choose a shorter one.", details=details)
    return UserError("{file} could not be written. Choose another folder.", file=path.name, details=details)


def _beside(target: Path) -> Path:
    # Not tempfile: its files are private to the user, and an export is often meant to be shared.
    return target.with_name(f".{target.name[:100]}.{secrets.token_hex(4)}.part")


def _check(target: Path) -> None:
    """Refuse what ``os.replace`` would overwrite without asking."""
    try:
        mode = target.stat().st_mode
    except FileNotFoundError:
        return
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    if not mode & 0o222:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))


def _to_disk(path: Path) -> None:
    """Wait until the bytes are on the disk: a rename must not outlive them in a power cut."""
    with open(path, "r+b") as file:
        os.fsync(file.fileno())
