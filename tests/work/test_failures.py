"""Every failure in the child becomes one sentence with the fix in it."""

from __future__ import annotations

import errno
import sqlite3

import pytest

from fsl_desktop.core.errors import UserError
from fsl_desktop.work.failures import DISK_FULL, NO_MEMORY, explain


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (UserError("The file {name} is empty.", name="a.csv"), "The file a.csv is empty."),
        (MemoryError(), NO_MEMORY.text),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: 8 bytes"), NO_MEMORY.text),
        (OSError(errno.ENOMEM, "Cannot allocate memory"), NO_MEMORY.text),
        (OSError(errno.ENOSPC, "No space left on device", "/x/out.csv"), DISK_FULL.text),
        (sqlite3.OperationalError("database or disk is full"), DISK_FULL.text),
        (
            FileNotFoundError(errno.ENOENT, "No such file", "/x/notes.csv"),
            "notes.csv is not there any more. Choose it again.",
        ),
        (
            PermissionError(errno.EACCES, "Permission denied", "/x/notes.csv"),
            "notes.csv cannot be opened. Close it in other programs, or choose another place.",
        ),
        (
            sqlite3.OperationalError("database is locked"),
            "The project is in use by another program. Close it there, then try again.",
        ),
    ],
)
def test_the_sentence_says_what_to_do(error: Exception, sentence: str) -> None:
    assert explain(error)[0].text == sentence


def test_what_nobody_foresaw_is_told_without_jargon_and_with_details() -> None:
    try:
        raise KeyError("hidden_size")
    except KeyError as error:
        message, details = explain(error)
    assert "hidden_size" not in message.text
    assert "KeyError" not in message.text
    assert "KeyError: 'hidden_size'" in details
