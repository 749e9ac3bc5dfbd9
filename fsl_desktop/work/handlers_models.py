"""Fetching and checking models, for the child."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fsl_desktop.core.events import Phase, Progress
from fsl_desktop.work.jobs import Job
from fsl_desktop.work.protocol import CheckModel, InstallModel, ModelStatus

if TYPE_CHECKING:
    from fsl_desktop.core.catalogue import Catalogue


def install_model(request: InstallModel, job: Job) -> ModelStatus:
    """Fetch a model; tells ``Progress(DOWNLOADING)`` in bytes."""
    from fsl_desktop.core.catalogue import Catalogue
    from fsl_desktop.learn.models.converters import CONVERTERS

    catalogue = Catalogue.load()
    catalogue.install(
        request.model,
        converters=CONVERTERS,
        path=request.path,
        progress=lambda done, total: job.tell(Progress(Phase.DOWNLOADING, done, total)),
        cancelled=job.cancelled,
    )
    job.check()
    return _status(catalogue, request.model)


def check_model(request: CheckModel, job: Job) -> ModelStatus:
    """Read every byte of a model and compare; tells ``Progress(VERIFYING)``."""
    from fsl_desktop.core.catalogue import Catalogue

    catalogue = Catalogue.load()
    status = _status(catalogue, request.model)
    if not status.installed:
        return status

    def tell(done: int, total: int) -> None:
        job.check()
        job.tell(Progress(Phase.VERIFYING, done, total))

    problem = catalogue.verify(request.model, progress=tell)
    return ModelStatus(request.model, problem is None, status.folder, problem)


def _status(catalogue: Catalogue, model: str) -> ModelStatus:
    state = catalogue.status(model)
    return ModelStatus(model, state.installed, str(state.folder), state.problem)
