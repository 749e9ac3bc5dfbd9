"""From an exception in the child to one sentence with the fix in it."""

from __future__ import annotations

import errno
import sqlite3
import traceback
from pathlib import PurePath

from fsl_desktop.core.atomic import is_full
from fsl_desktop.core.errors import UserError
from fsl_desktop.core.message import Message

NO_MEMORY = Message.of("There is not enough memory. Close other programs, or choose a smaller file or model.")
DISK_FULL = Message.of("The disk is full. Free some space, then try again.")


def explain(error: BaseException) -> tuple[Message, str]:
    """The sentence for people and the details (a traceback) that are folded under it and logged."""
    trace = "".join(traceback.format_exception(error))
    if isinstance(error, UserError):
        return error.message, error.details
    if _is_memory(error):
        return NO_MEMORY, trace
    if isinstance(error, sqlite3.Error):
        return _database(error), trace
    if isinstance(error, OSError):
        return _file(error), trace
    if is_full(error):
        return DISK_FULL, trace
    return (
        Message.of("Something went wrong inside the program. Please try again; the details say what it was."),
        trace,
    )


def _is_memory(error: BaseException) -> bool:
    if isinstance(error, MemoryError):
        return True
    # torch says it with a RuntimeError on the processor and a subclass of its own on a GPU.
    text = str(error).lower()
    return isinstance(error, RuntimeError) and (
        "not enough memory" in text or "out of memory" in text or "can't allocate memory" in text
    )


def _database(error: sqlite3.Error) -> Message:
    text = str(error).lower()
    if "full" in text:
        return DISK_FULL
    if "locked" in text or "busy" in text:
        return Message.of(
            "The project is in use by another program. Close it there, then try again.",
        )
    if "readonly" in text or "read-only" in text:
        return Message.of("The project is read-only. Copy it to a folder of your own and open it there.")
    return Message.of("The project's database could not be read. Close the project and open it again.")


def _file(error: OSError) -> Message:
    name = PurePath(str(error.filename)).name if error.filename else ""
    if is_full(error):
        return DISK_FULL
    if error.errno == errno.ENOMEM:
        return NO_MEMORY
    if isinstance(error, FileNotFoundError) and name:
        return Message.of("{name} is not there any more. Choose it again.", name=name)
    if isinstance(error, PermissionError) and name:
        return Message.of(
            "{name} cannot be opened. Close it in other programs, or choose another place.", name=name
        )
    if name:
        return Message.of("{name} could not be read or written. Check the disk, then try again.", name=name)
    return Message.of("A file could not be read or written. Check the disk, then try again.")
