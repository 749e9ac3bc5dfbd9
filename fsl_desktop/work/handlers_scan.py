"""Listening to a long recording, for the child."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fsl_desktop.core import paths
from fsl_desktop.core.audio.scanning import LookingThrough, ScanFinished, ScanPart
from fsl_desktop.core.errors import UserError
from fsl_desktop.work.jobs import Job
from fsl_desktop.work.protocol import Scanned, ScanRecording

if TYPE_CHECKING:
    from fsl_desktop.learn.workbench import Workbench

APART = 0.5
"""Seconds between two parts that are told: the window draws all of it anew for each."""


def scan_recording(workbench: Workbench, request: ScanRecording, job: Job) -> Scanned:
    """What the model, as it is now, says to every window."""
    from fsl_desktop.learn.sound.scan import check_windows, scan
    from fsl_desktop.learn.sound.scan_store import KEPT

    project = Path(request.project)
    sounds = workbench.sounds(project)
    if sounds is None:
        raise UserError("This is a project of texts. Make one of recordings to listen to a recording.")
    check_windows(request.window, request.hop)
    model = sounds.fixed(project, request.model, tell=job.tell, cancelled=job.cancelled)
    job.check()
    parts = _Parts(job)
    keep = paths.cache_dir() / KEPT
    events = scan(model, Path(request.path), request.window, request.hop, keep=keep, cancelled=job.cancelled)
    for event in events:
        if isinstance(event, ScanPart):
            parts.add(event)
        elif isinstance(event, ScanFinished):
            parts.tell()
            return Scanned(event.track, event.notes)
        elif isinstance(event, LookingThrough):
            parts.look(event)
        else:
            job.tell(event)
    raise AssertionError("a scan ends with its track")


class _Parts:
    """Tells now and then what came meanwhile, as one part."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._waiting: list[ScanPart] = []
        self._looked = self._told = 0.0

    def look(self, event: LookingThrough) -> None:
        if time.monotonic() - self._looked >= APART:
            self._looked = time.monotonic()
            self._job.tell(event)

    def add(self, part: ScanPart) -> None:
        self._waiting.append(part)
        if time.monotonic() - self._told >= APART:
            self.tell()

    def tell(self) -> None:
        if not self._waiting:
            return
        newest = self._waiting[-1]
        places = np.concatenate([part.places for part in self._waiting])
        said = np.concatenate([part.probabilities for part in self._waiting]).astype(np.float32)
        self._job.tell(ScanPart(places, said, newest.done, newest.total, newest.seconds_left))
        self._waiting = []
        self._told = time.monotonic()
