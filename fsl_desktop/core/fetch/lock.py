"""Only one program installs models at a time; a lock that the system frees when its holder dies."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from fsl_desktop.core.errors import UserError


@contextmanager
def install_lock(path: Path) -> Iterator[None]:
    """Hold the lock at ``path``; ``UserError`` at once where another program holds it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+b") as file:
        try:
            _lock(file)
        except (BlockingIOError, PermissionError) as error:
            raise UserError(
                "Another window or command is installing this model. Wait until it is done, then try again.",
                details=str(error),
            ) from error
        except OSError:
            # Some network drives know no locks; two installations at once would only fail by their hashes.
            pass
        yield


def _lock(file: IO[bytes]) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
