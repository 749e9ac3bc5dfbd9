"""The real handlers of the child over a disk that is full or slow, as files in the data folder say.

``FULL``: the weights of a model are there, and then the disk is full. ``SLOW``: writing a table or copying
a model takes so long that it can be stopped in the middle.
"""

from __future__ import annotations

import errno
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from fsl_desktop.core.paths import data_dir
from fsl_desktop.work import handlers
from fsl_desktop.work.jobs import Handlers
from fsl_desktop.work.protocol import Ready

FULL, SLOW = "disk-is-full", "disk-is-slow"


def build() -> Handlers:
    real = handlers.build()

    def prepare() -> Ready:
        ready = real.prepare()
        trouble_disk()
        return ready

    return replace(real, prepare=prepare)


def trouble_disk() -> None:
    from fsl_desktop.learn import workbench
    from fsl_desktop.learn.encoders.text import TextEncoder

    save, copy, write = TextEncoder.save, workbench.copy_model_folder, workbench.write_project_table

    def slowly(cancelled: Callable[[], bool]) -> Callable[[], bool]:
        def after_a_while() -> bool:
            end = time.monotonic() + (10 if (data_dir() / SLOW).exists() else 0)
            while not cancelled():
                if time.monotonic() > end:
                    return False
                time.sleep(0.02)
            return True

        return after_a_while

    def full(self: TextEncoder, folder: Path) -> None:
        save(self, folder)
        if (data_dir() / FULL).exists():
            raise OSError(errno.ENOSPC, "No space left on device", str(folder))

    def slow(source: Path, folder: Path, *, cancelled: Callable[[], bool]) -> None:
        copy(source, folder, cancelled=slowly(cancelled))

    def slow_table(*what: Any, cancelled: Callable[[], bool], **more: Any) -> int:
        return write(*what, cancelled=slowly(cancelled), **more)

    TextEncoder.save = full  # type: ignore[method-assign]
    workbench.copy_model_folder = slow
    workbench.write_project_table = slow_table
