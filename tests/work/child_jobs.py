"""Jobs for the child that do what a test says, written as a few words in the request.

The words stand in ``Train.run_id``, ``Ask.texts[0]``, ``Suggest.model`` and ``PreviewFile.path``.
"""

from __future__ import annotations

import ctypes
import errno
import os
import signal
import time
from pathlib import Path
from typing import Any

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import Phase, Progress, StepEnd
from fsl_desktop.work.jobs import Handlers, Job
from fsl_desktop.work.protocol import Ask, PreviewFile, Ready, Suggest, Train


def build() -> Handlers:
    return Handlers(
        table={
            Ask: lambda request, job: play(request.texts[0], job),
            Suggest: lambda request, job: play(request.model, job),
            Train: lambda request, job: play(request.run_id, job),
            PreviewFile: lambda request, job: play(request.path, job),
        },
        prepare=prepare,
        after_prepare=frozenset({Ask, Suggest, Train}),
    )


def prepare() -> Ready:
    match os.environ.get("CHILD_JOBS_PREPARE"):
        case "refuse":
            raise UserError("This part is missing.")
        case "die":
            os._exit(7)
        case str(wait) if wait.startswith("until "):
            while not Path(wait.removeprefix("until ")).exists():
                time.sleep(0.005)
    return Ready(threads=1, device="cpu", bfloat16=False)


def play(words: str, job: Job) -> Any:
    """Do what ``words`` say; a job that lasts tells one Progress when it has begun."""
    what, _, rest = words.partition(" ")
    if what == "echo":
        return (rest,)
    if what == "until":  # obeys a cancel; ends when the file is there
        begin(job)
        while not Path(rest).exists():
            job.check()
            time.sleep(0.005)
        return (words,)
    if what == "keep":  # a run that is stopped and keeps its model all the same
        begin(job)
        while not job.cancelled():
            time.sleep(0.005)
        return ("kept",)
    if what == "deaf":
        begin(job)
        time.sleep(600)
    if what == "stubborn":  # not even terminate ends it
        ctypes.CDLL(None).signal(signal.SIGTERM, ctypes.c_void_p(signal.SIG_IGN.value))
        begin(job)
        time.sleep(600)
    if what == "steps":
        for step in range(int(rest)):
            job.tell(Progress(Phase.TUNING, step, int(rest)))
            job.tell(StepEnd(Phase.TUNING, step, int(rest), train_loss=1.0))
        return (rest,)
    if what == "exit":
        begin(job)
        time.sleep(0.1)  # let the pipe carry the progress first
        os._exit(1)
    if what == "once":  # kills the child the first time only
        if not Path(rest).exists():
            Path(rest).touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return ("second time",)
    if what == "bad":
        raise UserError("Row {row} has no text. Fill it in or remove it.", row=14)
    if what == "memory":
        raise MemoryError
    if what == "full":
        raise OSError(errno.ENOSPC, "No space left on device", rest)
    if what == "bug":
        raise ZeroDivisionError
    if what == "unsendable":
        return (lambda: None,)
    raise ValueError(words)


def begin(job: Job) -> None:
    job.tell(Progress(Phase.READING, 0, 1))
