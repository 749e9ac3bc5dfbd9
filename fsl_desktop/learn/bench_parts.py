"""What the benches for texts and for recordings share."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

from fsl_desktop.core.errors import UserError
from fsl_desktop.core.events import Event, Phase, Progress

Tell = Callable[[Event], None]
RUN = "run:"
_RUN_ID = re.compile(r"[0-9a-z-]+")


def progress_of(tell: Tell) -> Callable[[int, int], None]:
    """Tells how far the encoding of rows is, and how long it will take."""
    began = time.monotonic()

    def progress(done: int, total: int) -> None:
        left = (time.monotonic() - began) * (total - done) / max(1, done)
        tell(Progress(Phase.ENCODING, done, total, left))

    return progress


def run_folder(project: Path, run_id: str) -> Path:
    """Where a run of the project is. ``UserError`` where the id is none, so that no other folder is read."""
    if not _RUN_ID.fullmatch(run_id):
        raise UserError("This run is not part of the project. Choose another model.", details=run_id)
    return Path(project) / "runs" / run_id
