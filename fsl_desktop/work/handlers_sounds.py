"""Looking into recordings and taking them into a project, for the child."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fsl_desktop.core.events import Phase, Progress
from fsl_desktop.work.jobs import Job
from fsl_desktop.work.protocol import FindMoved, ImportSounds, LookSounds

if TYPE_CHECKING:
    from fsl_desktop.core.audio.look import SoundLook
    from fsl_desktop.core.clip_import import ImportedSounds
    from fsl_desktop.core.relink import Moved

_STEPS = 1000


def look_into(request: LookSounds, job: Job) -> SoundLook:
    """What there is; nothing is decoded."""
    from fsl_desktop.core.audio.look import look

    def progress(share: float) -> None:
        job.tell(Progress(Phase.READING, int(_STEPS * share), _STEPS))

    return look(request.paths, progress=progress, cancelled=job.cancelled)


def take_in(request: ImportSounds, job: Job) -> ImportedSounds:
    """A new batch; a failure or a cancel leaves nothing of it in the project."""
    from fsl_desktop.core.clip_import import import_sounds

    def progress(done: int, total: int) -> None:
        job.tell(Progress(Phase.READING, done, total))

    return import_sounds(
        Path(request.project), request.paths, request.options, progress=progress, cancelled=job.cancelled
    )


def find_moved(request: FindMoved, job: Job) -> Moved:
    """Where recordings are that were moved; hashing them takes as long as reading them."""
    from fsl_desktop.core import relink
    from fsl_desktop.core.snapshot import ProjectReader

    def progress(done: int, total: int) -> None:
        job.tell(Progress(Phase.READING, done, total))

    with ProjectReader(Path(request.project)) as reader:
        reader.refresh()
        if reader.table.clips is None:
            return relink.Moved((), 0, 0)
        return relink.find_moved(
            reader.table.clips,
            Path(request.old) if request.old else None,
            Path(request.folder),
            progress=progress,
            cancelled=job.cancelled,
        )
